import pLimit from 'p-limit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { shippedCatalog } from '../../src/catalog/shipped.ts';
import { collect } from '../../src/collect/collect.ts';
import { delayWithin } from '../../src/emulator/latency.ts';
import { createDraws } from '../../src/emulator/random.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import type { Request } from '../../src/manifest/model.ts';
import type { Provider, QueryOutcome } from '../../src/provider/provider.ts';
import { createVideosApi } from '../../src/provider/videos-api.ts';
import { emulator } from '../helpers/emulator.ts';
import { FakeClock, settle } from '../helpers/fake-clock.ts';
import { request } from '../helpers/requests.ts';
import { accept, completed, rig, ScriptedProvider, scope, task } from './rig.ts';

const url = 'https://cdn.example.com/1.mp4?Signature=abc';
const transient = (code: string, retryAfterMs: number | null = null) =>
  ({ kind: 'transient', code, error: `HTTP ${code}`, retryAfterMs }) as const;

describe('polling', () => {
  it('asks about each task every 30 to 60 s until it ends, and keeps what it learns', async () => {
    const { clock, ledger, collect } = await rig(['a', 'b']);
    const start = clock.now();
    const provider = new ScriptedProvider((id, nth) => {
      if (id === 'video_b') return nth < 2 ? task(id) : task(id, { status: 'failed', error: 'refused' });
      return nth < 4 ? task(id) : completed(id, url);
    }, clock);
    let draw = 0;
    const result = await collect(provider, { random: () => [0, 0.999, 0.5, 0.25][draw++ % 4] ?? 0 });
    expect(result).toMatchObject({
      polls: 6,
      completed: 1,
      failed: 1,
      running: 0,
      problems: [],
      stopped: null,
    });
    expect([...provider.asked]).toEqual([
      ['video_a', 4],
      ['video_b', 2],
    ]);
    expect(Math.min(...provider.times) - start).toBeGreaterThanOrEqual(30_000);
    expect(clock.now() - start).toBeGreaterThanOrEqual(4 * 30_000);
    expect(clock.now() - start).toBeLessThanOrEqual(4 * 60_000 + 1000);
    const entries = await ledger.read({ provider: 'loopback', project: 'p' });
    expect(entries).toMatchObject([
      { state: 'completed', videoUrl: url, actualDuration: 5, file: null },
      { state: 'failed', error: 'refused' },
    ]);
  });

  it('asks at once about tasks that were submitted long ago', async () => {
    const { clock, collect } = await rig(['a']);
    await clock.advance(3_600_000);
    const start = clock.now();
    const provider = new ScriptedProvider((id) => completed(id, url), clock);
    await collect(provider);
    expect(provider.times).toEqual([start]);
  });

  it('keeps tasks of an unknown status running, and says so once', async () => {
    const { clock, events, collect } = await rig(['a', 'b']);
    const odd = (id: string) => task(id, { unknownStatus: 'moderating' });
    const provider = new ScriptedProvider((id, nth) => (nth < 3 ? odd(id) : completed(id, url)), clock);
    expect(await collect(provider)).toMatchObject({ completed: 2, polls: 6 });
    expect(events.filter(({ type }) => type === 'unknownStatus')).toHaveLength(1);
  });

  it('polls a completed task without a URL on within bounds, and then says so without calling it failed', async () => {
    const { clock, ledger, collect } = await rig(['a', 'b']);
    const provider = new ScriptedProvider(
      (id, nth) => completed(id, id === 'video_b' && nth > 2 ? url : null),
      clock,
    );
    const result = await collect(provider);
    expect(result.problems).toMatchObject([{ kind: 'noUrl', key: 'a' }]);
    expect(provider.asked.get('video_a')).toBe(6);
    const entries = await ledger.read({ provider: 'loopback', project: 'p' });
    expect(entries).toMatchObject([
      { state: 'completed', videoUrl: null },
      { state: 'completed', videoUrl: url },
    ]);
  });

  it('backs off on errors, and goes on when they are over', async () => {
    const { clock, collect } = await rig(['a']);
    const provider = new ScriptedProvider(
      (id, nth) => (nth <= 5 ? transient('http502') : completed(id, url)),
      clock,
    );
    expect(await collect(provider)).toMatchObject({ completed: 1, problems: [] });
    const waits = provider.times.slice(1).map((time, i) => time - (provider.times[i] ?? 0));
    expect(waits).toEqual([45_000, 90_000, 180_000, 360_000, 600_000]);
  });

  it('lets everybody wait when the provider asks for it', async () => {
    const { clock, events, collect } = await rig(['a', 'b', 'c']);
    let asked = 0;
    const provider = new ScriptedProvider((id) => {
      asked += 1;
      return asked === 1 ? transient('http429', 500_000) : completed(id, url);
    }, clock);
    expect(await collect(provider, { random: () => 0.1 * asked })).toMatchObject({ completed: 3 });
    const [first = 0, ...rest] = provider.times;
    // Questions that were under way when the answer came are not taken back.
    expect(rest.filter((time) => time > first + 100).every((time) => time >= first + 500_000)).toBe(true);
    expect(events.some(({ type }) => type === 'paused')).toBe(true);
  });

  it('forgives a passing 401, and stops when the key is refused again and again', async () => {
    const passing = await rig(['a']);
    const once = new ScriptedProvider(
      (id, nth) => (nth === 1 ? transient('keyRefused') : completed(id, url)),
      passing.clock,
    );
    expect(await passing.collect(once)).toMatchObject({ completed: 1, stopped: null });

    const refused = await rig(['a']);
    const always = new ScriptedProvider(() => transient('keyRefused'), refused.clock);
    const result = await refused.collect(always);
    expect(result.stopped).toMatchObject({
      reason: 'provider',
      help: expect.stringContaining('SHOTLIST_API_KEY'),
    });
    expect(always.asked.get('video_a')).toBe(4);
  });

  it('gives a task up that the provider does not know, and leaves its state alone', async () => {
    const { clock, ledger, collect } = await rig(['a']);
    const provider = new ScriptedProvider(
      () => ({ kind: 'notFound', code: '404', error: 'no such task' }),
      clock,
    );
    expect(await collect(provider)).toMatchObject({
      running: 0,
      problems: [{ kind: 'unknownTask', taskId: 'video_a' }],
    });
    expect(await ledger.read({ provider: 'loopback', project: 'p' })).toMatchObject([{ state: 'queued' }]);
  });

  it('ends a wait at its timeout, with the tasks still running', async () => {
    const { clock, collect } = await rig(['a', 'b']);
    const start = clock.now();
    const provider = new ScriptedProvider((id) => (id === 'video_b' ? completed(id, url) : task(id)), clock);
    const result = await collect(provider, { timeoutMs: 100_000 });
    expect(result).toMatchObject({ running: 1, completed: 1, stopped: { reason: 'timeout' } });
    expect(clock.now() - start).toBe(100_000);
  });

  it('asks once where that is wanted, whatever the answer', async () => {
    const { clock, collect } = await rig(['a', 'b']);
    const start = clock.now();
    const provider = new ScriptedProvider((id) => (id === 'video_b' ? completed(id, url) : task(id)), clock);
    const result = await collect(provider, { once: true });
    expect(result).toMatchObject({ polls: 2, running: 1, completed: 1, problems: [], stopped: null });
    expect(clock.now() - start).toBeLessThan(1000);
  });

  it('takes up what a run submits meanwhile, and waits for a run that is sending', async () => {
    const { clock, ledger, collect } = await rig(['a']);
    const provider = new ScriptedProvider(async (id, nth) => {
      if (id === 'video_a' && nth === 1) await accept(ledger, [request('late')], () => 'video_late');
      return completed(id, url);
    }, clock);
    expect(await collect(provider)).toMatchObject({ completed: 2 });
  });

  it('believes another collect that has seen the end, and does not ask again', async () => {
    const { clock, events, ledger, collect } = await rig(['a', 'b']);
    const ends = {
      video_a: { status: 'completed', videoUrl: url },
      video_b: { status: 'failed', videoUrl: null },
    } as const;
    const provider = new ScriptedProvider(async (id) => {
      for (const found of await ledger.tasks(scope)) {
        const end = ends[found.taskId as keyof typeof ends];
        const update = { taskId: found.taskId, error: null, actualDuration: null, ...end };
        await ledger.updateTask(scope, found, update);
      }
      return task(id);
    }, clock);
    // The first is asked about after 30 s, the second after 60 s: the ledger was looked at in between.
    let draw = 0;
    const result = await collect(provider, { random: () => draw++ });
    expect(result).toMatchObject({ polls: 1, completed: 1, failed: 1, running: 0, problems: [] });
    expect(events).toContainEqual(expect.objectContaining({ type: 'polled', status: 'failed' }));
  });

  it('stops at an interrupt, and picks up from the ledger alone', async () => {
    const { clock, collect } = await rig(['a', 'b']);
    const interrupt = new AbortController();
    const first = new ScriptedProvider((id) => {
      interrupt.abort();
      return completed(id, url);
    }, clock);
    const stopped = await collect(first, { signal: interrupt.signal });
    expect(stopped.stopped).toMatchObject({ reason: 'interrupted' });
    const second = new ScriptedProvider((id) => completed(id, url), clock);
    const result = await collect(second);
    expect(stopped.completed + result.completed).toBe(2);
    expect(result).toMatchObject({ running: 0, stopped: null });
  });

  it('asks no more than 8 questions at once, nor 50 a second', async () => {
    const { clock, collect } = await rig(Array.from({ length: 120 }, (_, i) => `s${i}`));
    await clock.advance(3_600_000);
    const provider = new ScriptedProvider(async (id) => {
      await clock.sleep(400);
      return completed(id, url);
    }, clock);
    expect(await collect(provider)).toMatchObject({ completed: 120, polls: 120 });
    expect(provider.mostAtOnce).toBe(8);
    expect(mostInASecond(provider.times)).toBeLessThanOrEqual(50);
  });
});

