/** @import { Row } from './rows.js' */
import { svg } from './dom.js';
import { groupBy } from './rows.js';
import { stateOrder, states } from './states.js';
import { number } from './words.js';

/**
 * How the requests are spread over the states, as one bar.
 *
 * @param {readonly Row[]} rows
 */
export function stateBar(rows) {
  const groups = groupBy(rows, ({ status }) => status);
  const parts = stateOrder.flatMap((state) => {
    const size = groups.get(state)?.length ?? 0;
    return size === 0 ? [] : [{ state, size }];
  });
  const bar = svg('svg', {
    class: 'state-bar',
    viewBox: '0 0 1000 10',
    preserveAspectRatio: 'none',
    role: 'img',
    'aria-label': parts.map(({ state, size }) => `${number(size)} ${states[state].label}`).join(', '),
  });
  let x = 0;
  for (const { state, size } of parts) {
    const width = (size / rows.length) * 1000;
    const title = svg('title', {}, `${number(size)} ${states[state].label}`);
    bar.append(svg('rect', { x, y: 0, width, height: 10, 'data-state': state }, title));
    x += width;
  }
  return bar;
}
