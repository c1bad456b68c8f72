import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CliResult, shotlist, temporaryFolder } from '../helpers/cli.ts';
import { emulator } from '../helpers/emulator.ts';

const storyboard = `version: 1
project: doubt
defaults: { model: videos, duration: 5, ratio: "9:16" }
budget: { currency: CNY, prices: { videos: 7 } }
shots:
  - { id: sh1, prompt: First }
  - { id: sh2, prompt: Second }
  - { id: sh3, prompt: Third }
`;

/** A project of which the second and third request were billed, and their answers lost. */
async function inDoubt(): Promise<{
  readonly cwd: string;
  readonly env: Record<string, string>;
  /** Ids of the tasks that the provider has, by prompt. */
  readonly ids: ReadonlyMap<string, string>;
  resolve(args: readonly string[], options?: Partial<Parameters<typeof shotlist>[1]>): Promise<CliResult>;
  events(key: string): Promise<readonly Record<string, unknown>[]>;
  close(): Promise<void>;
}> {
  const cwd = temporaryFolder();
  writeFileSync(path.join(cwd, 'board.yaml'), storyboard);
  const { env, books, close } = await emulator({ fail: 'lost+billed#2-3' });
  const run = await shotlist(['run', 'board.yaml', '--yes', '--concurrency', '1'], { cwd, env });
  expect(run.code).toBe(1);
  expect(books()).toHaveLength(3);
  return {
    cwd,
    env,
    close,
    ids: new Map(books().map(({ id, body }) => [String(body['prompt']), id])),
    resolve: (args, options) => shotlist(['resolve', 'board.yaml', ...args], { cwd, env, ...options }),
    async events(key) {
      const { stdout } = await shotlist(['history', 'board.yaml', key, '--format', 'json'], { cwd, env });
      return (JSON.parse(stdout) as { events: Record<string, unknown>[] }).events;
    },
  };
}

const states = async (cwd: string, env: Record<string, string>): Promise<Record<string, string>> => {
  const { stdout } = await shotlist(['report', 'board.yaml', '--format', 'json'], { cwd, env });
  const { rows } = JSON.parse(stdout) as { rows: { key: string; status: string }[] };
  return Object.fromEntries(rows.map(({ key, status }) => [key, status]));
};

