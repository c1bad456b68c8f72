import { isoTime } from '../../core/clock.ts';
import type { Change, Decision, Facts, StoredRequest, Wanted } from '../backend.ts';
import type { Attempt } from '../model/attempt.ts';
import { foldAttempts } from '../model/attempts.ts';
import type { RequestState } from '../model/entry.ts';
import type { EventOf } from '../model/event.ts';
import { attemptCount, countsAsBilled, standing } from '../model/fold.ts';
import type { LedgerScope, RequestIdentity } from '../model/identity.ts';
import type { ReservedRequest, RunSpec } from '../model/run-spec.ts';
import { renamesOf } from './new-event.ts';
import { type Charge, refuseOverspending } from './spending.ts';

/** A request of the project as the ledger has it. */
interface Known extends StoredRequest {
  readonly attempts: readonly Attempt[];
  readonly state: RequestState;
}

/** The part of its plan that a run may send, by `requestKey`. */
export interface Reservation {
  /** Requests that it may not send any more: the state, now, of each of them or of what blocks it. */
  readonly moved: ReadonlyMap<string, RequestState | 'renamed'>;
  /** Number of renames of what had the name of a request, where there were any. */
  readonly renames: ReadonlyMap<string, number>;
  /** The claims of the same requests under other names that were there before, by their ids. */
  readonly elsewhere: ReadonlySet<string>;
}

/** Asks for the plan's requests; for everything that the project ever sent, where a limit has to hold. */
export function factsForRun({ scope, requests, limits }: RunSpec): Wanted {
  const isLimited = limits.maxCost !== null || limits.maxRequests !== null;
  const keys = requests.map(({ request }) => request.key);
  const fingerprints = requests.map(({ request }) => request.fingerprint);
  return {
    requests: [...(isLimited ? [{ scope }] : []), { scope, keys, fingerprints }],
    runs: true,
    reservations: scope,
  };
}

/**
 * Registers a run and reserves its plan. What has moved since the plan was made is left out: runs that were started
 * together share one plan, and none waits for another to end.
 *
 * @throws BudgetError when what was spent, what live runs have reserved and this plan together cross a limit.
 */
export function reserve(facts: Facts, spec: RunSpec, runId: string, nowMs: number): Decision<Reservation> {
  const { scope, limits, currency } = spec;
  const known = knownRequests(facts, scope);
  const renames = renamesBefore(spec, facts);
  const moved = movedSince(spec, known, facts);
  const wanted = spec.requests.filter(({ request }) => !moved.has(requestKey(request)));
  const wantedKeys = new Set(wanted.map(({ request }) => requestKey(request)));
  if (wantedKeys.size < wanted.length) throw new Error('the plan holds a request twice');
  const open = [...facts.runs.values()].filter(({ ended }) => !ended);
  // A run that may come back goes on with what it has reserved.
  const mayGoOn = (id: string): boolean => facts.isLive(id) || facts.mayReturn?.(id) === true;
  const live = new Set(open.filter(({ id }) => mayGoOn(id)).map(({ id }) => id));
  // A request that two runs have reserved is sent by one of them: it counts once, as this plan's.
  const others = [...known.values()].filter((request) => !wantedKeys.has(requestKey(request)));
  refuseOverspending({
    ...{ limits, currency },
    prices: { ...spec.prices, ...pricesOf(spec.requests) },
    spent: [...known.values()].flatMap(({ model, attempts }) =>
      attempts.filter(countsAsBilled).map((attempt) => ({ ...attempt, model })),
    ),
    reserved: outstanding(facts, live, others),
    planned: wanted.map(({ request, price }) => ({ model: request.model, price, currency })),
  });
  const at = isoTime(nowMs);
  const { by, intervalMs, plan = null, answerTimeoutMs = null } = spec;
  const run = { id: runId, scope, by, plan, currency, intervalMs, answerTimeoutMs, ended: false };
  const ended = open
    .filter(({ id }) => !live.has(id))
    .map(({ id }) => ({ type: 'endRun', run: id, at }) as const);
  const changes: Change[] = [...ended, { type: 'run', run, at }];
  for (const { request, price } of wanted) {
    const { key, fingerprint } = request;
    const there = known.get(requestKey(request));
    if (there === undefined) changes.push({ type: 'request', scope, request });
    const ref = there?.id ?? { ...scope, key, fingerprint };
    changes.push({ type: 'reserve', run: runId, request: ref, price });
  }
  return { changes, value: { moved, renames, elsewhere: claimsElsewhere(spec, facts) } };
}

/** One string for an identity. Keys hold no spaces. */
export function requestKey({ key, fingerprint }: RequestIdentity): string {
  return `${key} ${fingerprint}`;
}

