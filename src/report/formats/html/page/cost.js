/** @import { Filter } from './filters.js' */
/** @import { Row } from './rows.js' */
import { byId, element } from './dom.js';
import { groupBy } from './rows.js';
import { stateBar } from './state-bar.js';
import { number, totalCost } from './words.js';

/** The amount that was billed, or may have been, and brought no clip. */
const fruitless = new Set(['failed', 'inDoubt', 'abandoned']);

/**
 * Costs and counts by model and by scene, of what the filters show.
 *
 * @param {readonly Row[]} rows
 * @param {(filter: Partial<Filter>) => void} filterBy
 */
export function showCost(rows, filterBy) {
  byId('cost-tables', HTMLElement).replaceChildren(
    table(
      'By model',
      'Model',
      rows,
      ({ model }) => model,
      (model) => filterBy({ model }),
    ),
    table(
      'By scene',
      'Scene',
      rows,
      ({ scene }) => scene,
      (scene) => filterBy({ scene }),
    ),
  );
}

/**
 * @template {string | null} Name
 * @param {string} caption
 * @param {string} heading
 * @param {readonly Row[]} rows
 * @param {(row: Row) => Name} nameOf
 * @param {(name: Name) => void} choose
 */
function table(caption, heading, rows, nameOf, choose) {
  const body = element('tbody');
  for (const [name, group] of groupBy(rows, nameOf)) {
    const button = element(
      'button',
      { type: 'button', class: 'link', title: 'Show these clips' },
      name ?? 'no scene',
    );
    button.addEventListener('click', () => {
      choose(name);
      location.hash = '#clips';
    });
    body.append(element('tr', {}, element('th', { scope: 'row' }, button), ...cells(group)));
  }
  const heads = ['Requests', 'Completed', 'States', 'Without a clip', 'Cost'].map((text) =>
    element('th', { scope: 'col' }, text),
  );
  return element(
    'div',
    { class: 'table' },
    element(
      'table',
      {},
      element('caption', {}, caption),
      element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, heading), ...heads)),
      body,
      element('tfoot', {}, element('tr', {}, element('th', { scope: 'row' }, 'Total'), ...cells(rows))),
    ),
  );
}

/** @param {readonly Row[]} rows */
function cells(rows) {
  const completed = rows.filter(({ status }) => status === 'completed').length;
  const lost = rows.filter(({ status }) => fruitless.has(status));
  return [
    element('td', {}, number(rows.length)),
    element('td', {}, number(completed)),
    element('td', { class: 'bar-cell' }, rows.length === 0 ? '' : stateBar(rows)),
    element('td', {}, lost.length === 0 ? '–' : totalCost(lost)),
    element('td', { class: 'total' }, totalCost(rows)),
  ];
}
