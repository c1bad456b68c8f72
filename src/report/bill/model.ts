/** One line of a provider's bill or console export, as far as it says anything. */
export interface BillLine {
  /** Its row in the table, from 1 with the heading, for messages. */
  readonly row: number;
  readonly taskId: string | null;
  /** Time of the call, in milliseconds since the epoch; null where the line does not say. */
  readonly at: number | null;
  readonly model: string | null;
  /** As far as the table shows it: consoles cut prompts short. */
  readonly prompt: string | null;
  /** The provider's word, as it stands there. */
  readonly status: string | null;
  /** As it stands there. Its unit is not known, so it is never added to prices. */
  readonly amount: string | null;
}

/** One claim that this ledger knows of, whether or not it was billed. */
export interface KnownAttempt {
  readonly project: string;
  readonly key: string;
  readonly fingerprint: string;
  readonly attempt: number;
  readonly taskId: string | null;
  /**
   * `billed`: a task exists. `inDoubt`: nobody knows. `abandoned`, `notSubmitted`: nobody knew, and a person said so.
   * `none`: it provably came to nothing.
   */
  readonly standing: 'billed' | 'inDoubt' | 'abandoned' | 'notSubmitted' | 'none';
  /** True where the task ended as failed. */
  readonly failed: boolean;
  /** Time of its claim, in milliseconds since the epoch. */
  readonly claimedAt: number;
  readonly model: string;
  readonly prompt: string;
  /** The error that came in place of an answer; it may hold the id. */
  readonly error: string | null;
  /** Stated at the time; null where none was. */
  readonly price: number | null;
  readonly currency: string | null;
}

/** The reason why a line was taken for an attempt's. */
export type MatchReason = 'id' | 'timeModelPrompt' | 'timeModel' | 'modelPrompt';

export interface BillMatch {
  readonly line: BillLine;
  readonly attempt: KnownAttempt;
  readonly by: MatchReason;
}

/** The charge that the lines of one task add up to. */
export interface TaskCharge extends BillMatch {
  /** The sum of their amounts, whatever their unit; null where one is no number. */
  readonly charged: number | null;
}

/** The result of holding a bill against a ledger. */
export interface Reconciliation {
  /** Lines that name a task the ledger has. */
  readonly matched: readonly BillMatch[];
  /** Lines without a task that the ledger has, which fit what is in doubt, or was given up: for a person to confirm. */
  readonly proposed: readonly BillMatch[];
  /** Lines that fit several of these, or share one with another line: nothing is proposed, a person has to look. */
  readonly ambiguous: readonly { readonly line: BillLine; readonly attempts: readonly KnownAttempt[] }[];
  /** Billed, and nothing in the ledger is like it. */
  readonly unknown: readonly BillLine[];
  /** The ledger has it as billed, within the time that the bill covers, and no line says so. */
  readonly notBilled: readonly KnownAttempt[];
  /** In doubt, within the time that the bill covers, and no line fits: nothing of it seems to have arrived. */
  readonly unmatchedDoubts: readonly KnownAttempt[];
  /** Billed although the task failed. */
  readonly billedThoughFailed: readonly TaskCharge[];
  /** The charge is a number, and not the price that was stated. */
  readonly priceDrift: readonly TaskCharge[];
}
