import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/cli.ts';
import { connectProxy } from '../provider/servers.ts';
import { type Ended, type ProgramOptions, start } from './program.ts';
import { certificate, certificateFile, local, oddProvider, provider } from './rehearsal.ts';
import { look, makeScene, promptsOf, readReport, type Scene } from './scene.ts';

type RunOptions = Omit<ProgramOptions, 'cwd'> & { readonly args?: readonly string[] };

function run(scene: Scene, options: RunOptions): Promise<Ended> {
  const { args = [], ...others } = options;
  return start(['run', 'm.yaml', '--yes', ...args], { cwd: scene.folder, ...others }).ended;
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
