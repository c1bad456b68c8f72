/** @import { Row } from './rows.js' */
import { element, icon } from './dom.js';
import { versionName } from './rows.js';
import { states, supersededMeaning } from './states.js';
import { money } from './words.js';

/**
 * One request of the contact sheet, as yet without what it shows. What it does is listened to further up: there may be
 * thousands of cards.
 *
 * @param {Row} row
 */
export function emptyCard({ index, status, key, superseded, decision }) {
  const made = element('article', {
    class: 'card',
    'data-index': String(index),
    'data-state': status,
    'data-key': key,
    'data-decision': decision ?? '',
  });
  if (superseded) made.dataset['superseded'] = '';
  return made;
}

/**
 * @param {HTMLElement} box
 * @param {Row} row
 * @param {boolean} alone whether its shot has no other request
 * @returns {HTMLElement} the frame of its clip
 */
export function fillCard(box, row, alone) {
  const { label, meaning } = states[row.status];
  const made = frame(row);
  box.append(
    made,
    element(
      'div',
      { class: 'card-head' },
      cardName(row, alone),
      element('span', { class: 'state', title: meaning }, icon(row.status), label),
    ),
    element('p', { class: 'prompt', dir: 'auto' }, row.prompt),
  );
  if (row.error !== null || row.errorCode !== null) {
    box.append(element('p', { class: 'error', dir: 'auto' }, row.error ?? row.errorCode ?? ''));
  }
  box.append(element('p', { class: 'facts' }, facts(row)), foot(row));
  return made;
}

/**
 * @param {Row} row
 * @param {boolean} alone
 */
function cardName(row, alone) {
  const name = element('h3', { class: 'name', title: row.key }, row.shot);
  const version = versionName(row, alone);
  if (version !== '') name.append(' ', element('span', { class: 'version' }, version));
  if (row.superseded) {
    name.append(' ', element('span', { class: 'tag', title: supersededMeaning }, 'superseded'));
  }
  return name;
}

/** @param {Row} row */
function facts({ model, mode, duration, ratio, resolution }) {
  return [model, mode, duration === null ? null : `${duration} s`, ratio, resolution]
    .filter((fact) => fact !== null)
    .join(' · ');
}

/** @param {Row} row */
function foot({ taskId, cost, currency, status }) {
  const price = cost === null ? 'unpriced' : money(cost, currency);
  return element(
    'div',
    { class: 'card-foot' },
    taskId === null ? element('span', { class: 'no-task' }, 'no task') : copyButton(taskId, 'task id'),
    // Nothing was paid for these, and a column of zeros would only hide what was.
    element(
      'span',
      { class: 'cost' },
      cost === 0 && (status === 'pending' || status === 'refused') ? '' : price,
    ),
  );
}

/**
 * A button that shows a text and puts it on the clipboard.
 *
 * @param {string} text
 * @param {string} what
 */
export function copyButton(text, what) {
  return element(
    'button',
    {
      type: 'button',
      class: 'copy',
      'data-copy': text,
      'aria-label': `Copy ${what} ${text}`,
      title: `Copy ${what}`,
    },
    element('code', {}, text),
    icon('copy'),
  );
}

/**
 * Where the clip is seen; without one, the shape that it will have. The picture is added by `posters.js`.
 *
 * @param {Row} row
 */
function frame(row) {
  const { key, status, clip, ratio, duration } = row;
  const { label } = states[status];
  // What can be seen here is said in this one sentence, and the facts follow below the clip.
  const said = clip === null ? `${key}: ${label}, no clip yet` : `${key}: ${label}, show the clip`;
  const outline = gate(row);
  outline.setAttribute('aria-hidden', 'true');
  const made = element(
    'button',
    { type: 'button', class: 'frame', 'aria-haspopup': 'dialog' },
    element('span', { class: 'visually-hidden' }, said),
    outline,
  );
  const badge = (/** @type {string} */ look, /** @type {string} */ text) =>
    made.append(element('span', { class: look, 'aria-hidden': 'true' }, text));
  if (clip !== null) made.dataset['clip'] = clip;
  if (duration !== null) badge('badge', `${duration} s`);
  if (ratio !== null && ratio !== '16:9') badge('badge left', ratio);
  return made;
}

/**
 * The outline of the picture, in its own ratio.
 *
 * @param {Row} row
 */
export function gate({ ratio, status, clip }) {
  const [, width = '16', height = '9'] = /^(\d+):(\d+)$/.exec(ratio ?? '') ?? [];
  const made = element(
    'span',
    { class: 'gate' },
    icon(clip === null ? status : 'completed'),
    element(
      'span',
      { class: 'gate-label' },
      clip === null && status === 'completed' ? 'not on disk' : states[status].label,
    ),
  );
  const landscape = Number(width) >= Number(height);
  made.style.aspectRatio = `${width} / ${height}`;
  made.style[landscape ? 'width' : 'height'] = landscape ? '58%' : '74%';
  return made;
}
