import type { LedgerTask } from '../ledger/model/clip.ts';
import { defaultProfile } from '../provider/profiles.ts';
import type { CollectProblem } from './events.ts';

/** Milliseconds before its end from which on a result URL counts as expiring. */
const tellWithinMs = 6 * 3_600_000;

/** True once the URL of a finished task has come to its end. `now` in milliseconds since the epoch. */
export function isPast(task: LedgerTask, now: number): boolean {
  return timeLeft(task, now) <= 0;
}

/** True where a finished clip is on no disk, and its URL close to its end. `now` in milliseconds since the epoch. */
export function isExpiring(task: LedgerTask, now: number): boolean {
  const left = timeLeft(task, now);
  return task.status === 'completed' && task.file === null && left > 0 && left <= tellWithinMs;
}

/** Milliseconds after submission from which on a task that the provider does not know is gone for good. */
const taskLifeMs = 48 * 3_600_000;
const weekMs = 7 * 24 * 3_600_000;

/** True where nobody can fetch a paid clip any more, after such a problem. `now` in milliseconds since the epoch. */
export function canBeGivenUp(task: LedgerTask, kind: CollectProblem['kind'], now: number): boolean {
  if (task.file !== null) return false;
  if (task.status === 'completed') {
    // A host that cannot be reached may be back tomorrow; after a week its URL is dead whatever it says.
    return kind === 'download' || kind === 'unanswered' ? isPast(task, now - weekMs) : isPast(task, now);
  }
  return kind === 'unknownTask' && now - Date.parse(task.submittedAt) >= taskLifeMs;
}

function timeLeft({ completedAt }: LedgerTask, now: number): number {
  return completedAt === null
    ? Number.POSITIVE_INFINITY
    : Date.parse(completedAt) + defaultProfile.resultUrlLifeMs - now;
}
