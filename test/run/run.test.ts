import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BudgetError, type Ledger, UnrecordedError } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import type { Request } from '../../src/manifest/model.ts';
import { plan } from '../../src/plan/plan.ts';
import type { CreateOutcome, Provider } from '../../src/provider/provider.ts';
import type { RunEvent, RunResult } from '../../src/run/events.ts';
import { type RunOptions, run } from '../../src/run/run.ts';
import { FakeClock, settle } from '../helpers/fake-clock.ts';
import { request } from '../helpers/requests.ts';

const scope = { provider: 'loopback', project: 'p' };
const refused: CreateOutcome = { kind: 'refused', code: '400', error: 'no' };
const inDoubt: CreateOutcome = { kind: 'inDoubt', code: 'timeout', error: 'no answer' };
const notSent: CreateOutcome = { kind: 'notSent', code: 'ECONNREFUSED', error: 'refused' };
const keyRefused: CreateOutcome = {
  kind: 'stop',
  code: '401',
  error: 'the key was refused',
  help: 'set another',
};
const forbidden: CreateOutcome = {
  kind: 'forbidden',
  code: '403',
  error: 'forbidden',
  help: 'look at the key',
};
const throttled = (retryAfterMs: number | null): CreateOutcome => ({
  kind: 'throttled',
  code: '429',
  error: 'slow down',
  retryAfterMs,
});

/** One call of a scripted provider. */
interface ScriptedCall {
  readonly prompt: string;
  /** From 1. */
  readonly nth: number;
  readonly accept: () => CreateOutcome;
}

type Script = (call: ScriptedCall) => CreateOutcome | Promise<CreateOutcome>;

/** A provider that answers by a script, and keeps books of what it was sent. */
class ScriptedProvider implements Provider {
  readonly scope = 'loopback';
  /** Prompts in the order of arrival. */
  readonly received: string[] = [];
  mostInFlight = 0;
  #inFlight = 0;
  #ids = 0;
  readonly #script: Script;

  constructor(script: Script) {
    this.#script = script;
  }

  async create(body: { readonly [name: string]: unknown }): Promise<CreateOutcome> {
    const prompt = String(body['prompt']);
    this.received.push(prompt);
    this.#inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.#inFlight);
    await Promise.resolve();
    const outcome = await this.#script({ prompt, nth: this.received.length, accept: () => this.#accept() });
    this.#inFlight -= 1;
    return outcome;
  }

  #accept(): CreateOutcome {
    this.#ids += 1;
    return { kind: 'accepted', taskId: `video_${this.#ids}`, status: 'queued', error: null };
  }

  query(): never {
    throw new TypeError('a run asks for no task');
  }

  async close(): Promise<void> {}
}

let ledger: Ledger;
let clock: FakeClock;

beforeEach(async () => {
  clock = new FakeClock();
  ledger = await openLedger(':memory:', { clock });
});
afterEach(() => ledger.close());

const shots = (n: number): readonly Request[] => Array.from({ length: n }, (_, i) => request(`s${i + 1}`));

async function planOf(requests: readonly Request[], retryFailed = false) {
  const entries = await ledger.read(scope);
  return plan({
    project: 'p',
    manifest: 'm',
    requests,
    entries,
    prices: { videos: 7 },
    currency: 'CNY',
    retryFailed,
  });
}

async function start(
  requests: readonly Request[],
  provider: Provider,
  overrides: Partial<RunOptions> & { retryFailed?: boolean } = {},
): Promise<{ result: RunResult; events: readonly RunEvent[] }> {
  const events: RunEvent[] = [];
  const result = await run({
    plan: await planOf(requests, overrides.retryFailed),
    scope,
    ledger,
    provider,
    limits: { maxCost: null, maxRequests: null, prices: { videos: 7 } },
    concurrency: 4,
    intervalMs: null,
    retries: 4,
    by: 'tester@here',
    clock,
    random: () => 0.5,
    onEvent: (event) => events.push(event),
    ...overrides,
  });
  return { result, events };
}

