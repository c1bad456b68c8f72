import { execFileSync } from 'node:child_process';
import { linkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { disagreements } from '../../src/ledger/decide/disagreement.ts';
import { journalText, readJournal } from '../../src/ledger/journal/journal.ts';
import type { JournalEvent } from '../../src/ledger/journal/journal-event.ts';
import {
  type AttemptOutcome,
  ClaimLostError,
  type Ledger,
  type LedgerRequest,
} from '../../src/ledger/ledger.ts';
import { ledgerOn } from '../../src/ledger/ledger-on.ts';
import { MemoryMedium } from '../../src/ledger/memory/memory-backend.ts';
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
  reserve,
  scope,
  spec,
  TestClock,
} from './samples.ts';
import { tempFolder } from './temp.ts';

const by = 'mika@studio';
const { provider, project } = scope;
const shot = request(1);
const heron: LedgerRequest = { ...shot, key: 'sc010/heron', shot: 'heron' };
const crane: LedgerRequest = { ...shot, key: 'sc010/crane', shot: 'crane' };
const toCrane = { from: { project, key: heron.key }, to: { project, key: crane.key } };

/** A machine of its own, with its own clock. */
interface Machine {
  readonly ledger: Ledger;
  readonly clock: TestClock;
}

let machines = 0;

async function machine(name: string, skewMs = 0): Promise<Machine> {
  const clock = new TestClock();
  clock.correction = skewMs;
  let runs = 0;
  const made = ++machines;
  const medium = new MemoryMedium({ newRunId: () => `${name}-${made}-${++runs}` });
  const ledger = await ledgerOn(medium.open(), { clock });
  return { ledger, clock };
}

async function send(
  { ledger, clock }: Machine,
  sent: LedgerRequest,
  outcome: AttemptOutcome | null,
): Promise<void> {
  clock.time += 1000;
  const [planned] = reserve([sent], { entries: await ledger.read(scope) });
  if (planned === undefined) throw new Error('nothing is planned');
  const run = await ledger.startRun(spec([planned]));
  const { attempt } = await run.claim(sent, planned.seen);
  if (outcome !== null) await run.settle(sent, attempt, outcome);
  await run.close();
}

async function adoptCrane({ ledger, clock }: Machine, who = by): Promise<void> {
  clock.time += 1000;
  await ledger.adopt(provider, toCrane, who);
}

/** A union of journals, line by line, as git makes it. */
async function unionOf(...parts: readonly Machine[]): Promise<readonly JournalEvent[]> {
  const folder = await tempFolder();
  const files = await Promise.all(
    parts.map(async ({ ledger }, index) => {
      const file = path.join(folder, `${index}.jsonl`);
      writeFileSync(file, journalText(await ledger.exportHistory(null)));
      return file;
    }),
  );
  writeFileSync(path.join(folder, 'base'), '');
  const [first = '', ...others] = files;
  for (const other of others) {
    execFileSync('git', ['merge-file', '--union', first, path.join(folder, 'base'), other]);
  }
  return readJournal(execFileSync('cat', [first], { encoding: 'utf8' }), 'merged').events;
}

async function exchange(...parts: readonly Machine[]): Promise<void> {
  const events = await unionOf(...parts);
  for (const { ledger } of parts) await ledger.takeIn(events, null);
}

const told = async ({ ledger }: Machine) =>
  (await ledger.read(scope))
    .filter(({ attempts }) => attempts > 0)
    .map(({ key, state, taskId, attempts, cost }) => ({ key, state, taskId, attempts, cost }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));

const isWhole = ({ ledger }: Machine) => ledger.verify(() => shot.fingerprint);