describe('2,000 tasks of the emulator, over loopback', () => {
  it('are asked about within 20 % of the ideal number of times, and never faster than the budget', async () => {
    const clock = new FakeClock();
    // Between 1 and 5 minutes, as tasks take.
    const taskMs = { minMs: 60_000, maxMs: 300_000 };
    const { env, books } = await emulator({ clock, seed: 1, taskMs });
    const api = await createVideosApi({
      ...{ baseUrl: env['SHOTLIST_BASE_URL'] ?? '', apiKey: env['SHOTLIST_API_KEY'] ?? '' },
      ...{ catalog: shippedCatalog, connections: 8, clock },
    });
    onTestFinished(() => api.close());
    const ledger = await openLedger(':memory:', { clock });
    onTestFinished(() => ledger.close());
    const requests = Array.from({ length: 2000 }, (_, i) => request(`s${i}`));
    const ids = await submit(api, requests);
    await accept(ledger, requests, (key) => ids.get(key) ?? '');

    const provider = new WatchedProvider(api, clock);
    const draws = createDraws(7);
    let drawn = 0;
    const random = (): number => draws.fraction('jitter', drawn++);
    const options = { scope, ledger, provider, clock, random, download: null };
    expect(await passTimeBetweenAnswers(clock, provider, collect(options))).toMatchObject({
      ...{ completed: 2000, problems: [], polls: provider.times.length },
    });
    expect(books().reduce((sum, { polls }) => sum + polls, 0)).toBe(provider.times.length);

    // What ends after 100 s is seen to have ended at the third question at the earliest: after 45, 90 and 135 s.
    const ends = books().map(({ order }) => delayWithin(taskMs, createDraws(1).fraction('task time', order)));
    const ideal = ends.reduce((sum, end) => sum + Math.ceil(end / 45_000), 0);
    expect(provider.times.length / ideal).toBeGreaterThan(0.8);
    expect(provider.times.length / ideal).toBeLessThan(1.2);
    expect(mostInASecond(provider.times)).toBeLessThanOrEqual(50);
  }, 120_000);
});

