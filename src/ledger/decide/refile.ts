import type { Change, Facts, NewEvent, RequestRef, StoredRequest } from '../backend.ts';
import type { StoredEvent } from '../model/event.ts';
import { fileEvents, isSamePlace } from '../model/filing.ts';
import type { Place, SentRequest } from '../model/identity.ts';
import { partsOf } from '../model/place.ts';

/** Events of one fingerprint that are to be appended, and what is filed of it already. */
export interface Refiling {
  readonly provider: string;
  readonly fingerprint: string;
  /** Everything that is filed of this fingerprint, under any name. */
  readonly requests: readonly StoredRequest[];
  readonly added: readonly NewEvent[];
  /** The request that was sent under a name, for one that has to be made. */
  readonly sentAs: (place: Place) => SentRequest;
}

/** The changes that follow for the ledger. */
export interface Refiled {
  readonly changes: readonly Change[];
  /** Added events that lack what they are about. */
  readonly holes: readonly NewEvent[];
  /** Everything that is filed of the fingerprint then, and where. */
  readonly events: readonly StoredEvent[];
  readonly places: ReadonlyMap<StoredEvent, Place>;
  /** The place of each added event, by its id. */
  readonly filedAt: ReadonlyMap<string, Place>;
}

/** Files events where the renames among all of them lead, and makes the requests that are not there yet. */
export function refile({ provider, fingerprint, requests, added, sentAs }: Refiling): Refiled {
  const fresh = added.map((event, index) => ({ ...event, seq: -1 - index }) as StoredEvent);
  const events = [...requests.flatMap((request) => request.events), ...fresh];
  const { places, holes } = fileEvents(events);
  const made = new Map<string, Place>();
  const refOf = (place: Place): RequestRef => {
    const there = requests.find((request) => isSamePlace(request, place));
    if (there !== undefined) return there.id;
    made.set(`${place.project} ${place.key}`, place);
    return { provider, fingerprint, project: place.project, key: place.key };
  };
  const filed: Change[] = [];
  for (const request of requests) {
    for (const event of request.events) {
      const place = places.get(event);
      // An event that lacks its claim stays where it is: verify tells of it.
      if (place === undefined || isSamePlace(place, request)) continue;
      filed.push({ type: 'file', seq: event.seq, request: refOf(place) });
    }
  }
  for (const [index, event] of fresh.entries()) {
    const place = places.get(event);
    const told = added[index];
    if (place === undefined || told === undefined) continue;
    const origin = event.type === 'claimed' ? { origin: refOf(event.place) } : {};
    filed.push({ type: 'event', request: refOf(place), event: told, ...origin });
  }
  const changes = [
    ...[...made.values()].map((place): Change => {
      const { project, key } = place;
      const { take, model, mode, body } = sentAs(place);
      const request = { key, fingerprint, ...partsOf(key), take, model, mode, body };
      return { type: 'request', scope: { provider, project }, request };
    }),
    ...filed,
  ];
  const lacking = new Set(holes);
  return {
    changes,
    places,
    events,
    filedAt: new Map(
      fresh.flatMap((event) => {
        const place = places.get(event);
        return event.id === null || place === undefined ? [] : [[event.id, place] as const];
      }),
    ),
    holes: added.filter((_, index) => {
      const event = fresh[index];
      return event !== undefined && lacking.has(event);
    }),
  };
}

/** Requests by fingerprint, each with everything that is filed of it under any name. */
export function byFingerprint(
  { requests }: Pick<Facts, 'requests'>,
  provider: string,
): ReadonlyMap<string, readonly StoredRequest[]> {
  const groups = new Map<string, StoredRequest[]>();
  for (const request of requests) {
    if (request.provider !== provider) continue;
    const group = groups.get(request.fingerprint);
    if (group === undefined) groups.set(request.fingerprint, [request]);
    else group.push(request);
  }
  return groups;
}
