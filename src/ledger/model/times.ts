import type { TaskStatus } from '../../core/task-status.ts';
import type { Attempt } from './attempt.ts';
import type { StoredEvent } from './event.ts';

/**
 * Times of one attempt after its claim, ISO 8601, as this ledger first heard of them: a task is looked at
 * now and then, so what it went through between two looks is not known, and null says so.
 */
export interface AttemptTimes {
  /** The answer to the request was recorded: a task, or a refusal. */
  readonly answeredAt: string | null;
  /** The task was seen in processing. */
  readonly processingAt: string | null;
  /** The task was seen completed or failed. */
  readonly endedAt: string | null;
  /** The clip was whole on a disk. */
  readonly savedAt: string | null;
}

/**
 * The times of an attempt, from the events of its request. Pure, and the same whatever the order in which two ledgers
 * took in each other's events.
 */
export function timesOf(events: readonly StoredEvent[], attempt: Attempt | undefined): AttemptTimes {
  let answeredAt: string | null = null;
  let savedAt: string | null = null;
  const seen = new Map<TaskStatus, string>();
  const see = (status: TaskStatus, at: string): void => {
    seen.set(status, earlier(seen.get(status), at));
  };
  for (const event of events) {
    switch (event.type) {
      case 'settled':
        if (event.attempt !== attempt?.origin || event.run !== attempt.runId) break;
        if (event.outcome.kind !== 'accepted' && event.outcome.kind !== 'refused') break;
        answeredAt = earlier(answeredAt, event.at);
        if (event.outcome.kind === 'accepted') see(event.outcome.status, event.at);
        break;
      case 'task':
        if (event.update.taskId === attempt?.task?.id) see(event.update.status, event.at);
        break;
      case 'saved':
        if (event.taskId === attempt?.task?.id) savedAt = earlier(savedAt, event.at);
        break;
    }
  }
  const status = attempt?.task?.status;
  const hasEnded = status === 'completed' || status === 'failed';
  const endedAt = hasEnded ? (seen.get(status) ?? null) : null;
  const processingAt = seen.get('processing') ?? null;
  // An end is final: whoever saw it in processing after that had an older answer.
  const isLate = processingAt !== null && endedAt !== null && processingAt > endedAt;
  return { answeredAt, processingAt: isLate ? null : processingAt, endedAt, savedAt };
}

function earlier(known: string | null | undefined, at: string): string {
  return known == null || at < known ? at : known;
}
