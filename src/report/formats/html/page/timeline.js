/** @import { PageData } from '../page-data.ts' */
/** @import { Row } from './rows.js' */
/** @import { PhaseName } from './phases.js' */
/** @import { Session } from './sessions.js' */
import { byId, element } from './dom.js';
import { drawSession } from './plot.js';
import { median, sessionsOf, underWay } from './sessions.js';
import { count, dayAndTime, exactTime, number, span } from './words.js';

/** Sessions that are drawn; a project that is worked on for months has hundreds. */
const drawn = 12;
/** Requests that are named under a plot. */
const named = 5;

/**
 * When the requests that the filters show were submitted, worked on and saved, a plot for each session, the latest first.
 *
 * @param {PageData} data
 * @param {readonly Row[]} rows
 * @param {(row: Row) => void} open
 */
export function showTimeline(data, rows, open) {
  const sessions = sessionsOf(rows).toReversed();
  const width = byId('view-timeline', HTMLElement).clientWidth || 1000;
  const parts = sessions
    .slice(0, drawn)
    .map((session) =>
      element(
        'section',
        { class: 'session' },
        element('h2', {}, dayAndTime(session.from)),
        element('p', { class: 'session-summary' }, summary(session)),
        drawSession(session, Date.parse(data.generatedAt), width, open),
        longest(session, open),
      ),
    );
  if (sessions.length > drawn) {
    parts.push(
      element(
        'p',
        { class: 'note' },
        `${count(sessions.length - drawn, 'earlier session')} not drawn. Filter to see them.`,
      ),
    );
  }
  if (sessions.length === 0) {
    parts.push(element('p', { class: 'note' }, 'None of these requests was submitted yet.'));
  }
  byId('sessions', HTMLElement).replaceChildren(...parts);
}

/** @param {Session} session */
function summary(session) {
  const { bars } = session;
  const first = bars[0]?.from ?? 0;
  const last = bars.at(-1)?.from ?? first;
  const parts = [
    `${count(bars.length, 'request')} submitted${last > first ? ` in ${span(last - first)}` : ''}`,
  ];
  if (last - first >= 60_000)
    parts.push(`${number(Math.round((bars.length / (last - first)) * 60_000))} a minute`);
  const waits = bars.flatMap(({ row, from, to }) =>
    to === null || row.status !== 'completed' ? [] : [to - from],
  );
  if (waits.length > 0) {
    parts.push(
      waits.length === 1
        ? `1 completed, after ${span(waits[0] ?? 0)}`
        : `${number(waits.length)} completed, half of them within ${span(median(waits))}, all within ${span(Math.max(...waits))}`,
    );
  }
  const usual = usualPhases(session);
  if (usual !== '') parts.push(`usually ${usual}`);
  const most = Math.max(0, ...underWay(session).map(({ size }) => size));
  if (most > 0) parts.push(`at most ${number(most)} under way at once`);
  return parts.join(' · ');
}

/**
 * How long phases take, for those that enough is known of: the median.
 *
 * @param {Session} session
 */
function usualPhases({ bars }) {
  /**
   * @param {PhaseName} name
   * @param {string} text
   */
  const usual = (name, text) => {
    const spans = bars.flatMap(({ phases }) =>
      phases.flatMap((phase) => (phase.name === name && phase.to !== null ? [phase.to - phase.from] : [])),
    );
    return spans.length < 2 ? [] : [`${text} ${span(median(spans))}`];
  };
  return [
    ...usual('queued', 'queued'),
    ...usual('processing', 'processing'),
    ...usual('downloading', 'downloaded after'),
  ].join(', ');
}

/**
 * The requests that took longest, for those who can't point at a bar.
 *
 * @param {Session} session
 * @param {(row: Row) => void} open
 */
function longest({ bars }, open) {
  const ended = bars.flatMap(({ row, from, to }) =>
    to === null || row.status === 'refused' ? [] : [{ row, from, to }],
  );
  ended.sort((a, b) => b.to - b.from - (a.to - a.from));
  if (ended.length < 2) return '';
  const items = ended.slice(0, named).map(({ row, from, to }) => {
    const button = element(
      'button',
      { type: 'button', class: 'link', title: `Submitted ${exactTime(from)}` },
      row.key,
    );
    button.addEventListener('click', () => open(row));
    return element('li', {}, button, ` ${span(to - from)}`);
  });
  return element('div', { class: 'longest' }, element('h3', {}, 'Took longest'), element('ol', {}, ...items));
}
