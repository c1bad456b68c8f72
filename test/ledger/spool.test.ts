import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { describe, expect, it } from 'vitest';
import { type Ledger, UnrecordedError } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import type { SpooledAnswer, SpoolReport } from '../../src/ledger/spool/spool.ts';
import { accepted, doubt, entryOf, pending, request, reserve, scope, spec, TestClock } from './samples.ts';
import { open, tempFolder } from './temp.ts';

const shot = request(1);

/** Sends a request whose answer comes while the ledger cannot be written. */
async function loseAnswer(file: string, outcome = accepted('video_1')): Promise<UnrecordedError> {
  const ledger = await openLedger(file, { clock: new TestClock(), busyTimeoutMs: 0 });
  const run = await ledger.startRun(spec(reserve([shot])));
  const { attempt } = await run.claim(shot, pending);
  const holder = new DatabaseSync(file);
  holder.exec('BEGIN IMMEDIATE');
  const error = await run.settle(shot, attempt, outcome).catch((thrown: unknown) => thrown);
  holder.close();
  await ledger.close();
  expect(error).toBeInstanceOf(UnrecordedError);
  return error as UnrecordedError;
}

async function reopened(file: string): Promise<{ ledger: Ledger; reports: SpoolReport[] }> {
  const reports: SpoolReport[] = [];
  const ledger = await open(file, { onSpooled: (report) => reports.push(report) });
  return { ledger, reports };
}

/** Loses an answer, and changes what was spooled of it. */
async function respool(
  file: string,
  change: (answer: SpooledAnswer) => unknown = (same) => same,
): Promise<string> {
  const { spoolFile } = await loseAnswer(file);
  if (spoolFile === null) throw new Error('nothing was spooled');
  const answer = JSON.parse(readFileSync(spoolFile, 'utf8')) as SpooledAnswer;
  writeFileSync(spoolFile, JSON.stringify(change(answer)));
  return spoolFile;
}

