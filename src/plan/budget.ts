import { number } from '../core/count.ts';
import { money } from '../core/money.ts';
import { refuseOverspending } from '../ledger/decide/spending.ts';
import { BudgetError, type LedgerEntry } from '../ledger/ledger.ts';
import { spentOn } from '../ledger/model/spent.ts';
import type { Budget } from '../manifest/model.ts';
import type { Plan } from './model.ts';

/** The limits of this run, from `--max-cost` and `--max-requests`; null where a flag is not given. */
export interface RunLimits {
  readonly maxCost: number | null;
  readonly maxRequests: number | null;
}

/**
 * Checks a plan against the manifest's budget, which bounds what the project ever spends, and against the limits of this
 * run. Equal is allowed; both hold. The ledger asks the same question once more, together with what live runs have
 * reserved, in the transaction that starts the run.
 *
 * @throws BudgetError that names each number to change.
 */
export function checkBudget(
  plan: Plan,
  entries: readonly LedgerEntry[],
  budget: Budget,
  limits: RunLimits,
): void {
  const { submit, cost, currency } = plan.summary;
  if (submit === 0) return;
  const spending = {
    ...{ currency, prices: budget.prices, reserved: [] },
    spent: entries.flatMap(({ model, charges }) => charges.map((charge) => ({ model, ...charge }))),
    planned: plan.requests
      .filter(({ action }) => action === 'submit')
      .map((request) => ({ model: request.model, price: request.cost, currency })),
  };
  const { maxRequests, maxCost } = limits;
  refuseAll([
    () => {
      if (maxRequests === null || submit <= maxRequests) return;
      throw overLimit(
        `this plan sends ${number(submit)} requests, and --max-requests allows ${number(maxRequests)}`,
        '--max-requests',
      );
    },
    () => {
      if (maxCost === null || cost <= maxCost) return;
      throw overLimit(
        `this plan costs ${money(cost, currency)}, and --max-cost allows ${money(maxCost, currency)}`,
        '--max-cost',
      );
    },
    () => refuseOverspending({ ...spending, limits: { ...budget, maxCost: null } }),
    () => refuseOverspending({ ...spending, limits: { ...budget, maxRequests: null } }),
  ]);
}

/** A project's spending beside the budget of its manifest. */
export interface BudgetStanding {
  readonly currency: string | null;
  /** Null where the manifest states no such limit. */
  readonly maxCost: number | null;
  /** Cost of all that was billed, or may have been, unpriced requests at today's price; null where it is not known. */
  readonly spent: number | null;
  /** The part of it that is in doubt; null where that cannot be known. */
  readonly inDoubt: number | null;
  readonly maxRequests: number | null;
  /** Number of requests that were billed, or may have been. */
  readonly requests: number;
}

/** Counts as `checkBudget` does, for people who want to know what is left. */
export function budgetStanding(entries: readonly LedgerEntry[], budget: Budget): BudgetStanding {
  const { currency, prices, maxCost, maxRequests } = budget;
  return {
    ...{ currency, maxCost, maxRequests },
    ...spentOn(entries, { currency, prices }),
    requests: entries.reduce((count, { billed }) => count + billed, 0),
  };
}

/** Puts all refusals in one error: whoever raises one limit wants to know of the next. */
function refuseAll(checks: readonly (() => void)[]): void {
  const refusals = checks.flatMap((check) => {
    try {
      check();
      return [];
    } catch (error) {
      if (!(error instanceof BudgetError)) throw error;
      return [error];
    }
  });
  const [only, ...others] = refusals;
  if (only === undefined) return;
  if (others.length === 0) throw only;
  throw new BudgetError(refusals.map(({ message }) => message).join('; and '), {
    help: refusals.flatMap(({ help }) => help ?? []).join('\n'),
  });
}

function overLimit(message: string, limit: string): BudgetError {
  return new BudgetError(message, {
    help: `raise ${limit}, or send less with --only, --tag, --scene or --limit; nothing was sent`,
  });
}
