import { count } from '../core/count.ts';
import type { JournalEvent } from '../ledger/journal/journal-event.ts';
import type { LedgerLocation } from '../ledger/location.ts';
import { type Emit, warn } from './events.ts';
import { namesOf, sentBy } from './sent-events.ts';

/**
 * Tells what a ledger with a past had to learn of what its own user had sent: perhaps it has lost it, as one does whose
 * write-ahead log is gone. SQLite takes the rest for whole, so only a journal that knows more can show it.
 *
 * @param learnt events that the ledger did not have.
 * @param shown the journal that had them, as people are told of it.
 */
export function tellForgotten(
  learnt: readonly JournalEvent[],
  shown: string,
  { by, ledger, emit }: { readonly by: string; readonly ledger: LedgerLocation; readonly emit: Emit },
): void {
  const forgotten = sentBy(by, learnt);
  if (forgotten.length === 0) return;
  const requests = count(forgotten.length, 'request');
  warn(
    emit,
    'ledgerForgot',
    `the ledger ${ledger} did not know ${requests} that ${shown} says ${by} sent: ${namesOf(forgotten)}`,
    'They count from now on, and are not paid again. Unless they were sent from another checkout, this ledger has lost them: its -wal file was deleted or cut, or an older copy was put back. Keep ledger.db together with its -wal file.',
  );
}
