import { describe, expect, it } from 'vitest';
import type { StoredEvent, StoredFact } from '../../src/ledger/model/event.ts';
import { fold } from '../../src/ledger/model/fold.ts';

const at = (second: number): string => new Date(Date.UTC(2026, 0, 2, 10, 0, second)).toISOString();

/** A history of facts, each at its second. */
function historyOf(...facts: readonly (readonly [second: number, fact: StoredFact])[]): StoredEvent[] {
  const place = { project: 'neon-alley', key: 'sc010/sh1' };
  return facts.map(([second, fact], index) => {
    return { seq: index + 1, at: at(second), id: `${index}`.padStart(32, '0'), here: true, place, ...fact };
  });
}

const timesOf = (events: readonly StoredEvent[]) => fold(events, () => false).times;

const claimed = (attempt: number) =>
  ({ type: 'claimed', run: 'run', attempt, price: 5, currency: 'CNY', causes: null }) as const;
const accepted = (attempt: number, status: 'queued' | 'processing' | 'failed' = 'queued') =>
  ({
    type: 'settled',
    run: 'run',
    attempt,
    outcome: { kind: 'accepted', taskId: `video_${attempt}`, status, error: null },
  }) as const;
const task = (number: number, status: 'queued' | 'processing' | 'completed' | 'failed') =>
  ({
    type: 'task',
    update: { taskId: `video_${number}`, status, error: null, videoUrl: null, actualDuration: null },
  }) as const;
const file = { path: 'renders/a_v001.mp4', bytes: 1, sha256: 'a', seconds: 5 };
const saved = (number: number) => ({ type: 'saved', taskId: `video_${number}`, file }) as const;

describe('the times of an attempt', () => {
  it('are those at which the ledger first heard of each', () => {
    const events = historyOf(
      [0, claimed(1)],
      [1, accepted(1)],
      [20, task(1, 'processing')],
      [21, task(1, 'processing')],
      [60, task(1, 'completed')],
      [61, task(1, 'completed')],
      [70, saved(1)],
    );
    expect(timesOf(events)).toEqual({
      ...{ answeredAt: at(1), processingAt: at(20), endedAt: at(60), savedAt: at(70) },
    });
  });

  it('say nothing of what was not seen', () => {
    const unseen = { answeredAt: at(1), processingAt: null, endedAt: at(60), savedAt: null };
    expect(timesOf(historyOf([0, claimed(1)], [1, accepted(1)], [60, task(1, 'completed')]))).toEqual(unseen);
    expect(timesOf(historyOf([0, claimed(1)]))).toEqual({
      ...{ answeredAt: null, processingAt: null, endedAt: null, savedAt: null },
    });
  });

  it('take an answer that tells a status for the first look at it', () => {
    expect(timesOf(historyOf([0, claimed(1)], [1, accepted(1, 'processing')]))).toMatchObject({
      ...{ answeredAt: at(1), processingAt: at(1), endedAt: null },
    });
    expect(timesOf(historyOf([0, claimed(1)], [1, accepted(1, 'failed')]))).toMatchObject({
      ...{ answeredAt: at(1), processingAt: null, endedAt: at(1) },
    });
  });

  it('tell when a request was refused, and not when one came to be in doubt', () => {
    const settled = (kind: 'refused' | 'inDoubt') =>
      ({ type: 'settled', run: 'run', attempt: 1, outcome: { kind, code: 'E', error: 'why' } }) as const;
    expect(timesOf(historyOf([0, claimed(1)], [2, settled('refused')])).answeredAt).toBe(at(2));
    expect(timesOf(historyOf([0, claimed(1)], [2, settled('inDoubt')])).answeredAt).toBeNull();
  });

  it('are those of the attempt that decides the state, and of no earlier one', () => {
    const events = historyOf(
      [0, claimed(1)],
      [1, accepted(1)],
      [10, task(1, 'processing')],
      [20, task(1, 'failed')],
      [30, claimed(2)],
      [31, accepted(2)],
      [32, saved(1)],
    );
    expect(timesOf(events)).toEqual({
      ...{ answeredAt: at(31), processingAt: null, endedAt: null, savedAt: null },
    });
  });

  it('know no beginning that was told of after the end', () => {
    const events = historyOf(
      [0, claimed(1)],
      [1, accepted(1)],
      [60, task(1, 'completed')],
      [61, task(1, 'processing')],
    );
    expect(timesOf(events).processingAt).toBeNull();
  });

  it('are the same in whatever order two ledgers took in what each had seen', () => {
    const begin = [
      [0, claimed(1)],
      [1, accepted(1)],
    ] as const;
    const here = [
      [20, task(1, 'processing')],
      [65, task(1, 'completed')],
    ] as const;
    const there = [
      [25, task(1, 'processing')],
      [60, task(1, 'completed')],
    ] as const;
    const times = timesOf(historyOf(...begin, ...here, ...there));
    expect(times).toMatchObject({ processingAt: at(20), endedAt: at(60) });
    expect(timesOf(historyOf(...begin, ...there, ...here))).toEqual(times);
  });
});
