import {
  copyFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.ts';
import type { Report } from '../../src/report/model.ts';
import { type CliResult, shotlist, temporaryFolder } from '../helpers/cli.ts';
import { emulator } from '../helpers/emulator.ts';

const board = `version: 1
project: choosing
title: Neon Alley, teaser
defaults: { model: videos, duration: 5 }
budget: { currency: CNY, prices: { videos: 7 }, maxCost: 100 }
scenes:
  - id: sc010
    title: Rooftop
    shots:
      - { id: sh0010, title: Skyline, prompt: Rain, takes: 3, tags: [hero, night], notes: look up }
shots:
  - { id: b, prompt: Snow }
`;

const quick = { taskMs: { minMs: 0, maxMs: 1 } } as const;

/** Sends everything, and saves every clip. */
async function generate(cwd: string, env: Record<string, string>): Promise<void> {
  const words = ['run', 'board.yaml', '--yes', '--wait', '--interval', '0.02', '--concurrency', '1'];
  await shotlist(words, { cwd, env });
}

function projectIn(cwd: string, env: Record<string, string>) {
  const call = (...words: readonly string[]): Promise<CliResult> =>
    shotlist([words[0] ?? '', 'board.yaml', ...words.slice(1)], { cwd, env });
  const report = async (): Promise<Report> =>
    JSON.parse((await call('report', '--format', 'json')).stdout) as Report;
  const row = async (key: string) => {
    const found = (await report()).rows.find((each) => each.key === key);
    if (found === undefined) throw new Error(`there is no row ${key}`);
    return found;
  };
  return { cwd, call, report, row };
}

describe('decisions on clips', () => {
  let provider: Emulator;
  let template: string;
  let env: Record<string, string>;
  let made: ReturnType<typeof projectIn>;
  beforeAll(async () => {
    provider = await startEmulator({ key: 'secret-key-of-the-test', seed: 1, ...quick });
    env = { SHOTLIST_BASE_URL: provider.baseUrl, SHOTLIST_API_KEY: provider.key };
    template = mkdtempSync(path.join(tmpdir(), 'shotlist-deciding-'));
    writeFileSync(path.join(template, 'board.yaml'), board);
    await generate(template, env);
  }, 90_000);
  afterAll(async () => {
    await provider.close();
    rmSync(template, { recursive: true });
  });
  beforeEach(() => {
    const cwd = temporaryFolder();
    cpSync(template, cwd, { recursive: true });
    made = projectIn(cwd, env);
  });

  it('move a pick within a shot, stand in report and history, and can be taken back', async () => {
    const { call, report, row } = made;
    const first = await call('pick', 'sc010/sh0010@2', '--note', 'the  smile');
    expect(first).toMatchObject({ code: 0, stdout: '' });
    expect(first.stderr).toMatch(/^sc010\/sh0010@2 is picked \(task \S+\), noted: the smile\n$/);
    expect(await row('sc010/sh0010@2')).toMatchObject({
      ...{ decision: 'picked', reason: null, note: 'the smile', decidedBy: 'tester@here' },
      ...{ title: 'Skyline', tags: 'hero, night', notes: 'look up' },
      decidedAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect((await call('pick', 'sc010/sh0010')).stderr).toContain('in place of sc010/sh0010@2');
    expect((await report()).rows.map(({ decision }) => decision)).toEqual(['picked', null, null, null]);
    expect((await call('pick', 'sc010/sh0010')).stderr).toContain('is picked already');
    await call('pick', 'sc010/sh0010', '--clear');
    expect((await report()).summary.picked).toBe(0);
    const { stdout } = await call('history', 'sc010/sh0010@2', '--format', 'json');
    expect(JSON.parse(stdout).events.at(-1)).toMatchObject({
      ...{
        type: 'picked',
        by: 'tester@here',
        note: 'the smile',
        taskId: (await row('sc010/sh0010@2')).taskId,
      },
    });
    expect((await call('history', 'sc010/sh0010')).stdout).toMatch(/taken back\s+no longer picked; task/);
  });

  it('count what was rejected by reason, and what a picked clip and second came to', async () => {
    const { call, report } = made;
    await call('reject', 'sc010/sh0010@2', 'sc010/sh0010@3', '--reason', 'hands', '--note', 'six fingers');
    await call('pick', 'sc010/sh0010');
    await call('note', 'b', 'too', 'dark');
    const { rows, summary, choosing, title, scenes } = await report();
    expect(rows.map(({ decision, reason, note }) => [decision, reason, note])).toEqual([
      ['picked', null, null],
      ['rejected', 'hands', 'six fingers'],
      ['rejected', 'hands', 'six fingers'],
      [null, null, 'too dark'],
    ]);
    expect(summary).toMatchObject({
      ...{ cost: 28, picked: 1, rejected: 2, costOfPicked: 7, secondsPicked: 5, costPerPickedSecond: 5.6 },
      ...{ reasons: { hands: 2 }, budget: { maxCost: 100, spent: 28, inDoubt: 0, left: 72 } },
    });
    expect(choosing).toMatchObject({ hitRate: 0.25, costPerPickedClip: 28, costOfFailed: 0 });
    expect(choosing?.by.find(({ by, name }) => by === 'scene' && name === 'sc010')).toMatchObject({
      ...{ clips: 3, picked: 1, rejected: 2, cost: 21, costPerPickedClip: 21 },
    });
    expect([title, scenes]).toEqual(['Neon Alley, teaser', [{ id: 'sc010', title: 'Rooftop' }]]);
    const [header, first] = parse((await call('report', '--format', 'csv')).stdout, { bom: true });
    expect(first?.[header?.indexOf('tags') ?? 0]).toBe('hero, night');
    const { stdout } = await call('status');
    expect(stdout).toContain('1 clip picked (hit rate 25%), 2 rejected: hands 2.');
    expect(stdout).toContain('a picked clip cost 28 CNY, a picked second 5.6 CNY');
    expect(stdout).toContain('Spent: 28 of 100 CNY.');
  });

  it('change nothing of what is sent or paid', async () => {
    const { call, cwd } = made;
    const before = (await call('plan', '--format', 'json')).stdout;
    await call('reject', 'b', '--reason', 'style');
    expect((await call('plan', '--format', 'json')).stdout).toBe(before);
    expect((await call('run', '--yes')).stderr).toContain('Nothing to send');
    expect((await shotlist(['ledger', 'verify', 'board.yaml'], { cwd, env })).code).toBe(0);
  });

  it('reach an earlier clip of a request that was sent again', async () => {
    const { call, row } = made;
    const first = await row('b');
    await call('run', '--resend', 'b', '--yes', '--wait', '--interval', '0.02');
    expect((await row('b')).taskId).not.toBe(first.taskId);
    expect((await call('pick', 'b', '--attempt', '3')).stderr).toMatch(
      /no task came of attempt 3 of b[\s\S]*it has 1 \(/,
    );
    await call('pick', 'b', '--attempt', '1');
    expect(await row('b')).toMatchObject({ decision: 'picked', taskId: first.taskId, file: first.file });
    await call('pick', 'b');
    expect(await row('b')).toMatchObject({ decision: 'picked', file: expect.stringContaining('_v002') });
  });

  it('come from a file that somebody else exported, all of them or none', async () => {
    const { cwd, call, report } = made;
    const { rows } = await report();
    const task = (n: number) => ({ key: rows[n]?.key, taskId: rows[n]?.taskId });
    const write = (decisions: readonly object[], more: object = {}): void =>
      writeFileSync(
        path.join(cwd, 'from.json'),
        JSON.stringify({ version: 1, project: 'choosing', decisions, ...more }),
      );
    write([
      { ...task(1), type: 'picked', note: null },
      { key: 'b', taskId: 'video_of_nobody', type: 'picked' },
    ]);
    expect(await call('pick', '--from', 'from.json')).toMatchObject({
      ...{ code: 2, stderr: expect.stringContaining('the ledger knows no task video_of_nobody (b)') },
    });
    expect((await report()).summary.picked).toBe(0);
    write([
      { ...task(1), type: 'picked' },
      { ...task(0), type: 'rejected', reason: 'face' },
    ]);
    expect((await call('pick', '--from', 'from.json')).stderr).toContain('2 decisions recorded.');
    expect((await report()).rows.map(({ decision }) => decision).slice(0, 2)).toEqual(['rejected', 'picked']);
    write([], { project: 'another' });
    expect((await call('pick', '--from', 'from.json')).code).toBe(2);
  });

  it('put the picked clips under names of a template, for a delivery', async () => {
    const { cwd, call } = made;
    const collect = (...words: readonly string[]) => call('collect', '--link', 'delivery', ...words);
    const named = (name: string): string => path.join(cwd, 'delivery', name);
    expect((await collect()).stderr).toContain(
      'Nothing is picked yet, so there is nothing to deliver. Choose clips with: shotlist pick board.yaml KEY',
    );
    await call('pick', 'sc010/sh0010@2', 'b');
    const first = await collect('--name', '{scene}/{shot}');
    expect(first).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('2 clips delivered to delivery/\n'),
    });
    expect(readdirSync(path.join(cwd, 'delivery'), { recursive: true }).sort()).toEqual([
      ...['b.mp4', 'sc010', 'sc010/sh0010.mp4'],
    ]);
    expect(statSync(named('b.mp4')).ino).toBe(
      statSync(path.join(cwd, 'renders', 'rehearsal', 'b_v001.mp4')).ino,
    );
    expect((await collect('--name', '{scene}/{shot}')).stderr).toContain('(2 there before)');

    rmSync(named('b.mp4'));
    writeFileSync(named('b.mp4'), 'by hand');
    const kept = await collect('--name', '{scene}/{shot}', '--only', 'b');
    expect(kept).toMatchObject({
      ...{ code: 1, stderr: expect.stringContaining('! delivery/b.mp4 is another file, and stays') },
    });
    expect(readFileSync(named('b.mp4'), 'utf8')).toBe('by hand');
    expect((await collect('--name', '../{shot}')).code).toBe(2);
    expect((await call('collect', '--link', '')).code).toBe(2);
  });

  it('never put a picked clip in the place of another clip, where that was saved', async () => {
    const { cwd, call } = made;
    const id = 'sc010_sh0010_t02_v001';
    writeFileSync(path.join(cwd, 'board.yaml'), `${board}  - { id: ${id}, prompt: Fog, duration: 9 }\n`);
    await call('run', '--yes', '--wait', '--interval', '0.02');
    await call('pick', id);
    const home = path.join(cwd, 'renders', 'rehearsal', `${id}.mp4`);
    const before = readFileSync(home);
    const told = await call('collect', '--link', 'renders/rehearsal', '--name', '{shot}');
    expect(told).toMatchObject({ code: 1, stderr: expect.stringContaining('is another file, and stays') });
    expect(readFileSync(home)).toEqual(before);
  });

  it('are lists of a scene, a state or a key in status', async () => {
    const { call } = made;
    await call('pick', 'b');
    const { stdout } = await call('status', '--scene', 'sc010', '--state', 'completed', '--format', 'json');
    const view = JSON.parse(stdout);
    expect(view.requests.map(({ key }: { key: string }) => key)).toEqual([
      ...['sc010/sh0010', 'sc010/sh0010@2', 'sc010/sh0010@3'],
    ]);
    expect(view.summary).toMatchObject({ total: 3, cost: 21, picked: 0 });
    expect((await call('status', '--only', 'b')).stdout).toMatch(/b\s+completed\s+picked\s+7 CNY/);
    expect((await call('status', '--tag', 'nobody')).code).toBe(2);
  });

  it.each([
    [['pick', 'nope'], 'the command names nope'],
    [['pick'], 'which clips?'],
    [['pick', 'sc010/sh0010', 'sc010/sh0010@2'], 'takes of one shot'],
    [['reject', 'b'], 'a rejection needs a reason'],
    [['reject', 'b', '--reason', ' '], 'the reason is empty'],
    [['note', 'b'], 'which note?'],
    [['pick', 'b', '--clear', '--note', 'x'], 'exclude each other'],
    [['pick', 'b', '--note', 'a\u001B[2Jb'], 'U+001B'],
  ])('refuse %j', async (words, said) => {
    const { code, stderr } = await made.call(...words);
    expect([code, stderr]).toEqual([2, expect.stringContaining(said)]);
  });
});

it('money in tasks that failed is told, and a failed one cannot be picked', async () => {
  const cwd = temporaryFolder();
  writeFileSync(path.join(cwd, 'board.yaml'), board);
  const { env } = await emulator({ fail: 'failed#1', ...quick });
  await generate(cwd, env);
  const { call, report } = projectIn(cwd, env);
  expect((await report()).choosing).toMatchObject({ costOfFailed: 7, hitRate: 0 });
  expect((await call('status')).stdout).toContain('7 CNY of it went into tasks that failed.');
  const refused = await call('pick', 'sc010/sh0010');
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('it is failed') });
  await call('run', '--retry-failed', '--yes', '--wait', '--interval', '0.02');
  const after = await report();
  expect(after.choosing).toMatchObject({ costOfFailed: 7 });
  expect(after.rows[0]).toMatchObject({ status: 'completed', cost: 14 });
});

