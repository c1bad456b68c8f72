/** Time, injected everywhere so that no test waits for it. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /**
   * Resolves after `ms` milliseconds, or as soon as `signal` aborts: a wait is never an error, so callers look at the
   * signal themselves.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A number in [0, 1), injected where jitter is wanted. */
export type Random = () => number;

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener('abort', done, { once: true });
    }),
};

/** `2026-01-01T00:00:00.000Z`, the only form in which times are stored and shown to scripts. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
