/** @import { Row } from './rows.js' */
import { span } from './words.js';

/**
 * `unknown` is a stretch in which the task went on and nobody looked when: it was queued for a part of it, and processing
 * for another.
 *
 * @typedef {'submitting' | 'queued' | 'processing' | 'unknown' | 'downloading'} PhaseName
 */
/**
 * A stretch of a request's life, in milliseconds since the epoch. `to` is null while it goes on.
 *
 * @typedef {{ readonly name: PhaseName, readonly from: number, readonly to: number | null }} Phase
 */

/**
 * What a request that was submitted went through, in order and without gaps, as far as is known.
 *
 * @param {Row} row
 * @param {number} submitted in milliseconds since the epoch
 * @returns {readonly Phase[]}
 */
export function phasesOf(row, submitted) {
  const [answered = null, processing = null, ended = null, saved = null] = inOrder(submitted, [
    row.answeredAt,
    row.processingAt,
    row.endedAt,
    row.savedAt,
  ]);
  /** @type {Phase[]} */
  const phases = [];
  let from = submitted;
  /**
   * @param {PhaseName} name
   * @param {number | null} to
   */
  const add = (name, to) => {
    if (to !== from) phases.push({ name, from, to });
    from = to ?? from;
  };
  if (answered !== null) add('submitting', answered);
  if (processing !== null) add(answered === null ? 'unknown' : 'queued', processing);
  if (ended !== null) add(processing === null ? 'unknown' : 'processing', ended);
  else if (isRunning(row)) add(goingOn(row, processing), null);
  if (ended !== null && saved !== null) add('downloading', saved);
  return phases;
}

/**
 * Whether a task had not ended when the report was written.
 *
 * @param {Row} row
 */
export function isRunning({ status }) {
  return status === 'queued' || status === 'processing' || status === 'sending';
}

/**
 * Phases in words: `answered after 1 s, queued 40 s, processing 2 min, on disk 8 s later`.
 *
 * @param {readonly Phase[]} phases
 */
export function phaseText(phases) {
  return phases
    .map(({ name, from, to }) =>
      to === null ? stillIn[name] : `${before[name]} ${span(to - from)}${after[name]}`,
    )
    .join(', ');
}

/** @type {Readonly<Record<PhaseName, string>>} */
const before = {
  submitting: 'answered after',
  queued: 'queued',
  processing: 'processing',
  unknown: 'queued and processing',
  downloading: 'on disk',
};
/** @type {Readonly<Record<PhaseName, string>>} */
const after = { submitting: '', queued: '', processing: '', unknown: ' together', downloading: ' later' };
/** @type {Readonly<Record<PhaseName, string>>} */
const stillIn = {
  submitting: 'still being sent',
  queued: 'still queued',
  processing: 'still processing',
  unknown: 'still under way',
  downloading: 'still downloading',
};

/**
 * What a task that runs is in. Without the time at which its processing began, all of its time may be either.
 *
 * @param {Row} row
 * @param {number | null} processing
 * @returns {PhaseName}
 */
function goingOn({ status }, processing) {
  if (status === 'sending') return 'submitting';
  if (status === 'processing') return processing === null ? 'unknown' : 'processing';
  return processing === null ? 'queued' : 'unknown';
}

/**
 * Times as milliseconds, null for what is not known. One that is later than what came after it, or earlier than the
 * submission, was noted late or by another clock, and tells nothing.
 *
 * @param {number} submitted
 * @param {readonly (string | null)[]} times
 * @returns {readonly (number | null)[]}
 */
function inOrder(submitted, times) {
  let next = Number.POSITIVE_INFINITY;
  return times
    .toReversed()
    .map((time) => {
      const at = time === null ? null : Date.parse(time);
      if (at === null || at < submitted || at > next) return null;
      next = at;
      return at;
    })
    .toReversed();
}