describe('an answer that cannot be recorded', () => {
  it('promise 2: names its task, and is kept in a file that says everything', async () => {
    const file = join(await tempFolder(), 'ledger.db');
    const error = await loseAnswer(file);
    expect(error).toMatchObject({ taskId: 'video_1', message: expect.stringContaining('video_1') });
    expect(dirname(error.spoolFile ?? '')).toBe(join(dirname(file), 'spool'));
    expect(error.help).toContain(error.spoolFile);
    expect(statSync(error.spoolFile ?? '').mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(error.spoolFile ?? '', 'utf8'))).toMatchObject({
      ...{
        version: 1,
        scope,
        request: shot,
        attempt: 1,
        price: 7,
        currency: 'CNY',
        outcome: accepted('video_1'),
      },
    });
  });

  it('waits for its own ledger where there are several in one folder', async () => {
    const folder = await tempFolder();
    const [own, other] = [join(folder, 'act-1.db'), join(folder, 'act-2.db')];
    const { spoolFile } = await loseAnswer(own);
    const beside = await reopened(other);
    expect(beside.reports).toEqual([]);
    expect(await beside.ledger.read(scope)).toEqual([]);
    expect(existsSync(spoolFile ?? '')).toBe(true);
    const { ledger, reports } = await reopened(own);
    expect(reports).toMatchObject([{ result: 'recorded', taskId: 'video_1' }]);
    expect(await entryOf(ledger, shot)).toMatchObject({ state: 'queued', taskId: 'video_1' });
  });

  it('does not wait for a ledger that was renamed', async () => {
    const folder = await tempFolder();
    const [old, renamed] = [join(folder, 'old.db'), join(folder, 'renamed.db')];
    await loseAnswer(old);
    renameSync(old, renamed);
    const { ledger } = await reopened(renamed);
    expect(await entryOf(ledger, shot)).toMatchObject({ state: 'queued', taskId: 'video_1' });
  });

  it('is said to be nowhere where no file can be written either', async () => {
    const file = join(await tempFolder(), 'ledger.db');
    writeFileSync(join(dirname(file), 'spool'), 'in the way');
    const error = await loseAnswer(file);
    expect(error).toMatchObject({ taskId: 'video_1', spoolFile: null });
    expect(error.help).toContain('resolve <manifest> sc010/sh1 --task-id video_1');
  });

  it('promise 2: is taken in by the next one to open the ledger, and its file goes', async () => {
    const file = join(await tempFolder(), 'ledger.db');
    const { spoolFile } = await loseAnswer(file);
    const { ledger, reports } = await reopened(file);
    expect(await entryOf(ledger, shot)).toMatchObject({
      state: 'queued',
      taskId: 'video_1',
      attempts: 1,
      billed: 1,
    });
    expect(reports).toEqual([{ file: spoolFile, result: 'recorded', key: shot.key, taskId: 'video_1' }]);
    expect(readdirSync(join(dirname(file), 'spool'))).toEqual([]);
    await expect(
      ledger.startRun(spec(reserve([request(2)]))).then(async (run) => {
        await run.settle(request(2), (await run.claim(request(2), pending)).attempt, doubt);
        return ledger.resolve(scope, request(2), { kind: 'taskId', taskId: 'video_1' }, 'mika@studio');
      }),
    ).rejects.toThrow(/belongs to sc010\/sh1/);
  });

  it('keeps doubt from growing: what never arrived is spooled as well', async () => {
    const file = join(await tempFolder(), 'ledger.db');
    await loseAnswer(file, { kind: 'notSent', code: 'ECONNREFUSED', error: 'nobody listens' });
    const { ledger } = await reopened(file);
    expect(await entryOf(ledger, shot)).toMatchObject({ state: 'pending', attempts: 1, billed: 0 });
  });

  it('is taken in once, however often it is there', async () => {
    const file = join(await tempFolder(), 'ledger.db');
    const { spoolFile } = await loseAnswer(file);
    const text = readFileSync(spoolFile ?? '', 'utf8');
    await (await reopened(file)).ledger.close();
    writeFileSync(spoolFile ?? '', text);
    const { ledger, reports } = await reopened(file);
    expect(reports).toMatchObject([{ result: 'known' }]);
    expect(existsSync(spoolFile ?? '')).toBe(false);
    expect(await ledger.history(scope, shot.key)).toHaveLength(2);
  });

  it('finds its place in a ledger that never heard of the request', async () => {
    const file = join(await tempFolder(), 'ledger.db');
    await respool(file, (answer) => ({ ...answer, attempt: 2 }));
    for (const name of ['ledger.db', 'ledger.db-wal', 'ledger.db-shm'])
      rmSync(join(dirname(file), name), { force: true });
    const { ledger } = await reopened(file);
    expect(await entryOf(ledger, shot)).toMatchObject({
      ...shot,
      state: 'queued',
      taskId: 'video_1',
      cost: 7,
    });
    const run = await ledger.startRun(spec(reserve([shot], { entries: await ledger.read(scope) })));
    expect((await run.claim(shot, { state: 'queued', attempts: 2 })).attempt).toBe(3);
  });

  it('outweighs what a person had guessed meanwhile', async () => {
    const file = join(await tempFolder(), 'ledger.db');
    const { spoolFile } = await loseAnswer(file);
    renameSync(spoolFile ?? '', join(dirname(file), 'kept'));
    const { ledger } = await reopened(file);
    await ledger.resolve(scope, shot, { kind: 'notSubmitted' }, 'mika@studio');
    renameSync(join(dirname(file), 'kept'), spoolFile ?? '');
    expect(await entryOf((await reopened(file)).ledger, shot)).toMatchObject({
      state: 'queued',
      billed: 1,
      cost: 7,
    });
  });

  it.each([
    ['malformed', () => ({ version: 1, outcome: 'video_1' })],
    ['of another version', (answer: SpooledAnswer) => ({ ...answer, version: 2 })],
    ['without an id', (answer: SpooledAnswer) => ({ ...answer, outcome: { ...answer.outcome, taskId: '' } })],
    ["about another run's attempt", (answer: SpooledAnswer) => ({ ...answer, runId: 'other' })],
  ])('is left alone and reported where it is %s', async (_, change) => {
    const file = join(await tempFolder(), 'ledger.db');
    const spoolFile = await respool(file, change);
    mkdirSync(join(dirname(file), 'spool', 'folder.json'));
    const { ledger, reports } = await reopened(file);
    expect(reports.map((report) => report.result)).toEqual(['left', 'left']);
    expect(reports.map((report) => report.file)).toContain(spoolFile);
    expect(existsSync(spoolFile)).toBe(true);
    expect(await entryOf(ledger, shot)).toMatchObject({ state: 'inDoubt', attempts: 1 });
  });

  it('is left alone where the ledger knows another answer', async () => {
    const file = join(await tempFolder(), 'ledger.db');
    const { spoolFile } = await loseAnswer(file);
    const text = readFileSync(spoolFile ?? '', 'utf8');
    await (await reopened(file)).ledger.close();
    writeFileSync(spoolFile ?? '', text.replaceAll('video_1', 'video_2'));
    const { ledger, reports } = await reopened(file);
    expect(reports).toMatchObject([{ result: 'left', taskId: 'video_2' }]);
    expect(await entryOf(ledger, shot)).toMatchObject({ taskId: 'video_1' });
  });

  it('is told of in memory too, where there is no disk', async () => {
    const ledger = await open(':memory:');
    const run = await ledger.startRun(spec(reserve([shot])));
    await run.claim(shot, pending);
    await ledger.close();
    await expect(run.settle(shot, 1, accepted('video_1'))).rejects.toMatchObject({
      taskId: 'video_1',
      spoolFile: null,
    });
  });
});
