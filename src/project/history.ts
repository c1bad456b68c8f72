import type { LedgerEvent } from '../ledger/ledger.ts';
import type { ProjectContext } from './context.ts';
import { unknownKey } from './planning.ts';

/** Everything that happened to a key, oldest first. @throws UsageError for a key that neither manifest nor ledger knows. */
export async function readHistory(
  { ledger, linted, scope }: ProjectContext,
  key: string,
): Promise<readonly LedgerEvent[]> {
  const reader = await ledger.reader();
  const events = await reader.history(scope, key);
  const keys = linted.requests.map((request) => request.key);
  if (events.length > 0 || keys.includes(key)) return events;
  const entries = await reader.read(scope);
  throw unknownKey('history', key, [...keys, ...entries.map((entry) => entry.key)]);
}
