import { copyFileSync, cpSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readJournal } from '../../src/ledger/journal/journal.ts';
import { temporaryFolder } from '../helpers/cli.ts';
import { type Ended, type Program, type Provider, start } from './program.ts';
import { provider } from './rehearsal.ts';
import { makeScene, promptsOf, type Scene } from './scene.ts';

const journal = 'm.ledger.jsonl';

function shotlist(
  scene: Pick<Scene, 'folder'>,
  env: Readonly<Record<string, string>>,
  command: string,
  ...args: readonly string[]
): Program {
  const program = start([command, 'm.yaml', '--journal', journal, ...args], { cwd: scene.folder, env });
  onTestFinished(() => void program.child.kill('SIGKILL'));
  return program;
}

const run = (
  scene: Pick<Scene, 'folder'>,
  env: Readonly<Record<string, string>>,
  ...args: readonly string[]
) => shotlist(scene, env, 'run', '--yes', '--no-report', ...args);

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
}

const textOf = (folder: string): string => readFileSync(path.join(folder, journal), 'utf8');
const eventsOf = (folder: string) => readJournal(textOf(folder), journal).events;
const acceptedIn = (folder: string): number =>
  existsSync(path.join(folder, journal))
    ? eventsOf(folder).filter((event) => event.type === 'settled' && event.outcome.kind === 'accepted').length
    : 0;

/** A folder with the manifest and the journal of another one, as git would give it. */
function cloneOf(scene: Scene): Pick<Scene, 'folder'> {
  const folder = temporaryFolder();
  for (const name of ['m.yaml', journal])
    copyFileSync(path.join(scene.folder, name), path.join(folder, name));
  return { folder };
}

/** Starts a run and kills it once at least `accepted` answers are in the journal. */
async function killed(scene: Scene, books: Provider, accepted: number): Promise<Ended> {
  const program = run(scene, books.env, '--concurrency', '2');
  await until(() => acceptedIn(scene.folder) >= accepted);
  program.child.kill('SIGKILL');
  return program.ended;
}

/** Nobody knows of less than was billed: each prompt once, and whatever is left is sent by a clone. */
async function expectNothingTwice(scene: Scene, books: Provider): Promise<void> {
  const prompts = (await books.billed(promptsOf(scene))).map(({ body }) => body.prompt);
  expect(prompts.length).toBe(new Set(prompts).size);
}

describe('promise 12: the journal of a run that was killed', { timeout: 120_000 }, () => {
  it('kill -9: holds what was sent, so that a fresh clone does not pay again', async () => {
    const books = await provider('--latency', '20-60ms');
    const scene = await makeScene(temporaryFolder(), 'killed', 40);
    expect((await killed(scene, books, 10)).signal).toBe('SIGKILL');
    await books.idle();
    const clone = cloneOf(scene);
    const ended = await run(clone, books.env).ended;
    // What was under way is in doubt for the clone: nobody knows whether it was billed.
    expect(ended.code, ended.stderr).toBe(1);
    await expectNothingTwice(scene, books);
  });

  it('SIGTERM, then SIGKILL: the answers that came by then are not paid again by a clone', async () => {
    // An answer that never comes keeps the run from ending by itself, as a provider that hangs does.
    const books = await provider('--latency', '10ms', '--fail', 'hang+billed#8');
    const scene = await makeScene(temporaryFolder(), 'cancelled', 40);
    const program = run(scene, books.env, '--concurrency', '2');
    await until(() => acceptedIn(scene.folder) >= 20);
    program.child.kill('SIGTERM');
    await until(() => program.said().includes('Stopping'));
    program.child.kill('SIGKILL');
    await program.ended;
    await run(cloneOf(scene), books.env).ended;
    await expectNothingTwice(scene, books);
  });

  it('with the ledger deleted: the same folder does not pay again', async () => {
    const books = await provider('--latency', '20-60ms');
    const scene = await makeScene(temporaryFolder(), 'deleted', 30);
    await killed(scene, books, 8);
    await books.idle();
    rmSync(path.join(scene.folder, '.shotlist'), { recursive: true });
    await run(scene, books.env).ended;
    await expectNothingTwice(scene, books);
  });

  it.each(['plan', 'status', 'report'])(
    'an old copy that was put back is brought up to date by %s',
    async (command) => {
      const books = await provider();
      const scene = await makeScene(temporaryFolder(), `stale-${command}`, 6);
      expect((await run(scene, books.env, '--limit', '2').ended).code).toBe(0);
      const old = textOf(scene.folder);
      expect((await run(scene, books.env).ended).code).toBe(0);
      const whole = eventsOf(scene.folder).length;
      writeFileSync(path.join(scene.folder, journal), old);
      expect((await shotlist(scene, books.env, command).ended).code).toBe(0);
      expect(eventsOf(scene.folder)).toHaveLength(whole);
      rmSync(path.join(scene.folder, journal));
      expect((await shotlist(scene, books.env, command).ended).code).toBe(0);
      expect(eventsOf(scene.folder)).toHaveLength(whole);
    },
  );

  it('a line that was cut off is made whole where the ledger has it, and stops everything elsewhere', async () => {
    const books = await provider();
    const scene = await makeScene(temporaryFolder(), 'torn', 4);
    expect((await run(scene, books.env).ended).code).toBe(0);
    const whole = textOf(scene.folder);
    writeFileSync(path.join(scene.folder, journal), whole.slice(0, -40));
    const clone = cloneOf(scene);
    const refused = await shotlist(clone, books.env, 'plan').ended;
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringContaining('ends in the middle of a line'),
    ]);
    const mended = await shotlist(scene, books.env, 'plan').ended;
    expect([mended.code, mended.stderr]).toEqual([0, '']);
    expect(textOf(scene.folder)).toBe(whole);
  });
});

