/** @import { PageData } from '../page-data.ts' */
/** @import { Row } from './rows.js' */
import { emptyCard, fillCard } from './card.js';
import { byId, element } from './dom.js';
import { groupBy } from './rows.js';
import { stateBar } from './state-bar.js';
import { count, number, totalCost } from './words.js';

/** @typedef {{ readonly row: Row, readonly box: HTMLElement }} Card */
/**
 * The cards of one shot, which stand side by side. With several takes of several variants, each variant has a line.
 *
 * @typedef {{ readonly box: HTMLElement, readonly cards: readonly Card[], readonly lines: readonly (readonly Card[])[], width: number }} Shot
 */
/** @typedef {{ readonly box: HTMLElement, readonly facts: HTMLElement, readonly bar: HTMLElement, readonly rows: readonly Row[], readonly shots: readonly Shot[] }} Scene */

/** In CSS pixels: as narrow as a card may become, and what is between two of them, as in the style sheet. */
const sizes = {
  s: { narrowest: 148, gap: 14 },
  m: { narrowest: 252, gap: 22 },
  l: { narrowest: 430, gap: 22 },
};
/** Columns on paper, whatever the window is. */
const columnsInPrint = 4;
/** Cards that are filled before the page is shown, which is more than a screen; the others follow in the background. */
const filledAtOnce = 60;
/** Cards that are filled between two looks at what the reader does. */
const filledInOneGo = 50;

/**
 * The contact sheet: scenes, in them shots, in them the takes and variants of a shot.
 *
 * @param {readonly Row[]} rows
 * @param {PageData['scenes']} titled scenes that have a title
 * @param {(frame: HTMLElement) => void} onFrame called for each frame that has a clip
 */
export function contactSheet(rows, titled, onFrame) {
  const sheet = byId('sheet', HTMLElement);
  const titles = new Map(titled?.map(({ id, title }) => [id, title]));
  const scenes = [...groupBy(rows, ({ scene }) => scene)].map(([name, ofScene]) =>
    scene(name, name === null ? undefined : titles.get(name), ofScene),
  );
  const shots = scenes.flatMap((one) => one.shots);
  sheet.replaceChildren(...scenes.map(({ box }) => box));

  /** @param {number} columns */
  const arrange = (columns) => {
    sheet.style.setProperty('--columns', String(columns));
    for (const { box, width } of shots)
      box.style.setProperty('--span', String(Math.min(Math.max(width, 1), columns)));
  };
  const fill = fillInBackground(shots, onFrame);
  const arrangeForWindow = () => {
    if (sheet.clientWidth === 0) return;
    const { narrowest, gap } = sizes[/** @type {keyof typeof sizes} */ (sheet.dataset['size'] ?? 'm')];
    arrange(Math.max(1, Math.floor((sheet.clientWidth + gap) / (narrowest + gap))));
  };
  let width = 0;
  new ResizeObserver(() => {
    // Cards that come into sight change the sheet's height all the time.
    if (sheet.clientWidth === width) return;
    width = sheet.clientWidth;
    arrangeForWindow();
  }).observe(sheet);
  addEventListener('beforeprint', () => {
    fill();
    arrange(columnsInPrint);
  });
  addEventListener('afterprint', arrangeForWindow);
  for (const choice of document.querySelectorAll('input[name=size]')) {
    choice.addEventListener('change', () => {
      sheet.dataset['size'] = /** @type {HTMLInputElement} */ (choice).value;
      arrangeForWindow();
    });
  }

  return {
    sheet,
    /** Fills every card that is still empty. */
    fill,
    /** @param {readonly Row[]} visible */
    show(visible) {
      const chosen = new Set(visible);
      for (const one of scenes) showScene(one, chosen);
      byId('nothing', HTMLElement).hidden = visible.length > 0;
      arrangeForWindow();
    },
  };
}

