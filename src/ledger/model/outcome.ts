import type { TaskStatus } from '../../core/task-status.ts';

/** The ways in which an attempt ends that made no task that is known. */
export const failedKinds = ['notSent', 'throttled', 'refused', 'inDoubt'] as const;

/** The end of one attempt. `notSent` and `throttled` leave the request pending. */
export type AttemptOutcome =
  | {
      readonly kind: 'accepted';
      readonly taskId: string;
      readonly status: TaskStatus;
      readonly error: string | null;
    }
  | { readonly kind: (typeof failedKinds)[number]; readonly code: string; readonly error: string };

/** The decisions of a person that name no task. */
export const plainDecisions = ['notSubmitted', 'abandoned', 'reopened'] as const;

/** A person's decision about a request whose outcome was unknown. */
export type Resolution =
  | { readonly kind: 'taskId'; readonly taskId: string }
  | { readonly kind: (typeof plainDecisions)[number] };

/** News of a task after it was accepted. Null says nothing new: the fact that was known before stays. */
export interface TaskUpdate {
  /** The task: a late answer about an earlier attempt's must not be taken for the current one's. */
  readonly taskId: string;
  readonly status: TaskStatus;
  readonly error: string | null;
  /** Never part of the history: null in every event. */
  readonly videoUrl: string | null;
  readonly actualDuration: number | null;
  /** Price of the task by the provider, as it came; left out where it says nothing. */
  readonly providerAmount?: number | string;
}
