import { describe, expect, it } from 'vitest';
import {
  createPace,
  type Pace,
  type PaceEvent,
  type PaceOptions,
  type Turn,
} from '../../src/provider/pace.ts';
import { FakeClock, settle } from '../helpers/fake-clock.ts';
import { fc } from '../helpers/fast-check.ts';

interface Options extends Partial<PaceOptions> {
  readonly clock?: FakeClock;
}

function pace(options: Options = {}) {
  const clock = options.clock ?? new FakeClock(0);
  const events: PaceEvent[] = [];
  const made = createPace({
    concurrency: 4,
    random: () => 0.5,
    nextSlot: async () => 0,
    onEvent: (event) => events.push(event),
    ...options,
    clock,
  });
  return { clock, events, pace: made };
}

/** A provider whose answers the test gives: each entry is a request in flight. */
class Flights {
  readonly #waiting: ((answer: Answer) => void)[] = [];
  most = 0;
  /** When each request was sent. */
  readonly times: number[] = [];

  get count(): number {
    return this.#waiting.length;
  }

  send(now: number): Promise<Answer> {
    this.times.push(now);
    return new Promise((resolve) => {
      this.most = Math.max(this.most, this.#waiting.push(resolve));
    });
  }

  async answer(answer: Answer, count = this.count): Promise<void> {
    for (const resolve of this.#waiting.splice(0, count)) resolve(answer);
    await settle();
  }
}

type Answer = 'accepted' | 'refused' | { readonly throttled: number | null };

/** Does with a turn what a run does. */
async function submit(
  pace: Pace,
  turn: Turn,
  flights: Flights,
  clock: FakeClock,
): Promise<Answer | 'stopped'> {
  while (await turn.ready()) {
    const answer = await flights.send(clock.now());
    if (answer === 'accepted') pace.accepted();
    if (typeof answer === 'string') return answer;
    pace.throttled(answer.throttled);
  }
  return 'stopped';
}

function submitMany(count: number, options: Options = {}) {
  const made = pace(options);
  const flights = new Flights();
  const done: (Answer | 'stopped')[] = [];
  const all = Promise.all(
    Array.from({ length: count }, async () => {
      done.push(await made.pace.run((turn) => submit(made.pace, turn, flights, made.clock)));
    }),
  );
  return { ...made, flights, done, all };
}

describe('concurrency', () => {
  it('starts full, and never has more in flight than allowed', async () => {
    const { flights, all, pace } = submitMany(20, { concurrency: 4 });
    await settle();
    expect(flights.count).toBe(4);
    expect(pace.limit).toBe(4);
    for (let round = 0; round < 5; round++) await flights.answer('accepted');
    await all;
    expect(flights.most).toBe(4);
  });

  it('takes works in the order in which they were queued', async () => {
    const { pace: made } = pace({ concurrency: 2 });
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        made.run(async (turn) => {
          await turn.ready();
          order.push(index);
        }),
      ),
    );
    expect(order).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('frees the place of a work that throws, and hands its error on', async () => {
    const { pace: made } = pace({ concurrency: 1 });
    const failed = made.run(async (turn) => {
      await turn.ready();
      throw new Error('the ledger is gone');
    });
    await expect(failed).rejects.toThrow('the ledger is gone');
    expect(await made.run((turn) => turn.ready())).toBe(true);
  });

  it('frees the place of a work whose slot could not be had', async () => {
    let broken = true;
    const { pace: made } = pace({
      concurrency: 1,
      nextSlot: async () => {
        if (broken) throw new Error('the ledger is locked');
        return 0;
      },
    });
    await expect(made.run((turn) => turn.ready())).rejects.toThrow('the ledger is locked');
    broken = false;
    expect(await made.run((turn) => turn.ready())).toBe(true);
  });

  it('halves once for a burst of 429s, however many answers it has', async () => {
    const { flights, events, pace, clock } = submitMany(100, { concurrency: 64 });
    await settle();
    expect(flights.count).toBe(64);
    await flights.answer({ throttled: 1000 });
    expect(pace.limit).toBe(32);
    expect(events.filter(({ type }) => type === 'concurrency')).toEqual([{ type: 'concurrency', limit: 32 }]);
    await clock.advance(1000);
    expect(flights.count).toBe(32);
  });

  it('counts the stragglers of a burst to that burst, even after the pause', async () => {
    const { flights, pace, clock } = submitMany(100, { concurrency: 8 });
    await settle();
    await flights.answer({ throttled: 1000 }, 4);
    await clock.advance(1000);
    // Four that went out before the pause are still on their way; there is no place for others beside them.
    expect(flights.count).toBe(4);
    await flights.answer({ throttled: 1000 }, 4);
    expect(pace.limit).toBe(4);
  });

  it('halves again for the next burst, down to one', async () => {
    const { flights, pace, clock } = submitMany(100, { concurrency: 7 });
    await settle();
    const limits: number[] = [];
    for (let burst = 0; burst < 4; burst++) {
      await flights.answer({ throttled: 1000 });
      limits.push(pace.limit);
      await clock.advance(1000);
      expect(flights.count).toBe(pace.limit);
    }
    expect(limits).toEqual([3, 1, 1, 1]);
  });

  it('rises by one after as many acceptances as there are places, up to where it began', async () => {
    const { flights, pace, clock, events } = submitMany(200, { concurrency: 4 });
    await settle();
    await flights.answer({ throttled: 1000 });
    await clock.advance(1000);
    expect(pace.limit).toBe(2);
    await flights.answer('accepted', 1);
    expect(pace.limit).toBe(2);
    await flights.answer('accepted', 1);
    expect(pace.limit).toBe(3);
    expect(flights.count).toBe(3);
    await flights.answer('accepted', 3);
    expect(pace.limit).toBe(4);
    await flights.answer('accepted', 4);
    await flights.answer('accepted', 4);
    expect(pace.limit).toBe(4);
    expect(events.filter(({ type }) => type === 'concurrency')).toEqual([
      { type: 'concurrency', limit: 2 },
      { type: 'concurrency', limit: 3 },
      { type: 'concurrency', limit: 4 },
    ]);
  });

  it('does not rise for what was sent before the 429', async () => {
    const { flights, pace, clock } = submitMany(100, { concurrency: 8 });
    await settle();
    await flights.answer({ throttled: 1000 }, 1);
    await flights.answer('accepted', 7);
    await clock.advance(1000);
    expect(pace.limit).toBe(4);
  });

  it('loses no request and never exceeds its limit, whatever the answers', async () => {
    const answer: fc.Arbitrary<Answer> = fc.oneof(
      { weight: 3, arbitrary: fc.constant('accepted' as const) },
      fc.constant('refused' as const),
      fc.option(fc.integer({ min: 0, max: 5000 })).map((throttled) => ({ throttled })),
    );
    const steps = fc.array(fc.record({ answer, count: fc.nat(6), ms: fc.nat(3000) }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 6 }), steps, async (concurrency, script) => {
        const { flights, pace, clock, done, all } = submitMany(30, { concurrency });
        for (const { answer, count, ms } of script) {
          await settle();
          await flights.answer(answer, count);
          await clock.advance(ms);
          expect(pace.limit).toBeGreaterThanOrEqual(1);
          expect(pace.limit).toBeLessThanOrEqual(concurrency);
        }
        while (done.length < 30) {
          await flights.answer('accepted');
          await clock.advanceToNext();
        }
        await all;
        expect(flights.most).toBeLessThanOrEqual(concurrency);
        expect(done).toHaveLength(30);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a pause', () => {
  it('holds all workers for at least as long as the provider asked', async () => {
    const { flights, clock, events } = submitMany(20, { concurrency: 4 });
    await settle();
    await flights.answer({ throttled: 7000 }, 1);
    await flights.answer('accepted', 3);
    expect(flights.count).toBe(0);
    await clock.advance(6999);
    expect(flights.count).toBe(0);
    await clock.advance(1);
    expect(flights.count).toBe(2);
    expect(events[0]).toEqual({ type: 'concurrency', limit: 2 });
    expect(events[1]).toEqual({ type: 'paused', until: 7000 });
  });

  it('is as long as the longest that was asked for', async () => {
    const { flights, clock, events } = submitMany(20, { concurrency: 4 });
    await settle();
    await flights.answer({ throttled: 5000 }, 1);
    await flights.answer({ throttled: 2000 }, 1);
    await flights.answer({ throttled: 9000 }, 1);
    await clock.advance(8999);
    expect(flights.times).toHaveLength(4);
    await clock.advance(1);
    expect(flights.times.slice(4)).toEqual([9000]);
    expect(events.filter(({ type }) => type === 'paused')).toEqual([
      { type: 'paused', until: 5000 },
      { type: 'paused', until: 9000 },
    ]);
  });

  it('grows from burst to burst where the provider names no time, and starts small again after an acceptance', async () => {
    const { flights, clock } = submitMany(20, { concurrency: 1 });
    await settle();
    for (let burst = 0; burst < 9; burst++) {
      await flights.answer({ throttled: null });
      await clock.advanceToNext();
    }
    const waits = flights.times.slice(1).map((time, index) => time - (flights.times[index] ?? 0));
    // Three quarters of the longest: the jitter is between half and all of it, and the test's is in the middle.
    expect(waits).toEqual([750, 1500, 3000, 6000, 12_000, 24_000, 45_000, 45_000, 45_000]);
    await flights.answer('accepted');
    await flights.answer({ throttled: null });
    const before = clock.now();
    await clock.advanceToNext();
    expect(clock.now() - before).toBe(750);
  });

  it('is not skipped by a provider that asks for none', async () => {
    const { flights, clock } = submitMany(20, { concurrency: 1 });
    await settle();
    await flights.answer({ throttled: 0 });
    expect(flights.count).toBe(0);
    await clock.advance(749);
    expect(flights.count).toBe(0);
    await clock.advance(1);
    expect(flights.count).toBe(1);
  });
});

describe('slots', () => {
  /** One slot every `interval` milliseconds, as the ledger gives them. */
  function slots(interval: number, clock: FakeClock) {
    let next = 0;
    return async () => {
      const slot = Math.max(next, clock.now());
      next = slot + interval;
      return slot - clock.now();
    };
  }

  function submitAtRate(count: number, concurrency: number, interval: number) {
    const clock = new FakeClock(0);
    return submitMany(count, { concurrency, clock, nextSlot: slots(interval, clock) });
  }

  it('space requests evenly', async () => {
    const { flights, clock } = submitAtRate(10, 4, 2000);
    await clock.advance(0);
    for (let second = 0; second < 20; second++) {
      await flights.answer('accepted');
      await clock.advance(1000);
    }
    expect(flights.times).toEqual([0, 2000, 4000, 6000, 8000, 10_000, 12_000, 14_000, 16_000, 18_000]);
  });

  it('space retries as well, and those that a pause outlasted are not made up for in a burst', async () => {
    const { flights, clock } = submitAtRate(8, 8, 1000);
    await clock.advance(2000);
    expect(flights.times).toEqual([0, 1000, 2000]);
    await flights.answer({ throttled: 60_000 });
    await clock.advance(59_999);
    expect(flights.times).toHaveLength(3);
    await clock.advance(10_000);
    const after = flights.times.slice(3);
    expect(after[0]).toBeGreaterThanOrEqual(62_000);
    for (const [index, time] of after.entries()) {
      if (index > 0) expect(time - (after[index - 1] ?? 0)).toBeGreaterThanOrEqual(1000);
    }
    expect(after.length).toBeGreaterThanOrEqual(4);
  });

  it('are taken by those alone who have a place', async () => {
    let taken = 0;
    const { flights } = submitMany(100, {
      concurrency: 3,
      nextSlot: async () => {
        taken += 1;
        return 0;
      },
    });
    await settle();
    expect(flights.count).toBe(3);
    expect(taken).toBe(3);
  });
});

describe('back-off', () => {
  it('is exponential with full jitter, and capped', async () => {
    for (const [random, waits] of [
      [0, [0, 0, 0, 0, 0, 0, 0]],
      [0.5, [500, 1000, 2000, 4000, 8000, 15_000, 15_000]],
      [1, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]],
    ] as const) {
      const { pace: made, clock } = pace({ random: () => random });
      const measured: number[] = [];
      const work = made.run(async (turn) => {
        for (const retry of [0, 1, 2, 3, 4, 5, 1000]) {
          const before = clock.now();
          await turn.backOff(retry);
          measured.push(clock.now() - before);
        }
      });
      while (await clock.advanceToNext());
      await work;
      expect(measured).toEqual(waits);
    }
  });

  it('leaves its place to others', async () => {
    const { pace: made, clock } = pace({ concurrency: 2 });
    const sent: string[] = [];
    const slow = made.run(async (turn) => {
      await turn.ready();
      await turn.backOff(3);
      await turn.ready();
      sent.push('slow');
    });
    await made.run(async (turn) => {
      await turn.ready();
      sent.push('quick');
    });
    await clock.advance(30_000);
    await slow;
    expect(sent).toEqual(['quick', 'slow']);
  });
});

describe('stop', () => {
  it('starts nothing that is queued and wakes everybody who sleeps', async () => {
    const { pace, flights, done, all, clock } = submitMany(10_000, { concurrency: 8 });
    await settle();
    await flights.answer({ throttled: 600_000 }, 4);
    expect(flights.count).toBe(4);
    pace.stop();
    await settle();
    expect(pace.stopped).toBe(true);
    expect(clock.sleeping).toBe(0);
    // What was in flight still gets its answer; everything else is over.
    await flights.answer('accepted');
    await all;
    expect(flights.times).toHaveLength(8);
    expect(done.filter((answer) => answer === 'accepted')).toHaveLength(4);
    expect(done.filter((answer) => answer === 'stopped')).toHaveLength(9_996);
  });

  it('wakes those who wait for a slot or back off', async () => {
    const { pace: made, clock } = pace({ nextSlot: async () => 1e9, concurrency: 3 });
    const ready = made.run((turn) => turn.ready());
    const backedOff = made.run((turn) => turn.backOff(20));
    await settle();
    expect(clock.sleeping).toBe(2);
    made.stop();
    expect(await ready).toBe(false);
    await backedOff;
    expect(clock.now()).toBe(0);
  });

  it('is final, and can be said twice', async () => {
    const { pace: made } = pace();
    made.stop();
    made.stop();
    expect(await made.run((turn) => turn.ready())).toBe(false);
    await made.run((turn) => turn.backOff(5));
  });

  it('says nothing on the terminal with many who sleep', async () => {
    const warnings: Error[] = [];
    const warn = (warning: Error): number => warnings.push(warning);
    process.on('warning', warn);
    const { pace, all, clock } = submitMany(64, { concurrency: 64, nextSlot: async () => 1000 });
    await settle();
    expect(clock.sleeping).toBe(64);
    pace.stop();
    await all;
    await settle();
    process.off('warning', warn);
    expect(warnings).toEqual([]);
  });
});

describe('ten thousand requests', () => {
  it('cost little', async () => {
    const { pace: made } = pace({ concurrency: 64 });
    const started = performance.now();
    let sent = 0;
    await Promise.all(
      Array.from({ length: 10_000 }, () =>
        made.run(async (turn) => {
          if (await turn.ready()) sent += 1;
          made.accepted();
        }),
      ),
    );
    expect(sent).toBe(10_000);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
