import { byId } from './dom.js';

/**
 * `/` goes to the search, the arrows go from frame to frame.
 *
 * @param {HTMLElement} sheet
 */
export function setUpKeys(sheet) {
  const search = byId('filter-text', HTMLInputElement);
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector('dialog[open]') !== null) return;
    event.preventDefault();
    search.focus();
    search.select();
  });
  search.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || search.value === '') return;
    event.preventDefault();
    search.value = '';
    search.dispatchEvent(new Event('input'));
  });
  sheet.addEventListener('keydown', (event) => {
    const { target, key } = event;
    if (!(target instanceof HTMLElement) || !target.matches('.frame')) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const to = neighbour(target, key, sheet);
    if (to === undefined) return;
    event.preventDefault();
    to.focus();
    to.scrollIntoView({ block: 'nearest' });
  });
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  return target instanceof HTMLInputElement && target.type !== 'radio';
}

/**
 * The frame that an arrow leads to: the next or the last one, or the nearest one in the row above or below.
 *
 * @param {HTMLElement} from
 * @param {string} key
 * @param {HTMLElement} sheet
 * @returns {HTMLElement | undefined}
 */
function neighbour(from, key, sheet) {
  const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[key];
  if (step === undefined) return undefined;
  const frames = /** @type {HTMLElement[]} */ ([
    ...sheet.querySelectorAll('.scene:not([hidden]) .shot:not([hidden]) .card:not([hidden]) .frame'),
  ]);
  let index = frames.indexOf(from) + step;
  if (key === 'ArrowLeft' || key === 'ArrowRight') return frames[index];
  const { left, top } = from.getBoundingClientRect();
  let best;
  let bestDistance = Infinity;
  let row;
  for (; frames[index] !== undefined; index += step) {
    const frame = /** @type {HTMLElement} */ (frames[index]);
    const place = frame.getBoundingClientRect();
    if (Math.abs(place.top - top) < 2) continue;
    row ??= place.top;
    if (Math.abs(place.top - row) > 2) break;
    const distance = Math.abs(place.left - left);
    if (distance < bestDistance) [best, bestDistance] = [frame, distance];
  }
  return best;
}
