import type { Change, Decision, Facts, RequestRef, Wanted } from '../backend.ts';
import type { LedgerScope, RequestIdentity } from '../model/identity.ts';
import type { AttemptOutcome } from '../model/outcome.ts';
import { append, newEvent } from './new-event.ts';

/** The end of an attempt. */
export interface Answer {
  readonly scope: LedgerScope;
  /** As it was called when it was claimed. */
  readonly identity: RequestIdentity;
  readonly run: string;
  /** With the run, its name in every ledger. */
  readonly attempt: number;
  readonly outcome: AttemptOutcome;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

/** The request under any name: it may have been renamed since it was claimed. */
export function factsForAnswer({ scope, identity }: Pick<Answer, 'scope' | 'identity'>): Wanted {
  return { requests: [{ provider: scope.provider, fingerprints: [identity.fingerprint] }] };
}

/** Records how an attempt ended, beside its claim. */
export function settle(facts: Facts, answer: Answer): Decision<void> {
  const { scope, identity, run, attempt, outcome, nowMs } = answer;
  const { key, fingerprint } = identity;
  const claimed = facts.requests.find(({ events }) =>
    events.some(
      (event) =>
        event.type === 'claimed' &&
        event.run === run &&
        event.attempt === attempt &&
        event.place.key === key &&
        event.place.project === scope.project,
    ),
  );
  if (claimed === undefined) throw new Error(`attempt ${attempt} of ${key} was never claimed by run ${run}`);
  const event = newEvent({ ...scope, key, fingerprint }, nowMs, {
    ...{ type: 'settled', run, attempt, outcome: plainOutcome(outcome) },
  });
  return { changes: [append(claimed.id, event), ...held(scope, outcome, claimed.id)], value: undefined };
}

/** The first request to get a task's id holds it. */
export function held(
  { provider }: Pick<LedgerScope, 'provider'>,
  outcome: AttemptOutcome,
  request: RequestRef,
): readonly Change[] {
  return outcome.kind === 'accepted' ? [{ type: 'task', provider, id: outcome.taskId, request }] : [];
}

/** An outcome without what its giver knew besides. */
export function plainOutcome(outcome: AttemptOutcome): AttemptOutcome {
  if (outcome.kind === 'accepted') {
    const { kind, taskId, status, error } = outcome;
    return { kind, taskId, status, error };
  }
  const { kind, code, error } = outcome;
  return { kind, code, error };
}
