import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { RunProgress } from '../../src/cli/render/progress.ts';
import type { Report } from '../../src/report/model.ts';
import { type CliOptions, shotlist, temporaryFolder } from '../helpers/cli.ts';
import { emulator } from '../helpers/emulator.ts';
import { FakeClock } from '../helpers/fake-clock.ts';

const storyboard = (shots: number): string => `version: 1
project: manners
defaults: { model: videos, duration: 5 }
budget: { currency: CNY, prices: { videos: 7 } }
shots:
${Array.from({ length: shots }, (_, n) => `  - { id: sh${n + 1}, prompt: Shot ${n + 1} }\n`).join('')}`;

async function project(shots: number, options: Parameters<typeof emulator>[0] = {}) {
  const cwd = temporaryFolder();
  writeFileSync(path.join(cwd, 'board.yaml'), storyboard(shots));
  const provider = await emulator(options);
  const call = (args: readonly string[], more: Partial<CliOptions> = {}) =>
    shotlist(args, { cwd, env: provider.env, ...more });
  return { cwd, call, books: provider.books };
}

describe('a run', () => {
  it.each([
    [['run', 'board.yaml', '--yes', '--report', 'board.json'], 'board.json'],
    [['run', 'board.yaml', '--yes', '--report', 'models.json'], 'models.json'],
    [['run', 'plan.json', '--report', 'out.csv', '--report', 'plan.json'], 'plan.json'],
  ])('writes no report over what it reads: %j', async (args, file) => {
    const { cwd, call, books } = await project(1);
    writeFileSync(path.join(cwd, 'models.json'), '{ "version": 1, "models": {} }');
    const board = { version: 1, project: 'p', models: 'models.json', shots: [] };
    writeFileSync(path.join(cwd, 'board.json'), JSON.stringify(board));
    const isOfManifest = file !== 'models.json';
    if (!isOfManifest) writeFileSync(path.join(cwd, 'board.yaml'), `models: models.json\n${storyboard(1)}`);
    await call(['plan', 'board.yaml', '--out', 'plan.json']);
    const before = readFileSync(path.join(cwd, file), 'utf8');
    const named = file === 'board.json' ? args.map((word) => (word === 'board.yaml' ? file : word)) : args;
    const { code, stderr } = await call(named);
    expect(code).toBe(2);
    expect(stderr).toContain(`error ${file} is what this command reads: it is not replaced`);
    expect(readFileSync(path.join(cwd, file), 'utf8')).toBe(before);
    expect(books()).toHaveLength(0);
  });

  it('has its ledger exported over no storyboard, and over its journal', async () => {
    const { cwd, call } = await project(1);
    await call(['run', 'board.yaml', '--yes']);
    const over = (file: string) => call(['ledger', 'export', 'board.yaml', '-o', file]);
    expect((await over('board.yaml')).code).toBe(2);
    expect(readFileSync(path.join(cwd, 'board.yaml'), 'utf8')).toBe(storyboard(1));
    expect((await over('board.ledger.jsonl')).code).toBe(0);
  });

  it('makes no folder for clips before somebody has said yes, and refuses one that cannot be made', async () => {
    const { cwd, call, books } = await project(1);
    expect((await call(['run', 'board.yaml', '--download', 'clips/new'], { answers: ['n'] })).code).toBe(3);
    expect(existsSync(path.join(cwd, 'clips'))).toBe(false);
    const inTheWay = await call(['run', 'board.yaml', '--yes', '--download', 'board.yaml/clips']);
    expect(inTheWay.code).toBe(2);
    expect(inTheWay.stderr).toContain('a file is in the way');
    expect(books()).toHaveLength(0);
  });

  it('counts at its end what another run has sent meanwhile, and names each only with --verbose', async () => {
    for (const [flags, names] of [
      [[], false],
      [['--quiet'], false],
      [['--verbose'], true],
    ] as const) {
      const { call, books } = await project(3);
      const other = async (): Promise<string> => {
        await call(['run', 'board.yaml', '--yes']);
        return 'y';
      };
      const { stderr } = await call(['run', 'board.yaml', ...flags], { answers: [other] });
      expect(stderr).toContain('0 of 3 requests submitted, 3 left to another run');
      expect(/sh2: left to another run/.test(stderr)).toBe(names);
      expect(books()).toHaveLength(3);
    }
  });

  it('says after five doubts in a row what to do about them', async () => {
    const { call } = await project(8, { fail: '5xx:100%' });
    const { code, stderr } = await call(['run', 'board.yaml', '--yes', '--concurrency', '1']);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^stopped 5 requests in a row .*\n {2}help .*settle what is in doubt, as below, and run again$/m,
    );
  });

  it('writes thousands alike wherever it counts', async () => {
    const { call } = await project(1_100);
    const { stdout } = await call(['plan', 'board.yaml']);
    expect(stdout).toContain('1,100 new');
    expect(stdout).toContain('1,100 × 7 CNY');
    expect(stdout).toMatch(/^1,100 requests to submit for 7,700 CNY; .* 1,100 in all\.$/m);
    const refused = await call(['run', 'board.yaml', '--yes', '--max-cost', '5000.5']);
    expect(refused.stderr).toContain('this plan costs 7,700 CNY, and --max-cost allows 5,000.5 CNY');
  });
});

