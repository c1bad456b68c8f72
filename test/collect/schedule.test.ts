import { describe, expect, it } from 'vitest';
import { Schedule } from '../../src/collect/schedule.ts';
import { FakeClock, settle } from '../helpers/fake-clock.ts';
import { fc } from '../helpers/fast-check.ts';

describe('a schedule', () => {
  it('wakes everybody at their time and in that order, whatever the order in which they came', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 1000 }), { maxLength: 60 }), async (waits) => {
        const clock = new FakeClock();
        const start = clock.now();
        const schedule = new Schedule(clock);
        const woken: number[] = [];
        for (const wait of waits) {
          void schedule.until(start + wait).then(() => woken.push(clock.now() - start));
        }
        while (woken.length < waits.length) {
          await settle();
          if (woken.length < waits.length) await clock.advanceToNext();
        }
        expect(woken).toEqual([...waits].sort((a, b) => a - b));
      }),
      { numRuns: 50 },
    );
  });

  it('wakes somebody who comes later and is due earlier', async () => {
    const clock = new FakeClock();
    const schedule = new Schedule(clock);
    const woken: string[] = [];
    void schedule.until(clock.now() + 1000).then(() => woken.push('late'));
    await settle();
    void schedule.until(clock.now() + 10).then(() => woken.push('early'));
    await settle();
    await clock.advance(10);
    await settle();
    expect(woken).toEqual(['early']);
    await clock.advance(990);
    await settle();
    expect(woken).toEqual(['early', 'late']);
  });

  it('wakes everybody when it is stopped, and holds up nobody after that', async () => {
    const clock = new FakeClock();
    const schedule = new Schedule(clock);
    const all = Promise.all([1, 2, 3].map((seconds) => schedule.until(clock.now() + seconds * 1000)));
    await settle();
    schedule.stop();
    await all;
    await schedule.until(clock.now() + 1_000_000);
  });
});
