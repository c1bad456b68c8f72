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

    const rest = await resolve([], { answers: ['n'] });
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

  it('says what can be done about a request that was abandoned, and takes it up again', async () => {
    const { cwd, env, resolve } = await inDoubt();
    await resolve(['sh2', '--abandon']);
    const listed = await resolve(['sh2', 'sh1']);
    expect(listed.code).toBe(0);
    expect(listed.stdout).toMatch(/^sh1 is \w+: there is nothing to settle$/m);
    expect(listed.stdout).toContain('now      abandoned: a person gave it up');
    expect(listed.stdout).toContain('1 request abandoned; a decision takes it up again.');
    expect(listed.stdout).toContain('shotlist resolve board.yaml sh2 --not-submitted');
    const asked = await resolve(['sh2'], { answers: ['n'] });
    expect(asked.stderr).toContain('1 request settled, 0 still in doubt.');
    expect(await states(cwd, env)).toMatchObject({ sh2: 'pending', sh3: 'inDoubt' });
  });

  it('refuses what there is no doubt about, and changes nothing of the rest', async () => {
    const { cwd, env, resolve } = await inDoubt();
    await resolve(['sh2', '--not-submitted']);
    const pending = await resolve(['sh3', 'sh2', '--abandon']);
    expect(pending.code).toBe(2);
    expect(pending.stderr).toContain('error sh2 is pending: there is nothing to settle');
    expect(pending.stderr).toContain('shotlist history board.yaml sh2');
    expect(await states(cwd, env)).toMatchObject({ sh2: 'pending', sh3: 'inDoubt' });

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