/** Moves the clock from sleeper to sleeper until `running` is over. */
async function letTimePass(running: Promise<unknown>): Promise<void> {
  let over = false;
  const end = (): void => {
    over = true;
  };
  running.then(end, end);
  while (!over) {
    if (!(await clock.advanceToNext())) await settle();
  }
}

async function states(): Promise<Readonly<Record<string, string>>> {
  const entries = await ledger.read(scope);
  return Object.fromEntries(entries.map(({ key, state }) => [key, state]));
}

describe('run', () => {
  it('sends every request of the plan once, and sends nothing the second time', async () => {
    const provider = new ScriptedProvider(({ accept }) => accept());
    const { result } = await start(shots(20), provider);
    expect(result).toMatchObject({ planned: 20, accepted: 20, notSent: 0, stopped: null });
    expect(new Set(provider.received).size).toBe(20);

    const again = await start(shots(20), provider);
    expect(again.result).toMatchObject({ planned: 0, accepted: 0, stopped: null });
    expect(provider.received).toHaveLength(20);
  });

  it('promise 1: claims a request, durably, before its first byte is sent', async () => {
    const provider = new ScriptedProvider(async ({ prompt, accept }) => {
      const entry = (await ledger.read(scope)).find(({ body }) => body['prompt'] === prompt);
      expect(entry).toMatchObject({ state: 'sending', attempts: 1, billed: 1 });
      return accept();
    });
    const { result } = await start(shots(5), provider);
    expect(result.accepted).toBe(5);
  });

  it('promise 2: has a task id in the ledger before the next request takes its place', async () => {
    const provider = new ScriptedProvider(async ({ nth, accept }) => {
      const entries = await ledger.read(scope);
      expect(entries.filter(({ taskId }) => taskId !== null)).toHaveLength(nth - 1);
      return accept();
    });
    const { result } = await start(shots(6), provider, { concurrency: 1 });
    expect(result.accepted).toBe(6);
  });

  it('promise 3: never sends again what may have reached the provider', async () => {
    const provider = new ScriptedProvider(({ prompt, accept }) =>
      prompt.endsWith('s2') ? inDoubt : accept(),
    );
    const { result } = await start(shots(3), provider);
    expect(result).toMatchObject({ accepted: 2, inDoubt: 1 });
    await start(shots(3), provider, { retryFailed: true });
    expect(provider.received.filter((prompt) => prompt.endsWith('s2'))).toHaveLength(1);
    expect(await states()).toMatchObject({ s2: 'inDoubt' });
  });

  it('promise 4: lets one of two runs send a request that both planned', async () => {
    const provider = new ScriptedProvider(({ accept }) => accept());
    const both = await planOf(shots(30));
    const results = await Promise.all([
      start([], provider, { plan: both }),
      start([], provider, { plan: both }),
    ]);
    expect(provider.received).toHaveLength(30);
    expect(results.reduce((sum, { result }) => sum + result.accepted, 0)).toBe(30);
    expect(results.reduce((sum, { result }) => sum + result.lost, 0)).toBe(30);
  });

  it('promise 6: sends byte for byte the bodies that the plan showed', async () => {
    const bodies: unknown[] = [];
    const provider: Provider = {
      scope: 'loopback',
      create: async (body) => {
        bodies.push(JSON.stringify(body));
        return { kind: 'accepted', taskId: `t${bodies.length}`, status: 'queued', error: null };
      },
      query: () => Promise.reject(new TypeError('unused')),
      close: async () => {},
    };
    const planned = await planOf([
      request('a', { body: { prompt: '霓虹“雨”夜\n第二行', zeta: 1, alpha: [] } }),
    ]);
    await start([], provider, { plan: planned });
    expect(bodies).toEqual(planned.requests.map(({ body }) => JSON.stringify(body)));
  });

  it.each([
    ['its time is over by the clock that people set', { monotonic: Number.POSITIVE_INFINITY, wall: 0 }],
    ['its time is over by the clock of the machine', { monotonic: 0, wall: Number.POSITIVE_INFINITY }],
  ])('gives a claim back unused when %s', async (_, sendBefore) => {
    const provider = new ScriptedProvider(({ accept }) => accept());
    const lapsing: Pick<Ledger, 'startRun' | 'tasks'> = {
      tasks: (of) => ledger.tasks(of),
      startRun: async (how) => {
        const made = await ledger.startRun(how);
        return {
          id: made.id,
          nextSlot: () => made.nextSlot(),
          settle: (...of) => made.settle(...of),
          close: () => made.close(),
          claim: async (...of) => ({ ...(await made.claim(...of)), sendBefore }),
        };
      },
    };
    const running = start(shots(1), provider, { ledger: lapsing, retries: 0 });
    await letTimePass(running);
    expect((await running).result).toMatchObject({ notSent: 1, accepted: 0 });
    expect(provider.received).toEqual([]);
    expect((await ledger.read(scope)).map(({ state }) => state)).toEqual(['pending']);
  });

  it('promise 7: sends nothing at all when the plan would cross the budget', async () => {
    const provider = new ScriptedProvider(({ accept }) => accept());
    const limits = { maxCost: 20, maxRequests: null };
    await expect(start(shots(3), provider, { limits })).rejects.toThrow(BudgetError);
    expect(provider.received).toEqual([]);
    expect((await ledger.read(scope)).every(({ state }) => state === 'pending')).toBe(true);
  });

  it('never has more in flight than its concurrency', async () => {
    const provider = new ScriptedProvider(({ accept }) => accept());
    await start(shots(50), provider, { concurrency: 3 });
    expect(provider.mostInFlight).toBe(3);
  });

  it('tries again what provably was not sent, up to its retries, and then leaves it pending', async () => {
    const provider = new ScriptedProvider(() => notSent);
    const running = start(shots(1), provider, { retries: 2 });
    await letTimePass(running);
    const { result, events } = await running;
    expect(result).toMatchObject({ accepted: 0, notSent: 1, stopped: null });
    expect(provider.received).toHaveLength(3);
    expect(await ledger.read(scope)).toMatchObject([{ state: 'pending', attempts: 3, billed: 0, cost: 0 }]);
    expect(events.filter(({ type }) => type === 'settled')).toMatchObject([
      { again: true },
      { again: true },
      { again: false },
    ]);
  });

  it('waits as long as the provider asks, all workers together, without using up a retry', async () => {
    const times: number[] = [];
    const startedAt = clock.now();
    const provider = new ScriptedProvider(({ nth, accept }) => {
      times.push(clock.now() - startedAt);
      return nth === 1 ? throttled(30_000) : accept();
    });
    const running = start(shots(3), provider, { concurrency: 1, retries: 0 });
    await letTimePass(running);
    expect((await running).result).toMatchObject({ accepted: 3, notSent: 0 });
    expect(times[0]).toBe(0);
    expect(times.slice(1).every((time) => time >= 30_000)).toBe(true);
  });

  it('ends when the provider asks for more than ten minutes', async () => {
    const provider = new ScriptedProvider(() => throttled(601_000));
    const { result } = await start(shots(3), provider, { concurrency: 1 });
    expect(result).toMatchObject({ accepted: 0, notSent: 3, stopped: { reason: 'wait' } });
    expect(provider.received).toHaveLength(1);
  });

  it('stops at an answer after which nothing else can succeed, and leaves the rest pending', async () => {
    const provider = new ScriptedProvider(({ nth, accept }) => (nth === 3 ? keyRefused : accept()));
    const { result } = await start(shots(10), provider, { concurrency: 1 });
    expect(result).toMatchObject({
      accepted: 2,
      notSent: 8,
      stopped: { reason: 'provider', message: 'the key was refused', help: 'set another' },
    });
    expect(provider.received).toHaveLength(3);
    expect(await states()).toMatchObject({ s1: 'queued', s3: 'pending', s4: 'pending' });
  });

  it('takes 403 for the key before the first acceptance, and for the request after it', async () => {
    const first = new ScriptedProvider(() => forbidden);
    expect((await start(shots(2), first, { concurrency: 1 })).result.stopped).toMatchObject({
      reason: 'provider',
    });
    expect(first.received).toHaveLength(1);

    const later = new ScriptedProvider(({ nth, accept }) => (nth === 2 ? forbidden : accept()));
    expect((await start(shots(3), later, { concurrency: 1 })).result).toMatchObject({
      accepted: 2,
      refused: 1,
      stopped: null,
    });
  });

  it('stops after five doubts without an acceptance between them', async () => {
    const broken = new ScriptedProvider(() => inDoubt);
    const { result } = await start(shots(20), broken, { concurrency: 1 });
    expect(result).toMatchObject({ inDoubt: 5, notSent: 15, stopped: { reason: 'doubt' } });
    expect(broken.received).toHaveLength(5);
  });

  it('does not stop for doubts with acceptances between them', async () => {
    const shaky = new ScriptedProvider(({ nth, accept }) => (nth % 5 === 0 ? accept() : inDoubt));
    const { result } = await start(shots(20), shaky, { concurrency: 1 });
    expect(result).toMatchObject({ inDoubt: 16, accepted: 4, stopped: null });
  });

  it('goes on after a refusal, and sends it again only with --retry-failed', async () => {
    const provider = new ScriptedProvider(({ prompt, nth, accept }) =>
      prompt.endsWith('s1') && nth < 4 ? refused : accept(),
    );
    expect((await start(shots(3), provider)).result).toMatchObject({ accepted: 2, refused: 1 });
    expect((await start(shots(3), provider)).result.planned).toBe(0);
    expect((await start(shots(3), provider, { retryFailed: true })).result).toMatchObject({
      planned: 1,
      accepted: 1,
    });
  });

  it('counts a task that was created and failed as submitted', async () => {
    const provider = new ScriptedProvider(() => ({
      kind: 'accepted',
      taskId: 'video_1',
      status: 'failed',
      error: 'sensitive',
    }));
    const { result } = await start(shots(1), provider);
    expect(result.accepted).toBe(1);
    expect(await ledger.read(scope)).toMatchObject([
      { state: 'failed', taskId: 'video_1', error: 'sensitive', billed: 1 },
    ]);
  });

  it('stops taking requests when interrupted, and waits for the answers under way', async () => {
    const interrupt = new AbortController();
    const provider = new ScriptedProvider(({ nth, accept }) => {
      if (nth === 4) interrupt.abort();
      return accept();
    });
    const { result, events } = await start(shots(50), provider, { signal: interrupt.signal });
    expect(result.stopped).toMatchObject({ reason: 'interrupted' });
    expect(result.accepted).toBe(provider.received.length);
    expect(result.accepted).toBeLessThan(12);
    expect(result.accepted + result.notSent).toBe(50);
    expect(events.filter(({ type }) => type === 'stopping')).toHaveLength(1);
    const left = Object.values(await states()).filter((state) => state !== 'queued' && state !== 'pending');
    expect(left).toEqual([]);
  });

  it('wakes at once from a long pause when interrupted', async () => {
    const interrupt = new AbortController();
    const provider = new ScriptedProvider(() => throttled(300_000));
    const running = start(shots(2), provider, {
      concurrency: 1,
      signal: interrupt.signal,
      onEvent: (event) => {
        if (event.type === 'paused') queueMicrotask(() => interrupt.abort());
      },
    });
    expect((await running).result).toMatchObject({ notSent: 2, stopped: { reason: 'interrupted' } });
  });

  it('spaces requests evenly at its rate, retries included', async () => {
    const times: number[] = [];
    const startedAt = clock.now();
    const provider = new ScriptedProvider(({ nth, accept }) => {
      times.push(clock.now() - startedAt);
      return nth === 2 ? throttled(0) : accept();
    });
    const running = start(shots(4), provider, { intervalMs: 2000 });
    await letTimePass(running);
    await running;
    expect(times).toHaveLength(5);
    const gaps = times.slice(1).map((time, i) => time - (times[i] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(2000);
  });

  it('wastes no slot of the rate on what another run of the same plan has sent', async () => {
    const times: number[] = [];
    const startedAt = clock.now();
    const provider = new ScriptedProvider(({ accept }) => {
      times.push(clock.now() - startedAt);
      return accept();
    });
    const both = await planOf(shots(20));
    const overrides = { plan: both, intervalMs: 1000, concurrency: 2 };
    const running = Promise.all([start([], provider, overrides), start([], provider, overrides)]);
    await letTimePass(running);
    await running;
    expect(times).toHaveLength(20);
    // The fake clock may move on while a claim is on its way to the disk, so single gaps say little.
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeLessThanOrEqual(20_000);
  });

  it('sends nothing more once an answer could not be recorded, and shows its task id', async () => {
    const provider = new ScriptedProvider(({ accept }) => accept());
    const failing: Ledger = {
      ...bound(ledger),
      async startRun(spec) {
        const real = await ledger.startRun(spec);
        return {
          id: real.id,
          nextSlot: () => real.nextSlot(),
          claim: (identity, seen) => real.claim(identity, seen),
          settle: async () => {
            throw new UnrecordedError('disk full', { taskId: 'video_1', spoolFile: '/spool/1.json' });
          },
          close: () => real.close(),
        };
      },
    };
    const events: RunEvent[] = [];
    const running = start(shots(5), provider, {
      ledger: failing,
      concurrency: 1,
      onEvent: (event) => events.push(event),
    });
    await expect(running).rejects.toThrow('disk full');
    expect(provider.received).toHaveLength(1);
    expect(events).toContainEqual({
      type: 'unrecorded',
      key: 's1',
      taskId: 'video_1',
      spoolFile: '/spool/1.json',
    });
  });
});

function bound(of: Ledger): Ledger {
  return {
    read: (of_) => of.read(of_),
    entries: (of_, paging) => of.entries(of_, paging),
    totals: (of_) => of.totals(of_),
    changesSince: (of_, seq) => of.changesSince(of_, seq),
    knows: (claims) => of.knows(claims),
    history: (of_, key) => of.history(of_, key),
    startRun: (spec) => of.startRun(spec),
    resolve: (of_, identity, resolution, by) => of.resolve(of_, identity, resolution, by),
    decideClips: (of_, decisions, by) => of.decideClips(of_, decisions, by),
    resolveAll: (of_, identities, resolution, by) => of.resolveAll(of_, identities, resolution, by),
    attempts: (provider_) => of.attempts(provider_),
    updateTask: (of_, identity, update) => of.updateTask(of_, identity, update),
    tasks: (of_) => of.tasks(of_),
    tasksSince: (of_, since) => of.tasksSince(of_, since),
    isSending: (of_) => of.isSending(of_),
    startCollector: (of_) => of.startCollector(of_),
    exportHistory: (project) => of.exportHistory(project),
    exportSince: (project, seq) => of.exportSince(project, seq),
    paidElsewhere: (of_, fingerprints) => of.paidElsewhere(of_, fingerprints),
    attemptsOfPlan: (of_, digest) => of.attemptsOfPlan(of_, digest),
    holdsJournal: (digest) => of.holdsJournal(digest),
    verify: (fingerprintOf) => of.verify(fingerprintOf),
    takeIn: (events, digest) => of.takeIn(events, digest),
    adopt: (provider_, renaming, by) => of.adopt(provider_, renaming, by),
    close: () => of.close(),
  };
}
