import type { Change, Decision, Facts, Wanted } from '../backend.ts';
import type { KnownTask } from '../model/attempt.ts';
import { foldAttempts, updatedTask } from '../model/attempts.ts';
import type { LedgerScope, RequestIdentity } from '../model/identity.ts';
import type { Resolution, TaskUpdate } from '../model/outcome.ts';
import { append, newEvent } from './new-event.ts';

/** The request under any name, with its clips: it may have been renamed since its task was seen. */
export function factsForTask({ provider }: LedgerScope, { fingerprint }: RequestIdentity): Wanted {
  return { requests: [{ provider, fingerprints: [fingerprint] }], clips: true };
}

/** A task, and the request that it is filed with now. */
export interface FoundTask {
  readonly request: number;
  readonly task: KnownTask;
  /** A person named it, and took that back: whoever is still busy with it has not heard of that. */
  readonly isTakenBack: boolean;
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
    if (task != null) return { request: id, task, isTakenBack: false };
  }
  for (const { id, events } of [...first, ...own]) {
    if (!events.some((event) => event.type === 'resolved' && names(event.resolution, taskId))) continue;
    const task: KnownTask = {
      ...{ id: taskId, status: 'queued', error: null, actualDuration: null },
      completedAt: null,
      file: null,
    };
    return { request: id, task, isTakenBack: true };
  }
  throw new Error(`${key} has no task ${taskId}`);
}

function names(resolution: Resolution, taskId: string): boolean {
  return resolution.kind === 'taskId' && resolution.taskId === taskId;
}

/** Records what polling learnt of a task; an update that says nothing new adds no event. */
export function updateTask(
  facts: Facts,
  scope: LedgerScope,
  identity: RequestIdentity,
  update: TaskUpdate,
  nowMs: number,
): Decision<void> {
  const { request, task, isTakenBack } = taskOf(facts, scope, identity, update.taskId);
  if (isTakenBack) return { changes: [], value: undefined };
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