function knownRequests(
  { requests, isLive }: Facts,
  { provider, project }: LedgerScope,
): ReadonlyMap<string, Known> {
  const known = new Map<string, Known>();
  for (const request of requests) {
    if (request.provider !== provider || request.project !== project) continue;
    const attempts = foldAttempts(request.events);
    known.set(requestKey(request), { ...request, attempts, state: standing(attempts, isLive).state });
  }
  return known;
}

/**
 * Finds the claims of the plan's requests under names that the plan does not give them, by runs that are over: the plan
 * knew of them, and decided.
 */
function claimsElsewhere({ requests: planned }: RunSpec, { requests, isLive }: Facts): ReadonlySet<string> {
  const fingerprints = new Set(planned.map(({ request }) => request.fingerprint));
  return new Set(
    requests
      .filter(({ fingerprint }) => fingerprints.has(fingerprint))
      .flatMap(({ events }) => foldAttempts(events).filter(({ runId }) => !isLive(runId)))
      .map(({ id }) => id),
  );
}

/** The renames of each fingerprint of a plan, under any name. */
function adoptionsOf({ requests }: Facts): ReadonlyMap<string, readonly EventOf<'adopted'>[]> {
  const found = new Map<string, readonly EventOf<'adopted'>[]>();
  for (const { fingerprint, events } of requests) {
    for (const event of events) {
      if (event.type === 'adopted') found.set(fingerprint, [...(found.get(fingerprint) ?? []), event]);
    }
  }
  return found;
}

function renamesBefore({ requests, scope }: RunSpec, facts: Facts): ReadonlyMap<string, number> {
  const adoptions = adoptionsOf(facts);
  const counts = new Map<string, number>();
  if (adoptions.size === 0) return counts;
  for (const { request } of requests) {
    const place = { project: scope.project, key: request.key };
    const count = renamesOf(adoptions.get(request.fingerprint) ?? [], place);
    if (count > 0) counts.set(requestKey(request), count);
  }
  return counts;
}

function movedSince(
  { requests, scope }: RunSpec,
  known: ReadonlyMap<string, Known>,
  facts: Facts,
): Reservation['moved'] {
  const unsettled = new Map<string, RequestState>();
  for (const { key, state } of known.values()) {
    if (state === 'sending' || state === 'inDoubt') unsettled.set(key, state);
  }
  const adoptions = adoptionsOf(facts);
  const billed = billedByFingerprint(known);
  const moved = new Map<string, RequestState | 'renamed'>();
  for (const { request, seen } of requests) {
    const now = known.get(requestKey(request));
    const state = now?.state ?? 'pending';
    const blocking = unsettled.get(request.key);
    const asSeen = state === seen.state && attemptCount(now?.attempts ?? []) === seen.attempts;
    // A plan knows the renames within its own project.
    const within = (adoptions.get(request.fingerprint) ?? []).filter(
      ({ to }) => to.project === scope.project,
    );
    const renames = renamesOf(within, { project: scope.project, key: request.key });
    const elsewhere = (billed.get(request.fingerprint) ?? 0) - billedOf(now);
    const isRenamed =
      (seen.renames !== undefined && seen.renames !== renames) ||
      (seen.elsewhere !== undefined && elsewhere > seen.elsewhere);
    if (blocking === undefined && asSeen && !isRenamed) continue;
    moved.set(requestKey(request), blocking ?? (asSeen ? 'renamed' : state));
  }
  return moved;
}

function billedByFingerprint(known: ReadonlyMap<string, Known>): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const request of known.values()) {
    sums.set(request.fingerprint, (sums.get(request.fingerprint) ?? 0) + billedOf(request));
  }
  return sums;
}

function billedOf(request: Known | undefined): number {
  return request?.attempts.filter(countsAsBilled).length ?? 0;
}

/** Finds those of `requests` that live runs reserved and may still send: not yet claimed, or claimed and provably not sent. */
function outstanding(
  { reservations, runs }: Facts,
  live: ReadonlySet<string>,
  requests: readonly Known[],
): readonly Charge[] {
  const byId = new Map(requests.map((request) => [request.id, request]));
  return reservations.flatMap(({ run, request, price }) => {
    const stored = byId.get(request);
    if (stored === undefined || !live.has(run)) return [];
    const own = stored.attempts.findLast((attempt) => attempt.runId === run);
    const mayStillSend =
      own === undefined || own.outcome?.kind === 'notSent' || own.outcome?.kind === 'throttled';
    return mayStillSend ? [{ model: stored.model, price, currency: runs.get(run)?.currency ?? null }] : [];
  });
}

function pricesOf(requests: readonly ReservedRequest[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    requests.flatMap(({ request, price }) => (price === null ? [] : [[request.model, price]])),
  );
}
