import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { scope } from '../ledger/samples.ts';
import { freshLedger } from './postgres.ts';
import { type FaultyWay, startProxy } from './proxy.ts';
import { programFolder, type Server, startServer } from './server.ts';

const sender = join(import.meta.dirname, 'sender.ts');

describe.skipIf(programFolder() === null)('a run on PostgreSQL', { timeout: 90_000 }, () => {
  let server: Server;
  let proxy: FaultyWay;
  let folder: string;
  /** The ledger as a colleague has it. */
  let direct: string;
  /** The ledger as the run has it. */
  let through: string;
  let colleague: Ledger;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    server = await startServer();
  }, 60_000);
  afterAll(() => server?.dispose(), 60_000);

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'shotlist-sender-'));
    proxy = await startProxy(server.port);
    direct = freshLedger(server.url);
    through = direct.replace(`:${server.port}/`, `:${proxy.port}/`);
    colleague = await openLedger(direct);
  }, 60_000);

  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await colleague.close();
    await proxy.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  interface Sending {
    readonly child: ChildProcess;
    /** Resolves once it has said that. */
    said(word: string, times?: number): Promise<void>;
    /** Its last line. */
    readonly ended: Promise<string>;
  }

  const send = (total: number, places: number, answerMs: number, url = through): Sending => {
    const child = spawn(
      process.execPath,
      [
        '--import',
        'tsx',
        sender,
        url,
        join(folder, 'posts'),
        String(total),
        String(places),
        String(answerMs),
      ],
      { stdio: ['ignore', 'pipe', 'inherit'], cwd: join(import.meta.dirname, '../..') },
    );
    children.push(child);
    let text = '';
    const listeners: (() => void)[] = [];
    child.stdout?.on('data', (bytes: Buffer) => {
      text += bytes;
      for (const listener of listeners) listener();
    });
    const said = (word: string, times = 1): Promise<void> =>
      new Promise((resolve) => {
        const look = (): void => {
          if (text.split('\n').filter((line) => line === word).length >= times) resolve();
        };
        listeners.push(look);
        look();
      });
    const ended = new Promise<string>((resolve) => {
      child.on('close', () => resolve(text.trimEnd().split('\n').at(-1) ?? ''));
    });
    return { child, said, ended };
  };

  /** What the provider got, and that it got nothing twice. */
  const posts = (): readonly { readonly prompt: string; readonly taskId: string }[] => {
    const file = join(folder, 'posts');
    const found = existsSync(file)
      ? readFileSync(file, 'utf8')
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line))
      : [];
    expect(new Set(found.map(({ prompt }) => prompt)).size).toBe(found.length);
    return found;
  };

  /** Everything that was sent is known by its task, or in doubt. */
  const expectNothingLost = async (mostInDoubt: number): Promise<void> => {
    const entries = await colleague.read(scope);
    const inDoubt = entries.filter(({ state }) => state === 'inDoubt');
    expect(inDoubt.length).toBeLessThanOrEqual(mostInDoubt);
    for (const { prompt, taskId } of posts()) {
      const entry = entries.find(({ body }) => body['prompt'] === prompt);
      expect(entry?.taskId === taskId || entry?.state === 'inDoubt', prompt).toBe(true);
    }
  };

  it('that is killed leaves in doubt what was under way, at once, and the rest is sent by another', async () => {
    const first = send(40, 4, 200);
    await first.said('sending', 8);
    first.child.kill('SIGKILL');
    await first.ended;
    await expect
      .poll(async () => states(await colleague.read(scope))['sending'] ?? 0, { timeout: 5000 })
      .toBe(0);
    const inDoubt = states(await colleague.read(scope))['inDoubt'] ?? 0;
    expect(inDoubt).toBeGreaterThan(0);
    expect(inDoubt).toBeLessThanOrEqual(4);
    await send(40, 4, 5).ended;
    await expectNothingLost(4);
    expect(states(await colleague.read(scope))).toEqual({ inDoubt, queued: 40 - inDoubt });
  });

  it('whose claim is in doubt is settled by nobody while it might still answer', async () => {
    const first = send(1, 1, 60_000);
    await first.said('sending');
    first.child.kill('SIGKILL');
    await first.ended;
    await expect
      .poll(async () => states(await colleague.read(scope)), { timeout: 5000 })
      .toEqual({ inDoubt: 1 });
    const [entry] = await colleague.read(scope);
    if (entry === undefined) throw new Error('nothing was claimed');
    const settle = () => colleague.resolve(scope, entry, { kind: 'notSubmitted' }, 'mika@studio');
    await expect(settle()).rejects.toThrow(/may still get an answer/);
  });

  it('that is stopped keeps what it has claimed, and goes on', async () => {
    const first = send(20, 2, 50);
    await first.said('sending', 4);
    first.child.kill('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(states(await colleague.read(scope))['inDoubt']).toBeUndefined();
    first.child.kill('SIGCONT');
    expect(JSON.parse(await first.ended)).toMatchObject({ accepted: 20, inDoubt: 0, lost: 0 });
    await expectNothingLost(0);
  });

  it('goes on after its connections were cut, again and again', async () => {
    const first = send(300, 8, 10);
    await first.said('sending', 8);
    for (let times = 0; times < 8; times += 1) {
      await new Promise((resolve) => setTimeout(resolve, 150));
      proxy.reset();
    }
    const result = JSON.parse(await first.ended);
    expect(result).toMatchObject({ inDoubt: 0, lost: 0 });
    await expectNothingLost(0);
    expect(posts()).toHaveLength(result.accepted);
  });

  it('finds out what became of a commit whose answer was lost', async () => {
    const first = send(60, 4, 10);
    for (let times = 1; times <= 5; times += 1) {
      await first.said('sending', times * 10);
      proxy.swallowAnswer();
    }
    expect(JSON.parse(await first.ended)).toMatchObject({ inDoubt: 0, lost: 0 });
    await expectNothingLost(0);
  });

  it('goes on after a cut in the network of several seconds', async () => {
    const first = send(60, 4, 20);
    await first.said('sending', 10);
    proxy.blackHole();
    await new Promise((resolve) => setTimeout(resolve, 7000));
    proxy.heal();
    expect(JSON.parse(await first.ended)).toMatchObject({ inDoubt: 0, lost: 0 });
    await expectNothingLost(0);
  });

  it.each(['fast', 'immediate'] as const)('goes on after a %s restart of the server', async (mode) => {
    const first = send(200, 8, 20);
    await first.said('sending', 20);
    await server.stop(mode);
    await server.start();
    expect(JSON.parse(await first.ended)).toMatchObject({ inDoubt: 0, lost: 0 });
    await expectNothingLost(0);
  });
});

function states(entries: readonly { readonly state: string }[]): Readonly<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const { state } of entries) found[state] = (found[state] ?? 0) + 1;
  return found;
}
