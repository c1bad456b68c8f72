import type { SavedFile } from './clip.ts';
import type { Place } from './identity.ts';
import type { AttemptOutcome, Resolution, TaskUpdate } from './outcome.ts';

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
  /** A look at the pictures and the sound of a saved clip, and what it found. */
  | { readonly type: 'inspected'; readonly taskId: string; readonly qc: readonly string[] }
  /** A person gave up a clip that nobody saved in time. */
  | { readonly type: 'clipGivenUp'; readonly taskId: string; readonly by: string }
  | { readonly type: 'adopted'; readonly from: Place; readonly to: Place; readonly by: string }
);

/** An event, as far as the state of its request depends on it. */
export type FoldedEvent = { readonly seq: number; readonly at: string } & LedgerFact;

/** Whether a run still holds its life lock. */
export type IsLive = (runId: string) => boolean;