describe('the progress of a run', () => {
  it('says what it waits for while nothing is on its way', () => {
    const clock = new FakeClock();
    const progress = new RunProgress(clock);
    progress.observe({ type: 'started', runId: 'r', requests: 1_013, concurrency: 4 });
    progress.observe({ type: 'sending', key: 'sh1', attempt: 1 });
    expect(progress.line()).toBe('0 of 1,013 submitted · 1 waiting for an answer');
    expect(progress.isHeldUp).toBe(false);
    const outcome = { kind: 'notSent', code: 'ECONNREFUSED', error: 'nothing listens there' } as const;
    progress.observe({ type: 'settled', key: 'sh1', attempt: 1, outcome, again: true });
    expect(progress.line()).toBe('0 of 1,013 submitted · 1 to be tried again: nothing listens there');
    expect(progress.isHeldUp).toBe(true);
    progress.observe({ type: 'sending', key: 'sh1', attempt: 2 });
    expect(progress.line()).toBe('0 of 1,013 submitted · 1 waiting for an answer');
  });
});

describe('times', () => {
  it('are shown to people by their clock, with its zone, and to scripts in UTC', async () => {
    const { call } = await project(1, { fail: 'lost+billed#1' });
    await call(['run', 'board.yaml', '--yes'], { clock: new FakeClock(Date.UTC(2026, 0, 1, 20, 30, 5)) });
    const shanghai = { timeZone: 'Asia/Shanghai' };
    const doubt = await call(['resolve', 'board.yaml'], shanghai);
    expect(doubt.stdout).toContain('sent     2026-01-02 04:30:05 GMT+8 (2026-01-01 20:30:05 UTC), attempt 1');
    const history = await call(['history', 'board.yaml', 'sh1'], shanghai);
    expect(history.stdout).toMatch(/^ +2026-01-02 04:30:05 GMT\+8 +attempt 1/m);
    const json = await call(['history', 'board.yaml', 'sh1', '--format', 'json'], shanghai);
    expect(json.stdout).toContain('"2026-01-01T20:30:05.000Z"');
  });
});

describe('collect', () => {
  const reportOf = (cwd: string): Report =>
    JSON.parse(readFileSync(path.join(cwd, 'board.report.json'), 'utf8')) as Report;
  const fast = { taskMs: { minMs: 0, maxMs: 0 } };
  const collecting = ['collect', 'board.yaml', '--once', '--no-download'];

  it('brings the reports of the run up to date, and begins none that nobody wanted', async () => {
    const clock = new FakeClock();
    const { cwd, call } = await project(2, { clock, taskMs: { minMs: 1000, maxMs: 1000 } });
    await call(['run', 'board.yaml', '--yes', '--no-report', '--limit', '1']);
    await call(collecting);
    expect(existsSync(path.join(cwd, 'board.report.json'))).toBe(false);
    await call(['run', 'board.yaml', '--yes']);
    expect(reportOf(cwd).summary).toMatchObject({ completed: 0, queued: 2 });
    await clock.advance(1000);
    const { stderr } = await call(collecting);
    expect(stderr).toContain('report: board.report.csv, board.report.json\n');
    expect(reportOf(cwd).summary).toMatchObject({ completed: 2, queued: 0 });
    expect(readFileSync(path.join(cwd, 'board.report.csv'), 'utf8')).not.toContain('queued');
  });

  it('leaves a report that knows more than the ledger', async () => {
    const { cwd, call } = await project(2, fast);
    await call(['run', 'board.yaml', '--yes']);
    const before = readFileSync(path.join(cwd, 'board.report.json'), 'utf8');
    rmSync(path.join(cwd, '.shotlist'), { recursive: true });
    await call(['run', 'board.yaml', '--yes', '--no-report', '--limit', '1']);
    expect((await call(collecting)).stderr).not.toContain('report:');
    expect(readFileSync(path.join(cwd, 'board.report.json'), 'utf8')).toBe(before);
  });
});
