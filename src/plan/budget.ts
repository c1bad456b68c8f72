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
  const planned = `this plan adds ${number(submit)}`;
  const money = (amount: number): string =>
    [number(amount), plan.summary.currency].filter((part) => part !== null).join(' ');

  const totalRequests = spentRequests + submit;
  const totalCost = addMoney([spentCost, cost]);
  const crossed: readonly (Crossing | false)[] = [
    limits.maxRequests !== null &&
      submit > limits.maxRequests && {
        message: `this plan sends ${number(submit)} requests, and --max-requests allows ${number(limits.maxRequests)}`,
        limit: '--max-requests',
      },
    limits.maxCost !== null &&
      cost > limits.maxCost && {
        message: `this plan costs ${money(cost)}, and --max-cost allows ${money(limits.maxCost)}`,
        limit: '--max-cost',
      },
    budget.maxRequests !== null &&
      totalRequests > budget.maxRequests && {
        message: `the project has spent ${number(spentRequests)} requests and ${planned}: ${number(totalRequests)}, and budget.maxRequests allows ${number(budget.maxRequests)}`,
        limit: 'budget.maxRequests in the manifest',
      },
    budget.maxCost !== null &&
      totalCost > budget.maxCost && {
        message: `the project has spent ${money(spentCost)} and this plan adds ${money(cost)}: ${money(totalCost)}, and budget.maxCost allows ${money(budget.maxCost)}`,
        limit: 'budget.maxCost in the manifest',
      },
  ];
  refuse(crossed.filter((each) => each !== false));
}

/** A limit that a plan would cross. */
interface Crossing {
  readonly message: string;
  /** What to raise. */
  readonly limit: string;
}

/** All of them at once: whoever raises one limit wants to know of the next. */
function refuse(crossed: readonly Crossing[]): void {
  if (crossed.length === 0) return;
  throw new BudgetError(crossed.map(({ message }) => message).join('; and '), {
    help: `raise ${crossed.map(({ limit }) => limit).join(' and ')}, or send less with --only, --tag, --scene or --limit; nothing was sent`,
  });
}

function number(amount: number): string {
  return amount.toLocaleString('en', { maximumFractionDigits: 6 });
}
