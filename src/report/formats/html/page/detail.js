/** @import { Row } from './rows.js' */
/** @import { PageData } from '../page-data.ts' */
import { copyButton, gate } from './card.js';
import { commandsFor } from './commands.js';
import { byId, element, icon } from './dom.js';
import { phasesOf, phaseText } from './phases.js';
import { versionName } from './rows.js';
import { states, supersededMeaning } from './states.js';
import { exactTime, money, span } from './words.js';

/**
 * One request, large: the clip with its controls, the whole prompt, every parameter, and the other requests of its shot.
 *
 * @param {PageData} data
 * @param {readonly Row[]} rows
 * @param {() => readonly Row[]} visible what forward and backward go through
 * @param {() => void} onMissing called for a clip that is not where it should be
 */
export function setUpDetail(data, rows, visible, onMissing) {
  const dialog = byId('detail', HTMLDialogElement);
  const title = byId('detail-title', HTMLElement);
  const stage = byId('detail-stage', HTMLElement);
  const body = byId('detail-body', HTMLElement);
  const commands = commandsFor(data);
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  /** @type {Row | undefined} */
  let current;

  /** @param {Row} row */
  const show = (row) => {
    current = row;
    const siblings = rows.filter(({ scene, shot }) => scene === row.scene && shot === row.shot);
    title.replaceChildren(element('span', {}, row.key));
    stopPlaying();
    stage.dataset['state'] = row.status;
    body.dataset['state'] = row.status;
    stage.replaceChildren(picture(row));
    body.replaceChildren(...sections(row, siblings));
    body.scrollTop = 0;
    const list = visible();
    const place = list.indexOf(row);
    byId('detail-place', HTMLElement).textContent = place < 0 ? '' : `${place + 1} of ${list.length}`;
    if (!dialog.open) dialog.showModal();
  };

  /** @param {Row} row */
  const picture = (row) => {
    if (row.clip === null) return gate(row);
    const player = document.createElement('video');
    player.muted = true;
    player.loop = true;
    player.controls = true;
    player.playsInline = true;
    player.autoplay = !still.matches;
    player.addEventListener('error', () => {
      if (!player.isConnected) return;
      player.replaceWith(
        element(
          'p',
          { class: 'missing' },
          'The clip is not where this page expects it: ',
          element('code', {}, decodeURI(row.clip ?? '')),
        ),
      );
      onMissing();
    });
    player.src = row.clip;
    return player;
  };

  /**
   * @param {Row} row
   * @param {readonly Row[]} siblings
   */
  const sections = (row, siblings) => {
    const { label, meaning } = states[row.status];
    /** @type {HTMLElement[]} */
    const parts = [
      element(
        'p',
        { class: 'detail-state', 'data-state': row.status },
        element('span', { class: 'state' }, icon(row.status), label),
        element(
          'span',
          {},
          row.superseded ? supersededMeaning : row.savedAt === null ? meaning : 'The clip is on disk.',
        ),
      ),
    ];
    if (row.error !== null || row.errorCode !== null) {
      const said = element('p', { class: 'error', dir: 'auto' }, row.error ?? '');
      if (row.errorCode !== null) said.prepend(element('code', {}, row.errorCode), ' ');
      parts.push(said);
    }
    const command = commands.next(row);
    if (command !== null) parts.push(element('p', { class: 'next' }, copyButton(command, 'command')));
    parts.push(element('p', { class: 'prompt', dir: 'auto' }, row.prompt), facts(row));
    if (siblings.length > 1) parts.push(versions(row, siblings));
    return parts;
  };

  /**
   * @param {Row} row
   * @param {readonly Row[]} siblings
   */
  const versions = (row, siblings) => {
    const buttons = siblings.map((sibling) => {
      const name = versionName(sibling, false) || 'earlier edit';
      const made = element(
        'button',
        {
          type: 'button',
          class: 'sibling',
          'data-state': sibling.status,
          'aria-pressed': String(sibling === row),
          title: sibling.key,
        },
        icon(sibling.status),
        sibling.superseded && name !== 'earlier edit' ? `${name}, superseded` : name,
      );
      made.addEventListener('click', () => {
        show(sibling);
        const again = body.querySelector('.sibling[aria-pressed=true]');
        if (again instanceof HTMLElement) again.focus();
      });
      return made;
    });
    return element(
      'div',
      { class: 'siblings', role: 'group', 'aria-label': `Requests of shot ${row.shot}` },
      ...buttons,
    );
  };

  /** @param {1 | -1} by */
  const step = (by) => {
    const list = visible();
    const next = current === undefined ? undefined : list[list.indexOf(current) + by];
    if (next !== undefined) show(next);
  };
  const stopPlaying = () => {
    for (const player of stage.querySelectorAll('video')) {
      player.pause();
      player.removeAttribute('src');
      player.load();
    }
  };

  byId('detail-close', HTMLButtonElement).addEventListener('click', () => dialog.close());
  byId('detail-previous', HTMLButtonElement).addEventListener('click', () => step(-1));
  byId('detail-next', HTMLButtonElement).addEventListener('click', () => step(1));
  dialog.addEventListener('click', ({ target }) => {
    if (target === dialog) dialog.close();
  });
  dialog.addEventListener('keydown', (event) => {
    // In the player the arrows go through the clip.
    if (event.target instanceof HTMLVideoElement || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'ArrowLeft') step(-1);
    else if (event.key === 'ArrowRight') step(1);
    else return;
    event.preventDefault();
  });
  dialog.addEventListener('close', () => {
    stopPlaying();
    stage.replaceChildren();
    // The card that the reader got to, which need not be the one they came from.
    const card = document.querySelector(`.card[data-index="${current?.index}"]:not([hidden]) .frame`);
    if (card instanceof HTMLElement && card.checkVisibility()) card.focus({ preventScroll: false });
  });
  return show;
}

