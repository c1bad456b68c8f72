import { addMoney } from '../core/money.ts';
import { BudgetError, type LedgerEntry } from '../ledger/ledger.ts';
import type { Budget } from '../manifest/model.ts';
import type { Plan } from './model.ts';

/** What `--max-cost` and `--max-requests` allow this run; null where they say nothing. */
export interface RunLimits {
  readonly maxCost: number | null;
  readonly maxRequests: number | null;
}

/**
 * Checks a plan against the manifest's budget, which bounds what the project ever spends, and against the limits of this
 * run. Equal is allowed; both hold. The ledger checks the budget once more, together with what live runs have reserved,
 * in the transaction that starts the run.
 *
 * @throws BudgetError that names the number to change.
 */
export function checkBudget(
  plan: Plan,
  entries: readonly LedgerEntry[],
  budget: Budget,
  limits: RunLimits,
): void {
  const { submit, cost } = plan.summary;
  if (submit === 0) return;
  const spentRequests = entries.reduce((sum, entry) => sum + entry.billed, 0);
  const spentCost = addMoney(entries.map((entry) => entry.cost ?? 0));
  const money = (amount: number): string =>
    [amount, plan.summary.currency].filter((part) => part !== null).join(' ');

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
  if (budget.maxRequests !== null && spentRequests + submit > budget.maxRequests) {
    throw overLimit(
      `the project has spent ${spentRequests} requests and this plan adds ${submit}: ${spentRequests + submit}, and budget.maxRequests allows ${budget.maxRequests}`,
      'budget.maxRequests in the manifest',
    );
  }
  if (budget.maxCost !== null && addMoney([spentCost, cost]) > budget.maxCost) {
    throw overLimit(
      `the project has spent ${money(spentCost)} and this plan adds ${money(cost)}: ${money(addMoney([spentCost, cost]))}, and budget.maxCost allows ${money(budget.maxCost)}`,
      'budget.maxCost in the manifest',
    );
  }
}

function overLimit(message: string, number: string): BudgetError {
  return new BudgetError(message, {
    help: `raise ${number}, or send less with --only, --tag, --scene or --limit; nothing was sent`,
  });
}
