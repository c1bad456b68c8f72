import { addMoney } from '../../core/money.ts';
import { withoutTake } from '../../core/request-key.ts';
import type { Change, Comparison, SideTotals } from '../../plan/comparison.ts';
import type { PlanReason } from '../../plan/model.ts';
import { count, money, number } from './text.ts';

/** The takes of one shot or variant, where the same happened to them. */
export interface ChangeGroup {
  readonly kind: Change['change'];
  /** The key that they share, or the one request's. */
  readonly key: string;
  readonly from: string | null;
  readonly takes: number;
  readonly first: Change;
  /** Its effect on the cost of a run: `+14 CNY`. */
  readonly effect: string;
}

/** Groups the changes, the takes of one version together, in the order of the comparison. */
export function groupChanges({ changes, summary }: Comparison): readonly ChangeGroup[] {
  const groups = new Map<string, Change[]>();
  for (const each of changes) {
    const { change, key, from, parameters, before, after } = each;
    const id = JSON.stringify([
      change,
      withoutTake(key),
      from && withoutTake(from),
      parameters,
      before,
      after,
    ]);
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [each]);
    else group.push(each);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const name = group.length === 1 ? (key: string): string => key : withoutTake;
    return {
      kind: first.change,
      key: name(first.key),
      from: first.from === null ? null : name(first.from),
      takes: group.length,
      first,
      effect: effectOf(group, summary.currency),
    };
  });
}

/** `2 added, 1 changed, 12 as they were`. */
export function changeCounts({ summary }: Comparison): string {
  const counted = (['added', 'changed', 'removed', 'renamed'] as const)
    .filter((kind) => summary[kind] > 0)
    .map((kind) => `${number(summary[kind])} ${kind}`);
  return [...counted, `${number(summary.unchanged)} as before`].join(', ');
}

/** Says in one sentence what a run would charge at either revision. */
export function costSentence(comparison: Comparison): string {
  const { before, after } = comparison.summary;
  const charge = ({ submit, cost, unpriced, currency }: SideTotals): string => {
    if (submit === 0) return 'nothing';
    if (submit === unpriced) return `${count(submit, 'request')} without a price`;
    const rest = unpriced > 0 ? ` (${number(unpriced)} of them without a price)` : '';
    return `${count(submit, 'request')} for ${money(cost, currency)}${rest}`;
  };
  return comparison.isNew
    ? `A run submits ${charge(after)}.`
    : `A run now submits ${charge(after)}; before it would have submitted ${charge(before)}.`;
}

/** `21 CNY more`, `7 CNY less`, `the same`: of a run, beside the older revision. */
export function differenceText({ summary: { difference, currency, before, after } }: Comparison): string {
  if (difference === null) return `not comparable: prices were in ${before.currency} and are in ${currency}`;
  const known = before.unpriced + after.unpriced > 0 ? ', as far as prices are known' : '';
  if (difference === 0) return `the same${known}`;
  return `${money(Math.abs(difference), currency)} ${difference > 0 ? 'more' : 'less'}${known}`;
}

/** The revision that was compared with, short enough to read. */
export function shortRef(against: string): string {
  return against.replace(/^([0-9a-f]{12})[0-9a-f]{28,52}\b/, '$1');
}

function effectOf(group: readonly Change[], currency: string | null): string {
  const charged = (side: Change['after']): number | null => (side?.action !== 'submit' ? 0 : side.cost);
  const effects = group.map(({ before, after }) => {
    const [was, is] = [charged(before), charged(after)];
    return was === null || is === null ? null : is - was;
  });
  if (effects.includes(null)) return 'no price';
  const total = addMoney(effects.map((effect) => effect ?? 0));
  const [first] = group;
  if (total !== 0) return `${total > 0 ? '+' : '-'}${money(Math.abs(total), currency)}`;
  const side = first?.after ?? first?.before;
  if (side?.action === 'blocked') return blockedTexts[side.reason] ?? 'blocked';
  return side?.action === 'skip' ? 'paid' : `±0${currency === null ? '' : ` ${currency}`}`;
}

const blockedTexts: Partial<Readonly<Record<PlanReason, string>>> = {
  inDoubt: 'in doubt',
  sending: 'being sent',
  renamed: 'paid, to adopt',
};
