import type { Clock, Random } from '../core/clock.ts';
import type { LedgerScope } from '../ledger/ledger.ts';
import type { LintedManifest, LintResult } from '../lint/lint.ts';
import type { Emit } from './events.ts';
import type { ProjectFiles } from './files.ts';
import type { FollowUp } from './follow-up.ts';
import type { Journal } from './journal.ts';
import type { LedgerAccess } from './ledger-access.ts';
import type { LocalFiles } from './local-files.ts';
import type { Environment, LedgerOpener, ProbeMedia, ProjectOptions, ProviderFactory } from './options.ts';
import type { Settings } from './settings.ts';

/** The facts and services that the parts of an open project share. */
export interface ProjectContext {
  /** As it was opened, for the few options that are asked for again. */
  readonly options: ProjectOptions;
  /** Absolute. */
  readonly cwd: string;
  readonly env: Environment;
  readonly settings: Settings;
  readonly linted: LintedManifest;
  readonly result: LintResult;
  readonly scope: LedgerScope;
  /** Absolute folder and stem of the files that are written beside the manifest. */
  readonly stem: string;
  readonly ledger: LedgerAccess;
  /** There was no ledger when the project was opened. */
  readonly ledgerIsNew: boolean;
  readonly journal: Journal;
  readonly files: ProjectFiles;
  readonly ledgers: LedgerOpener;
  readonly createProvider: ProviderFactory;
  readonly probeMedia: ProbeMedia;
  readonly localFiles: LocalFiles;
  readonly clock: Clock;
  readonly random: Random;
  readonly by: string;
  readonly emit: Emit;
  /** Writes a command on this manifest for a person to copy. */
  readonly followUp: FollowUp;
}
