/** @import { PageData } from '../page-data.ts' */
import { byId, element } from './dom.js';
import { count, money, number } from './words.js';

/**
 * What choosing came to when the page was written: money that was spent, and what a clip that is used cost.
 *
 * @param {PageData} data
 */
export function showChoosingCost({ summary, choosing }) {
  const { budget, currency, picked = 0, rejected = 0, reasons = {}, costPerPickedSecond = null } = summary;
  /** @type {string[]} */
  const lines = [];
  if (budget?.spent != null && (budget.maxCost !== null || budget.inDoubt)) {
    const of =
      budget.maxCost === null
        ? money(budget.spent, currency)
        : `${number(budget.spent)} of ${money(budget.maxCost, currency)}`;
    lines.push(`Spent: ${of}${budget.inDoubt ? `, ${number(budget.inDoubt)} of it in doubt` : ''}.`);
  }
  if (choosing !== undefined) {
    const why = Object.entries(reasons)
      .map(([reason, times]) => `${reason} ${times}`)
      .join(', ');
    const rate = choosing.hitRate === null ? '' : ` (hit rate ${Math.round(choosing.hitRate * 100)}%)`;
    lines.push(
      `${count(picked, 'clip')} picked${rate}, ${number(rejected)} rejected${why === '' ? '' : `: ${why}`}.`,
    );
    if (choosing.costPerPickedClip !== null) {
      lines.push(
        `All in all, a picked clip cost ${amount(choosing.costPerPickedClip, currency)}${costPerPickedSecond === null ? '' : `, a picked second ${amount(costPerPickedSecond, currency)}`}.`,
      );
    }
    if (choosing.costOfFailed > 0)
      lines.push(
        `${money(choosing.costOfFailed, currency)} went into tasks that failed, earlier attempts included.`,
      );
  }
  byId('choosing-cost', HTMLElement).replaceChildren(
    ...lines.map((line) => element('p', {}, line)),
    ...(choosing === undefined || picked + rejected === 0 ? [] : [table(choosing.by, currency)]),
  );
}

/**
 * @param {NonNullable<PageData['choosing']>['by']} by
 * @param {string | null} currency
 */
function table(by, currency) {
  const heads = ['', 'Clips', 'Picked', 'Rejected', 'Hit rate', 'Cost', 'A picked clip', 'A picked second'];
  const body = by.map((row) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, row.name ?? 'no scene'),
      ...[
        number(row.clips),
        number(row.picked),
        number(row.rejected),
        row.hitRate === null ? '–' : `${Math.round(row.hitRate * 100)}%`,
        money(row.cost, currency),
        row.costPerPickedClip === null ? '–' : amount(row.costPerPickedClip, currency),
        row.costPerPickedSecond === null ? '–' : amount(row.costPerPickedSecond, currency),
      ].map((text) => element('td', {}, text)),
    ),
  );
  return element(
    'div',
    { class: 'table choices', tabindex: '0', role: 'region', 'aria-label': 'What choosing came to' },
    element(
      'table',
      {},
      element('caption', {}, 'What choosing came to, by model, mode and scene'),
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          ...heads.map((text) => (text === '' ? element('td') : element('th', { scope: 'col' }, text))),
        ),
      ),
      element('tbody', {}, ...body),
    ),
  );
}

/**
 * @param {number} value
 * @param {string | null} currency
 */
function amount(value, currency) {
  return money(Math.round(value * 100) / 100, currency);
}
