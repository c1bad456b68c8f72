import path from 'node:path';
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

export async function verifyLedger({ ledger }: ProjectContext): Promise<readonly Violation[]> {
  return (await ledger.reader()).verify((body, take) =>
    fingerprintsOf({ ...body, model: String(body['model']) }, take),
  );
}
