import { count } from '../../core/count.ts';
import type { Decision, Facts, StoredRequest, Wanted } from '../backend.ts';
import { foldAttempts } from '../model/attempts.ts';
import type { Seen } from '../model/entry.ts';
import type { StoredEvent } from '../model/event.ts';
import { ClaimLostError } from '../model/failures.ts';
import { attemptCount, countsAsBilled, standing } from '../model/fold.ts';
import type { LedgerRequest, LedgerScope, Place, RequestIdentity } from '../model/identity.ts';
import { headsOf, newEvent, renamesOf } from './new-event.ts';

/** A claim that a run asks for. */
export interface ClaimWish {
  readonly scope: LedgerScope;
  readonly request: LedgerRequest;
  readonly run: { readonly id: string; readonly by: string; readonly plan: string | null };
  readonly seen: Seen;
  /** Number of renames of what had this name when the run reserved it. */
  readonly renames: number;
  /** The claims of the same request under other names that its plan could know of, by their ids. */
  readonly elsewhere: ReadonlySet<string>;
  readonly price: number | null;
  readonly currency: string | null;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

/** A claim that was made. */
export interface Claimed {
  /** Its place among the attempts of its request, from 1; with the run, its name in every ledger. */
  readonly attempt: number;
  /** The events that it knew, as its own event says. */
  readonly causes: readonly string[] | null;
}

/** Every version of the key, and the request under any name. */
export function factsForClaim(scope: LedgerScope, { key, fingerprint }: RequestIdentity): Wanted {
  return { requests: [{ scope, keys: [key], fingerprints: [fingerprint] }], bodies: true };
}

/**
 * Claims a request before its first byte is sent.
 *
 * @throws ClaimLostError when it is no longer as the plan saw it, or another version of it is being sent or in doubt.
 */
export function claim(facts: Facts, wish: ClaimWish): Decision<Claimed> {
  const { scope, request, run, seen, price, currency, nowMs } = wish;
  const { key, fingerprint } = request;
  const same = facts.requests.filter((each) => each.fingerprint === fingerprint);
  const own = same.find((each) => isOf(each, scope, key));
  const attempts = foldAttempts(own?.events ?? []);
  const all = same.flatMap(({ events }) => events);
  const place = { project: scope.project, key };
  const isRenamed = renamesOf(all, place) !== wish.renames;
  refuseMoved(key, seen, standing(attempts, facts.isLive).state, attemptCount(attempts), isRenamed);
  for (const rival of facts.requests) {
    if (rival.fingerprint !== fingerprint && isOf(rival, scope, key)) refuseRival(key, rival, facts);
    if (rival.fingerprint === fingerprint && !isOf(rival, scope, key)) refuseTwin(wish, rival);
  }
  const attempt = attemptCount(attempts) + 1;
  const causes = headsOf(all);
  const fact = { type: 'claimed', run: run.id, attempt, price, currency, causes } as const;
  // The ledger keeps one way to write a request, the first: what an event tells must be what it can tell again.
  const kept = own === undefined ? undefined : facts.bodies.get(own.id);
  const sent = { request: kept ?? request, run };
  const event = newEvent({ ...scope, key, fingerprint, sent }, nowMs, fact);
  const ref = own?.id ?? { ...scope, key, fingerprint };
  const guard = claimsUnder(all, place) + 1;
  return {
    changes: [{ type: 'event', request: ref, origin: ref, guard, event }],
    value: { attempt, causes },
  };
}

/** Counts this ledger's claims under a name. */
function claimsUnder(events: readonly StoredEvent[], { project, key }: Place): number {
  return events.filter(
    ({ type, here, place }) => type === 'claimed' && here && place.key === key && place.project === project,
  ).length;
}

function isOf(request: StoredRequest, scope: LedgerScope, key: string): boolean {
  return request.key === key && request.project === scope.project && request.provider === scope.provider;
}

function refuseMoved(
  key: string,
  seen: Seen,
  state: Seen['state'],
  attempts: number,
  isRenamed: boolean,
): void {
  const unsettled = state === 'sending' || state === 'inDoubt';
  if (!unsettled && !isRenamed && state === seen.state && attempts === seen.attempts) return;
  throw claimLost(
    key,
    isRenamed ? movedWords.renamed : `it is ${state}, after ${count(attempts, 'attempt')}`,
  );
}

/** Words for the fate of a request that no state names. */
export const movedWords = { renamed: 'what was sent under this name has another one now' } as const;

/** An edited shot waits until it is known what became of what was sent before the edit. */
function refuseRival(key: string, rival: StoredRequest, { isLive }: Facts): void {
  const { state } = standing(foldAttempts(rival.events), isLive);
  if (state !== 'sending' && state !== 'inDoubt') return;
  throw new ClaimLostError(
    key,
    `${key} was not sent: another version of it is ${state === 'sending' ? 'being sent by a live run' : 'in doubt'}`,
    {
      help: state === 'inDoubt' ? `Settle it with: shotlist resolve <manifest> ${key}` : 'Plan again later.',
    },
  );
}

/**
 * While a run was under way, its manifest may have been renamed, and another run have sent the same under the new name:
 * what was claimed so since the plan was made is not sent once more.
 */
function refuseTwin({ request, run, elsewhere }: ClaimWish, twin: StoredRequest): void {
  const meanwhile = foldAttempts(twin.events).find(
    (attempt) => attempt.runId !== run.id && countsAsBilled(attempt) && !elsewhere.has(attempt.id),
  );
  if (meanwhile === undefined) return;
  throw claimLost(request.key, `another run has sent the same as ${twin.key} meanwhile`);
}

/** Tells a run that a request is no longer as its plan saw it. */
export function claimLost(key: string, now: string): ClaimLostError {
  return new ClaimLostError(key, `${key} is no longer as the plan saw it: ${now}`, {
    help: 'Another run, or a person, was faster; it was not sent from here. Plan again.',
  });
}
