import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../helpers/cli.ts';
import { audit, tasksByKey } from './audit.ts';
import { type Ended, type ProgramOptions, type Provider, start } from './program.ts';
import { provider } from './rehearsal.ts';
import { look, makeScene, promptsOf, type Scene } from './scene.ts';

type RunOptions = Omit<ProgramOptions, 'cwd'> & { readonly args?: readonly string[] };

function run(scene: Scene, options: RunOptions): Promise<Ended> {
  const { args = [], ...others } = options;
  return start(['run', 'm.yaml', '--yes', ...args], { cwd: scene.folder, ...others }).ended;
}

const spoolOf = (scene: Scene): readonly string[] => {
  const folder = path.join(path.dirname(scene.ledgerFile), 'spool');
  return existsSync(folder)
    ? readdirSync(folder).map((name) => readFileSync(path.join(folder, name), 'utf8'))
    : [];
};

/** Whether this machine lets the test mount a small disk: root in most containers and CI machines does. */
function mountable(): boolean {
  const folder = temporaryMount();
  if (folder === null) return false;
  execFileSync('umount', [folder]);
  rmSync(folder, { recursive: true });
  return true;
}

function temporaryMount(): string | null {
  const folder = path.join(process.env['TMPDIR'] ?? '/tmp', `shotlist-disk-${process.pid}-${Date.now()}`);
  mkdirSync(folder);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'shotlist-test', folder], { stdio: 'ignore' });
    return folder;
  } catch {
    rmSync(folder, { recursive: true });
    return null;
  }
}

/** A disk of one MiB; it goes with the test. */
function smallDisk(): string {
  const folder = temporaryMount();
  if (folder === null) throw new Error('it could be mounted a moment ago');
  onTestFinished(() => {
    execFileSync('umount', ['-l', folder]);
    rmSync(folder, { recursive: true });
  });
  return folder;
}

const canMount = mountable();
if (!canMount) console.warn('left out: disks that are full or read-only; that needs the right to mount');

/** Every task that was billed is named somewhere that survives: the ledger, the spool, or standard error. */
async function expectNothingLost(scene: Scene, ended: Ended, books: Provider, ledger = true): Promise<void> {
  const billed = await books.billed(promptsOf(scene));
  const now = ledger ? await look(scene) : null;
  const spool = spoolOf(scene).join('\n');
  const lost = billed.filter(
    ({ id }) =>
      !spool.includes(id) &&
      !ended.stderr.includes(id) &&
      ![...(now?.entries.values() ?? [])].some(({ taskId }) => taskId === id),
  );
  expect(lost).toEqual([]);
}

describe('promise 2: a disk that takes no more', { timeout: 60_000 }, () => {
  it('stops the run with a clear error, and what came back is found again', async () => {
    const books = await provider();
    const scene = await makeScene(temporaryFolder(), 'limited', 150);
    const ended = await run(scene, { env: books.env, largestFile: 256, args: ['--no-report'] });
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/cannot be (read or )?written/);
    const sent = (await books.billed(promptsOf(scene))).length;
    expect(sent).toBeGreaterThan(0);
    expect(sent).toBeLessThan(150);
    await expectNothingLost(scene, ended, books);
    const after = await run(scene, { env: books.env });
    expect(after.code).toBe(0);
    const billed = await books.billed(promptsOf(scene));
    expect(audit({ scene, now: await look(scene), billed })).toEqual([]);
    expect(billed).toHaveLength(150);
  });

  it.skipIf(!canMount)(
    'stops a run amid its answers, and leaves no id without trace (needs the right to mount)',
    async () => {
      const disk = smallDisk();
      const scene = await makeScene(temporaryFolder(), 'full', 200);
      const books = await provider();
      const onDisk = { ...scene, ledgerFile: path.join(disk, 'l', 'ledger.db') };
      writeFileSync(path.join(disk, 'filler'), Buffer.alloc(400 * 1024));
      const args = ['--ledger', onDisk.ledgerFile, '--no-report'];
      const ended = await run(scene, { env: books.env, args });
      expect(ended.code).toBe(2);
      expect(ended.stderr).toMatch(/disk is full|may be full/);
      const sent = (await books.billed(promptsOf(scene))).length;
      expect(sent).toBeGreaterThan(0);
      expect(sent).toBeLessThan(200);
      rmSync(path.join(disk, 'filler'));
      await expectNothingLost(onDisk, ended, books);
      // Ids that even the spool had no room for are on standard error: a person settles those by hand.
      await settleFrom(ended.stderr, scene, books, onDisk.ledgerFile);
      const after = await run(scene, { env: books.env, args });
      const billed = await books.billed(promptsOf(scene));
      const twice = [...tasksByKey(billed).values()].filter((ids) => ids.length > 1);
      expect(twice).toEqual([]);
      expect(audit({ scene: onDisk, now: await look(onDisk), billed })).toEqual([]);
      expect(after.signal).toBeNull();
    },
  );

  it.skipIf(!canMount)(
    'that may not be written at all is noticed before anything is sent (needs the right to mount)',
    async () => {
      const disk = smallDisk();
      const scene = await makeScene(disk, 'readonly', 2);
      const books = await provider();
      execFileSync('mount', ['-o', 'remount,ro', disk]);
      const ended = await run(scene, { env: books.env, args: ['--no-report'] });
      expect(ended.code).toBe(2);
      expect(ended.stderr).toMatch(
        /the ledger .* cannot be (used|opened|written)[\s\S]*(permissions|writing|written)/,
      );
      expect(await books.billed(promptsOf(scene))).toEqual([]);
    },
  );

  it.skipIf(!canMount)(
    'that may only be read still shows what was paid (needs the right to mount)',
    async () => {
      const disk = smallDisk();
      const scene = await makeScene(disk, 'shown', 3);
      const books = await provider();
      expect((await run(scene, { env: books.env, args: ['--limit', '2'] })).code).toBe(0);
      execFileSync('mount', ['-o', 'remount,ro', disk]);
      const call = (...args: readonly string[]): Promise<Ended> =>
        start(args, { cwd: scene.folder, env: books.env }).ended;
      expect(await call('status', 'm.yaml')).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/2 +queued/),
      });
      expect((await call('ledger', 'export', 'm.yaml')).stdout.trimEnd().split('\n')).toHaveLength(4);
      expect(await call('run', 'm.yaml', '--yes')).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/the ledger .* cannot be/),
      });
      expect(await books.billed(promptsOf(scene))).toHaveLength(2);
    },
  );
});

/** Does what the message says: settles with the id that it names. */
async function settleFrom(stderr: string, scene: Scene, books: Provider, ledger: string): Promise<void> {
  for (const [, key = '', id = ''] of stderr.matchAll(
    /^(\S+): task (\S+) could not be recorded; keep this line/gm,
  )) {
    await start(['resolve', 'm.yaml', key, '--task-id', id, '--ledger', ledger], {
      cwd: scene.folder,
      env: books.env,
    }).ended;
  }
}
