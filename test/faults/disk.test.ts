import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../helpers/cli.ts';
import { connectProxy } from '../provider/servers.ts';
import { audit, tasksByKey } from './audit.ts';
import { type Ended, type ProgramOptions, type Provider, start, startProvider } from './program.ts';
import { certificate, certificateFile, local, oddProvider } from './rehearsal.ts';
import { look, makeScene, promptsOf, readReport, type Scene } from './scene.ts';

async function provider(...args: readonly string[]): Promise<Provider> {
  const started = await startProvider(args, temporaryFolder());
  onTestFinished(() => started.stop());
  return started;
}

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

describe('a ledger that is taken away amid a run', { timeout: 60_000 }, () => {
  /** Runs six requests, and lets `happen` happen to the ledger while the third is under way. */
  async function disturbed(name: string, happen: (scene: Scene) => void) {
    const scene = await makeScene(temporaryFolder(), name, 6);
    const odd = await oddProvider((key) => {
      if (key === 's003') happen(scene);
      return { status: 200, body: `{"id":"task_${key}_${odd.arrived.length}"}` };
    });
    const env = { SHOTLIST_BASE_URL: local(odd.port), SHOTLIST_API_KEY: 'sk-of-the-test' };
    const ended = await run(scene, { env, args: ['--concurrency', '1'] });
    return { scene, odd, env, ended };
  }
  const files = (scene: Scene): readonly string[] =>
    ['', '-wal', '-shm'].map((suffix) => scene.ledgerFile + suffix).filter((file) => existsSync(file));

  it.each([
    ['removed', (scene: Scene) => files(scene).forEach((file) => void rmSync(file))],
    [
      'replaced',
      (scene: Scene) => {
        for (const file of files(scene)) {
          copyFileSync(file, `${file}.copy`);
          renameSync(`${file}.copy`, file);
        }
      },
    ],
  ])('stops the run when it was %s, and loses nothing that the run had recorded', async (name, happen) => {
    const { scene, odd, env, ended } = await disturbed(name, happen);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/removed or replaced while it was in use[\s\S]*Put the file back/);
    expect(ended.stderr).toMatch(/s003: task task_s003_3 could not be recorded; it is kept in/);
    expect(odd.arrived).toEqual(['s001', 's002', 's003']);
    const after = await run(scene, { env });
    expect(after.code, after.stderr).toBe(0);
    expect(after.stderr).toMatch(
      /s003: its task task_s003_3 could not be recorded by an earlier run, and is in the ledger now/,
    );
    expect([...odd.arrived].sort()).toEqual([...scene.keys]);
    const { rows } = await readReport(scene);
    expect(rows.map(({ taskId }) => taskId)).toEqual(
      scene.keys.map((key) => expect.stringMatching(`task_${key}_`)),
    );
    expect((await look(scene)).violations).toEqual([]);
  });
});

describe('a ledger that cannot be trusted', { timeout: 60_000 }, () => {
  async function paid(name: string) {
    const books = await provider();
    const scene = await makeScene(temporaryFolder(), name, 8);
    expect((await run(scene, { env: books.env, args: ['--limit', '6'] })).code).toBe(0);
    return { books, scene };
  }

  it.each([
    ['cut in half', (file: string) => truncateSync(file, statSync(file).size >> 1)],
    [
      'overwritten in its middle',
      (file: string) => {
        const bytes = readFileSync(file);
        bytes.fill(0xa5, 4096 * 2, 4096 * 6);
        writeFileSync(file, bytes);
      },
    ],
    [
      'no database any more',
      (file: string) => writeFileSync(file, 'not a database, but longer than a head: '.repeat(200)),
    ],
  ])('because it is %s, stops the run before anything is sent', async (_name, damage) => {
    const { books, scene } = await paid('damaged');
    damage(scene.ledgerFile);
    const ended = await run(scene, { env: books.env });
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/damaged|no SQLite database|cannot be (used|read)/);
    expect(ended.stderr).not.toMatch(/This is a bug/);
    expect(await books.billed(promptsOf(scene))).toHaveLength(6);
    // The last report still knows what was paid.
    const { rows } = await readReport(scene);
    expect(rows.filter(({ taskId }) => taskId !== null)).toHaveLength(6);
  });

  it('says what is wrong with a spool file that it cannot take in, and leaves it there', async () => {
    const { books, scene } = await paid('odd-spool');
    const folder = path.join(path.dirname(scene.ledgerFile), 'spool');
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'torn.json'), '{"version":1,"scope":');
    const ended = await run(scene, { env: books.env });
    expect(ended.code).toBe(0);
    expect(ended.stderr).toMatch(
      /warning .*torn\.json holds an answer that could not be recorded, and cannot be read/,
    );
    expect(existsSync(path.join(folder, 'torn.json'))).toBe(true);
  });
});

describe('an older ledger that was put back', { timeout: 60_000 }, () => {
  /** A provider that is not on loopback, as far as the program can see. */
  async function real() {
    const odd = await oddProvider((key) => ({ status: 200, body: `{"id":"task_${key}"}` }), certificate);
    const proxy = await connectProxy(odd.port);
    const env = {
      SHOTLIST_BASE_URL: 'https://videos.example/kyyReactApiServer',
      SHOTLIST_API_KEY: 'sk-of-the-test',
      HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`,
      NODE_EXTRA_CA_CERTS: certificateFile,
    };
    const scene = await makeScene(temporaryFolder(), 'older', 6);
    expect((await run(scene, { env, args: ['--limit', '2'] })).code).toBe(0);
    const copy = path.join(scene.folder, 'copy.db');
    copyFileSync(scene.ledgerFile, copy);
    expect((await run(scene, { env, args: ['--limit', '2'] })).code).toBe(0);
    expect(odd.arrived).toHaveLength(4);
    for (const suffix of ['-wal', '-shm']) rmSync(scene.ledgerFile + suffix, { force: true });
    return { odd, env, scene, copy, journal: path.join(scene.folder, 'm.ledger.jsonl') };
  }

  it('is mended by the journal', async () => {
    const { odd, env, scene, copy } = await real();
    copyFileSync(copy, scene.ledgerFile);
    const ended = await run(scene, { env });
    expect(ended.code, ended.stderr).toBe(0);
    expect([...odd.arrived].sort()).toEqual([...scene.keys]);
  });

  it.each(['older', 'missing'])(
    'is given away by the report where there is no journal (%s)',
    async (which) => {
      const { odd, env, scene, copy, journal } = await real();
      rmSync(journal);
      if (which === 'older') copyFileSync(copy, scene.ledgerFile);
      else rmSync(scene.ledgerFile);
      const ended = await run(scene, { env });
      expect(ended.code).toBe(2);
      expect(ended.stderr).toMatch(
        /does not know \d requests? that m\.report\.json says were sent: .*s003 \(task_s003\), s004 \(task_s004\)/,
      );
      expect(ended.stderr).toMatch(/Put the right one back[\s\S]*Nothing was sent/);
      expect(odd.arrived).toHaveLength(4);
      const { rows } = await readReport(scene);
      expect(rows.filter(({ taskId }) => taskId !== null)).toHaveLength(4);
    },
  );
});
