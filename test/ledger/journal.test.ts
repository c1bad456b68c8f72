import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { journalText, readJournal } from '../../src/ledger/journal/journal.ts';
import type { Ledger, LedgerRequest } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { fc } from '../helpers/fast-check.ts';
import {
  accepted,
  doubt,
  entryOf,
  notSent,
  pending,
  refused,
  request,
  requests,
  reserve,
  scope,
  spec,
  TestClock,
} from './samples.ts';

const by = 'mika@studio';

/** A ledger in memory with runs of its own names: `a-1`, `a-2`. */
async function open(name: string, clock = new TestClock()): Promise<Ledger & { readonly clock: TestClock }> {
  let runs = 0;
  const ledger = await openLedger(':memory:', { clock, newRunId: () => `${name}-${++runs}` });
  onTestFinished(() => ledger.close());
  return Object.assign(ledger, { clock });
}

/** Sends one request, with the answer given. */
async function send(
  ledger: Ledger,
  sent: LedgerRequest,
  outcome: Parameters<typeof settleWith>[2],
): Promise<void> {
  const entries = await ledger.read(scope);
  const run = await ledger.startRun(spec(reserve([sent], { entries })));
  await settleWith(run, sent, outcome, entries);
  await run.close();
}

async function settleWith(
  run: Awaited<ReturnType<Ledger['startRun']>>,
  sent: LedgerRequest,
  outcome: ReturnType<typeof accepted> | null,
  entries: Awaited<ReturnType<Ledger['read']>>,
): Promise<void> {
  const seen = reserve([sent], { entries })[0]?.seen ?? pending;
  const { attempt } = await run.claim(sent, seen);
  if (outcome !== null) await run.settle(sent, attempt, outcome);
}

async function carry(from: Ledger, to: Ledger): Promise<Awaited<ReturnType<Ledger['takeIn']>>> {
  const text = journalText(await from.exportHistory(null));
  const { events, digest } = readJournal(text, 'x.ledger.jsonl');
  return to.takeIn(events, digest);
}

const textOf = async (ledger: Ledger): Promise<string> => journalText(await ledger.exportHistory(null));

