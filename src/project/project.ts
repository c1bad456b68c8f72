import { existsSync } from 'node:fs';
import path from 'node:path';
import type { CommandCall } from '../cli/command.ts';
import { ManifestRefusedError } from '../cli/refusal.ts';
import { warn } from '../cli/warning.ts';
import { count } from '../core/count.ts';
import { SetupError, UsageError } from '../core/errors.ts';
import type { Ledger, LedgerEntry, LedgerScope } from '../ledger/ledger.ts';
import type { LintedManifest, LintResult } from '../lint/lint.ts';
import { limits } from '../manifest/limits.ts';
import { parseBaseUrl, providerScope } from '../provider/base-url.ts';
import { takeInJournal } from './journal.ts';
import { similarFile } from './manifest-files.ts';
import { ledgerIn, placeOf } from './places.ts';
import { ignoredBaseUrl, readSettings, type Settings } from './settings.ts';
import { takeInSpool } from './spool.ts';
import { unreadableManifest } from './unreadable-manifest.ts';

/** A manifest, linted, with where its memory is: what most commands start from. */
export interface Project {
  readonly linted: LintedManifest;
  readonly result: LintResult;
  readonly settings: Settings;
  readonly scope: LedgerScope;
  /** Absolute. */
  readonly ledgerFile: string;
  /** There was no ledger when the command began. */
  readonly ledgerIsNew: boolean;
  /** Absolute folder and stem of the files that are written beside the manifest. */
  readonly stem: string;
}

export interface ReadProjectOptions {
  /** A cost ceiling was given on the command line, so a model without a price is an error. */
  readonly needPrices?: boolean;
  /** Go on in spite of lint errors, as far as the manifest can be read: for commands that send nothing. */
  readonly tolerant?: boolean;
}

/**
 * Reads and lints the manifest that a command was called with, and takes new lines of its journal into the ledger.
 * Findings go to standard error.
 *
 * @throws LintFailedError when it has errors, or, for a tolerant caller, when not even its project can be read.
 */
export async function readProject(
  call: CommandCall,
  file: string,
  options: ReadProjectOptions = {},
): Promise<Project> {
  const { io } = call;
  const [{ lint }, settings] = await Promise.all([
    import('../lint/lint.ts'),
    readSettings(io, {
      baseUrl: call.options['baseUrl'] as string | undefined,
      ledger: call.options['ledger'] as string | undefined,
    }),
  ]);
  const result = await lint([file], {
    cwd: io.cwd,
    stdin: () => io.stdin.read(limits.manifestBytes),
    models: call.options['models'] as string | undefined,
    needPrices: options.needPrices === true,
    now: io.clock.now(),
    allowPrivateMedia: call.options['allowPrivateMedia'] === true,
  });
  const unreadable = unreadableManifest(result);
  if (unreadable !== undefined) {
    const meant = await similarFile(io.cwd, file);
    const help = meant === undefined ? unreadable.help : `did you mean ${meant}?`;
    throw new SetupError(unreadable.message, { help: help ?? undefined });
  }
  await showFindings(call, result);
  const [linted] = result.manifests;
  const usable = linted !== undefined && linted.manifest.project !== '';
  if (!usable || (result.summary.errors > 0 && options.tolerant !== true)) {
    throw new ManifestRefusedError(
      `${file} has ${count(result.summary.errors, 'error')}: nothing was sent`,
      'mend what is listed above; `shotlist lint` shows the same list',
      result,
    );
  }
  for (const misspelt of settings.misspelt) warn(io, misspelt);
  noteIgnoredBaseUrl(call, settings);
  const { manifest } = linted;
  const { absolutePath } = manifest.source;
  const placed = absolutePath === null ? null : await placeOf(absolutePath, manifest.project, io.clock);
  const folder = placed === null ? io.cwd : path.dirname(placed);
  const name = placed === null ? manifest.project : path.basename(placed).replace(/\.[^.]+$/, '');
  const ledgerFile = settings.ledgerFile ?? ledgerIn(folder);
  const project: Project = {
    linted,
    result,
    settings,
    scope: {
      provider: providerScope(parseBaseUrl(settings.baseUrl, settings.baseUrlFrom)),
      project: manifest.project,
    },
    ledgerFile,
    ledgerIsNew: !existsSync(ledgerFile),
    stem: path.join(folder, name),
  };
  await takeInSpool(call, project.ledgerFile);
  await takeInJournal(call, project);
  return project;
}

/** A person who wrote down a provider must not pay another one without a word. */
function noteIgnoredBaseUrl({ io }: CommandCall, settings: Settings): void {
  if (!settings.isDotEnvBaseUrlIgnored) return;
  warn(io, `SHOTLIST_BASE_URL in .env is not used: ${ignoredBaseUrl.why}`, ignoredBaseUrl.help);
}

/** Errors always, warnings unless quiet; to standard error. */
export async function showFindings(
  call: CommandCall,
  result: Pick<LintResult, 'diagnostics' | 'summary' | 'sources'>,
): Promise<void> {
  const shown =
    call.verbosity === 'quiet'
      ? result.diagnostics.filter(({ severity }) => severity === 'error')
      : result.diagnostics;
  if (shown.length === 0) return;
  const { pretty } = await import('../lint/formats/pretty.ts');
  const { stderr } = call.io;
  stderr.write(
    pretty({ ...result, diagnostics: shown }, { color: call.color.stderr, width: stderr.columns }),
  );
}

/** What the ledger knows of a project, for commands that only look; a ledger that is not there yet knows nothing. */
export async function readEntries(call: CommandCall, project: Project): Promise<readonly LedgerEntry[]> {
  const { openLedgerForReading } = await import('../ledger/open-ledger.ts');
  const ledger = await openLedgerForReading(project.ledgerFile, { clock: call.io.clock });
  try {
    return await ledger.read(project.scope);
  } finally {
    await ledger.close();
  }
}

/** Opens the project's ledger, hands it to `work` and closes it, whatever happens. */
export async function withLedger<T>(
  call: CommandCall,
  project: Project,
  work: (ledger: Ledger) => Promise<T>,
): Promise<T> {
  const { openLedger } = await import('../ledger/open-ledger.ts');
  const ledger = await openLedger(project.ledgerFile, { clock: call.io.clock });
  try {
    return await work(ledger);
  } finally {
    await ledger.close();
  }
}

/**
 * @param file absolute: where a command is about to write.
 * @throws UsageError where that would replace what the command reads: a storyboard is not kept twice.
 */
export function refuseOverwriting(
  { io, options, arguments: [named] }: CommandCall,
  project: Project,
  file: string,
): void {
  const { manifest } = project.linted;
  const given = [named, options['models'], options['journal'], `${project.stem}.ledger.jsonl`];
  const inputs = [
    ...manifest.sources.map(({ absolutePath }) => absolutePath),
    manifest.models?.absolutePath ?? null,
    project.ledgerFile,
    path.join(io.cwd, '.env'),
    ...given.flatMap((word) => (typeof word === 'string' ? [path.resolve(io.cwd, word)] : [])),
  ];
  if (!inputs.includes(file)) return;
  throw readsThat(path.relative(io.cwd, file));
}

/** @param file where a command that reads it was asked to write, as people know it. */
export function readsThat(file: string): UsageError {
  return new UsageError(`${file} is what this command reads: it is not replaced`, {
    help: 'name another file to write; nothing was written',
  });
}
