import { describe, expect, it } from 'vitest';
import { request } from '../helpers/requests.ts';
import { accept, completed, rig, ScriptedProvider, task } from './rig.ts';

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

  it('asks about 2,000 tasks within the stated budget, and within 20 % of the ideal number of times', async () => {
    const keys = Array.from({ length: 2000 }, (_, i) => `s${i}`);
    const { clock, collect } = await rig(keys);
    const start = clock.now();
    let seed = 7;
    const random = (): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed / 2 ** 31;
    };
    // Between 2 and 8 minutes, as tasks take.
    const endOf = new Map(keys.map((key, i) => [`video_${key}`, start + 120_000 + ((i * 7919) % 360_000)]));
    const provider = new ScriptedProvider(
      (id) => (clock.now() >= (endOf.get(id) ?? 0) ? completed(id, url) : task(id)),
      clock,
    );
    const result = await collect(provider, { random });
    expect(result).toMatchObject({ completed: 2000, problems: [] });
    const ideal = [...endOf.values()].reduce((sum, end) => sum + Math.ceil((end - start) / 45_000), 0);
    expect(result.polls / ideal).toBeGreaterThan(0.8);
    expect(result.polls / ideal).toBeLessThan(1.2);
    expect(provider.mostAtOnce).toBeLessThanOrEqual(8);
    const perSecond = new Map<number, number>();
    for (const time of provider.times) {
      const second = Math.floor(time / 1000);
      perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
    }
    expect(Math.max(...perSecond.values())).toBeLessThanOrEqual(50);
  }, 120_000);
});