describe("the journal's format", () => {
  it('stays as it is: every journal that was ever committed must be readable', async () => {
    const ledger = await open('run');
    const media: LedgerRequest = {
      ...request(1),
      key: 'sc010/sh1:tall@2',
      variant: 'tall',
      take: 2,
      mode: 'references',
      body: {
        model: 'videos',
        prompt: '雨夜',
        duration: 5,
        referenceImages: ['https://cdn.example/a.png?sig=1'],
      },
    };
    await send(ledger, media, accepted('video_1'));
    ledger.clock.time += 1000;
    await ledger.updateTask(scope, media, {
      ...{ taskId: 'video_1', status: 'failed', error: 'see https://help.example/e?key=1 for why' },
      ...{ videoUrl: null, actualDuration: null },
    });
    ledger.clock.time += 1000;
    await send(ledger, request(2), doubt);
    ledger.clock.time += 1000;
    await ledger.resolve(scope, request(2), { kind: 'taskId', taskId: 'video_2' }, by);
    await ledger.adopt(
      scope.provider,
      {
        from: { project: 'neon-alley', key: 'sc010/sh2' },
        to: { project: 'neon-alley', key: 'sc020/sh2' },
      },
      by,
    );
    expect(await textOf(ledger)).toMatchInlineSnapshot(`
      "{"v":1,"id":"fe53341b78fe2a7bee79f43f7cf05f6a","at":"2026-01-01T00:00:00.000Z","provider":"api.example.com","project":"neon-alley","key":"sc010/sh1:tall@2","fingerprint":"sha256:1-0","type":"claimed","attempt":1,"run":"run-1","by":"mika@studio","plan":null,"price":7,"currency":"CNY","request":{"take":2,"model":"videos","mode":"references","body":{"model":"videos","prompt":"雨夜","duration":5,"referenceImages":{"sha256":"720b6cece3d0b81e170fe9e99767e559a54c52d7710498524e8b453b09d3c5be"}}}}
      {"v":1,"id":"495abe8b6076834beebb2c5a693c5532","at":"2026-01-01T00:00:00.000Z","provider":"api.example.com","project":"neon-alley","key":"sc010/sh1:tall@2","fingerprint":"sha256:1-0","type":"settled","attempt":1,"run":"run-1","outcome":{"kind":"accepted","taskId":"video_1","status":"queued","error":null}}
      {"v":1,"id":"833d0531bb980125dc6d6caf15ceb3a5","at":"2026-01-01T00:00:01.000Z","provider":"api.example.com","project":"neon-alley","key":"sc010/sh1:tall@2","fingerprint":"sha256:1-0","type":"task","taskId":"video_1","status":"failed","error":"see [URL] for why","actualDuration":null}
      {"v":1,"id":"444c322b5a01715bfbbe41575c8f4fe5","at":"2026-01-01T00:00:02.000Z","provider":"api.example.com","project":"neon-alley","key":"sc010/sh2","fingerprint":"sha256:2-0","type":"claimed","attempt":1,"run":"run-2","by":"mika@studio","plan":null,"price":7,"currency":"CNY","request":{"take":1,"model":"videos","mode":"text","body":{"model":"videos","prompt":"shot 2, edit 0: 雨夜的霓虹","duration":5}}}
      {"v":1,"id":"081b023eb93138add8972889c2143e3c","at":"2026-01-01T00:00:02.000Z","provider":"api.example.com","project":"neon-alley","key":"sc010/sh2","fingerprint":"sha256:2-0","type":"settled","attempt":1,"run":"run-2","outcome":{"kind":"inDoubt","code":"ECONNRESET","error":"the connection was lost"}}
      {"v":1,"id":"410a50dc1af696d7b624d9332af9ddde","at":"2026-01-01T00:00:03.000Z","provider":"api.example.com","project":"neon-alley","key":"sc010/sh2","fingerprint":"sha256:2-0","type":"resolved","attempt":1,"run":"run-2","by":"mika@studio","resolution":{"kind":"taskId","taskId":"video_2"}}
      {"v":2,"id":"42998bcc096be10d6d02c817d698fd54","at":"2026-01-01T00:00:03.000Z","provider":"api.example.com","project":"neon-alley","key":"sc010/sh2","fingerprint":"sha256:2-0","type":"adopted","by":"mika@studio","to":{"project":"neon-alley","key":"sc020/sh2"},"causes":["444c322b5a01715bfbbe41575c8f4fe5"]}
      "
    `);
  });

  it('reads back to the same events, in any order, with any line ends, and with lines twice', async () => {
    const ledger = await open('run');
    for (const each of requests(5)) await send(ledger, each, accepted(`video_${each.key}`));
    const text = await textOf(ledger);
    const lines = text.trimEnd().split('\n');
    const shuffled = [...lines, ...lines].reverse().join('\r\n');
    const read = readJournal(`\uFEFF${shuffled}`, 'x');
    expect(journalText(read.events)).toBe(text);
  });

  it('takes no time that grows with the square of ten thousand requests', async () => {
    const ledger = await open('run');
    const many = requests(10_000);
    const run = await ledger.startRun(spec(reserve(many)));
    await Promise.all(
      many.map(async (each) =>
        run.settle(each, (await run.claim(each, pending)).attempt, accepted(`video_${each.key}`)),
      ),
    );
    await run.close();
    const clone = await open('clone');
    const started = performance.now();
    const text = journalText(await ledger.exportHistory('neon-alley'));
    const written = performance.now();
    const { events, digest } = readJournal(text, 'x');
    const taken = await clone.takeIn(events, digest);
    const ended = performance.now();
    expect(taken.added).toBe(20_000);
    expect(await clone.holdsJournal(digest)).toBe(true);
    // Far above what a machine with much else to do needs, far below what quadratic work takes.
    expect(written - started).toBeLessThan(30_000);
    expect(ended - written).toBeLessThan(30_000);
  });
});

