import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { LedgerError } from '../core/errors.ts';
import type { Report, ReportRow } from '../report/model.ts';
import type { CommandCall } from './command.ts';
import { followUpOf } from './follow-up.ts';
import type { Project } from './project.ts';
import { count } from './render/text.ts';

/** What a report says was sent, and the ledger beside it has never heard of. */
interface Forgotten {
  /** As people are told of it. */
  readonly report: string;
  readonly rows: readonly ReportRow[];
}

/** Rows that a message names before the rest is only counted. */
const named = 5;

/**
 * A ledger that was removed, or replaced by an older copy, would pay again for what it has forgotten. The journal mends
 * that; where there is none, the last report still knows. A rehearsal costs nothing, so it is left alone.
 *
 * @throws LedgerError that names what is missing.
 */
export async function refuseForgetfulLedger(
  call: CommandCall,
  project: Project,
  files: readonly string[] | null,
): Promise<void> {
  if (project.scope.provider === 'loopback') return;
  const forgotten = await findForgotten(call, project, files);
  if (forgotten === null) return;
  const { report, rows } = forgotten;
  const followUp = followUpOf(call, project.linted.manifest.source.file);
  const names = rows.slice(0, named).map(({ key, taskId }) => `${key} (${taskId ?? 'in doubt'})`);
  const more = rows.length > named ? ` and ${rows.length - named} more` : '';
  throw new LedgerError(
    `the ledger ${project.ledgerFile} does not know ${count(rows.length, 'request')} that ${report} says were sent: ${names.join(', ')}${more}`,
    {
      help: [
        `It is an older copy, or another ledger. Put the right one back, or take in its journal: ${followUp('ledger import', 'FILE')}`,
        'If none of these was paid for, move the report away. Nothing was sent.',
      ].join('\n'),
    },
  );
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
    if (rows.length > 0) return { report: path.relative(call.io.cwd, file) || file, rows };
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
  const { openLedgerForReading } = await import('../ledger/sqlite.ts');
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
