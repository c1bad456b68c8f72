import { addMoney } from '../core/money.ts';
import { type Attempt, attemptCount, countsAsBilled, foldAttempts, type IsLive, standing } from './fold.ts';
import { BudgetError, type RequestState, type ReservedRequest, type RunSpec } from './ledger.ts';
import type { Store, StoredRequest } from './store.ts';

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
  checkLimits(
    spec,
    wanted,
    [...known.values()],
    liveRuns.flatMap(({ id }) => outstanding(store, id, spec, others)),
  );
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

/** One billed call, or one that may come. */
interface Charge {
  readonly model: string;
  readonly price: number | null;
  readonly currency: string | null;
}

function checkLimits(
  spec: RunSpec,
  wanted: readonly ReservedRequest[],
  known: readonly Known[],
  reserved: readonly Charge[],
): void {
  const spent = known.flatMap(({ model, attempts }) =>
    attempts.filter(countsAsBilled).map(({ price, currency }) => ({ model, price, currency })),
  );
  const planned = wanted.map(({ request, price }) => ({
    model: request.model,
    price,
    currency: spec.currency,
  }));
  const { maxRequests, maxCost } = spec.limits;
  if (maxRequests !== null) {
    refuseOver(
      'budget.maxRequests',
      maxRequests,
      [spent.length, reserved.length, planned.length],
      'requests',
    );
  }
  if (maxCost !== null) {
    const cost = costIn(spec);
    refuseOver('budget.maxCost', maxCost, [cost(spent), cost(reserved), cost(planned)], spec.currency ?? '');
  }
}

/** Sums charges in the run's currency. A charge whose price was not known counts at today's price of its model. */
function costIn(spec: RunSpec): (charges: readonly Charge[]) => number {
  const prices = new Map(Object.entries(spec.prices ?? {}));
  for (const { request, price } of spec.requests) if (price !== null) prices.set(request.model, price);
  return (charges) =>
    addMoney(
      charges.map(({ model, price, currency }) => {
        if (price !== null && differ(currency, spec.currency)) throw otherCurrency(currency, spec.currency);
        const known = price ?? prices.get(model);
        if (known === undefined) throw unpriced(model);
        return known;
      }),
    );
}

/** A manifest that never named its currency may name it later. */
function differ(found: string | null, expected: string | null): boolean {
  return found !== null && expected !== null && found !== expected;
}

function refuseOver(
  name: 'budget.maxCost' | 'budget.maxRequests',
  limit: number,
  [spent, reserved, planned]: readonly [number, number, number],
  unit: string,
): void {
  const total = addMoney([spent, reserved, planned]);
  if (total <= limit) return;
  const say = (amount: number): string => `${amount} ${unit}`.trimEnd();
  const held = reserved === 0 ? '' : `, ${say(reserved)} reserved by other runs`;
  throw new BudgetError(
    `this plan would bring the project to ${say(total)}, over ${name} of ${say(limit)}: ${say(spent)} spent${held}, ${say(planned)} in this plan`,
    {
      help: `Raise ${name} in the manifest to at least ${total}, or send less with --only, --tag, --scene or --limit. Nothing was sent.`,
    },
  );
}

function unpriced(model: string): BudgetError {
  return new BudgetError(`whether budget.maxCost holds cannot be known: ${model} has no price`, {
    help: `Add the price of one request under budget.prices.${model} in the manifest. Nothing was sent.`,
  });
}

function otherCurrency(found: string | null, expected: string | null): BudgetError {
  return new BudgetError(
    `whether budget.maxCost holds cannot be known: it is in ${expected ?? 'no currency'}, and this project has paid in ${found ?? 'no currency'}`,
    { help: 'Give budget.currency the currency in which the project has paid. Nothing was sent.' },
  );
}