async function submit(api: Provider, requests: readonly Request[]): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  const atOnce = pLimit(8);
  await Promise.all(
    requests.map(({ key, body }) =>
      atOnce(async () => {
        const outcome = await api.create(body);
        if (outcome.kind !== 'accepted') throw new Error(`${key} was not accepted`);
        ids.set(key, outcome.taskId);
      }),
    ),
  );
  return ids;
}

/** A provider with the times of its questions, and those that wait for an answer. */
class WatchedProvider implements Provider {
  readonly scope: string;
  readonly times: number[] = [];
  underWay = 0;
  readonly #provider: Provider;
  readonly #clock: FakeClock;

  constructor(provider: Provider, clock: FakeClock) {
    this.scope = provider.scope;
    this.#provider = provider;
    this.#clock = clock;
  }

  create(): never {
    throw new TypeError('collecting creates no task');
  }

  async query(...args: Parameters<Provider['query']>): Promise<QueryOutcome> {
    this.times.push(this.#clock.now());
    this.underWay += 1;
    try {
      return await this.#provider.query(...args);
    } finally {
      this.underWay -= 1;
    }
  }

  async close(): Promise<void> {}
}

/** Moves the clock from sleeper to sleeper until `running` is over, and never while an answer is on its way. */
async function passTimeBetweenAnswers<T>(
  clock: FakeClock,
  provider: WatchedProvider,
  running: Promise<T>,
): Promise<T> {
  let over = false;
  const end = (): void => {
    over = true;
  };
  running.then(end, end);
  while (!over) {
    await settle();
    if (provider.underWay === 0 && !over) await clock.advanceToNext();
  }
  return running;
}

function mostInASecond(times: readonly number[]): number {
  const perSecond = new Map<number, number>();
  for (const time of times) {
    const second = Math.floor(time / 1000);
    perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
  }
  return Math.max(...perSecond.values());
}