describe('taking in', () => {
  it('is idempotent, and two ledgers that took in each other are the same', async () => {
    const [a, b] = [await open('a'), await open('b')];
    await send(a, request(1), accepted('video_1'));
    await send(b, request(2), accepted('video_2'));
    expect(await carry(a, b)).toEqual({ added: 2, known: 0, conflicts: [] });
    expect(await carry(a, b)).toEqual({ added: 0, known: 2, conflicts: [] });
    expect(await carry(b, a)).toEqual({ added: 2, known: 2, conflicts: [] });
    expect(await textOf(a)).toBe(await textOf(b));
    expect(await entryOf(a, request(2))).toMatchObject({ state: 'queued', taskId: 'video_2', cost: 7 });
  });

  it('keeps both where two ledgers paid for the same, and says so', async () => {
    const [a, b] = [await open('a'), await open('b')];
    await send(a, request(1), accepted('video_a'));
    await send(b, request(1), accepted('video_b'));
    const conflict = { key: 'sc010/sh1', message: expect.stringContaining('paid twice: video_a, video_b') };
    expect(await carry(a, b)).toMatchObject({ added: 2, conflicts: [conflict] });
    expect(await carry(b, a)).toMatchObject({ added: 2, conflicts: [conflict] });
    for (const ledger of [a, b]) {
      expect(await entryOf(ledger, request(1))).toMatchObject({
        billed: 2,
        cost: 14,
        attempts: 2,
        taskId: 'video_b',
      });
      expect(await ledger.verify(() => request(1).fingerprint)).toEqual([]);
    }
    expect(await textOf(a)).toBe(await textOf(b));
  });

  it('never lets what came to nothing elsewhere hide what was paid here', async () => {
    const [a, b] = [await open('a'), await open('b')];
    await send(a, request(1), accepted('video_a'));
    b.clock.time += 60_000;
    await send(b, request(1), notSent);
    await send(b, request(1), notSent);
    await carry(b, a);
    await carry(a, b);
    for (const ledger of [a, b]) {
      expect(await entryOf(ledger, request(1))).toMatchObject({
        state: 'queued',
        taskId: 'video_a',
        billed: 1,
      });
    }
  });

  it('blocks on a doubt that is open anywhere', async () => {
    const [a, b] = [await open('a'), await open('b')];
    await send(a, request(1), doubt);
    b.clock.time += 60_000;
    await send(b, request(1), refused);
    await carry(a, b);
    expect(await entryOf(b, request(1))).toMatchObject({ state: 'inDoubt', billed: 1 });
  });

  it('reads a claim whose answer another ledger has as in doubt until that answer comes', async () => {
    const [a, b] = [await open('a'), await open('b')];
    const run = await a.startRun(spec(reserve([request(1)])));
    const { attempt } = await run.claim(request(1), pending);
    await carry(a, b);
    expect((await entryOf(b, request(1))).state).toBe('inDoubt');
    await b.resolve(scope, request(1), { kind: 'notSubmitted' }, by);
    await run.settle(request(1), attempt, accepted('video_1'));
    await run.close();
    await carry(a, b);
    await carry(b, a);
    for (const ledger of [a, b]) {
      expect(await entryOf(ledger, request(1))).toMatchObject({
        state: 'queued',
        taskId: 'video_1',
        billed: 1,
      });
      expect(await ledger.verify(() => request(1).fingerprint)).toEqual([]);
    }
  });

  it('takes in an answer that a clock which was set back put before its claim', async () => {
    const [a, b] = [await open('a'), await open('b')];
    const run = await a.startRun(spec(reserve([request(1)])));
    const { attempt } = await run.claim(request(1), pending);
    a.clock.time -= 3_600_000;
    await run.settle(request(1), attempt, accepted('video_1'));
    await run.close();
    expect(await carry(a, b)).toMatchObject({ added: 2, conflicts: [] });
  });

  it('tells of a task that two requests claim to have', async () => {
    const [a, b] = [await open('a'), await open('b')];
    await send(a, request(1), accepted('video_1'));
    await send(b, request(2), accepted('video_1'));
    expect((await carry(a, b)).conflicts).toEqual([
      { key: 'sc010/sh1', message: 'its task video_1 is that of sc010/sh2 as well' },
    ]);
  });

  it('undoes everything where something is missing', async () => {
    const [a, b] = [await open('a'), await open('b')];
    await send(a, request(1), accepted('video_1'));
    const events = await a.exportHistory(null);
    const holed = events.filter(({ type }) => type !== 'claimed');
    await expect(b.takeIn(holed, 'digest')).rejects.toThrow(/the history has a hole: sc010\/sh1/);
    expect(await b.read(scope)).toEqual([]);
    expect(await b.holdsJournal('digest')).toBe(false);
  });

  it('comes to the same history, however three ledgers exchange theirs', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step(...sending, 'adopt'), { maxLength: 30 }), async (steps) => {
        await exchange(steps, async (ledgers) => {
          expect(new Set(await Promise.all(ledgers.map(textOf))).size).toBe(1);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('comes to the same states, however three ledgers exchange theirs', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step(...sending), { maxLength: 30 }), async (steps) => {
        await exchange(steps, async (ledgers) => {
          expect(new Set(await Promise.all(ledgers.map(stateText))).size).toBe(1);
        });
      }),
      { numRuns: 60 },
    );
  });
});

