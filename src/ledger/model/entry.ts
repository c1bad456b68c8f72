import type { KnownTask } from './attempt.ts';
import type { SavedFile } from './clip.ts';
import type { DecisionMade } from './clip-decision.ts';
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

/** The cost of an attempt, or what it may have been. */
export interface AttemptCharge {
  /** By the price of its time; null where none was known then. */
  readonly price: number | null;
  readonly currency: string | null;
  /** The task that came of it; left out where none is known. */
  readonly taskId?: string;
  /** Its task failed, so there is no clip for the money. */
  readonly isFailed?: true;
  /** Nobody knows its outcome. */
  readonly isInDoubt?: true;
}

/** A request and everything that is known of it, folded from its events. */
export interface LedgerEntry extends LedgerRequest {
  readonly state: RequestState;
  /** Number of claims (the number of the last attempt); each attempt is at most one billed call. */
  readonly attempts: number;
  /**
   * Sum of the prices of the attempts that were billed or may have been; null where one of those had no known price, or
   * where they were priced in different currencies.
   */
  readonly cost: number | null;
  readonly currency: string | null;
  /** Number of attempts that were billed or may have been (in doubt and sending count). */
  readonly billed: number;
  /** The charge of each of those attempts. */
  readonly charges: readonly AttemptCharge[];
  readonly taskId: string | null;
  readonly errorCode: string | null;
  readonly error: string | null;
  /** Time of the latest attempt's claim, ISO 8601. */
  readonly submittedAt: string | null;
  readonly completedAt: string | null;
  /** Further times of the attempt that decides the state, as far as they are known. */
  readonly times: AttemptTimes;
  /** Kept apart from the history, and gone once the file is safe: it can carry a key id. */
  readonly videoUrl: string | null;
  /** In seconds, as the provider says. */
  readonly actualDuration: number | null;
  /** The task's clip, once it is safe on a disk. */
  readonly file: SavedFile | null;
  /** Price of the task by the provider, as it came: its unit is not known, so it is never added to prices. */
  readonly providerAmount?: number | string;
  /** Findings of a look at the pictures and the sound of the file; left out where nobody has looked. */
  readonly qc?: readonly string[];
  /** A person gave the clip up, which nobody saved in time. */
  readonly isClipGivenUp?: true;
  /** The tasks of earlier attempts, oldest first; left out where there are none. */
  readonly earlierTasks?: readonly KnownTask[];
  /** Decisions of people on its clips, in the order in which this ledger got them; left out where there are none. */
  readonly clipDecisions?: readonly DecisionMade[];
  /** The person's decision that its state rests on; left out where there is none. */
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
  /** Number of renames of what was filed under this name, within its project; left out by who did not look. */
  readonly renames?: number;
  /** Number of attempts at the same under other names of its project that were billed, or may have been; likewise. */
  readonly elsewhere?: number;
}
