/** @import { PageData } from '../page-data.ts' */
/** @import { Filter } from './filters.js' */
/** @import { Row } from './rows.js' */
import { copyButton } from './card.js';
import { commandsFor } from './commands.js';
import { byId, element, icon } from './dom.js';
import { stateBar } from './state-bar.js';
import { count, dayAndTime, number, timeZone, totalCost } from './words.js';

/**
 * The head of the page: what this is, how far it is, what it cost, and what needs a person.
 *
 * @param {PageData} data
 * @param {readonly Row[]} rows
 * @param {(filter: Partial<Filter>) => void} show
 */
export function showOverview(data, rows, show) {
  byId('subtitle', HTMLElement).append(
    ...(data.title === undefined ? [] : [element('span', {}, data.project)]),
    element('span', {}, data.manifest),
    element('time', { datetime: data.generatedAt }, `as of ${dayAndTime(data.generatedAt)}`),
  );
  byId('zone', HTMLElement).textContent = `Times are ${timeZone()}.`;
  if (rows.length === 0) return;
  const completed = rows.filter(({ status }) => status === 'completed').length;
  const onDisk = rows.filter(({ clip }) => clip !== null).length;
  byId('figures', HTMLElement).append(
    ...figure(number(completed), `of ${count(rows.length, 'request')} completed`),
    ...(onDisk > 0 && onDisk !== completed
      ? figure(number(onDisk), onDisk === 1 ? 'clip on disk' : 'clips on disk')
      : []),
    ...figure(totalCost(rows), 'billed as far as is known'),
  );
  byId('overview-bar', HTMLElement).append(stateBar(rows));
  byId('next-steps', HTMLElement).append(...nextSteps(data, rows, show));
}

/**
 * @param {string} value
 * @param {string} label
 */
function figure(value, label) {
  return [element('div', { class: 'figure' }, element('dt', {}, label), element('dd', {}, value))];
}

/**
 * @param {PageData} data
 * @param {readonly Row[]} rows
 * @param {(filter: Partial<Filter>) => void} show
 */
function nextSteps(data, rows, show) {
  const commands = commandsFor(data);
  /** @type {readonly { readonly states: readonly Row['status'][], readonly what: string, readonly why: string, readonly command: string, readonly where?: (row: Row) => boolean }[]} */
  const steps = [
    {
      states: ['inDoubt'],
      what: 'in doubt',
      why: 'may have been paid for; look at the provider, then settle them',
      command: commands.resolve(),
    },
    {
      states: ['refused', 'failed'],
      what: 'refused or failed',
      why: 'mend the shots, or submit them again as they are',
      command: commands.retry(),
      where: (row) => !row.superseded,
    },
    {
      states: ['completed'],
      what: 'completed, not on disk',
      why: 'the provider keeps a clip for about 24 hours',
      command: commands.collect(),
      where: (row) => row.clip === null,
    },
    {
      states: ['processing', 'queued'],
      what: 'under way',
      why: 'wait for them, and save their clips',
      command: commands.collect(),
    },
    { states: ['pending'], what: 'not sent', why: 'submit them', command: commands.submit() },
  ];
  return steps.flatMap(({ states, what, why, command, where = () => true }) => {
    const concerned = rows.filter((row) => states.includes(row.status) && where(row)).length;
    const [state] = states;
    if (concerned === 0 || state === undefined) return [];
    const button = element('button', { type: 'button', class: 'step-show' }, `${number(concerned)} ${what}`);
    button.addEventListener('click', () => show({ states: new Set(states) }));
    return [
      element(
        'li',
        { 'data-state': state },
        icon(state),
        button,
        element('span', { class: 'step-why' }, why),
        copyButton(command, 'command'),
      ),
    ];
  });
}
