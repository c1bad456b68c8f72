import path from 'node:path';
import { count } from '../core/count.ts';
import { LedgerError } from '../core/errors.ts';
import { isRehearsalScope } from '../core/rehearsal.ts';
import { parsedJson } from '../core/untrusted-json.ts';
import type { JournalEvent } from '../ledger/journal/journal-event.ts';
import type { Plan } from '../plan/model.ts';
import type { Report, ReportRow } from '../report/model.ts';
import type { ProjectContext } from './context.ts';
import { warn } from './events.ts';
import type { ProjectFiles } from './files.ts';
import { findLeftBehind } from './left-behind.ts';
import { namesOf, sentIn } from './sent-events.ts';

/** Requests that a report or a journal says were sent, and that the ledger does not know. */
interface Forgotten {
  /** As people are told of the file. */
  readonly source: string;
  readonly rows: readonly Pick<ReportRow, 'key' | 'taskId'>[];
}

/**
 * A ledger that was removed, or replaced by an older copy or by another one, would pay again for what it does not know.
 * The journal mends that where it is taken in; elsewhere, and where there is none, journal and last report still tell.
 * A rehearsal costs nothing, so it is left alone.
 *
 * @throws LedgerError that names what is missing.
 */
export async function refuseForgetfulLedger(
  context: ProjectContext,
  reports: readonly string[] | null,
): Promise<void> {
  if (isRehearsalScope(context.scope.provider)) return;
  const untaken = await findUntaken(context);
  if (untaken !== null) {
    throw forgetful(
      context,
      untaken,
      `It is another ledger than the one that paid. Name that one, or add --journal ${untaken.source} to take in what this one lacks. To go on without it, add --no-journal: then what only the journal knows can be paid for again. Nothing was sent.`,
    );
  }
  const leftBehind = await findLeftBehind(context);
  if (leftBehind !== null) throw forgetful(context, leftBehind, leftBehind.help);
  const forgotten = await findForgotten(context, reports);
  if (forgotten === null) return;
  throw forgetful(
    context,
    forgotten,
    [
      `It is an older copy, another ledger, or one whose -wal file was deleted or cut. Put the right one back, or take in its journal: ${context.followUp('ledger import', 'FILE')}`,
      'If none of these was paid for, move the report away. Nothing was sent.',
    ].join('\n'),
  );
}

/** Tells, where a plan is only shown, what `refuseForgetfulLedger` would refuse to send because of a move. */
export async function warnOfLeftBehind(context: ProjectContext, plan: Plan): Promise<void> {
  if (plan.summary.submit === 0) return;
  const leftBehind = await findLeftBehind(context);
  if (leftBehind === null) return;
  const { message, help } = forgetful(context, leftBehind, leftBehind.help);
  warn(context.emit, 'leftBehind', message, help);
}

function forgetful({ ledger }: ProjectContext, { source, rows }: Forgotten, help: string): LedgerError {
  return new LedgerError(
    `the ledger ${ledger.location} does not know ${count(rows.length, 'request')} that ${source} says were sent: ${namesOf(rows)}`,
    { help },
  );
}

/**
 * The first of the journals beside the manifest that knows more than the ledger; null where none does. A ledger in its
 * place has taken them in; one that is elsewhere has not.
 */
async function findUntaken(context: ProjectContext): Promise<Forgotten | null> {
  if (context.options.journal === false) return null;
  const journals = await context.journal.beside();
  if (journals.length === 0) return null;
  const { journalDigest, readJournal } = await import('../ledger/journal/journal.ts');
  const ledger = await context.ledger.reader();
  const { scope } = context;
  const isOwn = ({ provider, project }: JournalEvent): boolean =>
    provider === scope.provider && project === scope.project;
  let known: ReadonlySet<string> | undefined;
  for (const { shown, text } of journals) {
    if (await ledger.holdsJournal(journalDigest(text))) continue;
    known ??= new Set(sentIn(await ledger.exportHistory(null), isOwn).keys());
    const sent = sentIn(readJournal(text, shown).events, isOwn);
    const rows = [...sent].flatMap(([name, row]) => (known?.has(name) === true ? [] : [row]));
    if (rows.length > 0) return { source: shown, rows };
  }
  return null;
}

/** The first of the project's JSON reports that knows more than the ledger; null where none does. */
export async function findForgotten(
  context: ProjectContext,
  reports: readonly string[] | null,
): Promise<Forgotten | null> {
  const { cwd, stem, files } = context;
  const asked = (reports ?? []).filter((file) => file.endsWith('.json'));
  for (const file of new Set([`${stem}.report.json`, ...asked.map((one) => path.resolve(cwd, one))])) {
    const sent = sentRows(await readReport(file, files), context);
    const rows = sent.length === 0 ? [] : await unknownRows(context, sent);
    if (rows.length > 0) return { source: path.relative(cwd, file) || file, rows };
  }
  return null;
}

/** Reads a report; undefined for none: it proves nothing, and the run is about to replace it. */
async function readReport(file: string, files: ProjectFiles): Promise<Partial<Report> | undefined> {
  const value = parsedJson(await files.read(file).catch(() => ''));
  return typeof value === 'object' && value !== null ? value : undefined;
}

function sentRows(report: Partial<Report> | undefined, { scope }: ProjectContext): readonly ReportRow[] {
  if (report?.project !== scope.project || !Array.isArray(report.rows)) return [];
  // Requests that a rehearsal sent were never paid.
  if (report.rehearsal === true && !isRehearsalScope(scope.provider)) return [];
  const rows = report.rows as readonly (ReportRow | null)[];
  return rows.filter(
    (row) => row !== null && (typeof row.taskId === 'string' || row.status === 'inDoubt'),
  ) as readonly ReportRow[];
}

async function unknownRows(
  { ledger }: ProjectContext,
  rows: readonly ReportRow[],
): Promise<readonly ReportRow[]> {
  // All projects and providers: a report does not say whose tasks it names.
  const events = await (await ledger.reader()).exportHistory(null);
  const tasks = new Set<string>();
  const claimed = new Set<string>();
  for (const event of events) {
    if (event.type === 'claimed') claimed.add(event.fingerprint);
    if (event.type === 'settled' && event.outcome.kind === 'accepted') tasks.add(event.outcome.taskId);
    if (event.type === 'resolved' && event.resolution.kind === 'taskId') tasks.add(event.resolution.taskId);
  }
  return rows.filter(({ taskId, fingerprint }) =>
    taskId === null ? !claimed.has(fingerprint) : !tasks.has(taskId),
  );
}
