import { number } from '../../core/count.ts';
import { addMoney, money } from '../../core/money.ts';
import { BudgetError } from '../model/failures.ts';
import type { SpendLimits } from '../model/run-spec.ts';

/** One billed call, or one that may come. */
export interface Charge {
  readonly model: string;
  /** Null where no price was known when it was sent. */
  readonly price: number | null;
  readonly currency: string | null;
}

interface Spending {
  readonly limits: SpendLimits;
  readonly currency: string | null;
  /** Today's price of a request, by model: what a charge without a price counts for. */
  readonly prices: Readonly<Record<string, number>>;
  readonly spent: readonly Charge[];
  /** Charges that other runs are about to cause. */
  readonly reserved: readonly Charge[];
  readonly planned: readonly Charge[];
}

/**
 * Holds a plan against what a project may ever spend. Equal is allowed.
 *
 * @throws BudgetError that names the number to change.
 */
export function refuseOverspending({ limits, ...spending }: Spending): void {
  const { spent, reserved, planned } = spending;
  const { maxRequests, maxCost } = limits;
  if (maxRequests !== null) {
    const counts = [spent.length, reserved.length, planned.length] as const;
    refuseOver('budget.maxRequests', maxRequests, counts, (n) => `${number(n)} requests`);
  }
  if (maxCost !== null) {
    const cost = (charges: readonly Charge[]): number => costOf(charges, spending);
    const { currency } = spending;
    const costs = [cost(spent), cost(reserved), cost(planned)] as const;
    refuseOver('budget.maxCost', maxCost, costs, (amount) => money(amount, currency));
  }
}

function costOf(
  charges: readonly Charge[],
  { currency: wanted, prices }: Pick<Spending, 'currency' | 'prices'>,
): number {
  return addMoney(
    charges.map(({ model, price, currency }) => {
      if (price !== null && differ(currency, wanted)) throw otherCurrency(currency, wanted);
      const known = price ?? (Object.hasOwn(prices, model) ? prices[model] : undefined);
      if (known === undefined) throw unpriced(model);
      return known;
    }),
  );
}

/** A manifest that never named its currency may name it later. */
function differ(found: string | null, expected: string | null): boolean {
  return found !== null && expected !== null && found !== expected;
}

function refuseOver(
  name: 'budget.maxCost' | 'budget.maxRequests',
  limit: number,
  [spent, reserved, planned]: readonly [number, number, number],
  say: (amount: number) => string,
): void {
  const total = addMoney([spent, reserved, planned]);
  if (total <= limit) return;
  const held = reserved === 0 ? '' : `, ${say(reserved)} reserved by other runs`;
  throw new BudgetError(
    `this plan would bring the project to ${say(total)}, over ${name} of ${say(limit)}: ${say(spent)} spent${held}, ${say(planned)} in this plan`,
    {
      help: `Raise ${name} in the manifest to at least ${total}, or send less with --only, --tag, --scene or --limit. Nothing was sent.`,
    },
  );
}

function unpriced(model: string): BudgetError {
  return new BudgetError(`whether budget.maxCost holds cannot be known: ${model} has no price`, {
    help: `Add the price of one request under budget.prices.${model} in the manifest. Nothing was sent.`,
  });
}

function otherCurrency(found: string | null, expected: string | null): BudgetError {
  return new BudgetError(
    `whether budget.maxCost holds cannot be known: it is in ${expected ?? 'no currency'}, and this project has paid in ${found ?? 'no currency'}`,
    { help: 'Give budget.currency the currency in which the project has paid. Nothing was sent.' },
  );
}
