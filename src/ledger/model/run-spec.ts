import type { Seen } from './entry.ts';
import type { LedgerRequest, LedgerScope } from './identity.ts';

/** One request that a run is going to send. */
export interface ReservedRequest {
  readonly request: LedgerRequest;
  readonly seen: Seen;
  readonly price: number | null;
}

/** The limits of a project's spending in this ledger, all runs together; null where there is no limit. */
export interface SpendLimits {
  readonly maxCost: number | null;
  readonly maxRequests: number | null;
}

export interface RunSpec {
  readonly scope: LedgerScope;
  readonly requests: readonly ReservedRequest[];
  readonly currency: string | null;
  readonly limits: SpendLimits;
  /**
   * Today's price of a request, by model, in `currency`: what an earlier attempt counts for under `limits.maxCost` when
   * no price was known at the time it was sent. The prices of `requests` need not be repeated.
   */
  readonly prices?: Readonly<Record<string, number>>;
  /** Milliseconds between two requests at this run's `--rate`; null without one. */
  readonly intervalMs: number | null;
  /** The person who started it, for the history: `user@host`. */
  readonly by: string;
  /** The digest of the approved plan that it sends; absent or null where it planned by itself. */
  readonly plan?: string | null | undefined;
  /** Time that it waits for an answer, in milliseconds. */
  readonly answerTimeoutMs?: number | null | undefined;
}
