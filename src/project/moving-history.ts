import type { TakenIn, Violation } from '../ledger/history.ts';
import { fingerprint } from '../manifest/fingerprint.ts';
import type { ProjectContext } from './context.ts';
import { journalEvents } from './journal.ts';

/** The history of a project as a journal. */
export interface ExportedHistory {
  readonly text: string;
  readonly events: number;
}

export async function exportedHistory({ ledger, scope }: ProjectContext): Promise<ExportedHistory> {
  const { journalText } = await import('../ledger/journal.ts');
  const events = journalEvents(await (await ledger.reader()).exportHistory(scope.project), scope);
  return { text: journalText(events), events: events.length };
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
  const { readJournal } = await import('../ledger/journal.ts');
  const events = journals.flatMap(({ name, text }) => readJournal(text, name).events);
  const taken = await (await context.ledger.writer()).takeIn(events, null);
  await context.journal.write(context.ledger);
  context.journal.tellConflicts(taken.conflicts);
  return taken;
}

export async function verifyLedger({ ledger }: ProjectContext): Promise<readonly Violation[]> {
  return (await ledger.reader()).verify((body, take) =>
    fingerprint({ ...body, model: String(body['model']) }, take),
  );
}
