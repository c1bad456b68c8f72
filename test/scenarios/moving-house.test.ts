import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { journalText } from '../../src/ledger/journal/journal.ts';
import type { LedgerRequest } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { fingerprint } from '../../src/manifest/fingerprint.ts';
import type { Plan } from '../../src/plan/model.ts';
import type { Report } from '../../src/report/model.ts';
import { type CliResult, shotlist, temporaryFolder } from '../helpers/cli.ts';
import { emulator } from '../helpers/emulator.ts';

const shots = ['sh1', 'sh2', 'sh3'];
const storyboard = (ids: readonly string[] = shots, head = 'project: scenario'): string => `version: 1
${head}
defaults: { model: videos, duration: 5 }
budget: { currency: CNY, prices: { videos: 7 } }
scenes:
  - id: sc010
    shots:
${ids.map((id) => `      - { id: ${id}, prompt: "Shot ${id.replace(/^.*-was-/, '')}, 霓虹雨夜", takes: 2 }`).join('\n')}
`;

/** A folder with a storyboard, and a program that keeps its journal beside it although it rehearses. */
function house(text = storyboard()): {
  cwd: string;
  write(text: string): void;
  call(
    args: readonly string[],
    env?: Record<string, string>,
    answers?: readonly string[],
  ): Promise<CliResult>;
} {
  const cwd = temporaryFolder();
  const write = (content: string): void => writeFileSync(path.join(cwd, 'board.yaml'), content);
  write(text);
  return {
    cwd,
    write,
    call: ([command = '', ...rest], env = {}, answers) =>
      shotlist([command, ...rest, '--journal', 'board.ledger.jsonl'], {
        cwd,
        env,
        ...(answers === undefined ? {} : { answers }),
      }),
  };
}

const journalIn = (cwd: string): string => path.join(cwd, 'board.ledger.jsonl');
const planIn = async (at: ReturnType<typeof house>, env: Record<string, string>): Promise<Plan> =>
  JSON.parse((await at.call(['plan', 'board.yaml', '--format', 'json'], env)).stdout) as Plan;
const reportIn = (cwd: string): Report =>
  JSON.parse(readFileSync(path.join(cwd, 'board.report.json'), 'utf8')) as Report;

/** What a run of somebody else's ledger would have left of one request to the real provider. */
async function historyOf(runId: string, key: string): Promise<string> {
  const scope = { provider: 'https://zcbservice.aizfw.cn', project: 'scenario' };
  const ledger = await openLedger(':memory:', { clock: systemClock, newRunId: () => runId });
  const body = { model: 'videos', prompt: key, duration: 5 };
  const sent: LedgerRequest = {
    ...{ key, fingerprint: fingerprint(body, 1), scene: 'sc010', shot: key.slice(6), variant: null, take: 1 },
    ...{ model: 'videos', mode: 'text', body },
  };
  const seen = { state: 'pending', attempts: 0 } as const;
  const run = await ledger.startRun({
    ...{ scope, requests: [{ request: sent, seen, price: 7 }], currency: 'CNY', intervalMs: null },
    ...{ limits: { maxCost: null, maxRequests: null }, by: 'somebody@elsewhere' },
  });
  const outcome = { kind: 'accepted', taskId: `video_${runId}`, status: 'queued', error: null } as const;
  await run.settle(sent, (await run.claim(sent, seen)).attempt, outcome);
  await run.close();
  const text = journalText(await ledger.exportHistory('scenario'));
  await ledger.close();
  return text;
}

