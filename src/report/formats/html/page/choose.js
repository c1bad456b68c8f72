/** @import { PageData } from '../page-data.ts' */
/** @import { Row } from './rows.js' */
/** @import { Decision } from './decisions.js' */

import { setUpAsking } from './asking.js';
import { gate } from './card.js';
import { groupVersions } from './decisions.js';
import { byId, element } from './dom.js';
import { playInStep } from './in-step.js';
import { count, number } from './words.js';

/**
 * Choosing: one shot at a time, its takes side by side and in step, everything by the keyboard.
 *
 * @param {() => readonly Row[]} visible what the filters show
 * @param {{ readonly decide: (row: Row, decision: Decision) => Promise<void>, readonly exported: () => string, readonly count: () => number }} decisions
 * @param {Pick<PageData, 'isLive' | 'project'>} data
 */
export function setUpChoosing(visible, decisions, data) {
  const stage = byId('choose-takes', HTMLElement);
  const title = byId('choose-title', HTMLElement);
  const progress = byId('choose-progress', HTMLElement);
  const bar = byId('choose-bar', HTMLProgressElement);
  const only = byId('choose-undecided', HTMLInputElement);
  const save = byId('choose-export', HTMLButtonElement);
  const step = playInStep(stage);
  const ask = setUpAsking();
  /** @type {readonly (readonly Row[])[]} */
  let shots = [];
  /** @type {readonly Row[]} */
  let shown = [];
  let focus = 0;
  save.hidden = data.isLive;

  const all = () =>
    [...groupVersions(visible()).values()]
      .map((takes) => takes.filter(isClip))
      .filter(({ length }) => length > 0);
  const listed = () =>
    only.checked ? shots.filter((takes) => !isDecided(takes) || takes[0] === shown[0]) : shots;

  const draw = () => {
    shots = all();
    const now = shots.find((takes) => takes[0] === shown[0]);
    open(now ?? listed()[0] ?? [], now === undefined);
  };

  /**
   * @param {readonly Row[]} takes
   * @param {boolean} isOther
   */
  const open = (takes, isOther) => {
    const isSame =
      !isOther && takes.length === shown.length && takes.every((row, index) => row === shown[index]);
    shown = takes;
    if (isOther)
      focus = Math.max(
        0,
        takes.findIndex(({ decision }) => decision === 'picked'),
      );
    byId('choose-none', HTMLElement).hidden = takes.length > 0;
    tellProgress();
    if (isSame) return mark();
    const [first] = takes;
    title.replaceChildren(
      ...(first === undefined
        ? []
        : [
            element('span', {}, nameOf(first)),
            element('span', { class: 'choose-prompt', dir: 'auto' }, first.title ?? first.prompt),
          ]),
    );
    step.stop();
    stage.replaceChildren(...takes.map(tile));
    mark();
    step.start();
  };

  /**
   * @param {Row} row
   * @param {number} index
   */
  const tile = (row, index) => {
    const pick = element('button', { type: 'button', class: 'choose-pick' }, `${index + 1}  Pick`);
    pick.addEventListener('click', () => pickTake(index));
    const reject = element('button', { type: 'button' }, 'Reject');
    reject.addEventListener('click', () => rejectTake(index));
    const note = element('button', { type: 'button' }, 'Note');
    note.addEventListener('click', () => noteTake(index));
    const made = element(
      'figure',
      { class: 'take', 'data-state': row.status, 'data-key': row.key },
      row.clip === null ? gate(row) : step.player(row.clip, `Take ${index + 1}`),
      element(
        'figcaption',
        {},
        element('span', { class: 'take-name' }, row.superseded ? `${row.key}, superseded` : row.key),
        element('span', { class: 'take-said', dir: 'auto' }),
        element('span', { class: 'take-buttons' }, pick, reject, note),
      ),
    );
    made.addEventListener('pointerdown', () => {
      focus = index;
      mark();
    });
    return made;
  };

  /** Shows what is decided, and which take the keys are about. */
  const mark = () => {
    [...stage.children].forEach((box, index) => {
      const row = shown[index];
      if (!(box instanceof HTMLElement) || row === undefined) return;
      box.dataset['decision'] = row.decision ?? '';
      box.classList.toggle('focused', index === focus);
      const said = [row.decision === 'rejected' ? `rejected: ${row.reason}` : row.decision, row.note, row.qc];
      const place = box.querySelector('.take-said');
      if (place !== null) place.textContent = said.filter((part) => part).join(' · ');
      box.querySelector('.choose-pick')?.setAttribute('aria-pressed', String(row.decision === 'picked'));
    });
  };

  const tellProgress = () => {
    const decided = shots.filter(isDecided).length;
    progress.textContent = `${number(decided)} of ${count(shots.length, 'shot')} decided`;
    bar.max = Math.max(1, shots.length);
    bar.value = decided;
  };

  /** @param {number} by */
  const go = (by) => {
    const list = listed();
    const next = list[list.findIndex((takes) => takes[0] === shown[0]) + by];
    if (next !== undefined) open(next, true);
  };
  const nextUndecided = () => {
    const from = shots.findIndex((takes) => takes[0] === shown[0]);
    const next = [...shots.slice(from + 1), ...shots.slice(0, from)].find((takes) => !isDecided(takes));
    if (next !== undefined) open(next, true);
    else progress.textContent = 'Every shot is decided.';
  };

  /** @param {number} index */
  const pickTake = (index) => {
    const row = shown[index];
    if (row === undefined) return;
    focus = index;
    void decisions.decide(
      row,
      row.decision === 'picked' ? { type: 'cleared', what: 'picked' } : { type: 'picked', note: null },
    );
  };
  /** @param {number} index */
  const rejectTake = async (index) => {
    const row = shown[index];
    if (row === undefined) return;
    focus = index;
    mark();
    const reason = await ask.reason(row.key);
    if (reason !== null) void decisions.decide(row, { type: 'rejected', reason, note: null });
  };
  /** @param {number} index */
  const noteTake = async (index) => {
    const row = shown[index];
    if (row === undefined) return;
    focus = index;
    mark();
    const note = await ask.note(row.key, row.note ?? '');
    if (note === null) return;
    void decisions.decide(row, note === '' ? { type: 'cleared', what: 'noted' } : { type: 'noted', note });
  };
  const clearTake = () => {
    const row = shown[focus];
    if (row?.decision != null) void decisions.decide(row, { type: 'cleared', what: row.decision });
  };
  /** @param {number} by */
  const moveFocus = (by) => {
    focus = Math.min(shown.length - 1, Math.max(0, focus + by));
    mark();
    stage.children[focus]?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  };

  /** @type {Readonly<Record<string, () => void>>} */
  const keys = {
    ArrowLeft: () => moveFocus(-1),
    ArrowRight: () => moveFocus(1),
    ArrowUp: () => go(-1),
    ArrowDown: () => go(1),
    k: () => go(-1),
    j: () => go(1),
    u: nextUndecided,
    r: () => void rejectTake(focus),
    n: () => void noteTake(focus),
    p: () => pickTake(focus),
    x: clearTake,
    ' ': step.toggle,
  };
  document.addEventListener('keydown', (event) => {
    if (document.body.dataset['view'] !== 'choose' || document.querySelector('dialog[open]') !== null) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { target, key } = event;
    if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement) return;
    if (key === ' ' && target instanceof HTMLButtonElement) return;
    const act = /^[1-9]$/.test(key) ? () => pickTake(Number(key) - 1) : keys[key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
  only.addEventListener('change', draw);
  byId('choose-next', HTMLButtonElement).addEventListener('click', nextUndecided);
  byId('choose-play', HTMLButtonElement).addEventListener('click', step.toggle);
  save.addEventListener('click', () => {
    const url = URL.createObjectURL(new Blob([decisions.exported()], { type: 'application/json' }));
    const link = element('a', { href: url, download: `${data.project}.decisions.json` });
    link.click();
    URL.revokeObjectURL(url);
  });

  return {
    draw,
    /** After decisions, here or elsewhere. */
    refresh() {
      mark();
      tellProgress();
      save.textContent = `Export ${count(decisions.count(), 'decision')}`;
      save.disabled = decisions.count() === 0;
    },
    stop: step.stop,
  };
}

/** @param {Row} row */
function isClip({ status, taskId, clip }) {
  return taskId !== null && (status === 'completed' || clip !== null);
}

/**
 * A shot is decided once a take is picked, or every one is rejected.
 *
 * @param {readonly Row[]} takes
 */
function isDecided(takes) {
  return (
    takes.some(({ decision }) => decision === 'picked') ||
    takes.every(({ decision }) => decision === 'rejected')
  );
}

/** @param {Row} row */
function nameOf({ scene, shot, variant }) {
  return `${scene === null ? '' : `${scene}/`}${shot}${variant === null ? '' : `:${variant}`}`;
}