/**
 * Fills the first cards at once and the others bit by bit, so that a page of thousands answers from the start.
 *
 * @param {readonly Shot[]} shots
 * @param {(frame: HTMLElement) => void} onFrame
 * @returns {() => void} fills what is left, at once
 */
function fillInBackground(shots, onFrame) {
  const queue = shots.flatMap(({ cards }) => cards.map((card) => ({ ...card, alone: cards.length === 1 })));
  let filled = 0;
  /** @param {number} upTo */
  const fill = (upTo) => {
    for (const { row, box, alone } of queue.slice(filled, upTo)) {
      const frame = fillCard(box, row, alone);
      if (row.clip !== null) onFrame(frame);
    }
    filled = Math.max(filled, Math.min(upTo, queue.length));
  };
  const goOn = () => {
    fill(filled + filledInOneGo);
    if (filled < queue.length) setTimeout(goOn);
  };
  fill(filledAtOnce);
  setTimeout(goOn);
  return () => fill(queue.length);
}

/**
 * @param {string | null} name
 * @param {string | undefined} title
 * @param {readonly Row[]} rows
 * @returns {Scene}
 */
function scene(name, title, rows) {
  const shots = [...groupBy(rows, (row) => row.shot)].map(([shotName, ofShot]) => shot(shotName, ofShot));
  const facts = element('p', { class: 'scene-facts' });
  const bar = element('div', { class: 'scene-bar' });
  const heading = element(
    'h2',
    {},
    name ?? 'No scene',
    ...(title === undefined ? [] : [' ', element('span', { class: 'scene-title', dir: 'auto' }, title)]),
  );
  const box = element(
    'section',
    { class: 'scene', 'aria-label': name === null ? 'Shots of no scene' : `Scene ${name}` },
    element('header', { class: 'scene-head' }, heading, facts, bar),
    element('div', { class: 'shots' }, ...shots.map((one) => one.box)),
  );
  return { box, facts, bar, rows, shots };
}

/**
 * @param {string} name
 * @param {readonly Row[]} rows
 * @returns {Shot}
 */
function shot(name, rows) {
  const cards = rows.map((row) => ({ row, box: emptyCard(row) }));
  const attributes =
    rows.length === 1 ? { class: 'shot' } : { class: 'shot', role: 'group', 'aria-label': `Shot ${name}` };
  const box = element('div', attributes, ...cards.map((card) => card.box));
  const variants = [...groupBy(cards, ({ row }) => row.variant).values()];
  const lines = variants.length > 1 && variants.some(({ length }) => length > 1) ? variants : [cards];
  return { box, cards, lines, width: rows.length };
}

/**
 * @param {Scene} scene
 * @param {ReadonlySet<Row>} chosen
 */
function showScene({ box, facts, bar, rows, shots }, chosen) {
  for (const one of shots) showShot(one, chosen);
  const shown = rows.filter((row) => chosen.has(row));
  box.hidden = shown.length === 0;
  if (box.hidden) return;
  const all = count(rows.length, 'request');
  const size = shown.length === rows.length ? all : `${number(shown.length)} of ${all}`;
  facts.textContent = `${size} · ${totalCost(shown)}`;
  bar.replaceChildren(stateBar(shown));
}

/**
 * @param {Shot} shot
 * @param {ReadonlySet<Row>} chosen
 */
function showShot(shot, chosen) {
  const { box, cards, lines } = shot;
  for (const card of cards) card.box.hidden = !chosen.has(card.row);
  const shownLines = lines
    .map((line) => line.filter((card) => !card.box.hidden))
    .filter(({ length }) => length > 0);
  shot.width = Math.max(0, ...shownLines.map(({ length }) => length));
  for (const line of shownLines) {
    line.forEach((card, index) => {
      card.box.classList.toggle('line-start', index === 0 && shownLines.length > 1);
    });
  }
  box.hidden = shot.width === 0;
  box.classList.toggle('several', shownLines.flat().length > 1);
}
