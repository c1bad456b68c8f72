/** @import { PageData } from '../page-data.ts' */
/** @import { Row } from './rows.js' */

import { setUpChoosing } from './choose.js';
import { showChoosingCost } from './choosing-cost.js';
import { setUpCopying } from './copy.js';
import { showCost } from './cost.js';
import { createDecisions } from './decisions.js';
import { setUpDetail } from './detail.js';
import { byId } from './dom.js';
import { setUpFilters } from './filters.js';
import { setUpKeys } from './keys.js';
import { showOverview } from './overview.js';
import { createPosters } from './posters.js';
import { playOnHover } from './preview.js';
import { setUpPrinting } from './printing.js';
import { rowsOf } from './rows.js';
import { contactSheet } from './sheet.js';
import { setUpTheme } from './theme.js';
import { showTimeline } from './timeline.js';
import { setUpViews } from './views.js';

const data = /** @type {PageData} */ (JSON.parse(byId('data', HTMLScriptElement).text));
const rows = rowsOf(data);
document.body.dataset['rows'] = String(rows.length);

/** @type {readonly Row[]} */
let visible = rows;
const toldMissing = () => {
  byId('missing-clips', HTMLElement).hidden = false;
};
const posters = createPosters(toldMissing);
const { sheet, fill, show } = contactSheet(rows, data.scenes, posters.watch);
const open = setUpDetail(data, rows, () => visible, toldMissing);
const told = byId('choose-told', HTMLElement);
const decisions = createDecisions(
  data,
  rows,
  (changed) => {
    for (const row of changed) {
      const card = sheet.querySelector(`.card[data-index="${row.index}"]`);
      if (card instanceof HTMLElement) card.dataset['decision'] = row.decision ?? '';
    }
    choosing.refresh();
  },
  (message) => {
    told.textContent = message;
    told.hidden = message === '';
  },
);
const choosing = setUpChoosing(() => visible, decisions, data);
const refresh = setUpViews({
  choose: () => choosing.draw(),
  clips: () => show(visible),
  timeline: () => showTimeline(data, visible, open),
  cost: () => showCost(visible, (filter) => filterBy(filter)),
});
const filterBy = setUpFilters(rows, (matching) => {
  visible = matching;
  refresh();
});
showChoosingCost(data);
showOverview(data, rows, (filter) => {
  filterBy(filter);
  location.hash = '#clips';
});

sheet.addEventListener('click', ({ target }) => {
  const card =
    target instanceof Element && target.closest('.frame') !== null ? target.closest('.card') : null;
  const row = card instanceof HTMLElement ? rows[Number(card.dataset['index'])] : undefined;
  if (row !== undefined) open(row);
});
playOnHover(sheet);
setUpCopying();
setUpKeys(sheet);
setUpTheme();
setUpPrinting(sheet, fill, posters.getAll);

// The heads of the scenes stay in sight below the tool bar, however many lines that takes.
const toolbar = byId('toolbar', HTMLElement);
new ResizeObserver(() => {
  document.documentElement.style.setProperty('--toolbar', `${toolbar.offsetHeight}px`);
}).observe(toolbar);

// The whole page is there, laid out and listening: what the time bar of the tests measures.
requestAnimationFrame(() => requestAnimationFrame(() => performance.mark('ready')));
