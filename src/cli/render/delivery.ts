import type { Delivery } from '../../project/delivering.ts';
import type { FollowUp } from '../../project/follow-up.ts';
import { count, number } from './text.ts';

/** The end of a delivery: what is in its folder now, and what was in the way. */
export function renderDelivery(delivery: Delivery, followUp: FollowUp): string {
  const { folder, linked, copied, present, inTheWay } = delivery;
  const all = linked + copied + present;
  if (all + inTheWay.length === 0) {
    return `Nothing is picked yet, so there is nothing to deliver. Choose clips with: ${followUp('pick', 'KEY')}\n`;
  }
  const parts = [
    ...(copied > 0 ? [`${number(copied)} of them copied, since no hard link leads there`] : []),
    ...(present > 0 ? [`${number(present)} there before`] : []),
  ];
  const how = parts.length === 0 ? '' : ` (${parts.join(', ')})`;
  const headline = `${count(all, 'clip')} delivered to ${folder}${how}\n`;
  const kept = inTheWay.map(
    (file) => `  ! ${file} is another file, and stays: move it, or use another --name\n`,
  );
  return `${headline}${kept.join('')}`;
}
