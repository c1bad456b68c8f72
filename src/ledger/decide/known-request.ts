import { LedgerError } from '../../core/errors.ts';
import type { JournalEvent } from '../journal/journal-event.ts';
import type { Place } from '../model/identity.ts';
import type { Life } from '../sqlite/history-store.ts';

export type Claim = JournalEvent & { readonly type: 'claimed' };
export type OfAttempt = JournalEvent & { readonly type: 'settled' | 'resolved' };

/** A request while events are taken in. */
export interface Known {
  readonly id: number;
  place: Place;
  /** Where its next event is exported from: not `place` where a rename could not be followed. */
  told: Place;
  /** Where it was filed before, and until when. */
  readonly past: { readonly place: Place; readonly until: string }[];
  /** Its latest rename. */
  renamedAt: { readonly at: string; readonly id: string } | undefined;
  /** The number here of each attempt, by run and number there. */
  readonly attempts: Map<string, number>;
  readonly answered: Set<number>;
  life: Life;
}

/** The later of two renames, by what every ledger knows of them. */
export function later(
  one: Known['renamedAt'],
  other: NonNullable<Known['renamedAt']>,
): NonNullable<Known['renamedAt']> {
  if (one === undefined || one.at < other.at) return other;
  return one.at === other.at && one.id < other.id ? other : one;
}

/** An attempt by what every ledger calls it. */
export function attemptName({ run, attempt }: Claim | OfAttempt): string {
  return `${run} ${attempt}`;
}

export function attemptKey(event: Claim | OfAttempt): string {
  return `${event.provider} ${event.fingerprint} ${attemptName(event)}`;
}

export function placeKey(provider: string, { project, key }: Place, fingerprint: string): string {
  return `${provider} ${project} ${key} ${fingerprint}`;
}

export function wasAt({ place, past }: Known, event: JournalEvent): boolean {
  return isSame(place, event) || past.some((former) => isSame(former.place, event));
}

export function isSame(a: Place, b: Place): boolean {
  return a.project === b.project && a.key === b.key;
}

export function hole({ key, type, at }: JournalEvent): LedgerError {
  const lacks = type === 'task' ? 'the answer that named its task' : 'the claim that it belongs to';
  return new LedgerError(`the history has a hole: ${key} has an event (${type}, ${at}) without ${lacks}`, {
    help: 'Lines were lost, perhaps in a merge. Get the whole file back from git, and keep the lines of both sides. Nothing was taken in, and nothing was sent.',
  });
}
