import type { SpendLimits } from '../ledger/ledger.ts';

/** Limits of a project, and the prices by which what was spent is counted. */
export interface PricedLimits extends SpendLimits {
  /** Today's prices, by model: what earlier requests without a known price count for under `maxCost`. */
  readonly prices?: Readonly<Record<string, number>> | undefined;
}