describe('the journal', () => {
  it('promise 12: a fresh clone with its journal does not pay again', async () => {
    const { env, books } = await emulator();
    const first = house();
    expect((await first.call(['run', 'board.yaml', '--yes'], env)).code).toBe(0);
    expect(books()).toHaveLength(6);

    const clone = house();
    copyFileSync(journalIn(first.cwd), journalIn(clone.cwd));
    const second = await clone.call(['run', 'board.yaml', '--yes'], env);
    expect(second).toMatchObject({ code: 0 });
    expect(second.stderr).toContain('12 events of board.ledger.jsonl taken into the ledger');
    expect(second.stderr).toContain('Nothing to send');
    expect(books()).toHaveLength(6);
    expect(reportIn(clone.cwd).rows.map(({ taskId }) => taskId)).toEqual(
      reportIn(first.cwd).rows.map(({ taskId }) => taskId),
    );
    // The same events are the same text, wherever it is written.
    expect(readFileSync(journalIn(clone.cwd), 'utf8')).toBe(readFileSync(journalIn(first.cwd), 'utf8'));
  });

  it('promise 12: a checkout whose ledger was cleaned away does not pay again', async () => {
    const { env, books } = await emulator();
    const at = house();
    await at.call(['run', 'board.yaml', '--yes'], env);
    rmSync(path.join(at.cwd, '.shotlist'), { recursive: true });
    expect((await planIn(at, env)).summary).toMatchObject({ submit: 0, skip: 6 });
    await at.call(['run', 'board.yaml', '--yes'], env);
    expect(books()).toHaveLength(6);
  });

  it('promise 12: finds what an older copy of the ledger has forgotten', async () => {
    const { env, books } = await emulator();
    const at = house();
    await at.call(['run', 'board.yaml', '--yes', '--limit', '2'], env);
    const ledger = path.join(at.cwd, '.shotlist', 'ledger.db');
    const copy = readFileSync(ledger);
    await at.call(['run', 'board.yaml', '--yes'], env);
    for (const name of readdirSync(path.dirname(ledger))) {
      if (name.startsWith('ledger.db')) rmSync(path.join(path.dirname(ledger), name));
    }
    writeFileSync(ledger, copy);
    await at.call(['run', 'board.yaml', '--yes'], env);
    expect(books()).toHaveLength(6);
  });

  it.each([
    ['deleted', (log: string) => rmSync(log)],
    ['cut', (log: string) => truncateSync(log, 32 + 2 * (24 + 4096))],
  ])(
    'promise 12: what a ledger lost whose log was %s is told before anything is sent, and not paid again',
    async (_, lose) => {
      const { env, books } = await emulator();
      const at = house();
      await at.call(['run', 'board.yaml', '--yes', '--limit', '1'], env);
      const [ledger, copy] = ['.shotlist/ledger.db', 'copy.db'].map((name) => path.join(at.cwd, name));
      // As a kill leaves it: the file as it was before, and all that came since in the log beside it.
      copyFileSync(ledger ?? '', copy ?? '');
      const reader = new DatabaseSync(ledger ?? '');
      reader.exec('BEGIN; SELECT count(*) FROM events');
      await at.call(['run', 'board.yaml', '--yes', '--limit', '3'], env);
      copyFileSync(`${ledger}-wal`, `${copy}-wal`);
      reader.exec('ROLLBACK');
      reader.close();
      for (const suffix of ['', '-wal', '-shm']) rmSync(`${ledger}${suffix}`, { force: true });
      renameSync(copy ?? '', ledger ?? '');
      renameSync(`${copy}-wal`, `${ledger}-wal`);
      expect(statSync(`${ledger}-wal`).size).toBeGreaterThan(8192);
      lose(`${ledger}-wal`);
      rmSync(path.join(at.cwd, 'board.report.json'));
      const { stderr } = await at.call(['run', 'board.yaml', '--yes'], env);
      const told = stderr.indexOf('did not know');
      expect(told).toBeGreaterThanOrEqual(0);
      expect(told).toBeLessThan(stderr.indexOf('Submit'));
      expect(stderr).toContain('-wal file was deleted or cut');
      const sent = books().map(({ body }) => JSON.stringify(body)).length;
      expect(sent).toBe(6);
    },
  );

  it('promise 12: the report tells what a ledger lost whose log was deleted, and nothing is sent', async () => {
    const { env, books } = await emulator();
    const cwd = temporaryFolder();
    writeFileSync(path.join(cwd, 'board.yaml'), storyboard());
    const real = { ...env, SHOTLIST_REAL: '1' };
    const call = (...args: readonly string[]) => shotlist([...args, '--no-journal'], { cwd, env: real });
    await call('run', 'board.yaml', '--yes', '--limit', '1');
    const ledger = path.join(cwd, '.shotlist/ledger.db');
    const before = readFileSync(ledger);
    await call('run', 'board.yaml', '--yes', '--limit', '3');
    for (const suffix of ['-wal', '-shm']) rmSync(`${ledger}${suffix}`, { force: true });
    writeFileSync(ledger, before);
    const { code, stderr } = await call('run', 'board.yaml', '--yes');
    expect(code).toBe(2);
    expect(stderr).toContain('does not know 3 requests that board.report.json says were sent');
    expect(stderr).toContain('-wal file was deleted or cut');
    expect(books()).toHaveLength(4);
  });

  it('is not written by a rehearsal unless it is named, and never with --no-journal', async () => {
    const { env } = await emulator();
    const { cwd } = house();
    await shotlist(['run', 'board.yaml', '--yes'], { cwd, env });
    await shotlist(['run', 'board.yaml', '--yes', '--no-journal', '--retry-failed'], { cwd, env });
    expect(readdirSync(cwd)).not.toContain('board.ledger.jsonl');
  });

  it('counts what others spent against the budget', async () => {
    const { env, books } = await emulator();
    const first = house();
    await first.call(['run', 'board.yaml', '--yes', '--limit', '4'], env);
    const clone = house(storyboard().replace('budget: {', 'budget: { maxRequests: 5,'));
    copyFileSync(journalIn(first.cwd), journalIn(clone.cwd));
    const over = await clone.call(['run', 'board.yaml', '--yes'], env);
    expect(over.code).toBe(3);
    expect(over.stderr).toContain('4 requests spent, 2 requests in this plan');
    expect(books()).toHaveLength(4);
  });

  it('is taken in and written by itself beside the manifest, for a real provider', async () => {
    const at = house();
    writeFileSync(journalIn(at.cwd), await historyOf('a', 'sc010/sh1'));
    const planned = await shotlist(['plan', 'board.yaml'], { cwd: at.cwd });
    expect(planned.stderr).toContain('2 events of board.ledger.jsonl taken into the ledger');
    writeFileSync(path.join(at.cwd, 'b.jsonl'), await historyOf('b', 'sc010/sh2'));
    await shotlist(['ledger', 'import', 'board.yaml', 'b.jsonl'], { cwd: at.cwd });
    expect(readFileSync(journalIn(at.cwd), 'utf8').trimEnd().split('\n')).toHaveLength(4);
    expect((await shotlist(['plan', 'board.yaml'], { cwd: at.cwd })).stderr).not.toContain('taken into');
  });

  it('is not taken into a ledger elsewhere, and loses no line that such a ledger does not know', async () => {
    const at = house();
    const before = await historyOf('a', 'sc010/sh1');
    writeFileSync(journalIn(at.cwd), before);
    writeFileSync(path.join(at.cwd, 'b.jsonl'), await historyOf('b', 'sc010/sh2'));
    const elsewhere = ['--ledger', 'elsewhere.db'];
    await shotlist(['ledger', 'import', 'board.yaml', 'b.jsonl', ...elsewhere], { cwd: at.cwd });
    const lines = readFileSync(journalIn(at.cwd), 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    expect(lines).toEqual(expect.arrayContaining(before.trimEnd().split('\n')));
    const { stdout } = await shotlist(['ledger', 'export', 'board.yaml', ...elsewhere], { cwd: at.cwd });
    expect(stdout.trimEnd().split('\n')).toHaveLength(2);
  });

  /** A provider of money, as far as the program can see, that no byte can reach. */
  const real = { SHOTLIST_API_KEY: 'sk-of-the-test', HTTPS_PROXY: 'http://127.0.0.1:1' };

  it('stops a run of a ledger elsewhere that does not know what it says was paid', async () => {
    const { cwd } = house();
    writeFileSync(journalIn(cwd), await historyOf('a', 'sc010/sh1'));
    const run = (...flags: readonly string[]): Promise<CliResult> =>
      shotlist(['run', 'board.yaml', '--yes', '--retries', '0', '--ledger', 'elsewhere.db', ...flags], {
        ...{ cwd, env: real },
      });
    const refused = await run();
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(
      /does not know 1 request that board\.ledger\.jsonl says were sent: sc010\/sh1 \(video_a\)/,
    );
    expect(refused.stderr).toMatch(/add --journal board\.ledger\.jsonl[\s\S]*Nothing was sent/);
    // As the help says: with the journal it goes on, and then by itself; and without one, knowingly.
    for (const flags of [['--no-journal'], ['--journal', 'board.ledger.jsonl'], []]) {
      expect((await run(...flags)).stderr).toContain('proxy');
    }
  });

  it('counts under its former name when the manifest got another one', async () => {
    const { cwd } = house();
    writeFileSync(path.join(cwd, 'act.yaml'), storyboard());
    writeFileSync(journalIn(cwd), await historyOf('a', 'sc010/sh1'));
    writeFileSync(
      path.join(cwd, 'other.ledger.jsonl'),
      (await historyOf('b', 'sc010/sh2')).replaceAll('"project":"scenario"', '"project":"other"'),
    );
    const planned = await shotlist(['plan', 'act.yaml'], { cwd });
    expect(planned.stderr).toContain('2 events of board.ledger.jsonl taken into the ledger');
    expect(planned.stderr).not.toContain('other.ledger.jsonl');
    expect((await shotlist(['report', 'act.yaml'], { cwd })).stdout).toContain('video_a');
  });

  it.each([
    ['a torn last line', (text: string) => text.slice(0, -40), 'ends in the middle of a line'],
    [
      'a merge conflict',
      (text: string) => `<<<<<<< HEAD\n${text}=======\n${text}>>>>>>> theirs\n`,
      'has a merge conflict: board.ledger.jsonl, line 1',
    ],
    ['an edited line', (text: string) => text.replace('"price":7', '"price":1'), 'a line that was changed'],
    [
      'a newer version',
      (text: string) => text.replace('"v":1', '"v":2'),
      'written by a newer release (board.ledger.jsonl, line 1: version 2',
    ],
    [
      'a lost claim',
      (text: string) => text.slice(text.indexOf('\n') + 1),
      'the history has a hole: sc010/sh1',
    ],
  ])('stops before anything is sent on %s, and loses nothing', async (_, damage, message) => {
    const { env, books } = await emulator();
    const first = house();
    await first.call(['run', 'board.yaml', '--yes', '--limit', '1'], env);
    const clone = house();
    const damaged = damage(readFileSync(journalIn(first.cwd), 'utf8'));
    writeFileSync(journalIn(clone.cwd), damaged);
    const result = await clone.call(['run', 'board.yaml', '--yes'], env);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain(message);
    expect(books()).toHaveLength(1);
    expect(readFileSync(journalIn(clone.cwd), 'utf8')).toBe(damaged);
  });

  it('holds no URL and no key', async () => {
    const { env, key } = await emulator();
    const at = house(
      storyboard().replace(
        'scenes:',
        'shots: [{ id: ref, prompt: "See https://prompt.example/x", referenceImages: ["https://cdn.example/a.png?sig=geheim"] }]\nscenes:',
      ),
    );
    await at.call(['run', 'board.yaml', '--yes'], env);
    const text = readFileSync(journalIn(at.cwd), 'utf8');
    expect(text).toContain('"key":"ref"');
    expect(text).not.toMatch(/:\/\/|geheim/);
    expect(text).not.toContain(key);
  });
});

describe('renaming', () => {
  it('promise 12: a renamed shot is not paid again, until adopt says what it was', async () => {
    const { env, books } = await emulator();
    const at = house();
    await at.call(['run', 'board.yaml', '--yes'], env);
    at.write(storyboard(['sh1', 'new-was-sh2', 'sh3']));

    const blocked = await planIn(at, env);
    expect(blocked.requests.filter(({ action }) => action === 'blocked')).toMatchObject([
      { key: 'sc010/new-was-sh2', reason: 'renamed', paidAs: { project: 'scenario', key: 'sc010/sh2' } },
      { key: 'sc010/new-was-sh2@2', reason: 'renamed', paidAs: { key: 'sc010/sh2@2' } },
    ]);
    const run = await at.call(['run', 'board.yaml', '--yes'], env);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('shotlist adopt board.yaml sc010/sh2 sc010/new-was-sh2');
    expect(books()).toHaveLength(6);

    const adopted = await at.call(['adopt', 'board.yaml', 'sc010/sh2', 'sc010/new-was-sh2'], env);
    expect(adopted).toMatchObject({ code: 0 });
    expect(adopted.stderr).toContain('2 requests adopted');
    expect((await planIn(at, env)).summary).toMatchObject({ submit: 0, blocked: 0, skip: 6 });
    expect((await at.call(['run', 'board.yaml', '--yes'], env)).code).toBe(0);
    expect(books()).toHaveLength(6);
    const report = reportIn(at.cwd);
    expect(report.rows.map(({ key, superseded }) => [key, superseded])).toContainEqual([
      'sc010/new-was-sh2@2',
      false,
    ]);
    expect(report.summary).toMatchObject({ total: 6, cost: 42 });
  });

  it('promise 12: a manifest that is linked into other folders is paid once, wherever it is named', async () => {
    const { env, books } = await emulator();
    const cwd = temporaryFolder();
    for (const folder of ['real', 'link', 'old']) mkdirSync(path.join(cwd, folder));
    const run = (...names: readonly string[]): Promise<CliResult> =>
      shotlist(['run', path.join(...names), '--yes'], { cwd, env });
    // What was paid beside the link, when the manifest itself was there, is not forgotten.
    writeFileSync(path.join(cwd, 'old', 'board.yaml'), storyboard());
    await run('old', 'board.yaml');
    expect(books()).toHaveLength(6);
    renameSync(path.join(cwd, 'old', 'board.yaml'), path.join(cwd, 'real', 'board.yaml'));
    for (const folder of ['old', 'link'])
      symlinkSync('../real/board.yaml', path.join(cwd, folder, 'board.yaml'));
    await run('old', 'board.yaml');
    expect(books()).toHaveLength(6);

    // Another manifest's ledger beside the link says nothing about this one.
    writeFileSync(path.join(cwd, 'link', 'other.yaml'), storyboard(['sh7'], 'project: other'));
    await run('link', 'other.yaml');
    expect(books()).toHaveLength(8);
    for (const folder of ['link', 'real', 'link']) {
      expect((await run(folder, 'board.yaml')).code).toBe(0);
      expect(books()).toHaveLength(14);
    }
    expect(existsSync(path.join(cwd, 'real', 'board.report.json'))).toBe(true);
  });

  it('promise 12: shots that got the next number, because one was put before them, are not paid again', async () => {
    const { env, books } = await emulator();
    const at = house();
    await at.call(['run', 'board.yaml', '--yes'], env);
    at.write(storyboard(['sh1', 'sh2-was-new', 'sh3-was-sh2', 'sh4-was-sh3']).replace(/-was-\w+,/g, ','));

    const reasons = async (): Promise<readonly string[]> =>
      (await planIn(at, env)).requests.map(({ key, action, reason, paidAs }) =>
        [key, action, reason, paidAs?.key].join(' '),
      );
    expect(await reasons()).toEqual([
      'sc010/sh1 skip submitted ',
      'sc010/sh1@2 skip submitted ',
      'sc010/sh2 submit changed ',
      'sc010/sh2@2 submit changed ',
      'sc010/sh3 blocked renamed sc010/sh2',
      'sc010/sh3@2 blocked renamed sc010/sh2@2',
      'sc010/sh4 blocked renamed sc010/sh3',
      'sc010/sh4@2 blocked renamed sc010/sh3@2',
    ]);
    expect((await at.call(['plan', 'board.yaml'], env)).stdout).toMatch(
      /adopt board\.yaml sc010\/sh2 sc010\/sh3[^\n]*\n {2}and for the other names with:\n {4}shotlist adopt board\.yaml sc010\/sh3 sc010\/sh4/,
    );
    // Also where the shot that has the name now is not selected.
    const only = await at.call(['run', 'board.yaml', '--yes', '--only', 'sc010/sh4'], env);
    expect(only.stderr).toContain('shotlist adopt board.yaml sc010/sh3 sc010/sh4');
    expect(books()).toHaveLength(6);

    for (const [from, to] of [
      ['sc010/sh2', 'sc010/sh3'],
      ['sc010/sh3', 'sc010/sh4'],
    ] as const) {
      const adopted = await at.call(['adopt', 'board.yaml', from, to], env);
      expect(adopted.stderr).toContain('2 requests adopted');
      const again = await at.call(['adopt', 'board.yaml', from, to], env);
      expect(again).toMatchObject({ code: 2 });
      expect(again.stderr).toContain('still in the manifest');
    }
    expect((await planIn(at, env)).summary).toMatchObject({ submit: 2, skip: 6, blocked: 0 });
    expect((await at.call(['run', 'board.yaml', '--yes'], env)).code).toBe(0);
    expect(books()).toHaveLength(8);
    expect((await at.call(['ledger', 'verify', 'board.yaml'], env)).code).toBe(0);
    expect(reportIn(at.cwd).summary).toMatchObject({ total: 8, cost: 56 });
  });

  it('promise 12: two shots that changed places are not paid again', async () => {
    const { env, books } = await emulator();
    const at = house();
    await at.call(['run', 'board.yaml', '--yes'], env);
    at.write(storyboard(['sh2-was-sh1', 'sh1-was-sh2', 'sh3']).replace(/-was-\w+,/g, ','));
    await at.call(['run', 'board.yaml', '--yes'], env);
    for (const [from, to] of [
      ['sc010/sh1', 'sc010/sh2'],
      ['sc010/sh2', 'sc010/sh1'],
    ] as const) {
      expect((await at.call(['adopt', 'board.yaml', from, to], env)).code).toBe(0);
    }
    expect((await planIn(at, env)).summary).toMatchObject({ submit: 0, skip: 6, blocked: 0 });
    expect(books()).toHaveLength(6);

    const clone = house(readFileSync(path.join(at.cwd, 'board.yaml'), 'utf8'));
    copyFileSync(journalIn(at.cwd), journalIn(clone.cwd));
    expect((await planIn(clone, env)).summary).toMatchObject({ submit: 0, skip: 6, blocked: 0 });
  });

  it('promise 12: a shot that got variants, and one that lost them, is not paid again', async () => {
    const { env, books } = await emulator();
    const at = house();
    const withShot = (shot: string): void =>
      at.write(`version: 1
project: scenario
defaults: { model: videos, duration: 5 }
shots:
  - { id: sh1, prompt: "A neon skyline at night, slow dolly in", takes: 2${shot} }
`);
    const states = async (): Promise<Readonly<Record<string, string>>> =>
      Object.fromEntries((await planIn(at, env)).requests.map((each) => [each.key, each.reason]));
    withShot('');
    await at.call(['run', 'board.yaml', '--yes'], env);
    withShot(', variants: { wide: {}, tall: { ratio: "9:16" } }');
    const asked = await at.call(['run', 'board.yaml', '--yes'], env);
    expect(asked.stderr).toContain('shotlist adopt board.yaml sh1 sh1:wide');
    expect(books()).toHaveLength(4);
    expect((await at.call(['adopt', 'board.yaml', 'sh1', 'sh1:wide'], env)).code).toBe(0);
    const all = { 'sh1:wide': 'submitted', 'sh1:wide@2': 'submitted' };
    expect(await states()).toEqual({ ...all, 'sh1:tall': 'submitted', 'sh1:tall@2': 'submitted' });

    withShot('');
    const back = await at.call(['run', 'board.yaml', '--yes'], env);
    expect(back.stderr).toContain('shotlist adopt board.yaml sh1:wide sh1');
    expect((await at.call(['adopt', 'board.yaml', 'sh1:wide', 'sh1'], env)).code).toBe(0);
    expect(await states()).toEqual({ sh1: 'submitted', 'sh1@2': 'submitted' });
    expect(books()).toHaveLength(4);
  });

  it('promise 12: the journal carries a rename to a clone', async () => {
    const { env, books } = await emulator();
    const at = house();
    await at.call(['run', 'board.yaml', '--yes'], env);
    const stale = house();
    copyFileSync(journalIn(at.cwd), journalIn(stale.cwd));
    await planIn(stale, env);
    at.write(storyboard(['sh1', 'new-was-sh2', 'sh3']));
    await at.call(['adopt', 'board.yaml', 'sc010/sh2', 'sc010/new-was-sh2'], env);

    for (const clone of [stale, house()]) {
      clone.write(storyboard(['sh1', 'new-was-sh2', 'sh3']));
      copyFileSync(journalIn(at.cwd), journalIn(clone.cwd));
      expect((await clone.call(['run', 'board.yaml', '--yes'], env)).code).toBe(0);
      expect((await clone.call(['ledger', 'verify', 'board.yaml'], env)).code).toBe(0);
      expect(readFileSync(journalIn(clone.cwd), 'utf8')).toBe(readFileSync(journalIn(at.cwd), 'utf8'));
    }
    expect(books()).toHaveLength(6);
  });

  it('promise 12: a renamed project is not paid again, until adopt says what it was', async () => {
    const { env, books } = await emulator();
    const at = house();
    await at.call(['run', 'board.yaml', '--yes'], env);
    at.write(storyboard(shots, 'project: renamed'));
    expect((await planIn(at, env)).summary).toMatchObject({ submit: 0, blocked: 6 });
    expect((await at.call(['adopt', 'board.yaml', 'scenario', 'renamed'], env)).code).toBe(0);
    expect((await at.call(['run', 'board.yaml', '--yes'], env)).code).toBe(0);
    expect(books()).toHaveLength(6);
    expect((await at.call(['adopt', 'board.yaml', 'scenario', 'renamed'], env)).code).toBe(3);
  });

  it('lets two storyboards of one folder ask for the same', async () => {
    const { env, books } = await emulator();
    const at = house();
    await at.call(['run', 'board.yaml', '--yes'], env);
    writeFileSync(path.join(at.cwd, 'other.yaml'), storyboard(shots, 'project: other'));
    const result = await shotlist(['run', 'other.yaml', '--yes'], { cwd: at.cwd, env });
    expect(result.code).toBe(0);
    expect(books()).toHaveLength(12);
  });

  it('pays once more where --resend says so', async () => {
    const { env, books } = await emulator();
    const at = house();
    await at.call(['run', 'board.yaml', '--yes'], env);
    at.write(storyboard(['sh1', 'new-was-sh2', 'sh3']));
    await at.call(['run', 'board.yaml', '--yes', '--resend', 'sc010/new-was-sh2'], env);
    expect(books()).toHaveLength(7);
  });

  it('does not take a copy of a shot for a rename while the original is there', async () => {
    const { env, books } = await emulator();
    const at = house();
    await at.call(['run', 'board.yaml', '--yes'], env);
    at.write(storyboard(['sh1', 'sh2', 'sh3', 'copy-was-sh2']));
    expect((await planIn(at, env)).summary).toMatchObject({ submit: 2, skip: 6, blocked: 0 });
    expect((await at.call(['run', 'board.yaml', '--yes', '--only', 'sc010/copy-*'], env)).code).toBe(0);
    expect(books()).toHaveLength(8);
  });

  it('refuses what was not renamed', async () => {
    const { env } = await emulator();
    const at = house();
    await at.call(['run', 'board.yaml', '--yes'], env);
    const attempts = [
      [['sc010/sh1', 'sc010/sh2'], 2, 'still in the manifest'],
      [['sc010/gone', 'sc010/sh2'], 3, 'nothing was ever sent under sc010/gone'],
      [['sc010/gone', 'sc010/sh22'], 2, 'did you mean sc010/sh2'],
      [['sc010/gone@2', 'sc010/sh2'], 2, 'another take is another request'],
    ] as const;
    for (const [names, code, message] of attempts) {
      const result = await at.call(['adopt', 'board.yaml', ...names], env);
      expect(result.code).toBe(code);
      expect(result.stderr).toContain(message);
    }
  });
});

describe('history', () => {
  it('shows the life of a request, under its old name and its new one', async () => {
    const { env } = await emulator();
    const at = house();
    await at.call(['run', 'board.yaml', '--yes'], env);
    at.write(storyboard(['sh1', 'new-was-sh2', 'sh3']));
    await at.call(['adopt', 'board.yaml', 'sc010/sh2', 'sc010/new-was-sh2'], env);
    for (const key of ['sc010/sh2', 'sc010/new-was-sh2']) {
      const json = await at.call(['history', 'board.yaml', key, '--format', 'json'], env);
      const { events } = JSON.parse(json.stdout) as { events: { type: string; by: string | null }[] };
      expect(events.map(({ type, by }) => [type, by])).toEqual([
        ['claimed', 'tester@here'],
        ['settled', null],
        ['adopted', 'tester@here'],
      ]);
    }
    const pretty = await at.call(['history', 'board.yaml', 'sc010/sh2'], env);
    expect(pretty.stdout).toContain('sc010/sh2 to sc010/new-was-sh2, by tester@here');
    const unknown = await at.call(['history', 'board.yaml', 'sc010/sh22'], env);
    expect(unknown.code).toBe(2);
  });
});

describe('ledger export and import', () => {
  it('moves everything, and changes nothing the second time', async () => {
    const { env, books } = await emulator();
    const old = house();
    await old.call(['run', 'board.yaml', '--yes'], env);
    const { stdout } = await shotlist(['ledger', 'export', 'board.yaml'], { cwd: old.cwd, env });
    const at = house();
    mkdirSync(path.join(at.cwd, 'moved'));
    writeFileSync(path.join(at.cwd, 'moved', 'history.jsonl'), stdout);
    const importing = (): Promise<CliResult> =>
      shotlist(['ledger', 'import', 'board.yaml', 'moved/history.jsonl'], { cwd: at.cwd, env });
    expect((await importing()).stderr).toContain('12 events taken in, 0 known before');
    expect((await importing()).stderr).toContain('0 events taken in, 12 known before');
    await shotlist(['run', 'board.yaml', '--yes'], { cwd: at.cwd, env });
    expect(books()).toHaveLength(6);
    const again = await shotlist(['ledger', 'export', 'board.yaml'], { cwd: at.cwd, env });
    expect(again.stdout).toBe(stdout);
  });

  it('tells of what was paid twice, and keeps both', async () => {
    const { env, books } = await emulator();
    const [mine, theirs] = [house(), house()];
    for (const each of [mine, theirs]) await each.call(['run', 'board.yaml', '--yes', '--limit', '1'], env);
    copyFileSync(journalIn(theirs.cwd), path.join(mine.cwd, 'theirs.jsonl'));
    const taken = await mine.call(['ledger', 'import', 'board.yaml', 'theirs.jsonl'], env);
    expect(taken.code).toBe(1);
    const ids = books().map(({ id }) => id);
    for (const id of ids) expect(taken.stderr).toContain(id);
    expect(taken.stderr).toContain('warning sc010/sh1: it was sent from two ledgers');
    const history = await mine.call(['history', 'board.yaml', 'sc010/sh1'], env);
    for (const id of ids) expect(history.stdout).toContain(id);
  });
});

describe('ledger verify', () => {
  it('says that all is well, and exits with 1 once something is not', async () => {
    const { env } = await emulator();
    const at = house();
    await at.call(['run', 'board.yaml', '--yes', '--limit', '1'], env);
    const well = await at.call(['ledger', 'verify', 'board.yaml'], env);
    expect(well).toMatchObject({ code: 0, stdout: 'The ledger keeps every invariant.\n' });

    const db = new DatabaseSync(path.join(at.cwd, '.shotlist', 'ledger.db'));
    db.exec(`UPDATE requests SET body = replace(body, 'Shot', 'Shoot')`);
    db.exec('DELETE FROM tasks');
    db.close();
    const broken = await at.call(['ledger', 'verify', 'board.yaml', '--format', 'json'], env);
    expect(broken.code).toBe(1);
    const { violations } = JSON.parse(broken.stdout) as {
      violations: { subject: string; message: string }[];
    };
    expect(violations).toMatchObject([
      { subject: 'sc010/sh1', message: 'its body is not what its fingerprint was made of' },
      { subject: 'sc010/sh1', message: expect.stringMatching(/its task .* is held by no request/) },
    ]);
  });
});
