import { addMoney } from '../core/money.ts';
import { type Attempt, attemptCount, countsAsBilled, foldAttempts, type IsLive, standing } from './fold.ts';
import {
  BudgetError,
  ClaimLostError,
  type RequestState,
  type ReservedRequest,
  type RunSpec,
} from './ledger.ts';
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

/**
 * Registers a run and reserves its whole plan, inside a transaction that the caller holds.
 *
 * @returns what was reserved, by `requestKey`.
 * @throws ClaimLostError, BudgetError: then the caller undoes the transaction.
 */
export function reserve(options: ReserveOptions): ReadonlyMap<string, Reserved> {
  const { store, runId, spec, nowMs, isLive } = options;
  const known = knownRequests(options);
  checkSeen(spec.requests, known);
  const liveRuns = store.unendedRuns().filter(({ id }) => {
    const live = isLive(id);
    if (!live) store.endRun(id, nowMs);
    return live;
  });
  checkLimits(
    spec,
    [...known.values()],
    liveRuns.flatMap(({ id }) => outstanding(store, id, spec, known)),
  );
  store.addRun(runId, spec, nowMs);
  const reserved = new Map<string, Reserved>();
  for (const { request, price } of spec.requests) {
    const key = requestKey(request);
    if (reserved.has(key)) throw new Error(`the plan holds ${request.key} twice`);
    const id = known.get(key)?.id ?? store.addRequest(spec.scope, request);
    store.reserve(runId, id, price);
    reserved.set(key, { request: id, price });
  }
  return reserved;
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

function checkSeen(requests: readonly ReservedRequest[], known: ReadonlyMap<string, Known>): void {
  const unsettled = new Map<string, Known>();
  for (const request of known.values()) {
    if (request.state === 'sending' || request.state === 'inDoubt') unsettled.set(request.key, request);
  }
  const moved = requests.flatMap(({ request, seen }) => {
    const now = known.get(requestKey(request));
    const state = now?.state ?? 'pending';
    const attempts = attemptCount(now?.attempts ?? []);
    const blocking = unsettled.get(request.key);
    if (blocking !== undefined) return [{ key: request.key, state: blocking.state }];
    return state === seen.state && attempts === seen.attempts ? [] : [{ key: request.key, state }];
  });
  const [first] = moved;
  if (first === undefined) return;
  const others = moved.length === 1 ? '' : `, and ${moved.length - 1} more have moved as well`;
  throw new ClaimLostError(
    first.key,
    `${first.key} is no longer as the plan saw it: it is ${first.state}${others}`,
    { help: 'Another run, or a person, was faster. Plan again; nothing was sent.' },
  );
}

/** What a live run reserved and may still send: not yet claimed, or claimed and provably not sent. */
function outstanding(
  store: Store,
  runId: string,
  spec: RunSpec,
  known: ReadonlyMap<string, Known>,
): readonly Charge[] {
  const byId = new Map([...known.values()].map((request) => [request.id, request]));
  return store.reservations(runId, spec.scope).flatMap(({ request, price, currency }) => {
    const stored = byId.get(request);
    const own = stored?.attempts.filter((attempt) => attempt.runId === runId).at(-1);
    const mayStillSend =
      own === undefined || own.outcome?.kind === 'notSent' || own.outcome?.kind === 'throttled';
    return mayStillSend ? [{ model: stored?.model ?? '', price, currency }] : [];
  });
}

/** One billed call, or one that may come. */
interface Charge {
  readonly model: string;
  readonly price: number | null;
  readonly currency: string | null;
}

function checkLimits(spec: RunSpec, known: readonly Known[], reserved: readonly Charge[]): void {
  const spent = known.flatMap(({ model, attempts }) =>
    attempts.filter(countsAsBilled).map(({ price, currency }) => ({ model, price, currency })),
  );
  const planned = spec.requests.map(({ request, price }) => ({
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
