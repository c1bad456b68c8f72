import type { BudgetStanding } from '../../plan/budget.ts';
import type { Plan } from '../../plan/model.ts';
import { money, number } from './text.ts';

/**
 * Says what was spent, beside the limit: `Spent: 308 of 400 CNY, 12 CNY of it in doubt.` Empty where nothing is spent,
 * or nothing bounds it and nothing is in doubt.
 */
export function spentLine({ maxCost, spent, inDoubt, currency }: BudgetStanding): string {
  if (!spent || (maxCost === null && !inDoubt)) return '';
  const amount =
    maxCost === null ? money(spent, currency) : `${number(spent)} of ${money(maxCost, currency)}`;
  return `Spent: ${amount}${inDoubt ? `, ${number(inDoubt)} of it in doubt` : ''}.\n`;
}

/**
 * Says what is left of a manifest's budget, as a line; empty where it has none: `Budget: 78 of 200 CNY left, 12 of 40
 * requests left.` With a plan, what is left after it too.
 */
export function budgetLine(standing: BudgetStanding, plan?: Plan): string {
  const { maxCost, spent, maxRequests, requests, currency } = standing;
  const { submit = 0, cost = 0, unpriced = 0 } = plan?.summary ?? {};
  const after = (left: number, planned: number, say: (amount: number) => string): string =>
    submit === 0 ? '' : `, ${say(left - planned)} after this plan`;
  const parts: string[] = [];
  if (maxCost !== null && spent !== null) {
    const say = (amount: number): string => money(amount, currency);
    const known = unpriced === 0 ? after(maxCost - spent, cost, say) : '';
    parts.push(`${say(maxCost - spent)} of ${say(maxCost)} left${known}`);
  }
  if (maxCost !== null && spent === null) {
    parts.push(`${money(maxCost, currency)}, of which nobody can tell what is left: a price is not known`);
  }
  if (maxRequests !== null) {
    const left = maxRequests - requests;
    parts.push(`${number(left)} of ${number(maxRequests)} requests left${after(left, submit, number)}`);
  }
  return parts.length === 0 ? '' : `Budget: ${parts.join('; ')}.\n`;
}

/** `2 shots have \`skip: true\`, and are left out.`; empty where none has. */
export function skippedLine(shots: number): string {
  if (shots === 0) return '';
  return shots === 1
    ? '1 shot has `skip: true`, and is left out.\n'
    : `${number(shots)} shots have \`skip: true\`, and are left out.\n`;
}
