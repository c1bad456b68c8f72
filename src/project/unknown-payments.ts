import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { CommandCall } from '../cli/command.ts';
import { count } from '../cli/render/text.ts';
import { LedgerError } from '../core/errors.ts';
import type { JournalEvent } from '../ledger/journal/journal-event.ts';
import type { Report, ReportRow } from '../report/model.ts';
import { followUpOf } from './follow-up.ts';
import { journalsBeside } from './journal.ts';
import type { Project } from './project.ts';

/** What a report or a journal says was sent, and the ledger has never heard of. */
interface Forgotten {
  /** As people are told of the file. */
  readonly source: string;
  readonly rows: readonly Pick<ReportRow, 'key' | 'taskId'>[];
}

/** Rows that a message names before the rest is only counted. */
const named = 5;

/**
 * A ledger that was removed, or replaced by an older copy or by another one, would pay again for what it does not know.
 * The journal mends that where it is taken in; elsewhere, and where there is none, journal and last report still tell.
 * A rehearsal costs nothing, so it is left alone.
 *
 * @throws LedgerError that names what is missing.
 */
export async function refuseForgetfulLedger(
  call: CommandCall,
  project: Project,
  files: readonly string[] | null,
): Promise<void> {
  if (project.scope.provider === 'loopback') return;
  const untaken = await findUntaken(call, project);
  if (untaken !== null) {
    throw forgetful(
      project,
      untaken,
      `It is another ledger than the one that paid. Name that one, or add --journal ${untaken.source} to take in what this one lacks. To go on without it, add --no-journal: then what only the journal knows can be paid for again. Nothing was sent.`,
    );
  }
  const forgotten = await findForgotten(call, project, files);
  if (forgotten === null) return;
  const followUp = followUpOf(call, project.linted.manifest.source.file);
  throw forgetful(
    project,
    forgotten,
    [
      `It is an older copy, or another ledger. Put the right one back, or take in its journal: ${followUp('ledger import', 'FILE')}`,
      'If none of these was paid for, move the report away. Nothing was sent.',
    ].join('\n'),
  );
}

function forgetful({ ledgerFile }: Project, { source, rows }: Forgotten, help: string): LedgerError {
  const names = rows.slice(0, named).map(({ key, taskId }) => `${key} (${taskId ?? 'in doubt'})`);
  const more = rows.length > named ? ` and ${rows.length - named} more` : '';
  return new LedgerError(
    `the ledger ${ledgerFile} does not know ${count(rows.length, 'request')} that ${source} says were sent: ${names.join(', ')}${more}`,
    { help },
  );
}

/**
 * The first of the journals beside the manifest that knows more than the ledger; null where none does. A ledger in its
 * place has taken them in; one that is elsewhere has not.
 */
async function findUntaken(call: CommandCall, project: Project): Promise<Forgotten | null> {
  if (call.options['journal'] === false) return null;
  const journals = await journalsBeside(call, project);
  if (journals.length === 0) return null;
  const { openLedgerForReading } = await import('../ledger/open-ledger.ts');
  const { journalDigest, readJournal } = await import('../ledger/journal/journal.ts');
  const ledger = await openLedgerForReading(project.ledgerFile, { clock: call.io.clock });
  try {
    let known: ReadonlySet<string> | undefined;
    for (const { shown, text } of journals) {
      if (await ledger.holdsJournal(journalDigest(text))) continue;
      known ??= new Set(sentIn(await ledger.exportHistory(null), project).keys());
      const sent = sentIn(readJournal(text, shown).events, project);
      const rows = [...sent].flatMap(([name, row]) => (known?.has(name) === true ? [] : [row]));
      if (rows.length > 0) return { source: shown, rows };
    }
    return null;
  } finally {
    await ledger.close();
  }
}

/** The attempts of a project that reached the provider, or may have, by what every ledger calls them. */
function sentIn(
  events: readonly JournalEvent[],
  { scope }: Project,
): ReadonlyMap<string, Pick<ReportRow, 'key' | 'taskId'>> {
  const sent = new Map<string, { readonly key: string; taskId: string | null }>();
  const nameOf = (
    { run, attempt }: { readonly run: string; readonly attempt: number },
    fingerprint: string,
  ) => `${run} ${attempt} ${fingerprint}`;
  const own = events.filter(
    ({ provider, project }) => provider === scope.provider && project === scope.project,
  );
  for (const event of own) {
    if (event.type === 'claimed')
      sent.set(nameOf(event, event.fingerprint), { key: event.key, taskId: null });
  }
  for (const event of own) {
    if (event.type !== 'settled') continue;
    const name = nameOf(event, event.fingerprint);
    const row = sent.get(name);
    const { outcome } = event;
    if (outcome.kind === 'notSent' || outcome.kind === 'throttled') sent.delete(name);
    else if (row !== undefined && outcome.kind === 'accepted') row.taskId = outcome.taskId;
  }
  return sent;
}

/** The first of the project's JSON reports that knows more than the ledger; null where none does. */
export async function findForgotten(
  call: CommandCall,
  project: Project,
  files: readonly string[] | null,
): Promise<Forgotten | null> {
  const asked = (files ?? []).filter((file) => file.endsWith('.json'));
  for (const file of new Set([
    `${project.stem}.report.json`,
    ...asked.map((one) => path.resolve(call.io.cwd, one)),
  ])) {
    const sent = sentRows(await readReport(file), project);
    const rows = sent.length === 0 ? [] : await unknownRows(call, project, sent);
    if (rows.length > 0) return { source: path.relative(call.io.cwd, file) || file, rows };
  }
  return null;
}

/** Undefined for what is not there, or no report: it proves nothing, and the run is about to replace it. */
async function readReport(file: string): Promise<Partial<Report> | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function sentRows(report: Partial<Report> | undefined, { scope }: Project): readonly ReportRow[] {
  if (report?.project !== scope.project || !Array.isArray(report.rows)) return [];
  const rows = report.rows as readonly (ReportRow | null)[];
  return rows.filter(
    (row) => row !== null && (typeof row.taskId === 'string' || row.status === 'inDoubt'),
  ) as readonly ReportRow[];
}

async function unknownRows(
  { io }: CommandCall,
  { ledgerFile }: Project,
  rows: readonly ReportRow[],
): Promise<readonly ReportRow[]> {
  const { openLedgerForReading } = await import('../ledger/open-ledger.ts');
  const ledger = await openLedgerForReading(ledgerFile, { clock: io.clock });
  // All projects and providers: a report does not say whose tasks it names.
  const events = await ledger.exportHistory(null).finally(() => ledger.close());
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
