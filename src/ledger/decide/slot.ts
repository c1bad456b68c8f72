import type { Decision, Facts, StoredRun, Wanted } from '../backend.ts';

export const factsForSlot: Wanted = { runs: true, pace: true };

/** Milliseconds that the clock may go back between two questions; more counts as a restart of the machine. */
const clockSlackMs = 1000;

/**
 * The time that the next request has to wait, by the strictest rate among the live runs; the slot is taken by asking. 0
 * where no live run has a rate.
 *
 * @param nowMs of the machine's monotonic clock, which no correction of the time moves.
 */
export function nextSlot(facts: Facts, nowMs: number): Decision<number> {
  const interval = strictestInterval(facts);
  if (interval === null) return { changes: [], value: 0 };
  const { pace } = facts;
  // A machine that was started again counts from nothing.
  const jump = pace !== undefined && pace.askedAt - nowMs > clockSlackMs ? pace.askedAt - nowMs : 0;
  const lastSlot = pace === undefined ? nowMs : Math.max(nowMs, pace.lastSlot - jump + interval);
  return { changes: [{ type: 'pace', pace: { lastSlot, askedAt: nowMs } }], value: lastSlot - nowMs };
}

/** The longest interval between requests that a live run asks for, in milliseconds; null where none has a rate. */
export function strictestInterval({ runs, isLive }: Pick<Facts, 'runs' | 'isLive'>): number | null {
  let strictest: number | null = null;
  for (const { id, intervalMs, ended } of runs.values() as Iterable<StoredRun>) {
    if (ended || intervalMs === null || intervalMs <= (strictest ?? 0)) continue;
    if (isLive(id)) strictest = intervalMs;
  }
  return strictest;
}
