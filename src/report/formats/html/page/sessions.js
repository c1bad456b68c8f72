/** @import { Phase } from './phases.js' */
/** @import { Row } from './rows.js' */
import { isRunning, phasesOf } from './phases.js';

/**
 * A request on the time line, in milliseconds since the epoch. `to` is when its task ended or was refused, null where
 * that is not known; `last` is the last thing that is known to have happened, the download of its clip included.
 *
 * @typedef {object} Bar
 * @property {Row} row
 * @property {readonly Phase[]} phases
 * @property {number} from
 * @property {number | null} to
 * @property {number} last
 */
/**
 * A stretch of work without a long pause in it.
 *
 * @typedef {{ readonly from: number, readonly to: number, readonly bars: readonly Bar[] }} Session
 */

/** Milliseconds in which nothing is submitted or completed that part one session from the next. */
const pause = 60 * 60 * 1000;

/**
 * The sessions in which rows were submitted, oldest first, each with its bars in the order of submission. Rows that were
 * never submitted are in none.
 *
 * @param {readonly Row[]} rows
 * @returns {readonly Session[]}
 */
export function sessionsOf(rows) {
  const bars = rows
    .flatMap((row) => {
      if (row.submittedAt === null) return [];
      return [barOf(row, Date.parse(row.submittedAt))];
    })
    .sort((a, b) => a.from - b.from);
  /** @type {{ from: number, to: number, bars: Bar[] }[]} */
  const sessions = [];
  for (const bar of bars) {
    const last = sessions.at(-1);
    if (last === undefined || bar.from > last.to + pause) {
      sessions.push({ from: bar.from, to: bar.last, bars: [bar] });
    } else {
      last.bars.push(bar);
      last.to = Math.max(last.to, bar.last);
    }
  }
  return sessions;
}

/**
 * How many tasks were under way, as steps: from each time on, that many. A task that runs still counts from its
 * submission on; one whose end was not recorded does not count.
 *
 * @param {Session} session
 * @returns {readonly { readonly at: number, readonly size: number }[]}
 */
export function underWay({ bars }) {
  const changes = bars.flatMap((bar) => {
    if (bar.to !== null)
      return [
        { at: bar.from, by: 1 },
        { at: bar.to, by: -1 },
      ];
    return isRunning(bar.row) ? [{ at: bar.from, by: 1 }] : [];
  });
  changes.sort((a, b) => a.at - b.at);
  /** @type {{ at: number, size: number }[]} */
  const steps = [];
  let size = 0;
  for (const { at, by } of changes) {
    size += by;
    const last = steps.at(-1);
    if (last?.at === at) last.size = size;
    else steps.push({ at, size });
  }
  return steps;
}

/**
 * @param {Row} row
 * @param {number} from
 * @returns {Bar}
 */
function barOf(row, from) {
  const phases = phasesOf(row, from);
  const end = row.endedAt ?? (row.status === 'refused' ? row.answeredAt : null);
  const to = end === null ? null : Math.max(from, Date.parse(end));
  const last = Math.max(to ?? from, ...phases.map((phase) => phase.to ?? phase.from));
  return { row, phases, from, to, last };
}

/**
 * Round times for an axis, in the reader's own zone.
 *
 * @param {number} from
 * @param {number} to
 * @param {number} most
 * @returns {readonly number[]}
 */
export function ticks(from, to, most) {
  const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];
  const steps = [1, 2, 5, 10, 15, 30].map((n) => n * second);
  steps.push(...[1, 2, 5, 10, 15, 30].map((n) => n * minute), ...[1, 2, 3, 6, 12].map((n) => n * hour));
  steps.push(...[1, 2, 7, 14, 30, 90, 365].map((n) => n * day));
  const step = steps.find((candidate) => (to - from) / candidate <= most) ?? 365 * day;
  const offset = new Date(from).getTimezoneOffset() * minute;
  const found = [];
  for (let at = Math.ceil((from - offset) / step) * step + offset; at <= to; at += step) found.push(at);
  return found;
}

/**
 * @param {readonly number[]} values at least one
 */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
