import type { SavedFile } from './clip.ts';
import type { ClipDecision, DecisionFact } from './clip-decision.ts';
import type { Place, SentRequest } from './identity.ts';
import type { AttemptOutcome, Resolution, TaskUpdate } from './outcome.ts';

/** One line of a request's history, as people and reports read it. Events are only ever added. */
export type LedgerEvent = {
  readonly seq: number;
  readonly key: string;
  readonly fingerprint: string;
  /** ISO 8601. */
  readonly at: string;
  /** The person who decided, or who started the run that claimed it; null for what came from the provider. */
  readonly by: string | null;
} & LedgerFact;

export type LedgerFact =
  | {
      readonly type: 'claimed';
      /** Counted from 1 within its request, in the order on which all ledgers agree. */
      readonly attempt: number;
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
      /** It takes the place of an earlier decision. */
      readonly isCorrection?: true;
    }
  | { readonly type: 'task'; readonly update: TaskUpdate }
  | { readonly type: 'saved'; readonly taskId: string; readonly file: SavedFile }
  /** A look at the pictures and the sound of a saved clip, and what it found. */
  | { readonly type: 'inspected'; readonly taskId: string; readonly qc: readonly string[] }
  /** A person gave up a clip that nobody saved in time. */
  | { readonly type: 'clipGivenUp'; readonly taskId: string; readonly by: string }
  /** A person's word on a clip. */
  | (ClipDecision & { readonly taskId: string; readonly by: string })
  | { readonly type: 'adopted'; readonly from: Place; readonly to: Place; readonly by: string };

/** An attempt by what every ledger calls it: the run that made it, and its number in the ledger of that run. */
export interface AttemptName {
  readonly run: string;
  readonly attempt: number;
}

/** An event as a backend keeps it. */
export type StoredEvent = {
  readonly seq: number;
  /** ISO 8601. */
  readonly at: string;
  /** Its name in every ledger; null for what only this ledger knows: where a file was saved. */
  readonly id: string | null;
  /** False for what was taken in from another ledger. */
  readonly here: boolean;
  /** The name under which it happened. */
  readonly place: Place;
} & StoredFact;

export type StoredFact =
  | ({
      readonly type: 'claimed';
      readonly price: number | null;
      readonly currency: string | null;
      /** The ids of the latest events that its ledger knew of the request; null where it knew none, or its release did not say. */
      readonly causes: readonly string[] | null;
      /** The request that it sent, where that is not the one under whose name it was made. */
      readonly sent?: SentRequest;
    } & AttemptName)
  | ({ readonly type: 'settled'; readonly outcome: AttemptOutcome } & AttemptName)
  | ({
      readonly type: 'resolved';
      readonly resolution: Resolution;
      readonly by: string;
      /** The ids of the decisions that it takes the place of; left out where there were none. */
      readonly replaces?: readonly string[];
    } & AttemptName)
  | { readonly type: 'task'; readonly update: TaskUpdate }
  | { readonly type: 'saved'; readonly taskId: string; readonly file: SavedFile }
  /** A look at the pictures and the sound of a saved clip, and what it found. */
  | { readonly type: 'inspected'; readonly taskId: string; readonly qc: readonly string[] }
  /** A person gave up a clip that nobody saved in time. */
  | { readonly type: 'clipGivenUp'; readonly taskId: string; readonly by: string }
  /** A person's word on a clip. */
  | DecisionFact
  | {
      readonly type: 'adopted';
      readonly to: Place;
      readonly by: string;
      readonly causes: readonly string[] | null;
    };

/** An event of one type. */
export type EventOf<T extends StoredFact['type']> = StoredEvent & { readonly type: T };

/** Tells whether a run still holds its life lock. */
export type IsLive = (runId: string) => boolean;
