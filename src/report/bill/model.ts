/** One line of a provider's bill or console export, as far as it says anything. */
export interface BillLine {
  /** Its row in the table, from 1 with the heading, for messages. */
  readonly row: number;
  readonly taskId: string | null;
  /** When the call was made, in milliseconds since the epoch; null where the line does not say. */
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
  readonly key: string;
  readonly fingerprint: string;
  readonly attempt: number;
  readonly taskId: string | null;
  /** `billed`: a task exists. `inDoubt`: nobody knows. `none`: it provably came to nothing, or a person said so. */
  readonly standing: 'billed' | 'inDoubt' | 'none';
  /** Whether the task ended as failed. */
  readonly failed: boolean;
  /** When it was claimed, in milliseconds since the epoch. */
  readonly claimedAt: number;
  readonly model: string;
  readonly prompt: string;
  /** Stated at the time; null where none was. */
  readonly price: number | null;
  readonly currency: string | null;
}

/** How a line was taken for an attempt's. */
export type MatchReason = 'id' | 'timeModelPrompt' | 'timeModel' | 'modelPrompt';

export interface BillMatch {
  readonly line: BillLine;
  readonly attempt: KnownAttempt;
  readonly by: MatchReason;
}

/** What a bill and a ledger say of each other. */
export interface Reconciliation {
  /** Lines that name a task the ledger has. */
  readonly matched: readonly BillMatch[];
  /** Lines without a task that the ledger has, which fit a request in doubt: for a person to confirm. */
  readonly proposed: readonly BillMatch[];
  /** Billed, and nothing in the ledger is like it. */
  readonly unknown: readonly BillLine[];
  /** The ledger has it as billed, within the time that the bill covers, and no line says so. */
  readonly notBilled: readonly KnownAttempt[];
  /** In doubt, within the time that the bill covers, and no line fits: nothing of it seems to have arrived. */
  readonly unmatchedDoubts: readonly KnownAttempt[];
  /** Billed although the task failed. */
  readonly billedThoughFailed: readonly BillMatch[];
  /** The line's amount is a number, and not the price that was stated. */
  readonly priceDrift: readonly BillMatch[];
}
