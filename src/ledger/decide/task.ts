import type { Change, Decision, Facts, Wanted } from '../backend.ts';
import type { KnownTask } from '../model/attempt.ts';
import { foldAttempts, updatedTask } from '../model/attempts.ts';
import type { LedgerScope, RequestIdentity } from '../model/identity.ts';
import type { TaskUpdate } from '../model/outcome.ts';
import { append, newEvent } from './new-event.ts';

/** The request under any name, with its clips: it may have been renamed since its task was seen. */
export function factsForTask({ provider }: LedgerScope, { fingerprint }: RequestIdentity): Wanted {
  return { requests: [{ provider, fingerprints: [fingerprint] }], clips: true };
}

/** A task, and the request that it is filed with now. */
export interface FoundTask {
  readonly request: number;
  readonly task: KnownTask;
}

/** @throws Error for a task that the request never had: whoever asks has made it up. */
export function taskOf(
  { requests }: Facts,
  scope: LedgerScope,
  { key, fingerprint }: RequestIdentity,
  taskId: string,
): FoundTask {
  const own = requests.filter((request) => request.fingerprint === fingerprint);
  const first = own.filter((request) => request.key === key && request.project === scope.project);
  for (const { id, events } of [...first, ...own]) {
    const task = foldAttempts(events).find((attempt) => attempt.task?.id === taskId)?.task;
    if (task != null) return { request: id, task };
  }
  throw new Error(`${key} has no task ${taskId}`);
}

/** Records what polling learnt of a task; an update that says nothing new adds no event. */
export function updateTask(
  facts: Facts,
  scope: LedgerScope,
  identity: RequestIdentity,
  update: TaskUpdate,
  nowMs: number,
): Decision<void> {
  const { request, task } = taskOf(facts, scope, identity, update.taskId);
  const changes: Change[] = [];
  const { taskId, videoUrl } = update;
  const known = facts.links.find((link) => link.request === request && link.task === taskId)?.url;
  if (videoUrl !== null && task.file === null && videoUrl !== known) {
    changes.push({ type: 'link', request, task: taskId, url: videoUrl });
  }
  if (JSON.stringify(updatedTask(task, update, '')) !== JSON.stringify(task)) {
    const { key, fingerprint } = identity;
    const fact = { type: 'task', update: { ...update, videoUrl: null } } as const;
    changes.push(append(request, newEvent({ ...scope, key, fingerprint }, nowMs, fact)));
  }
  return { changes, value: undefined };
}
