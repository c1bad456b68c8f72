import type { CollectEvent } from '../collect/events.ts';
import type { RequestState } from '../ledger/ledger.ts';
import type { SpoolReport } from '../ledger/spool/spool.ts';
import type { LintResult } from '../lint/lint.ts';
import type { RunEvent } from '../run/events.ts';

/** Findings of the lint, with the texts that they point into. */
export type Findings = Pick<LintResult, 'diagnostics' | 'summary' | 'sources'>;

/** News of a project while it works. It prints nothing: whoever opened it shows what he likes. */
export type ProjectEvent =
  /** The manifest was linted, or the media of a plan were; told whether or not there are findings. */
  | { readonly type: 'linted'; readonly findings: Findings }
  /** News of a run; see `RunEvent`. */
  | { readonly type: 'run'; readonly event: RunEvent }
  /** News of a collect; see `CollectEvent`. */
  | { readonly type: 'collect'; readonly event: CollectEvent }
  /** An answer that an earlier run could not record, and what became of it now. */
  | { readonly type: 'spooled'; readonly report: SpoolReport }
  /** Events of a journal that the ledger did not have. */
  | { readonly type: 'journalTakenIn'; readonly file: string; readonly added: number }
  /** A person's decision is in the ledger. */
  | {
      readonly type: 'resolved';
      readonly key: string;
      readonly state: RequestState;
      readonly taskId: string | null;
    }
  | ProjectWarning;

/** Something that a person should know and that stops nothing. */
export interface ProjectWarning {
  readonly type: 'warning';
  readonly code: WarningCode;
  readonly message: string;
  /** Advice on what to do about it, one step a line. */
  readonly help: string | undefined;
}

export type WarningCode =
  /** A variable in the environment or in `.env` has nearly the name of a setting. */
  | 'misspeltSetting'
  | 'passwordShown'
  /** `.env` names a provider and is not obeyed. */
  | 'ignoredBaseUrl'
  /** An answer that an earlier run could not record cannot be recorded yet. */
  | 'spoolWaits'
  /** An answer that an earlier run could not record contradicts the ledger. */
  | 'spoolLeft'
  /** A journal says of a request what the ledger does not. */
  | 'journalConflict'
  /** A ledger with a past did not know what its own user had sent. */
  | 'ledgerForgot'
  /** The journal could not be written. */
  | 'journalNotWritten'
  /** A request that was to be sent once more is blocked. */
  | 'resendBlocked'
  /** A plan that is only shown could not be sent as it is. */
  | 'overBudget'
  /** A history in another folder knows of payments that the ledger does not. */
  | 'leftBehind'
  | 'rehearsalReport'
  /** The server at a loopback address is not the emulator, and may pay. */
  | 'unknownGateway'
  /** A local file could not be uploaded, and what needs it is not sent. */
  | 'notUploaded'
  /** What a request was paid with could not be noted. */
  | 'mediaNotNoted'
  /** A picked clip is not where it was saved. */
  | 'clipMissing'
  /** The cards of a film have no text. */
  | 'plainCards'
  /** A report that was there could not be brought up to date. */
  | 'reportNotRenewed';

export type Emit = (event: ProjectEvent) => void;

/** Tells of a warning. */
export function warn(emit: Emit, code: WarningCode, message: string, help?: string): void {
  emit({ type: 'warning', code, message, help });
}
