import { addMoney } from '../../core/money.ts';
import type { AttemptCharge, LedgerEntry } from './entry.ts';

/** The parts of a budget that say what a charge counts for. */
interface Prices {
  readonly currency: string | null;
  /** Today's price of a request, by model: what a charge without a price counts for. */
  readonly prices: Readonly<Record<string, number>>;
}

/** Counts what was spent. Null where it cannot be known: no price, or another currency. */
export interface Spent {
  /** The amount that was billed, or may have been. */
  readonly spent: number | null;
  /** The part of it that is in doubt: it may not have been billed. */
  readonly inDoubt: number | null;
}

/** Adds up what was spent on requests, as budgets count it. */
export function spentOn(entries: readonly Pick<LedgerEntry, 'model' | 'charges'>[], prices: Prices): Spent {
  const charges = entries.flatMap(({ model, charges }) => charges.map((charge) => ({ ...charge, model })));
  return {
    spent: sum(charges, prices),
    inDoubt: sum(
      charges.filter(({ isInDoubt }) => isInDoubt === true),
      prices,
    ),
  };
}

function sum(
  charges: readonly (AttemptCharge & { readonly model: string })[],
  { currency, prices }: Prices,
): number | null {
  const costs = charges.map(({ model, price, currency: paidIn }) => {
    const isOther = paidIn !== null && currency !== null && paidIn !== currency;
    if (price !== null) return isOther ? null : price;
    return Object.hasOwn(prices, model) ? (prices[model] ?? null) : null;
  });
  const known = costs.filter((cost) => cost !== null);
  return known.length === costs.length ? addMoney(known) : null;
}