const sending = ['accept', 'refuse', 'notSent', 'doubt', 'die', 'carry', 'found', 'not', 'abandon'] as const;

interface Step {
  readonly ledger: number;
  readonly shot: number;
  readonly what: string;
  readonly to: number;
}

function step(...what: readonly string[]): fc.Arbitrary<Step> {
  const three = fc.nat({ max: 2 });
  return fc.record({ ledger: three, shot: three, what: fc.constantFrom(...what), to: three });
}

/** Three ledgers live through the steps and then hear of everything; `check` sees them. */
async function exchange(
  steps: readonly Step[],
  check: (ledgers: readonly Ledger[]) => Promise<void>,
): Promise<void> {
  const ledgers: Ledger[] = [];
  let time = Date.UTC(2026, 0, 1);
  let ids = 0;
  const clock = {
    now: () => {
      time += 1000;
      return time;
    },
    monotonic: () => time,
    sleep: async () => {},
  };
  for (const name of ['a', 'b', 'c']) {
    ledgers.push(await openLedger(':memory:', { clock, newRunId: () => `${name}-${++ids}` }));
  }
  try {
    for (const { ledger, shot, what, to } of steps)
      await act(ledgers, ledger, shot, what, to, () => `video_${++ids}`);
    // Twice around, so that everybody has heard of everything.
    for (const from of [0, 1, 2, 0, 1, 2]) await carry(at(ledgers, from), at(ledgers, (from + 1) % 3));
    await check(ledgers);
  } finally {
    for (const ledger of ledgers) await ledger.close();
  }
}

function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new Error(`nothing at ${index}`);
  return item;
}

/** What a plan would see, in an order of its own. */
async function stateText(ledger: Ledger): Promise<string> {
  const entries = await ledger.read(scope);
  return entries
    .filter(({ attempts }) => attempts > 0)
    .map(({ key, fingerprint, state, billed, cost, taskId }) =>
      JSON.stringify([key, fingerprint, state, billed, cost, taskId]),
    )
    .sort()
    .join('\n');
}

async function act(
  ledgers: readonly Ledger[],
  n: number,
  shot: number,
  what: string,
  to: number,
  newId: () => string,
): Promise<void> {
  const ledger = at(ledgers, n);
  const key = { project: scope.project, key: `sc010/sh${shot}` };
  const outcomes = { accept: accepted(newId()), refuse: refused, notSent, doubt, die: null } as const;
  const decisions = {
    found: { kind: 'taskId', taskId: newId() },
    not: { kind: 'notSubmitted' },
    abandon: { kind: 'abandoned' },
  } as const;
  // What does not fit the state is refused, which the contract suite covers.
  const ignore = (): void => {};
  if (what === 'carry') await carry(ledger, at(ledgers, to));
  else if (what === 'adopt') {
    const renaming = { from: key, to: { ...key, key: `sc010/sh${to + 3}` } };
    await ledger.adopt(scope.provider, renaming, by).catch(ignore);
  } else if (what in decisions) {
    await ledger.resolve(scope, request(shot), decisions[what as keyof typeof decisions], by).catch(ignore);
  } else await send(ledger, request(shot), outcomes[what as keyof typeof outcomes]).catch(ignore);
}

