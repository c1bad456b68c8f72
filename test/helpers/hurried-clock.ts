import { type Clock, systemClock } from '../../src/core/clock.ts';

/**
 * A clock by which a wait takes a tenth of its time, for walks in which the program waits by itself: between two questions,
 * or before it tries again.
 */
export function hurriedClock(): Clock {
  const hurry = 10;
  const started = { now: systemClock.now(), monotonic: systemClock.monotonic() };
  return {
    now: () => started.now + (systemClock.now() - started.now) * hurry,
    monotonic: () => started.monotonic + (systemClock.monotonic() - started.monotonic) * hurry,
    sleep: (ms, signal) => systemClock.sleep(ms / hurry, signal),
  };
}
