import type { LedgerEntry, RequestIdentity } from '../ledger/ledger.ts';
import type { AttemptTimes } from '../ledger/model/times.ts';

/**
 * Times of the requests of a report, by `identityOf` their rows. They stand beside the rows, whose columns
 * are fixed, for formats that draw them.
 */
export type ReportTimes = ReadonlyMap<string, AttemptTimes>;

/** The times of everything that the ledger holds of a project. */
export function timesByIdentity(entries: readonly LedgerEntry[]): ReportTimes {
  return new Map(entries.map((entry) => [identityOf(entry), entry.times]));
}

/** Makes the string that tells one request from all others of a project. */
export function identityOf({ key, fingerprint }: RequestIdentity): string {
  return `${key} ${fingerprint}`;
}
