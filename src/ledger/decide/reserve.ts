import type { Attempt } from '../model/attempt.ts';
import type { RequestState } from '../model/entry.ts';
import type { IsLive } from '../model/event.ts';
import { attemptCount, countsAsBilled, foldAttempts, standing } from '../model/fold.ts';
import type { ReservedRequest, RunSpec } from '../model/run-spec.ts';
import type { Store, StoredRequest } from '../sqlite/store.ts';
import { type Charge, refuseOverspending } from './spending.ts';

/** What a run holds of a request that it is going to send. */
export interface Reserved {
  readonly request: number;
  readonly price: number | null;
}

/** A request of the project as the ledger has it. */
interface Known extends StoredRequest {
  readonly attempts: readonly Attempt[];
  readonly state: RequestState;
}

interface ReserveOptions {
  readonly store: Store;
  readonly runId: string;
  readonly spec: RunSpec;
  readonly nowMs: number;
  readonly isLive: IsLive;
}

/** What a run may send of its plan, and what it may not any more, both by `requestKey`. */
export interface Reservation {
  readonly reserved: ReadonlyMap<string, Reserved>;
  /** The state, now, of each request that is no longer as the plan saw it, or of what blocks it. */
  readonly moved: ReadonlyMap<string, RequestState>;
}

/**
 * Registers a run and reserves its plan, inside a transaction that the caller holds. What has moved since the plan was
 * made is left out: runs that were started together share one plan, and none waits for another to end.
 *
 * @throws BudgetError: then the caller undoes the transaction.
 */
export function reserve(options: ReserveOptions): Reservation {
  const { store, runId, spec, nowMs, isLive } = options;
  const known = knownRequests(options);
  const moved = movedSince(spec.requests, known);
  const wanted = spec.requests.filter(({ request }) => !moved.has(requestKey(request)));
  const liveRuns = store.unendedRuns().filter(({ id }) => {
    const live = isLive(id);
    if (!live) store.endRun(id, nowMs);
    return live;
  });
  const wantedKeys = new Set(wanted.map(({ request }) => requestKey(request)));
  // A request that two runs have reserved is sent by one of them: it counts once, as this plan's.
  const others = [...known.values()].filter((request) => !wantedKeys.has(requestKey(request)));
  const { limits, currency } = spec;
  refuseOverspending({
    ...{ limits, currency },
    prices: { ...spec.prices, ...pricesOf(spec.requests) },
    spent: [...known.values()].flatMap(({ model, attempts }) =>
      attempts.filter(countsAsBilled).map((attempt) => ({ ...attempt, model })),
    ),
    reserved: liveRuns.flatMap(({ id }) => outstanding(store, id, spec, others)),
    planned: wanted.map(({ request, price }) => ({ model: request.model, price, currency })),
  });
  store.addRun(runId, spec, nowMs);
  const reserved = new Map<string, Reserved>();
  for (const { request, price } of wanted) {
    const key = requestKey(request);
    if (reserved.has(key)) throw new Error(`the plan holds ${request.key} twice`);
    const id = known.get(key)?.id ?? store.addRequest(spec.scope, request);
    store.reserve(runId, id, price);
    reserved.set(key, { request: id, price });
  }
  return { reserved, moved };
}

/** One string for an identity. Keys hold no spaces. */
export function requestKey(identity: { readonly key: string; readonly fingerprint: string }): string {
  return `${identity.key} ${identity.fingerprint}`;
}

function knownRequests({ store, spec, isLive }: ReserveOptions): ReadonlyMap<string, Known> {
  const events = store.eventsByRequest(spec.scope);
  const known = new Map<string, Known>();
  for (const request of store.requests(spec.scope)) {
    const attempts = foldAttempts(events.get(request.id) ?? []);
    known.set(requestKey(request), { ...request, attempts, state: standing(attempts, isLive).state });
  }
  return known;
}

function movedSince(
  requests: readonly ReservedRequest[],
  known: ReadonlyMap<string, Known>,
): ReadonlyMap<string, RequestState> {
  const unsettled = new Map<string, RequestState>();
  for (const { key, state } of known.values()) {
    if (state === 'sending' || state === 'inDoubt') unsettled.set(key, state);
  }
  const moved = new Map<string, RequestState>();
  for (const { request, seen } of requests) {
    const now = known.get(requestKey(request));
    const state = now?.state ?? 'pending';
    const blocking = unsettled.get(request.key);
    const asSeen = state === seen.state && attemptCount(now?.attempts ?? []) === seen.attempts;
    if (blocking !== undefined || !asSeen) moved.set(requestKey(request), blocking ?? state);
  }
  return moved;
}

/** What a live run reserved of `requests` and may still send: not yet claimed, or claimed and provably not sent. */
function outstanding(
  store: Store,
  runId: string,
  spec: RunSpec,
  requests: readonly Known[],
): readonly Charge[] {
  const byId = new Map(requests.map((request) => [request.id, request]));
  return store.reservations(runId, spec.scope).flatMap(({ request, price, currency }) => {
    const stored = byId.get(request);
    if (stored === undefined) return [];
    const own = stored.attempts.filter((attempt) => attempt.runId === runId).at(-1);
    const mayStillSend =
      own === undefined || own.outcome?.kind === 'notSent' || own.outcome?.kind === 'throttled';
    return mayStillSend ? [{ model: stored.model, price, currency }] : [];
  });
}

function pricesOf(requests: readonly ReservedRequest[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    requests.flatMap(({ request, price }) => (price === null ? [] : [[request.model, price]])),
  );
}