describe('histories that move between machines', () => {
  it('have no hole where two people adopted the same rename', async () => {
    const [a, b] = [await machine('a'), await machine('b', 5000)];
    await send(a, heron, accepted('video_1'));
    await exchange(a, b);
    await adoptCrane(a, 'mika@studio');
    await adoptCrane(b, 'ren@desk');
    await exchange(a, b);
    const clone = await machine('clone');
    await clone.ledger.takeIn(await unionOf(a, b), null);
    for (const each of [a, b, clone]) {
      expect(await told(each)).toMatchObject([{ key: crane.key, taskId: 'video_1', attempts: 1 }]);
      expect(await isWhole(each)).toEqual([]);
    }
  });

  it('pay nothing twice when a rename is taken in while a run holds a reservation', async () => {
    const [a, b] = [await machine('a'), await machine('b')];
    const run = await a.ledger.startRun(spec(reserve([heron])));
    onTestFinished(() => run.close());
    await send(b, heron, accepted('video_1'));
    await adoptCrane(b);
    await a.ledger.takeIn(await unionOf(b), null);
    await expect(run.claim(heron, pending)).rejects.toThrow(ClaimLostError);
    expect(await told(a)).toMatchObject([{ key: crane.key, taskId: 'video_1' }]);
    expect(await isWhole(a)).toEqual([]);
  });

  it('do not let a plan that did not know of a rename send what it renamed', async () => {
    const a = await machine('a');
    await send(a, heron, accepted('video_1'));
    await adoptCrane(a);
    const [planned] = reserve([heron]);
    if (planned === undefined) throw new Error('nothing is planned');
    const stale = { ...planned, seen: { ...planned.seen, renames: 0 } };
    const run = await a.ledger.startRun(spec([stale]));
    await expect(run.claim(heron, pending)).rejects.toThrow(/another one now/);
    await run.close();
    const knowing = { ...planned, seen: { ...planned.seen, renames: 1 } };
    const again = await a.ledger.startRun(spec([knowing]));
    expect((await again.claim(heron, knowing.seen)).attempt).toBe(1);
    await again.close();
  });

  it.each([
    ['refused', refused],
    ['not sent', notSent],
  ])('agree about a rename onto a name whose attempt was %s, in any order', async (_, nothing) => {
    const [a, b] = [await machine('a'), await machine('b')];
    await send(a, crane, nothing);
    await send(a, heron, accepted('video_1'));
    await adoptCrane(a);
    const events = await unionOf(a);
    await b.ledger.takeIn(events.slice(0, 2), null);
    await b.ledger.takeIn(events, null);
    expect(await told(b)).toEqual(await told(a));
    expect(await told(a)).toMatchObject([{ key: crane.key, state: 'queued', taskId: 'video_1' }]);
  });

  it('show what one ledger got accepted, whatever another was refused later', async () => {
    const [a, b] = [await machine('a'), await machine('b', 60_000)];
    await send(a, shot, accepted('video_1'));
    await send(b, shot, refused);
    await exchange(a, b);
    for (const each of [a, b]) {
      expect(await told(each)).toMatchObject([{ state: 'queued', taskId: 'video_1', attempts: 2 }]);
    }
  });

  it('show a finished clip and its file although it was refused when it was sent once more', async () => {
    const { ledger, clock } = await machine('a');
    await send({ ledger, clock }, shot, accepted('video_1', 'completed'));
    const collector = await ledger.startCollector(scope);
    const file = { path: 'renders/sh1.mp4', bytes: 1, sha256: 'ab', seconds: 5 };
    await collector.fileSaved({ ...shot, taskId: 'video_1' }, file);
    await collector.close();
    await send({ ledger, clock }, shot, refused);
    expect(await entryOf(ledger, shot)).toMatchObject({
      ...{ state: 'completed', taskId: 'video_1', file: { path: 'renders/sh1.mp4' }, billed: 1 },
    });
  });

  it.each([-20 * 60_000, 20 * 60_000])(
    'put attempts in the order in which they were made, with a clock %i ms off',
    async (skew) => {
      const [a, b] = [await machine('a'), await machine('b', skew)];
      await send(a, shot, accepted('video_1', 'failed'));
      await exchange(a, b);
      await send(b, shot, accepted('video_2'));
      await exchange(a, b);
      for (const each of [a, b]) {
        expect(await told(each)).toMatchObject([{ state: 'queued', taskId: 'video_2', attempts: 2 }]);
      }
    },
  );

  it('free nothing that a ledger holds in doubt on the word of another one', async () => {
    const [a, b] = [await machine('a'), await machine('b')];
    await send(a, shot, doubt);
    await exchange(a, b);
    await b.ledger.resolve(scope, shot, { kind: 'notSubmitted' }, 'mallory@elsewhere');
    const { conflicts } = await a.ledger.takeIn(await unionOf(b), null);
    expect(conflicts).toMatchObject([
      { key: shot.key, message: expect.stringContaining('stays in doubt until somebody settles it here') },
    ]);
    const entry = await entryOf(a.ledger, shot);
    expect(entry).toMatchObject({ state: 'inDoubt', billed: 1 });
    expect(entry.error).toContain('mallory@elsewhere said elsewhere that it never reached the provider');
    await a.ledger.resolve(scope, shot, { kind: 'notSubmitted' }, by);
    expect(await entryOf(a.ledger, shot)).toMatchObject({ state: 'pending', billed: 0 });
  });

  it('carry the last word of people, whether it comes alone or with all before it', async () => {
    const [a, b, c] = [await machine('a'), await machine('b'), await machine('c')];
    await send(a, shot, doubt);
    await a.ledger.resolve(scope, shot, { kind: 'taskId', taskId: 'video_1' }, by);
    await exchange(a, b);
    expect(await told(b)).toMatchObject([{ taskId: 'video_1' }]);
    await a.ledger.resolve(scope, shot, { kind: 'taskId', taskId: 'video_2' }, by);
    await exchange(a, b, c);
    for (const each of [a, b, c]) {
      expect(await told(each)).toMatchObject([{ state: 'queued', taskId: 'video_2', cost: 7 }]);
      expect(await isWhole(each)).toEqual([]);
    }
  });

  it('let two who corrected one word apart from each other come to the same', async () => {
    const [a, b, c] = [await machine('a'), await machine('b'), await machine('c')];
    await send(c, shot, doubt);
    await c.ledger.resolve(scope, shot, { kind: 'abandoned' }, by);
    await exchange(a, b, c);
    await a.ledger.resolve(scope, shot, { kind: 'notSubmitted' }, by);
    await b.ledger.resolve(scope, shot, { kind: 'taskId', taskId: 'video_9' }, by);
    await exchange(a, b, c);
    for (const each of [a, b, c]) {
      expect(await told(each)).toMatchObject([{ state: 'queued', taskId: 'video_9' }]);
      expect(await isWhole(each)).toEqual([]);
    }
  });

  it('free nothing that a person settled here by correcting that elsewhere', async () => {
    const [a, b] = [await machine('a'), await machine('b')];
    await send(a, shot, doubt);
    await a.ledger.resolve(scope, shot, { kind: 'taskId', taskId: 'video_1' }, by);
    await exchange(a, b);
    await b.ledger.resolve(scope, shot, { kind: 'notSubmitted' }, 'mallory@elsewhere');
    const { conflicts } = await a.ledger.takeIn(await unionOf(b), null);
    expect(conflicts).toMatchObject([{ message: expect.stringContaining('stays task video_1 until') }]);
    expect(await told(a)).toMatchObject([{ state: 'queued', taskId: 'video_1', cost: 7 }]);
    expect(await isWhole(a)).toEqual([]);
    await a.ledger.resolve(scope, shot, { kind: 'notSubmitted' }, by);
    await exchange(a, b);
    for (const each of [a, b]) expect(await told(each)).toMatchObject([{ state: 'pending', cost: 0 }]);
  });

  it('free no open claim of a dead run by an answer that another ledger makes up', async () => {
    const a = await machine('a');
    await send(a, shot, null);
    const [claimed] = await a.ledger.exportHistory(null);
    if (claimed?.type !== 'claimed') throw new Error('nothing was claimed');
    const { journalEvent } = await import('../../src/ledger/journal/journal-event.ts');
    const forged = journalEvent(claimed, {
      ...{ type: 'settled', attempt: claimed.attempt, run: claimed.run, outcome: notSent },
    });
    await a.ledger.takeIn([forged], null);
    expect(await entryOf(a.ledger, shot)).toMatchObject({ state: 'inDoubt', billed: 1 });
  });

  it('come to the same states on every ledger, however often and in whatever order they are told', async () => {
    const [a, b] = [await machine('a'), await machine('b', 900_000)];
    await send(a, heron, accepted('video_1', 'failed'));
    await send(b, crane, refused);
    await exchange(a, b);
    await send(b, heron, accepted('video_2'));
    await adoptCrane(a);
    await send(a, crane, accepted('video_3')).catch(() => {});
    await exchange(a, b);
    const events = await unionOf(a, b);
    const expected = await told(a);
    expect(await told(b)).toEqual(expected);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...events], { minLength: events.length }),
        fc.array(fc.nat({ max: events.length }), { maxLength: 3 }),
        async (order, cuts) => {
          const { ledger, clock } = await machine('clone');
          // What comes in pieces may lack a claim for a while: it is told again with the rest.
          for (const cut of cuts) await ledger.takeIn(order.slice(0, cut), null).catch(() => {});
          await ledger.takeIn([...order, ...order], null);
          expect(await told({ ledger, clock })).toEqual(expected);
          expect(await isWhole({ ledger, clock })).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });
});

it('says in what way two ledgers disagree', async () => {
  const [a, b] = [await machine('a'), await machine('b')];
  await send(a, shot, accepted('video_1'));
  await send(b, request(2), refused);
  const [ours, theirs] = [await a.ledger.exportHistory(null), await b.ledger.exportHistory(null)];
  expect(disagreements('b.jsonl', ours, theirs)).toEqual([
    {
      subject: 'sc010/sh2',
      message: 'b.jsonl knows 2 events (claimed, settled: refused), of which this ledger knows nothing',
    },
    {
      subject: 'sc010/sh1',
      message: 'this ledger knows 2 events (claimed, settled: task video_1), of which b.jsonl knows nothing',
    },
  ]);
  expect(disagreements('b.jsonl', ours, [...ours].reverse())).toEqual([]);
});

it('refuses a ledger that is one file under two names', async () => {
  const folder = await tempFolder();
  const file = path.join(folder, 'ledger.db');
  await (await openLedger(file, { clock: new TestClock() })).close();
  linkSync(file, path.join(folder, 'copy.db'));
  await expect(openLedger(file, { clock: new TestClock() })).rejects.toThrow(/one file under 2 names/);
});
