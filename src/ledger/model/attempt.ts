import type { TaskStatus } from '../../core/task-status.ts';
import type { SavedFile } from './clip.ts';
import type { StandingDecision } from './decisions.ts';
import type { AttemptOutcome } from './outcome.ts';

/** The known facts of a task. */
export interface KnownTask {
  readonly id: string;
  readonly status: TaskStatus;
  readonly error: string | null;
  /** In seconds. */
  readonly actualDuration: number | null;
  readonly completedAt: string | null;
  readonly file: SavedFile | null;
  /** Price by the provider, as it came; left out where it says nothing. */
  readonly providerAmount?: number | string;
  /** Findings of a look at the pictures and the sound of the file; left out where nobody has looked. */
  readonly qc?: readonly string[];
  /** A person gave the clip up, which nobody saved in time. */
  readonly isClipGivenUp?: true;
}

/** One claim of a request, and what became of it. */
export interface Attempt {
  /** Its place in the order on which all ledgers agree, from 1. */
  readonly number: number;
  /** Its number in the ledger that made it: with the run, its name in every ledger. */
  readonly origin: number;
  readonly runId: string;
  /** The id of its claim. */
  readonly id: string;
  /** Claimed by a run of this ledger. */
  readonly here: boolean;
  readonly at: string;
  readonly price: number | null;
  readonly currency: string | null;
  /** Null while nothing was recorded: the claim is open. */
  readonly outcome: AttemptOutcome | null;
  readonly task: KnownTask | null;
  /** A person said that it never reached the provider. */
  readonly notSubmitted: boolean;
  /** A person gave up on learning what became of it, and nobody took it up again. */
  readonly abandoned: boolean;
  /** The person's decision that the attempt rests on; null where there is none. */
  readonly decision: StandingDecision | null;
  /** Another ledger says that this came to nothing, or was given up, and nobody has said so here. */
  readonly hearsay: string | null;
}
