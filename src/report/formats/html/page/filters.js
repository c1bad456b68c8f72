/** @import { State } from './states.js' */
/** @import { Row } from './rows.js' */
import { byId, element, icon } from './dom.js';
import { groupBy } from './rows.js';
import { stateOrder, states, supersededMeaning } from './states.js';
import { count, number } from './words.js';

/**
 * What a reader asked to see. No states are all states, and undefined is any scene or model; null is no scene.
 *
 * @typedef {object} Filter
 * @property {string} text
 * @property {ReadonlySet<State>} states
 * @property {string | null | undefined} scene
 * @property {string | undefined} model
 * @property {boolean} superseded Only what the manifest no longer holds.
 */

/** @type {Filter} */
const everything = { text: '', states: new Set(), scene: undefined, model: undefined, superseded: false };

/**
 * Fills the tool bar, and calls `onChange` with the rows that match, at once and after each change.
 *
 * @param {readonly Row[]} rows
 * @param {(visible: readonly Row[]) => void} onChange
 * @returns {(filter: Partial<Filter>) => void} shows what matches this and nothing else
 */
export function setUpFilters(rows, onChange) {
  const text = byId('filter-text', HTMLInputElement);
  const shown = byId('shown', HTMLElement);
  const clear = byId('filter-clear', HTMLButtonElement);
  const scenes = picker(
    'filter-scene',
    'All scenes',
    groupBy(rows, ({ scene }) => scene),
    '(no scene)',
  );
  const models = picker(
    'filter-model',
    'All models',
    groupBy(rows, ({ model }) => model),
    '',
  );
  const chips = stateChips(rows);
  const filterOf = () => ({
    text: text.value.trim(),
    states: chips.chosen(),
    scene: scenes.chosen(),
    model: models.chosen() ?? undefined,
    superseded: chips.superseded(),
  });

  const change = () => {
    const filter = filterOf();
    const visible = rows.filter(matcher(filter));
    const filtered = describe(filter);
    shown.textContent =
      filtered === ''
        ? count(rows.length, 'request')
        : `${number(visible.length)} of ${count(rows.length, 'request')}`;
    shown.dataset['filter'] = filtered;
    clear.hidden = filtered === '';
    onChange(visible);
  };
  /** @param {Partial<Filter>} filter */
  const show = (filter) => {
    const wanted = { ...everything, ...filter };
    text.value = wanted.text;
    scenes.choose(wanted.scene);
    models.choose(wanted.model);
    chips.choose(wanted.states, wanted.superseded);
    change();
  };

  text.addEventListener('input', change);
  for (const control of [scenes.control, models.control, chips.control])
    control.addEventListener('change', change);
  clear.addEventListener('click', () => {
    show({});
    text.focus();
  });
  byId('nothing-clear', HTMLButtonElement).addEventListener('click', () => {
    show({});
    text.focus();
  });
  // Browsers keep what was typed when a page is loaded again.
  change();
  return show;
}

/** @param {Filter} filter */
function matcher({ text, states: wanted, scene, model, superseded }) {
  const words = text.toLowerCase().split(/\s+/);
  return (/** @type {Row} */ row) =>
    (wanted.size === 0 || wanted.has(row.status)) &&
    (scene === undefined || row.scene === scene) &&
    (model === undefined || row.model === model) &&
    (!superseded || row.superseded) &&
    words.every((word) => row.searched.includes(word));
}

/**
 * What a printed page has to say about what it leaves out; empty where nothing is.
 *
 * @param {Filter} filter
 */
function describe({ text, states: wanted, scene, model, superseded }) {
  return [
    [...wanted].map((state) => states[state].label).join(' or '),
    superseded ? 'superseded' : '',
    scene === undefined ? '' : (scene ?? 'no scene'),
    model ?? '',
    text === '' ? '' : `“${text}”`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}

/**
 * A select of the names that groups have; one with a single name is of no use, and stays hidden.
 *
 * @template {string | null} Name
 * @param {string} id
 * @param {string} all
 * @param {ReadonlyMap<Name, readonly Row[]>} groups
 * @param {string} unnamed
 */
function picker(id, all, groups, unnamed) {
  const control = byId(id, HTMLSelectElement);
  const names = [...groups.keys()];
  control.append(element('option', { value: '' }, all));
  names.forEach((name, index) => {
    const size = number(groups.get(name)?.length ?? 0);
    control.append(element('option', { value: String(index) }, `${name ?? unnamed} (${size})`));
  });
  control.hidden = names.length < 2;
  return {
    control,
    chosen: () => (control.value === '' ? undefined : names[Number(control.value)]),
    /** @param {Name | undefined} name */
    choose: (name) => {
      const index = name === undefined ? -1 : names.indexOf(name);
      control.value = index < 0 ? '' : String(index);
    },
  };
}

/**
 * A toggle for each state that occurs.
 *
 * @param {readonly Row[]} rows
 */
function stateChips(rows) {
  const control = byId('filter-states', HTMLElement);
  const byState = groupBy(rows, ({ status }) => status);
  const superseded = rows.filter((row) => row.superseded).length;
  /** @type {Map<State, HTMLButtonElement>} */
  const chips = new Map();
  for (const state of stateOrder) {
    const size = byState.get(state)?.length ?? 0;
    if (size > 0) chips.set(state, chip(state, states[state].label, states[state].meaning, size));
  }
  const last = superseded > 0 ? chip('superseded', 'superseded', supersededMeaning, superseded) : undefined;
  control.append(...chips.values(), ...(last === undefined ? [] : [last]));
  control.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest('button') : null;
    if (button === null) return;
    press(button, !isPressed(button));
    control.dispatchEvent(new Event('change'));
  });
  return {
    control,
    chosen: () => new Set([...chips].filter(([, button]) => isPressed(button)).map(([state]) => state)),
    superseded: () => last !== undefined && isPressed(last),
    /**
     * @param {ReadonlySet<State>} wanted
     * @param {boolean} onlySuperseded
     */
    choose: (wanted, onlySuperseded) => {
      for (const [state, button] of chips) press(button, wanted.has(state));
      if (last !== undefined) press(last, onlySuperseded);
    },
  };
}

/**
 * @param {string} state
 * @param {string} label
 * @param {string} meaning
 * @param {number} size
 */
function chip(state, label, meaning, size) {
  return element(
    'button',
    { type: 'button', class: 'chip', 'data-state': state, 'aria-pressed': 'false', title: meaning },
    icon(state),
    label,
    element('span', { class: 'chip-count' }, number(size)),
  );
}

/** @param {Element} button */
function isPressed(button) {
  return button.getAttribute('aria-pressed') === 'true';
}

/**
 * @param {Element} button
 * @param {boolean} on
 */
function press(button, on) {
  button.setAttribute('aria-pressed', String(on));
}