it('two clones that picked differently keep both, the later one holds, and it is said', async () => {
  const { env } = await emulator(quick);
  const clone = (): { cwd: string; call: (...words: readonly string[]) => Promise<CliResult> } => {
    const cwd = temporaryFolder();
    writeFileSync(path.join(cwd, 'board.yaml'), board);
    return {
      cwd,
      call: (name = '', ...words) =>
        shotlist([name, 'board.yaml', ...words, '--journal', 'board.ledger.jsonl'], { cwd, env }),
    };
  };
  const [here, there] = [clone(), clone()];
  const journalIn = ({ cwd }: { readonly cwd: string }): string => path.join(cwd, 'board.ledger.jsonl');
  await here.call('run', '--yes', '--wait', '--interval', '0.02');
  copyFileSync(journalIn(here), journalIn(there));
  await here.call('pick', 'sc010/sh0010');
  await there.call('pick', 'sc010/sh0010@2');
  // What git's union driver does with the two journals.
  const lines = [here, there].flatMap((each) => readFileSync(journalIn(each), 'utf8').split('\n'));
  for (const each of [here, there]) writeFileSync(journalIn(each), `${[...new Set(lines)].join('\n')}\n`);
  for (const each of [here, there]) {
    const { stdout, stderr } = await each.call('status');
    expect(stderr).toMatch(
      /tester@here picked sc010\/sh0010 .*, and tester@here picked sc010\/sh0010@2 .*later pick holds/,
    );
    expect(stdout).toMatch(/Picked differently\n.*sc010\/sh0010@2 holds, the later one/);
    const { rows } = JSON.parse((await each.call('report', '--format', 'json')).stdout) as Report;
    expect(rows.map(({ decision }) => decision)).toEqual([null, 'picked', null, null]);
  }
  await there.call('pick', 'sc010/sh0010@2');
  expect((await there.call('status')).stdout).not.toContain('Picked differently');
});
