import { duration } from '../../core/clock.ts';
import type { Change, Decision, Facts, StoredRequest, Wanted } from '../backend.ts';
import type { Attempt } from '../model/attempt.ts';
import { foldAttempts } from '../model/attempts.ts';
import type { RequestState } from '../model/entry.ts';
import { ResolutionError } from '../model/failures.ts';
import { standing, stateOf } from '../model/fold.ts';
import type { LedgerScope, RequestIdentity } from '../model/identity.ts';
import type { Resolution } from '../model/outcome.ts';
import { append, newEvent } from './new-event.ts';

/** A person's word on a request. */
export interface PersonsWord {
  readonly scope: LedgerScope;
  readonly identity: RequestIdentity;
  readonly resolution: Resolution;
  readonly by: string;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

export function factsForResolution({ scope, identity, resolution }: PersonsWord): Wanted {
  const requests = [{ scope, keys: [identity.key], fingerprints: [] }];
  if (resolution.kind !== 'taskId') return { requests, lateAnswers: true };
  return { requests, lateAnswers: true, tasks: { provider: scope.provider, ids: [resolution.taskId] } };
}

/**
 * Records what a person settled.
 *
 * @throws ResolutionError unless the request waits for just this decision.
 */
export function resolve(facts: Facts, word: PersonsWord): Decision<void> {
  const { scope, identity, resolution, by, nowMs } = word;
  const { key, fingerprint } = identity;
  const request = facts.requests.find(
    (each) => each.fingerprint === fingerprint && each.key === key && each.project === scope.project,
  );
  if (request === undefined) throw new ResolutionError(`the ledger holds no request ${key} like this one`);
  const { state, attempt } = meant(request, resolution, facts);
  refuseUnfit(key, state, resolution, attempt?.runId);
  if (attempt === undefined) throw new Error(`${key} is ${state} without an attempt`);
  refuseEarly(key, attempt, facts);
  const event = newEvent({ ...scope, key, fingerprint }, nowMs, {
    ...{ type: 'resolved', run: attempt.runId, attempt: attempt.origin, resolution, by },
  });
  return { changes: [append(request.id, event), ...heldTask(facts, word, request)], value: undefined };
}

/** The attempt that a decision is about. What was given up last may stand behind one that got a task. */
function meant(
  { events }: StoredRequest,
  resolution: Resolution,
  { isLive }: Facts,
): ReturnType<typeof standing> {
  const attempts = foldAttempts(events);
  const last = attempts.findLast((attempt) => stateOf(attempt, isLive) !== 'pending');
  if (resolution.kind === 'reopened' && last?.abandoned === true)
    return { state: 'abandoned', attempt: last };
  return standing(attempts, isLive);
}

function heldTask(
  facts: Facts,
  { scope, identity: { key }, resolution }: PersonsWord,
  request: StoredRequest,
): readonly Change[] {
  if (resolution.kind !== 'taskId') return [];
  const { taskId } = resolution;
  if (taskId.trim() === '') throw new ResolutionError(`${key} needs the id of its task`);
  const [holder] = facts.tasks;
  if (holder !== undefined) {
    throw new ResolutionError(
      holder.request === request.id
        ? `task ${taskId} is that of an earlier attempt of ${key}`
        : `task ${taskId} belongs to ${holder.key}, so it cannot be that of ${key}`,
      { help: 'Look for the id of the attempt that is in doubt; nothing was changed.' },
    );
  }
  return [{ type: 'task', provider: scope.provider, id: taskId, request: request.id }];
}

/** A run that was cut off may still be at it: what a person says now, its answer could belie. */
function refuseEarly(key: string, { id, runId, outcome }: Attempt, { lateAnswers }: Facts): void {
  const waitMs = outcome === null ? lateAnswers?.get(id) : undefined;
  if (waitMs === undefined) return;
  throw new ResolutionError(
    `the run of ${key} (${runId}) lost its connection to the ledger, and may still get an answer`,
    { help: `Settle it in ${duration(waitMs)}, if it is in doubt then. Nothing was changed.` },
  );
}

function refuseUnfit(key: string, state: RequestState, resolution: Resolution, runId?: string): void {
  const wanted = resolution.kind === 'reopened' ? 'abandoned' : 'inDoubt';
  if (state === wanted) return;
  if (state === 'sending') {
    throw new ResolutionError(`${key} is being sent by a live run (${runId}), which will settle it`, {
      help: 'Wait until that run is done, or stop it.',
    });
  }
  throw new ResolutionError(
    wanted === 'abandoned'
      ? `${key} is ${state}: only what was abandoned can be reopened`
      : `${key} is ${state}: there is no doubt to settle`,
  );
}
