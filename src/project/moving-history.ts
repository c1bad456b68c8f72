import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { SetupError } from '../core/errors.ts';
import type { JournalEvent } from '../ledger/journal/journal-event.ts';
import type { TakenIn, Violation } from '../ledger/model/moving.ts';
import { fingerprintsOf } from '../manifest/fingerprint.ts';
import type { ProjectContext } from './context.ts';
import { journalEvents } from './journal.ts';
import { refuseOverwriting } from './outputs.ts';
import { journalBeside } from './places.ts';

/** The history of a project as a journal. */
export interface ExportedHistory {
  readonly text: string;
  readonly events: number;
}

/**
 * @param opened the saved plan that was opened in place of a manifest.
 * @param file where the history is written; a journal that could not be written is written there, later.
 */
export async function exportHistory(
  context: ProjectContext,
  opened: string | undefined,
  file: string | undefined,
): Promise<ExportedHistory> {
  const { ledger, scope, cwd, stem, files } = context;
  const { journalText } = await import('../ledger/journal/journal.ts');
  const events = journalEvents(await (await ledger.reader()).exportHistory(scope.project), scope);
  const text = journalText(events);
  if (file !== undefined) {
    const target = path.resolve(cwd, file);
    if (target !== journalBeside(stem)) refuseOverwriting(context, opened, target);
    await files.write(target, text);
  }
  return { text, events: events.length };
}

/**
 * Takes in what other ledgers exported, all of it or nothing: a text that cannot be trusted must not leave half of the
 * others behind.
 *
 * @throws LedgerError for a line that cannot be trusted.
 */
export async function importHistory(
  context: ProjectContext,
  journals: readonly { readonly name: string; readonly text: string }[],
): Promise<TakenIn> {
  const { readJournal } = await import('../ledger/journal/journal.ts');
  const events = journals.flatMap(({ name, text }) => readJournal(text, name).events);
  const taken = await (await context.ledger.writer()).takeIn(events, null);
  await context.journal.write(context.ledger);
  context.journal.tellConflicts(taken.conflicts);
  return taken;
}

/**
 * @param others other ledgers and journals, as people know them: in what way they disagree with this ledger is told, too.
 * @throws SetupError for one that cannot be read, LedgerError for one that cannot be trusted.
 */
export async function verifyLedger(
  { ledger, scope, cwd }: ProjectContext,
  others: readonly string[],
): Promise<readonly Violation[]> {
  const reader = await ledger.reader();
  const violations = await reader.verify((body, take) =>
    fingerprintsOf({ ...body, model: String(body['model']) }, take),
  );
  if (others.length === 0) return violations;
  const { disagreements } = await import('../ledger/decide/disagreement.ts');
  const ours = journalEvents(await reader.exportHistory(scope.project), scope);
  const found = [...violations];
  for (const name of others) {
    const theirs = journalEvents(await historyIn(path.resolve(cwd, name), name, scope.project), scope);
    found.push(...disagreements(name, ours, theirs));
  }
  return found;
}

/** Reads the events of a project from a journal, or from another ledger. */
async function historyIn(file: string, name: string, project: string): Promise<readonly JournalEvent[]> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw new SetupError(`${name} cannot be read`, {
      help: 'check the path and the permissions',
      cause: error,
    });
  }
  const text = new TextDecoder().decode(bytes);
  if (text.startsWith('SQLite format 3')) {
    const { openLedgerForReading } = await import('../ledger/open-ledger.ts');
    const other = await openLedgerForReading(file);
    return other.exportHistory(project).finally(() => other.close());
  }
  const { readJournal } = await import('../ledger/journal/journal.ts');
  return readJournal(text, name).events.filter((event) => event.project === project);
}
