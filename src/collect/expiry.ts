import type { LedgerTask } from '../ledger/model/clip.ts';

/** How long result URLs live, by the provider's documents, and how near their end it is told. In milliseconds. */
const resultUrlLifeMs = 24 * 3_600_000;
const tellWithinMs = 6 * 3_600_000;

/** Whether the URL of a finished task has come to its end. `now` in milliseconds since the epoch. */
export function isPast(task: LedgerTask, now: number): boolean {
  return timeLeft(task, now) <= 0;
}

/** Whether a finished clip is on no disk, and its URL close to its end. `now` in milliseconds since the epoch. */
export function isExpiring(task: LedgerTask, now: number): boolean {
  const left = timeLeft(task, now);
  return task.status === 'completed' && task.file === null && left > 0 && left <= tellWithinMs;
}

function timeLeft({ completedAt }: LedgerTask, now: number): number {
  return completedAt === null ? Number.POSITIVE_INFINITY : Date.parse(completedAt) + resultUrlLifeMs - now;
}
