import { uptime } from 'node:os';

/** Time, injected everywhere so that no test waits for it. */
export interface Clock {
  /** Milliseconds since the Unix epoch. It may be set back or forward at any moment: for what people read. */
  now(): number;
  /** Milliseconds since the machine was started, the same in all its processes; no correction of the time moves it. */
  monotonic(): number;
  /**
   * Resolves after `ms` milliseconds, or as soon as `signal` aborts: a wait is never an error, so callers look at the
   * signal themselves.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A number in [0, 1), injected where jitter is wanted. */
export type Random = () => number;

/** The machine's own count at the start of this program, to which the program's is added: that one is finer. */
const startedAt = uptime() * 1000 - performance.now();

/** The time of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => startedAt + performance.now(),
  async sleep(ms, signal) {
    if (signal?.aborted) return;
    let left = ms;
    // Even a wait of nothing goes through a timer, so that a loop of such waits leaves room for everything else.
    do {
      await timer(Math.min(left, longestTimer), signal);
      left -= longestTimer;
    } while (left > 0 && !signal?.aborted);
  },
};

/** A timer that is asked for more, in milliseconds, fires at once. */
const longestTimer = 2 ** 31 - 1;

function timer(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timeout);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timeout = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}

/** `2026-01-01T00:00:00.000Z`, the only form in which times are stored and shown to scripts. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

/** A duration for people: `8 s`, `2 min 10 s`, `1 h 5 min`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  return minutes % 60 === 0
    ? `${Math.floor(minutes / 60)} h`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A wait that is long, rounded up: `12 minutes`, `2 hours`. */
export function longWait(ms: number): string {
  const [unitMs, unit] = ms < 90 * 60_000 ? [60_000, 'minutes'] : [60 * 60_000, 'hours'];
  return `${Math.ceil(ms / unitMs)} ${unit}`;
}