describe('promise 12: a journal that several write', { timeout: 120_000 }, () => {
  it('loses nobody’s events', async () => {
    const books = await provider('--latency', '1-20ms');
    const parent = temporaryFolder();
    const shared = path.join(parent, 'shared.ledger.jsonl');
    const scenes = await Promise.all(
      ['left', 'right', 'middle'].map(async (name) => makeScene(path.join(parent, name), name, 30)),
    );
    const ended = await Promise.all(
      scenes.map(({ folder }) => {
        const args = ['run', 'm.yaml', '--yes', '--no-report', '--journal', shared];
        const program = start(args, { cwd: folder, env: books.env });
        onTestFinished(() => void program.child.kill('SIGKILL'));
        return program.ended;
      }),
    );
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 0]);
    const { events } = readJournal(readFileSync(shared, 'utf8'), 'shared');
    const accepted = events.filter((event) => event.type === 'settled' && event.outcome.kind === 'accepted');
    expect(accepted).toHaveLength(90);
  });

  it('loses no event to a run that is stopped while it writes', async () => {
    const books = await provider();
    const scene = await makeScene(temporaryFolder(), 'stopped', 6);
    const other = { folder: temporaryFolder() };
    expect((await run(scene, books.env, '--limit', '2').ended).code).toBe(0);
    cpSync(scene.folder, other.folder, { recursive: true });
    // One has read the journal and is stopped; the other pays and writes; then the first goes on.
    const first = run(scene, books.env, '--limit', '2');
    await until(() => first.said().includes('Submit'));
    first.child.kill('SIGSTOP');
    const line = textOf(scene.folder).split('\n')[0] ?? '';
    const theirs = line.replace(/"id":"[0-9a-f]{32}"/, `"id":"${'0'.repeat(32)}"`);
    writeFileSync(path.join(scene.folder, journal), `${theirs}\n`, { flag: 'a' });
    first.child.kill('SIGCONT');
    await first.ended;
    expect(textOf(scene.folder)).toContain('0'.repeat(32));
  });
});

describe('the journal of a long history', { timeout: 120_000 }, () => {
  it('is added to and never rewritten', async () => {
    const books = await provider();
    const scene = await makeScene(temporaryFolder(), 'long', 60);
    expect((await run(scene, books.env, '--limit', '58').ended).code).toBe(0);
    const file = path.join(scene.folder, journal);
    const before = textOf(scene.folder);
    const { ino } = statSync(file);
    expect((await run(scene, books.env).ended).code).toBe(0);
    expect(statSync(file).ino).toBe(ino);
    expect(textOf(scene.folder).startsWith(before)).toBe(true);
    expect(eventsOf(scene.folder)).toHaveLength(120);
  });
});