/** @param {Row} row */
function facts(row) {
  const list = element('dl', { class: 'detail-facts' });
  /**
   * @param {string} name
   * @param {Node | string | null} value
   */
  const fact = (name, value) => {
    if (value !== null) list.append(element('div', {}, element('dt', {}, name), element('dd', {}, value)));
  };
  const actual =
    row.actualDuration === null || row.actualDuration === row.duration
      ? ''
      : `, ${row.actualDuration} s delivered`;
  fact('Title', row.title ?? null);
  fact('Tags', row.tags ?? null);
  fact('Notes', row.notes ?? null);
  fact(
    'Decision',
    row.decision == null ? null : row.decision === 'rejected' ? `rejected: ${row.reason}` : row.decision,
  );
  fact('Decided by', row.decidedBy ?? null);
  fact('Note', row.note ?? null);
  fact('Model', row.model);
  fact('Mode', row.mode);
  fact('Duration', row.duration === null ? null : `${row.duration} s${actual}`);
  fact('Ratio', row.ratio);
  fact('Resolution', row.resolution);
  fact('Cost', row.cost === null ? 'no price is stated for this model' : money(row.cost, row.currency));
  fact('Submitted', row.submittedAt === null ? null : exactTime(row.submittedAt));
  fact(
    row.status === 'failed' ? 'Failed' : 'Completed',
    row.endedAt === null ? null : exactTime(row.endedAt),
  );
  fact('Saved', row.savedAt === null ? null : exactTime(row.savedAt));
  if (row.submittedAt !== null) {
    const submitted = Date.parse(row.submittedAt);
    fact('Took', row.endedAt === null ? null : span(Date.parse(row.endedAt) - submitted));
    fact('Phases', phaseText(phasesOf(row, submitted)) || null);
  }
  fact('Attempts', row.attempts > 1 ? String(row.attempts) : null);
  fact('Task id', row.taskId === null ? null : copyButton(row.taskId, 'task id'));
  fact('Key', copyButton(row.key, 'key'));
  fact('File', row.clip === null ? null : element('code', {}, fileName(row.clip)));
  return list;
}

/** @param {string} clip */
function fileName(clip) {
  return decodeURIComponent(clip.split('/').at(-1) ?? clip);
}
