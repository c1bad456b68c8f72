import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../helpers/cli.ts';
import { audit, tasksByKey } from './audit.ts';
import { type Ended, type Fault, type Program, type Provider, start } from './program.ts';
import { accepted, local, oddProvider, provider } from './rehearsal.ts';
import { doubtfulKeys, look, makeScene, promptsOf, type Scene, writeManifest } from './scene.ts';

interface RunOptions {
  readonly args?: readonly string[];
  readonly manifest?: string;
  readonly fault?: Fault;
}

function run(scene: Scene, env: Readonly<Record<string, string>>, options: RunOptions = {}): Program {
  const { args = [], manifest = 'm.yaml', fault } = options;
  const program = start(['run', manifest, '--yes', '--quiet', '--no-report', ...args], {
    cwd: scene.folder,
    env,
    ...(fault === undefined ? {} : { fault }),
  });
  onTestFinished(() => void program.child.kill('SIGKILL'));
  return program;
}

const codes = (ended: readonly Ended[]) => ended.map(({ code }) => code);

/** The union of what was sent is the plan, each request once, and the ledger says the same. */
async function expectEachOnce(scene: Scene, books: Provider): Promise<void> {
  const billed = await books.billed(promptsOf(scene));
  expect(audit({ scene, now: await look(scene), billed })).toEqual([]);
  expect([...tasksByKey(billed).keys()].sort()).toEqual([...scene.keys]);
  expect(billed).toHaveLength(scene.keys.length);
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Something to wait for until the test lets it happen. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

describe('promise 4: several runs of one ledger', { timeout: 120_000 }, () => {
  it.each([2, 8])('%i of one manifest, started together, send each request once', async (processes) => {
    const books = await provider('--latency', '5-30ms');
    const scene = await makeScene(temporaryFolder(), `together-${processes}`, 40);
    const ended = await Promise.all(Array.from({ length: processes }, () => run(scene, books.env).ended));
    await expectEachOnce(scene, books);
    // What another run is still sending is not a problem of this one.
    expect(codes(ended), ended.map(({ stderr }) => stderr).join('\n')).toEqual(ended.map(() => 0));
  });

  it('of overlapping manifests send what they share once', async () => {
    const books = await provider('--latency', '5-30ms');
    const scene = await makeScene(temporaryFolder(), 'overlapping', 30);
    for (const [name, from] of [
      ['a', 0],
      ['b', 10],
    ] as const) {
      await writeManifest(
        path.join(scene.folder, `${name}.yaml`),
        scene.project,
        scene.keys.slice(from, from + 20),
      );
    }
    const ended = await Promise.all(
      ['a.yaml', 'b.yaml', 'a.yaml', 'b.yaml'].map((manifest) => run(scene, books.env, { manifest }).ended),
    );
    expect(codes(ended)).toEqual([0, 0, 0, 0]);
    await expectEachOnce(scene, books);
  });

  it('of which some are killed send each request at most once, and the rest finish the plan', async () => {
    const books = await provider('--latency', '5-30ms');
    const scene = await makeScene(temporaryFolder(), 'some-killed', 60);
    const faults: readonly (Fault | undefined)[] = [
      { step: 'claim:committed', nth: 2 },
      undefined,
      { step: 'send:done', nth: 3 },
      undefined,
      { step: 'answer:written', nth: 2 },
      { step: 'answer:committed', nth: 1 },
    ];
    const ended = await Promise.all(
      faults.map(
        // So slow that each is up long before the plan is done, however busy the machine is.
        (fault) => run(scene, books.env, { ...(fault && { fault }), args: ['--rate', '20/s'] }).ended,
      ),
    );
    const killed = ended.filter(({ signal }) => signal === 'SIGKILL').length;
    expect(killed).toBeGreaterThan(0);
    const now = await look(scene);
    const billed = await books.billed(promptsOf(scene));
    const inFlight = killed * 4;
    expect(audit({ scene, now, billed, doubtfulBefore: new Set(), inFlight })).toEqual([]);
    // The runs that lived have sent everything that no dead one had in its hands.
    expect(scene.keys.filter((key) => now.state(key) === 'pending')).toEqual([]);
    expect(tasksByKey(billed).size + doubtfulKeys(scene, now).size).toBeGreaterThanOrEqual(60);
  });

  it('with --retry-failed in two of them, pay for each failure once more and no oftener', async () => {
    const books = await provider('--latency', '5-30ms', '--fail', 'failed#1-12');
    const scene = await makeScene(temporaryFolder(), 'retried', 12);
    expect((await run(scene, books.env).ended).code).toBe(1);
    const again = { args: ['--retry-failed'] };
    const ended = await Promise.all([0, 1].map(() => run(scene, books.env, again).ended));
    expect(codes(ended)).toEqual([0, 0]);
    const tasks = tasksByKey(await books.billed(promptsOf(scene)));
    expect([...tasks.values()].map((ids) => ids.length)).toEqual(scene.keys.map(() => 2));
    const now = await look(scene);
    expect(now.violations).toEqual([]);
    expect(scene.keys.map((key) => now.state(key))).toEqual(scene.keys.map(() => 'queued'));
  });

  it('notices where it does not hold: without life locks, a request that is being sent is taken for dead', async () => {
    const held = await oddProvider(() => 'silence');
    const scene = await makeScene(temporaryFolder(), 'no-lock', 1);
    const env = { SHOTLIST_BASE_URL: local(held.port), SHOTLIST_API_KEY: 'sk-of-the-test' };
    run(scene, env, { fault: { broken: 'lock' } });
    await until(() => held.arrived.length === 1);
    expect((await look(scene)).state('s001')).toBe('inDoubt');
  });
});

describe('promise 5: the claim of a run', { timeout: 60_000 }, () => {
  /** A run of one request, which has arrived and gets its answer when `answer` is called; any other gets its own at once. */
  async function heldRun(name: string) {
    const answer = gate();
    const odd = await oddProvider(async (key) => {
      if (key === 's001') await answer.opened;
      return accepted(`task_${key}`);
    });
    const env = { SHOTLIST_BASE_URL: local(odd.port), SHOTLIST_API_KEY: 'sk-of-the-test' };
    const scene = await makeScene(temporaryFolder(), name, 3);
    const program = run(scene, env, { args: ['--limit', '1'] });
    await until(() => odd.arrived.length === 1);
    expect((await look(scene)).state('s001')).toBe('sending');
    return { odd, env, scene, program, answer: answer.open };
  }

  it('is left alone while its process is stopped, and recorded when it goes on', async () => {
    const { odd, env, scene, program, answer } = await heldRun('stopped');
    program.child.kill('SIGSTOP');
    answer();
    expect((await look(scene)).state('s001')).toBe('sending');
    const others = await Promise.all([run(scene, env), run(scene, env, { args: ['--retry-failed'] })]);
    expect(codes(await Promise.all(others.map(({ ended }) => ended)))).toEqual([0, 0]);
    const settle = await start(['resolve', 'm.yaml', 's001', '--not-submitted'], { cwd: scene.folder, env })
      .ended;
    expect(settle.code).toBe(3);
    expect(settle.stderr).toMatch(/s001 is being sent by a live run/);
    const before = await look(scene);
    expect(scene.keys.map((key) => before.state(key))).toEqual(['sending', 'queued', 'queued']);
    program.child.kill('SIGCONT');
    expect((await program.ended).code).toBe(0);
    expect([...odd.arrived].sort()).toEqual([...scene.keys]);
    const after = await look(scene);
    expect(scene.keys.map((key) => after.entries.get(key)?.taskId)).toEqual(
      scene.keys.map((key) => `task_${key}`),
    );
  });

  it('is in doubt the moment its process is killed, and never sent again', async () => {
    const { odd, env, scene, program } = await heldRun('killed');
    program.child.kill('SIGKILL');
    await program.ended;
    expect((await look(scene)).state('s001')).toBe('inDoubt');
    expect((await run(scene, env).ended).code).toBe(1);
    expect([...odd.arrived].sort()).toEqual([...scene.keys]);
    expect((await look(scene)).state('s001')).toBe('inDoubt');
  });
});

describe('a run that is stopped amid a write', { timeout: 60_000 }, () => {
  it.skipIf(!existsSync('/proc/self/stat'))(
    'costs no other run an id, however long it holds the ledger',
    async () => {
      const held = gate();
      const odd = await oddProvider(async (key) => {
        if (key === 's002') await held.opened;
        return accepted(`task_${key}`);
      });
      const env = { SHOTLIST_BASE_URL: local(odd.port), SHOTLIST_API_KEY: 'sk-of-the-test' };
      const scene = await makeScene(temporaryFolder(), 'held', 3);
      const other = run(scene, env, { args: ['--only', 's002'] });
      await until(() => odd.arrived.includes('s002'));
      const fault = { step: 'answer:written', stop: true };
      const stopped = run(scene, env, { args: ['--only', 's001'], fault });
      await until(() => /\) T/.test(readFileSync(`/proc/${stopped.child.pid}/stat`, 'utf8')));
      held.open();
      const { code, stderr } = await other.ended;
      expect(code, stderr).toBe(2);
      expect(stderr).toMatch(/s002: task task_s002 could not be recorded; it is kept in/);
      stopped.child.kill('SIGCONT');
      expect((await stopped.ended).code).toBe(0);

      const after = await run(scene, env).ended;
      expect(after.code, after.stderr).toBe(0);
      expect([...odd.arrived].sort()).toEqual([...scene.keys]);
      const now = await look(scene);
      expect(scene.keys.map((key) => now.entries.get(key)?.taskId)).toEqual(
        scene.keys.map((key) => `task_${key}`),
      );
      expect(now.violations).toEqual([]);
    },
  );
});

describe('the rate', () => {
  it('holds for all runs of a ledger together, the strictest of them', { timeout: 60_000 }, async () => {
    const odd = await oddProvider((key) => ({ status: 200, body: `{"id":"${key}"}` }));
    const scene = await makeScene(temporaryFolder(), 'rates', 24);
    const env = { SHOTLIST_BASE_URL: local(odd.port), SHOTLIST_API_KEY: 'sk-of-the-test' };
    const ended = await Promise.all(
      ['10/s', '10/s', '20/s'].map((rate) => run(scene, env, { args: ['--rate', rate] }).ended),
    );
    expect(codes(ended)).toEqual([0, 0, 0]);
    expect(new Set(odd.arrived).size).toBe(24);
    expect(odd.arrived).toHaveLength(24);
    // By the slots that the ledger gave out; when each arrived also depends on how busy the machine is.
    const times = [...(await look(scene)).histories.values()]
      .flatMap((events) => events.filter(({ type }) => type === 'claimed').map(({ at }) => Date.parse(at)))
      .sort((a, b) => a - b);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(23 * 100 * 0.8);
  });
});