describe('git', () => {
  it('merges two journals line by line into a valid one', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'shotlist-git-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = path.join(folder, 'board.ledger.jsonl');
    const git = (...args: readonly string[]): string =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
        cwd: folder,
        encoding: 'utf8',
      });
    const commit = async (ledger: Ledger, message: string): Promise<void> => {
      writeFileSync(file, await textOf(ledger));
      git('add', '.');
      git('commit', '-q', '-m', message);
    };
    git('init', '-q', '-b', 'main');
    writeFileSync(path.join(folder, '.gitattributes'), '*.ledger.jsonl merge=union\n');

    const [a, b] = [await open('a'), await open('b')];
    await send(a, request(1), accepted('video_1'));
    await commit(a, 'the first shot');
    await carry(a, b);
    git('checkout', '-q', '-b', 'theirs');
    await send(b, request(2), accepted('video_2'));
    await commit(b, 'theirs');
    git('checkout', '-q', 'main');
    a.clock.time += 5000;
    await send(a, request(3), accepted('video_3'));
    await commit(a, 'ours');
    git('merge', '-q', '-m', 'both', 'theirs');

    const merged = readJournal(readFileSync(file, 'utf8'), file);
    const clone = await open('clone');
    expect(await clone.takeIn(merged.events, merged.digest)).toMatchObject({ added: 6, conflicts: [] });
    await carry(b, a);
    expect(await textOf(clone)).toBe(await textOf(a));
  });
});

describe('verify', () => {
  it('finds nothing wrong with any history that a ledger can have', async () => {
    const ledger = await open('a');
    const shot = request(1);
    await send(ledger, shot, notSent);
    await send(ledger, shot, doubt);
    await ledger.resolve(scope, shot, { kind: 'abandoned' }, by);
    await ledger.resolve(scope, shot, { kind: 'reopened' }, by);
    await ledger.resolve(scope, shot, { kind: 'taskId', taskId: 'video_1' }, by);
    expect(await ledger.verify(() => shot.fingerprint)).toEqual([]);
  });

  it('says whose body is not what was fingerprinted', async () => {
    const ledger = await open('a');
    await send(ledger, request(1), accepted('video_1'));
    expect(await ledger.verify(() => 'sha256:other')).toEqual([
      { subject: 'sc010/sh1', message: 'its body is not what its fingerprint was made of' },
    ]);
  });

  it.each<[string, string, (event: Record<string, unknown>) => Record<string, unknown>]>([
    [
      'an answer without a claim',
      'attempt 7 of run a was answered and never claimed',
      () => ({ type: 'settled', run: 'a', attempt: 7, outcome: refused }),
    ],
    [
      'a claim of no run',
      'claimed by run nobody, which was never registered',
      () => ({ type: 'claimed', attempt: 2, run: 'nobody', price: 7, currency: 'CNY', causes: [] }),
    ],
    [
      'a decision about nothing',
      'a person settled attempt 9 of run a, which had not been claimed',
      () => ({ type: 'resolved', run: 'a', attempt: 9, resolution: { kind: 'abandoned' }, by }),
    ],
    [
      'news of a foreign task',
      'learnt of task video_9, which is not its own',
      () => ({
        type: 'task',
        update: { taskId: 'video_9', status: 'completed', error: null, videoUrl: null, actualDuration: null },
      }),
    ],
  ])('finds %s', async (_, message, fact) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'shotlist-verify-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = path.join(folder, 'ledger.db');
    const ledger = await openLedger(file, { clock: new TestClock() });
    onTestFinished(() => ledger.close());
    await send(ledger, request(1), accepted('video_1'));
    const { DatabaseSync } = await import('@photostructure/sqlite');
    const db = new DatabaseSync(file);
    const forged = fact({});
    db.prepare(
      "INSERT INTO events (request, origin, at, type, here, project, key, run, attempt, fact) VALUES (1, 1, ?, ?, 1, 'neon-alley', 'sc010/sh1', ?, ?, ?)",
    ).run(
      '2026-01-01T00:00:00.000Z',
      String(forged['type']),
      (forged['run'] as string | undefined) ?? null,
      (forged['attempt'] as number | undefined) ?? null,
      JSON.stringify(forged),
    );
    db.close();
    const found = await ledger.verify(() => request(1).fingerprint);
    expect(found.map((violation) => violation.message).join('\n')).toContain(message);
  });
});