describe('settling doubt', () => {
  it('accepts a task id once the provider has confirmed it, and remembers who said so', async () => {
    const { cwd, env, ids, resolve, events } = await inDoubt();
    const settled = await resolve(['sh2', '--task-id', ids.get('Second') ?? '']);
    expect(settled).toMatchObject({ code: 0 });
    expect(settled.stderr).toMatch(/sh2: (queued|processing|completed), task /);
    expect((await states(cwd, env))['sh3']).toBe('inDoubt');
    expect(await events('sh2')).toContainEqual(
      expect.objectContaining({
        ...{ type: 'resolved', by: 'tester@here', resolution: { kind: 'taskId', taskId: ids.get('Second') } },
        at: expect.stringMatching(/^\d{4}-.*Z$/),
      }),
    );
  });

  it('refuses an id that the provider does not know', async () => {
    const { cwd, env, resolve } = await inDoubt();
    const result = await resolve(['sh2', '--task-id', 'video_nobody']);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('the provider knows no task video_nobody');
    expect((await states(cwd, env))['sh2']).toBe('inDoubt');
  });

  it('refuses an id that another request holds, without asking anybody', async () => {
    const { cwd, env, ids, resolve, close } = await inDoubt();
    await close();
    const result = await resolve(['sh2', '--task-id', ids.get('First') ?? '']);
    expect(result.code).toBe(3);
    expect(result.stderr).toContain('belongs to sh1, so it cannot be that of sh2');
    expect((await states(cwd, env))['sh2']).toBe('inDoubt');
  });

  it('accepts no id without a key, or while the provider cannot be reached', async () => {
    const { cwd, env, ids, resolve, close } = await inDoubt();
    const id = ids.get('Second') ?? '';
    const { SHOTLIST_API_KEY: _, ...withoutKey } = env;
    const keyless = await resolve(['sh2', '--task-id', id], { env: withoutKey });
    expect(keyless.code).toBe(2);
    expect(keyless.stderr).toContain('SHOTLIST_API_KEY');
    await close();
    const offline = await resolve(['sh2', '--task-id', id]);
    expect(offline.code).toBe(2);
    expect(offline.stderr).toContain('try again when it can be reached');
    expect((await states(cwd, env))['sh2']).toBe('inDoubt');
  });

  it('asks on a terminal about each, with the facts at hand', async () => {
    const { cwd, env, ids, resolve } = await inDoubt();
    const asked = await resolve([], { answers: ['x', 'video_nobody', '', ids.get('Third') ?? ''] });
    expect(asked.code).toBe(0);
    expect(asked.stderr).toContain('1 of 2\nsh2  videos, text\n  sent     20');
    expect(asked.stderr).toContain('prompt   Second');
    expect(asked.stderr).toContain('body     duration 5, ratio "9:16"');
    expect(asked.stderr).toContain('7 CNY, if it was received');
    expect(asked.stderr).toContain('the provider knows no task');
    expect(asked.stderr).toContain('1 request settled, 1 still in doubt.');
    expect(await states(cwd, env)).toMatchObject({
      sh2: 'inDoubt',
      sh3: expect.not.stringMatching('inDoubt'),
    });

    const rest = await resolve([], { answers: ['n', 'y'] });
    expect(rest.stderr).toContain('sh2: pending');
  });

  it('keeps what was settled when the rest is left for later', async () => {
    const { cwd, env, resolve } = await inDoubt();
    expect((await resolve([], { answers: ['a', 'q'] })).code).toBe(0);
    expect(await states(cwd, env)).toMatchObject({ sh2: 'abandoned', sh3: 'inDoubt' });
    expect((await resolve([], { answers: [''] })).stderr).toContain('0 requests settled, 1 still in doubt');
    expect((await resolve(['--all', '--abandon'])).code).toBe(0);
    expect(await states(cwd, env)).toMatchObject({ sh2: 'abandoned', sh3: 'abandoned' });
  });

  it('asks once more before a request may be sent, and paid for, again', async () => {
    const { cwd, env, resolve } = await inDoubt();
    const asked = await resolve(['sh2'], { answers: ['n', 'no', 'q'] });
    expect(asked.stderr).toContain('neither a task nor a charge? It may be sent, and paid for, again');
    expect(asked.stderr).toContain('0 requests settled, 1 still in doubt.');
    expect(await states(cwd, env)).toMatchObject({ sh2: 'inDoubt' });
  });

  it('says what can be done about a request that a person settled, and settles it otherwise', async () => {
    const { cwd, env, ids, resolve, events } = await inDoubt();
    await resolve(['sh2', '--abandon']);
    const listed = await resolve(['sh2', 'sh1']);
    expect(listed.code).toBe(0);
    expect(listed.stdout).toMatch(/^sh1 is \w+: there is nothing to settle$/m);
    expect(listed.stdout).toMatch(/now {6}abandoned: given up, by tester@here, 20/);
    expect(listed.stdout).toContain(
      '1 request settled by a person; another decision takes the place of that',
    );
    expect(listed.stdout).toContain('shotlist resolve board.yaml sh2 --reopen');
    const asked = await resolve(['sh2'], { answers: ['n', 'y'] });
    expect(asked.stderr).toContain('1 request settled, 0 still in doubt.');
    expect(await states(cwd, env)).toMatchObject({ sh2: 'pending', sh3: 'inDoubt' });

    const found = await resolve(['sh2', '--task-id', ids.get('Second') ?? '', '--format', 'json']);
    expect(found.code).toBe(0);
    expect(JSON.parse(found.stdout)).toMatchObject({
      ...{ version: 1, project: 'doubt', manifest: 'board.yaml' },
      settled: [
        {
          ...{ key: 'sh2', taskId: ids.get('Second'), differences: [], providerAmount: null },
          decision: { kind: 'taskId', taskId: ids.get('Second'), by: 'tester@here' },
        },
      ],
    });
    expect(await events('sh2')).toContainEqual(expect.objectContaining({ isCorrection: true }));
    const back = await resolve(['sh2', '--reopen']);
    expect(back).toMatchObject({ code: 0, stderr: 'sh2: inDoubt\n1 request in doubt again.\n' });
    expect(await states(cwd, env)).toMatchObject({ sh2: 'inDoubt', sh3: 'inDoubt' });
  });

  it('puts ids right that were swapped, the second by overruling the first', async () => {
    const { cwd, env, ids, resolve } = await inDoubt();
    const [second, third] = [ids.get('Second') ?? '', ids.get('Third') ?? ''];
    await resolve(['sh2', '--task-id', third]);
    await resolve(['sh3', '--task-id', second]);
    const refused = await resolve(['sh2', '--task-id', second]);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain(
      `task ${second} belongs to sh3, so it cannot be that of sh2: tester@here`,
    );
    expect(refused.stderr).toContain('add --force: then sh3 is in doubt again');
    const forced = await resolve(['sh2', '--task-id', second, '--force']);
    expect(forced.stderr).toContain('sh3: inDoubt\n');
    expect((await resolve(['sh3', '--task-id', third])).code).toBe(0);
    const { stdout } = await shotlist(['report', 'board.yaml', '--format', 'json'], { cwd, env });
    const { rows } = JSON.parse(stdout) as { rows: { key: string; taskId: string }[] };
    expect(rows.slice(1)).toMatchObject([{ taskId: second }, { taskId: third }]);
    expect((await shotlist(['ledger', 'verify', 'board.yaml'], { cwd, env })).code).toBe(0);
  });

  it('keeps a decision that something was sent on the strength of, and counts a task that turns up', async () => {
    const { cwd, env, ids, resolve } = await inDoubt();
    await resolve(['sh2', '--not-submitted']);
    await shotlist(['run', 'board.yaml', '--yes', '--only', 'sh2'], { cwd, env });
    const refused = await resolve(['sh2', '--reopen']);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('sh2 was sent again on the strength of what tester@here decided');
    const cost = async () => {
      const { stdout } = await shotlist(['report', 'board.yaml', '--format', 'json'], { cwd, env });
      return (JSON.parse(stdout) as { summary: { cost: number } }).summary.cost;
    };
    expect(await cost()).toBe(21);
    expect((await resolve(['sh2', '--task-id', ids.get('Second') ?? ''])).code).toBe(0);
    expect(await cost()).toBe(28);
  });

  it('takes no task that is not what was asked for, unless it is told to', async () => {
    const { cwd, env, ids, resolve } = await inDoubt();
    const text = storyboard.replace('First }', 'First, model: videos_stable, duration: 8 }');
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, 'other.yaml'), text);
    const other = await emulator({ seed: 2 });
    const at = { cwd, env: { ...env, SHOTLIST_BASE_URL: other.env['SHOTLIST_BASE_URL'] ?? '' } };
    await shotlist(['run', 'other.yaml', '--yes', '--only', 'sh1'], { ...at, cwd: folder });
    const strange = other.books()[0]?.id ?? '';
    const settle = (...flags: string[]) => resolve(['sh2', '--task-id', strange, ...flags], at);
    const refused = await settle();
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain(
      `error task ${strange} is not what sh2 asked for: its model is videos_stable, and videos was asked for`,
    );
    expect(refused.stderr).toContain('add --force');
    const told = await settle('--format', 'json');
    expect(JSON.parse(told.stdout)).toMatchObject({
      ...{ version: 1, errorCode: 'taskDiffers', exitCode: 3 },
      differences: [{ what: 'model', expected: 'videos', found: 'videos_stable' }],
    });
    expect((await states(cwd, env))['sh2']).toBe('inDoubt');
    const asked = await resolve(['sh2'], { ...at, answers: [strange, 'n', 'q'] });
    expect(asked.stderr).toContain(`sh2: take ${strange} all the same? [y/N]`);
    expect(asked.stderr).toContain('0 requests settled');
    const forced = await settle('--force', '--format', 'json');
    expect(JSON.parse(forced.stdout)).toMatchObject({
      settled: [{ key: 'sh2', taskId: strange, differences: [{ what: 'model' }] }],
    });
    expect(ids.size).toBe(3);
  });

  it('lists what is in doubt for scripts, and for people in the order of sending with both clocks', async () => {
    const { resolve } = await inDoubt();
    const { stdout } = await resolve(['--format', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({
      open: [
        { key: 'sh2', state: 'inDoubt', model: 'videos', prompt: 'Second', decision: null, cost: 7 },
        { key: 'sh3', state: 'inDoubt', prompt: 'Third' },
      ],
    });
    const listed = await resolve([], { timeZone: 'Asia/Shanghai' });
    expect(listed.stdout).toMatch(/sent {5}20\S+ \S+ GMT\+8 \(20\S+ \S+ UTC\), attempt 1/);
    expect(listed.stdout).toContain(
      '2 requests in doubt, in the order of sending. Look for them at the provider:',
    );
    expect(listed.stdout).toContain('in its console, on its bill, or ask its support');
  });

  it('refuses what there is no doubt about, and changes nothing of the rest', async () => {
    const { cwd, env, resolve } = await inDoubt();
    const answered = await resolve(['sh3', 'sh1', '--abandon']);
    expect(answered.code).toBe(2);
    expect(answered.stderr).toMatch(/error sh1 is \w+: there is nothing to settle/);
    expect(answered.stderr).toContain('shotlist history board.yaml sh1');
    await resolve(['sh2', '--abandon']);
    const twice = await resolve(['sh3', 'sh2', '--abandon']);
    expect(twice.code).toBe(3);
    expect(twice.stderr).toContain('sh2 is settled like that already, by tester@here');
    expect(await states(cwd, env)).toMatchObject({ sh2: 'abandoned', sh3: 'inDoubt' });

    writeFileSync(path.join(cwd, 'board.yaml'), `${storyboard}  - { id: sh4, prompt: Fourth }\n`);
    const unsent = await resolve(['sh4', '--abandon']);
    expect(unsent).toMatchObject({
      code: 2,
      stderr: 'error sh4 was never sent: there is nothing to settle\n',
    });
  });

  it('is not what --resend does, and both plan and run say so', async () => {
    const { cwd, env } = await inDoubt();
    for (const command of [['plan'], ['run', '--dry-run']]) {
      const [name = '', ...flags] = command;
      const asked = await shotlist([name, 'board.yaml', '--resend', 'sh2', ...flags], { cwd, env });
      expect(asked.code).toBe(0);
      expect(asked.stderr).toContain(
        'warning --resend sh2 sends nothing: it is in doubt, and may have been paid for\n  help settle it first: shotlist resolve board.yaml sh2\n',
      );
    }
    const other = await shotlist(['plan', 'board.yaml', '--resend', 'sh1', '--only', 'sh2'], { cwd, env });
    expect(other.code).toBe(2);
    expect(other.stderr).toContain('--resend sh1 and what is selected exclude each other');
    const help = (await shotlist(['run', '--help'], { cwd })).stdout.replaceAll(/\s+/g, ' ');
    expect(help).toContain('unless it is in doubt');
  });

  it('is told even where no report can be written', async () => {
    const cwd = temporaryFolder();
    writeFileSync(path.join(cwd, 'board.yaml'), storyboard);
    mkdirSync(path.join(cwd, 'out.csv'));
    const { env } = await emulator({ fail: 'lost+billed#2' });
    const args = ['run', 'board.yaml', '--yes', '--concurrency', '1', '--report', 'out.csv'];
    const { code, stderr } = await shotlist(args, { cwd, env });
    expect(code).toBe(2);
    expect(stderr).toContain('2 of 3 requests submitted');
    expect(stderr).toContain('shotlist resolve board.yaml sh2');
    expect(stderr).toMatch(/error cannot write .*out\.csv: a folder is there/);
  });
});
