import type { SavedFile } from './clip.ts';
import type { StandingDecision } from './decisions.ts';
import type { LedgerRequest, Place } from './identity.ts';
import type { AttemptTimes } from './times.ts';

/** The states of a request, in the order in which reports count them. */
export const requestStates = [
  'pending',
  'sending',
  'inDoubt',
  'refused',
  'queued',
  'processing',
  'completed',
  'failed',
  'abandoned',
] as const;
export type RequestState = (typeof requestStates)[number];

/** A request and everything that is known of it, folded from its events. */
export interface LedgerEntry extends LedgerRequest {
  readonly state: RequestState;
  /** How often it was claimed (the number of the last attempt); each attempt is at most one billed call. */
  readonly attempts: number;
  /**
   * Sum of the prices of the attempts that were billed or may have been; null where one of those had no known price, or
   * where they were priced in different currencies.
   */
  readonly cost: number | null;
  readonly currency: string | null;
  /** How many attempts were billed or may have been (in doubt and sending count). */
  readonly billed: number;
  /** What each of those cost, by the price of its time; a price that was not known then is null. */
  readonly charges: readonly { readonly price: number | null; readonly currency: string | null }[];
  readonly taskId: string | null;
  readonly errorCode: string | null;
  readonly error: string | null;
  /** When the latest attempt was claimed, ISO 8601. */
  readonly submittedAt: string | null;
  readonly completedAt: string | null;
  /** What else is known of when things happened to the attempt that decides the state. */
  readonly times: AttemptTimes;
  /** Kept apart from the history, and gone once the file is safe: it can carry a key id. */
  readonly videoUrl: string | null;
  /** In seconds, as the provider says. */
  readonly actualDuration: number | null;
  /** The task's clip, once it is safe on a disk. */
  readonly file: SavedFile | null;
  /** What the provider says that the task costs, as it came: its unit is not known, so it is never added to prices. */
  readonly providerAmount?: number | string;
  /** What a look at the pictures and the sound of the file found; left out where nobody has looked. */
  readonly qc?: readonly string[];
  /** A person gave the clip up, which nobody saved in time. */
  readonly isClipGivenUp?: true;
  /** What a person decided about it, where its state rests on that. */
  readonly decision?: StandingDecision;
  /** The run that claimed it last. */
  readonly runId: string | null;
  /** The names that it was filed under before. */
  readonly formerly?: readonly Place[];
  /** Position of its latest event in the ledger's history. */
  readonly seq: number;
}

/** State and attempt that the plan saw of a request; a claim fails when either has moved. */
export interface Seen {
  readonly state: RequestState;
  readonly attempts: number;
  /** How many times what was filed under this name was renamed, within its project; left out by who did not look. */
  readonly renames?: number;
  /** How many attempts at the same were billed, or may have been, under other names of its project; likewise. */
  readonly elsewhere?: number;
}
