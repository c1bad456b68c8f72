import type { Change, Facts } from '../backend.ts';
import type { JournalEvent } from '../journal/journal-event.ts';
import { taskIdsIn } from '../model/decisions.ts';
import type { StoredEvent } from '../model/event.ts';
import type { Place } from '../model/identity.ts';
import type { Conflict } from '../model/moving.ts';

/**
 * The first request to get a task's id holds it, until people take back that they gave it the id: then whoever else has
 * that id holds it.
 *
 * @param events those that are taken in.
 * @param filedAt where each of them is filed, by its id.
 * @param merged all that is known then of each fingerprint that they are about, by provider and fingerprint.
 */
export function heldTasks(
  facts: Facts,
  events: readonly JournalEvent[],
  filedAt: ReadonlyMap<string, Place>,
  merged: ReadonlyMap<string, readonly StoredEvent[]>,
): { readonly changes: readonly Change[]; readonly conflicts: readonly Conflict[] } {
  const fingerprints = new Map(facts.requests.map(({ id, fingerprint }) => [id, fingerprint]));
  const named = new Map([...merged].map(([name, all]) => [name, taskIdsIn(all)]));
  const changes: Change[] = [];
  const holders = new Map<string, { readonly fingerprint: string; readonly key: string }>();
  for (const { provider, id, request, key } of facts.tasks) {
    const fingerprint = fingerprints.get(request) ?? '';
    if (named.get(`${provider} ${fingerprint}`)?.has(id) === false) {
      changes.push({ type: 'freeTask', provider, id, request });
      const next = facts.requests.find(
        (other) =>
          other.provider === provider &&
          !named.has(`${provider} ${other.fingerprint}`) &&
          taskIdsIn(other.events).has(id),
      );
      if (next === undefined) continue;
      changes.push({ type: 'task', provider, id, request: next.id });
      holders.set(`${provider} ${id}`, { fingerprint: next.fingerprint, key: next.key });
    } else holders.set(`${provider} ${id}`, { fingerprint, key });
  }
  const conflicts: Conflict[] = [];
  for (const event of events) {
    const taskId = namedTask(event);
    if (taskId === undefined || (event.type !== 'settled' && event.type !== 'resolved')) continue;
    const { provider, key, fingerprint } = event;
    if (named.get(`${provider} ${fingerprint}`)?.has(taskId) !== true) continue;
    const name = `${provider} ${taskId}`;
    const holder = holders.get(name);
    if (holder === undefined) {
      holders.set(name, { fingerprint, key });
      const place = filedAt.get(event.id) ?? event;
      const request = { provider, project: place.project, key: place.key, fingerprint };
      changes.push({ type: 'task', provider, id: taskId, request });
    } else if (holder.fingerprint !== fingerprint) {
      conflicts.push({ key, message: `its task ${taskId} is that of ${holder.key} as well` });
    }
  }
  return { changes, conflicts };
}

/** The task that an event of a journal is about; undefined where it is about none. */
export function namedTask(event: JournalEvent): string | undefined {
  if (event.type === 'task' || event.type === 'clipGivenUp') return event.taskId;
  if (event.type !== 'settled' && event.type !== 'resolved') return undefined;
  if (event.type === 'resolved') {
    return event.resolution.kind === 'taskId' ? event.resolution.taskId : undefined;
  }
  return event.outcome.kind === 'accepted' ? event.outcome.taskId : undefined;
}
