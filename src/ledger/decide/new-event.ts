import { isoTime } from '../../core/clock.ts';
import type { Change, NewEvent, RequestRef } from '../backend.ts';
import { journalFact } from '../journal/export.ts';
import { journalEvent } from '../journal/journal-event.ts';
import type { EventOf, StoredEvent, StoredFact } from '../model/event.ts';
import type { LedgerRequest, LedgerScope, Place, RequestIdentity } from '../model/identity.ts';
import { Causality } from '../model/order.ts';

/** The subject of an event that is made here. */
export interface Subject extends LedgerScope, RequestIdentity {
  /** The request that a claim sends, and the run that sends it. */
  readonly sent?: {
    readonly request: LedgerRequest;
    readonly run: { readonly by: string; readonly plan: string | null };
  };
}

/** An event of this ledger, with the name that every ledger gives it. */
export function newEvent(subject: Subject, nowMs: number, fact: StoredFact): NewEvent {
  const { provider, project, key, fingerprint, sent } = subject;
  const at = isoTime(nowMs);
  const event = { at, id: null, here: true, place: { project, key }, ...fact } as NewEvent;
  const told = journalFact(event, sent?.request, sent?.run);
  if (told === null) return event;
  return { ...event, id: journalEvent({ at, provider, project, key, fingerprint }, told).id };
}

/** Appends an event to the request that it is about. */
export function append(request: RequestRef, event: NewEvent, origin?: RequestRef): Change {
  return origin === undefined ? { type: 'event', request, event } : { type: 'event', request, event, origin };
}

/**
 * The ids of the latest claims and renames among some events: what a new one has to name to say what it knew. Null where
 * there was nothing to know.
 */
export function headsOf(events: readonly StoredEvent[]): readonly string[] | null {
  const causal = causalOf(events);
  if (causal.length === 0) return null;
  return new Causality(causal)
    .heads(causal)
    .flatMap(({ id }) => (id === null ? [] : [id]))
    .sort();
}

function causalOf(events: readonly StoredEvent[]): readonly (EventOf<'claimed'> | EventOf<'adopted'>)[] {
  return events.filter(
    (event): event is EventOf<'claimed'> | EventOf<'adopted'> =>
      event.type === 'claimed' || event.type === 'adopted',
  );
}

/** Counts the renames of what was filed under a name, by all events of its fingerprint. */
export function renamesOf(events: readonly StoredEvent[], { project, key }: Place): number {
  return events.filter(
    (event) => event.type === 'adopted' && event.place.key === key && event.place.project === project,
  ).length;
}
