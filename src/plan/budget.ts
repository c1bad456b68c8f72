import { BudgetError, type LedgerEntry } from '../ledger/ledger.ts';
import { refuseOverspending } from '../ledger/spending.ts';
import type { Budget } from '../manifest/model.ts';
import type { Plan } from './model.ts';

/** What `--max-cost` and `--max-requests` allow this run; null where they say nothing. */
export interface RunLimits {
  readonly maxCost: number | null;
  readonly maxRequests: number | null;
}

/**
 * Checks a plan against the manifest's budget, which bounds what the project ever spends, and against the limits of this
 * run. Equal is allowed; both hold. The ledger asks the same question once more, together with what live runs have
 * reserved, in the transaction that starts the run.
 *
 * @throws BudgetError that names the number to change.
 */
export function checkBudget(
  plan: Plan,
  entries: readonly LedgerEntry[],
  budget: Budget,
  limits: RunLimits,
): void {
  const { submit, cost, currency } = plan.summary;
  if (submit === 0) return;
  const money = (amount: number): string => [amount, currency].filter((part) => part !== null).join(' ');

  if (limits.maxRequests !== null && submit > limits.maxRequests) {
    throw overLimit(
      `this plan sends ${submit} requests, and --max-requests allows ${limits.maxRequests}`,
      '--max-requests',
    );
  }
  if (limits.maxCost !== null && cost > limits.maxCost) {
    throw overLimit(
      `this plan costs ${money(cost)}, and --max-cost allows ${money(limits.maxCost)}`,
      '--max-cost',
    );
  }
  refuseOverspending({
    ...{ limits: budget, currency, prices: budget.prices, reserved: [] },
    spent: entries.flatMap(({ model, charges }) => charges.map((charge) => ({ model, ...charge }))),
    planned: plan.requests
      .filter(({ action }) => action === 'submit')
      .map((request) => ({ model: request.model, price: request.cost, currency })),
  });
}

function overLimit(message: string, number: string): BudgetError {
  return new BudgetError(message, {
    help: `raise ${number}, or send less with --only, --tag, --scene or --limit; nothing was sent`,
  });
}
