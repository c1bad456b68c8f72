import type { TaskStatus } from '../core/task-status.ts';
import type { SavedFile } from './collecting.ts';

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

/** One line of a request's history. Events are only ever added. */
export type LedgerEvent = {
  readonly seq: number;
  readonly key: string;
  readonly fingerprint: string;
  /** ISO 8601. */
  readonly at: string;
  /** Who did it: a person who decided, or who started the run that claimed it; null for what came from the provider. */
  readonly by: string | null;
} & LedgerFact;

export type LedgerFact = {
  /** Under which name it happened, for an event of another ledger that was taken in after a rename. */
  readonly place?: Place;
} & (
  | {
      readonly type: 'claimed';
      readonly attempt: number;
      /** Its number in the ledger that made it, where that number was taken in this one; see `history.ts`. */
      readonly origin?: number;
      readonly runId: string;
      readonly price: number | null;
      readonly currency: string | null;
    }
  | { readonly type: 'settled'; readonly attempt: number; readonly outcome: AttemptOutcome }
  | {
      readonly type: 'resolved';
      readonly attempt: number;
      readonly resolution: Resolution;
      readonly by: string;
    }
  | { readonly type: 'task'; readonly update: TaskUpdate }
  | { readonly type: 'saved'; readonly taskId: string; readonly file: SavedFile }
  | { readonly type: 'adopted'; readonly from: Place; readonly to: Place; readonly by: string }
);

/** Under what a request is filed, beside its provider and fingerprint. */
export interface Place {
  readonly project: string;
  readonly key: string;
}
