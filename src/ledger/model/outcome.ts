import type { TaskStatus } from '../../core/task-status.ts';

/** How one attempt ended. `notSent` and `throttled` leave the request pending. */
export type AttemptOutcome =
  | {
      readonly kind: 'accepted';
      readonly taskId: string;
      readonly status: TaskStatus;
      readonly error: string | null;
    }
  | { readonly kind: 'notSent'; readonly code: string; readonly error: string }
  | { readonly kind: 'throttled'; readonly code: string; readonly error: string }
  | { readonly kind: 'refused'; readonly code: string; readonly error: string }
  | { readonly kind: 'inDoubt'; readonly code: string; readonly error: string };

/** What a person settled about a request whose outcome was unknown. */
export type Resolution =
  | { readonly kind: 'taskId'; readonly taskId: string }
  | { readonly kind: 'notSubmitted' }
  | { readonly kind: 'abandoned' }
  | { readonly kind: 'reopened' };

/** What was learnt of a task after it was accepted. Null says nothing new: what was known before stays. */
export interface TaskUpdate {
  /** Which task: a late answer about an earlier attempt's task must not be taken for the current one's. */
  readonly taskId: string;
  readonly status: TaskStatus;
  readonly error: string | null;
  /** Never part of the history: null in every event. */
  readonly videoUrl: string | null;
  readonly actualDuration: number | null;
}
