import type { RequestState } from '../model/entry.ts';
import type { IsLive } from '../model/event.ts';
import { ResolutionError } from '../model/failures.ts';
import { foldAttempts, standing } from '../model/fold.ts';
import type { LedgerScope, RequestIdentity } from '../model/identity.ts';
import type { Resolution } from '../model/outcome.ts';
import type { Store } from '../sqlite/store.ts';

interface Decision {
  readonly store: Store;
  readonly scope: LedgerScope;
  readonly identity: RequestIdentity;
  readonly resolution: Resolution;
  readonly by: string;
  readonly nowMs: number;
  readonly isLive: IsLive;
}

/**
 * Records what a person settled, inside a transaction that the caller holds.
 *
 * @returns the request's number.
 * @throws ResolutionError unless the request waits for just this decision.
 */
export function settleByPerson({ store, scope, identity, resolution, by, nowMs, isLive }: Decision): number {
  const id = store.requestId(scope, identity);
  if (id === undefined)
    throw new ResolutionError(`the ledger holds no request ${identity.key} like this one`);
  const { state, attempt } = standing(foldAttempts(store.events(id)), isLive);
  refuseUnfit(identity.key, state, resolution, attempt?.runId);
  if (resolution.kind === 'taskId') holdTask(store, scope, identity.key, id, resolution.taskId);
  store.addEvent(id, nowMs, { type: 'resolved', attempt: attempt?.number ?? 0, resolution, by });
  return id;
}

function holdTask(store: Store, scope: LedgerScope, key: string, request: number, taskId: string): void {
  if (taskId.trim() === '') throw new ResolutionError(`${key} needs the id of its task`);
  const holder = store.taskHolder(scope.provider, taskId);
  if (holder !== undefined) {
    const { key: held } = store.fullRequest(holder);
    throw new ResolutionError(
      holder === request
        ? `task ${taskId} is that of an earlier attempt of ${key}`
        : `task ${taskId} belongs to ${held}, so it cannot be that of ${key}`,
      { help: 'Look for the id of the attempt that is in doubt; nothing was changed.' },
    );
  }
  store.holdTask(scope.provider, taskId, request);
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
