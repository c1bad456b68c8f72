import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isoTime, systemClock } from '../../src/core/clock.ts';

describe('the system clock', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Starts a sleep whose end can be looked at. */
  function sleep(ms: number, signal?: AbortSignal): { over: boolean } {
    const state = { over: false };
    void systemClock.sleep(ms, signal).then(() => {
      state.over = true;
    });
    return state;
  }

  it('tells the time in milliseconds', () => {
    expect(isoTime(systemClock.now())).toBe('2026-01-01T00:00:00.000Z');
  });

  it('sleeps as long as it is told', async () => {
    const nap = sleep(1000);
    await vi.advanceTimersByTimeAsync(999);
    expect(nap.over).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(nap.over).toBe(true);
  });

  it('sleeps longer than a timer can run', async () => {
    const month = 30 * 24 * 60 * 60 * 1000;
    const nap = sleep(month);
    await vi.advanceTimersByTimeAsync(month - 1);
    expect(nap.over).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(nap.over).toBe(true);
  });

  it('lets others go on even when it is told to sleep not at all', async () => {
    const nap = sleep(0);
    await Promise.resolve();
    expect(nap.over).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(nap.over).toBe(true);
  });

  it('wakes when the signal aborts, without an error and with nothing left behind', async () => {
    const abort = new AbortController();
    const nap = sleep(1000, abort.signal);
    abort.abort();
    await vi.advanceTimersByTimeAsync(0);
    expect(nap.over).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(0);
  });

  it('does not begin to sleep when the signal has aborted', async () => {
    const nap = sleep(1000, AbortSignal.abort());
    await vi.advanceTimersByTimeAsync(0);
    expect(nap.over).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves no listener on the signal of a run that sleeps often', async () => {
    const abort = new AbortController();
    for (let i = 0; i < 20; i++) {
      sleep(10, abort.signal);
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(0);
  });
});
