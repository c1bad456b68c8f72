import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ResolutionError } from '../../src/ledger/ledger.ts';
import type { SpoolReport } from '../../src/ledger/spool/spool.ts';
import { entryOf, request, reserve, scope, spec } from '../ledger/samples.ts';
import { open, tempFolder } from '../ledger/temp.ts';
import type { Answer } from '../ledger/worker.ts';
import { startWorker, type WorkerProcess } from '../ledger/worker-process.ts';

const by = 'mika@studio';

async function workers(count: number, file: string): Promise<readonly WorkerProcess[]> {
  const started = await Promise.all(Array.from({ length: count }, () => startWorker()));
  expect(await Promise.all(started.map((worker) => worker.ask({ do: 'open', file })))).toEqual(
    started.map(() => ({ done: 'open', list: [] })),
  );
  return started;
}

/** What a worker says it did, of one kind. */
function said(answers: readonly Answer[], what: string): readonly (readonly (string | number)[])[] {
  return answers.flatMap((answer) => ('done' in answer && answer.done === what ? [answer.list] : []));
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

describe('several processes on one ledger', () => {
  it('promise 4: claim each request once, from a ledger that they make together', async () => {
    const folder = await tempFolder();
    const file = join(folder, '.shotlist', 'ledger.db');
    const four = await workers(4, file);
    // Making one is a race of its own, so it is run a few times.
    for (let n = 0; n < 30; n += 1) {
      const made = four.map((worker) => worker.ask({ do: 'open', file: join(folder, `${n}`, 'ledger.db') }));
      expect(await Promise.all(made)).toEqual(four.map(() => ({ done: 'open', list: [] })));
    }
    await Promise.all(four.map((worker) => worker.ask({ do: 'open', file })));
    await Promise.all(four.map((worker) => worker.ask({ do: 'start', count: 150 })));
    const last = four.map((worker) => worker.ask({ do: 'sendAll' }));
    await until(() => four.every(({ answers }) => said(answers, 'sendAll').length === 1));
    await Promise.all(last);
    const sent = four.flatMap(({ answers }) => said(answers, 'sent').map(([key]) => key));
    expect(sent).toHaveLength(150);
    expect(new Set(sent).size).toBe(150);
    const entries = await (await open(file)).read(scope);
    expect(entries.every(({ state, attempts }) => state === 'queued' && attempts === 1)).toBe(true);
  });

  it('promise 5: a claim is in doubt as soon as its process is killed', async () => {
    const file = join(await tempFolder(), 'ledger.db');
    const [worker] = (await workers(1, file)) as [WorkerProcess];
    await worker.ask({ do: 'start', count: 3 });
    await worker.ask({ do: 'claim', from: 0, count: 2 });
    const ledger = await open(file);
    const states = async () => (await ledger.read(scope)).map(({ state }) => state);
    expect(await states()).toEqual(['sending', 'sending', 'pending']);
    await worker.kill();
    expect(await states()).toEqual(['inDoubt', 'inDoubt', 'pending']);
    const limits = { maxCost: null, maxRequests: 3 };
    await (await ledger.startRun(spec(reserve([request(9)]), { limits }))).close();
    await ledger.resolve(scope, request(0), { kind: 'abandoned' }, by);
  });

  it('promise 5: a claim of a stopped process can be neither taken nor settled', async () => {
    const file = join(await tempFolder(), 'ledger.db');
    const [worker] = (await workers(1, file)) as [WorkerProcess];
    await worker.ask({ do: 'start', count: 1 });
    await worker.ask({ do: 'claim', from: 0, count: 1 });
    worker.child.kill('SIGSTOP');
    const ledger = await open(file);
    expect(await entryOf(ledger, request(0))).toMatchObject({ state: 'sending' });
    const resolving = ledger.resolve(scope, request(0), { kind: 'notSubmitted' }, by);
    await expect(resolving).rejects.toThrow(ResolutionError);
    const limits = { maxCost: null, maxRequests: 1 };
    await expect(ledger.startRun(spec(reserve([request(9)]), { limits }))).rejects.toThrow(
      /1 requests spent/,
    );
  });

  it('promise 2: a process killed amid its commits loses nothing that it had been told is recorded', async () => {
    const file = join(await tempFolder(), 'ledger.db');
    const recorded = new Map<unknown, unknown>();
    const sent: unknown[] = [];
    for (let round = 1; round <= 4; round += 1) {
      const [worker] = (await workers(1, file)) as [WorkerProcess];
      await worker.ask({ do: 'start', count: 1000 });
      worker.tell({ do: 'sendAll' });
      await until(() => said(worker.answers, 'recorded').length >= round * 25);
      await worker.kill();
      for (const [key, taskId] of said(worker.answers, 'recorded')) recorded.set(key, taskId);
      sent.push(...said(worker.answers, 'sent').map(([key]) => key));

      const entries = await (await open(file)).read(scope);
      const byKey = new Map(entries.map((entry) => [entry.key, entry]));
      for (const [key, taskId] of recorded) {
        expect(byKey.get(String(key))).toMatchObject({ state: 'queued', taskId, attempts: 1 });
      }
      for (const key of sent) expect(byKey.get(String(key))?.state).toMatch(/queued|inDoubt/);
      expect(entries.filter(({ state }) => state === 'inDoubt').length).toBeLessThanOrEqual(16 * round);
      expect(entries.some(({ state }) => state === 'sending')).toBe(false);
    }
    expect(new Set(sent).size).toBe(sent.length);
  });

  it('space their requests by the strictest of their rates', async () => {
    const file = join(await tempFolder(), 'ledger.db');
    const [fast, slow] = (await workers(2, file)) as [WorkerProcess, WorkerProcess];
    await fast.ask({ do: 'start', count: 1, intervalMs: 1000 });
    await slow.ask({ do: 'start', count: 1, intervalMs: 60_000 });
    const answers = await Promise.all([fast, slow].map((worker) => worker.ask({ do: 'slots', count: 5 })));
    const slots = answers
      .flatMap((answer) => ('list' in answer ? answer.list.map(Number) : []))
      .sort((a, b) => a - b);
    expect(slots).toHaveLength(10);
    const gaps = slots.slice(1).map((slot, n) => Math.round(slot - (slots[n] ?? 0)));
    // Each told how long it has to wait, from when it asked.
    for (const gap of gaps) expect(Math.abs(gap - 60_000)).toBeLessThan(5000);
  });

  it('promise 2: no id is lost, and no claim succeeds, once the disk takes no more', async () => {
    const folder = await tempFolder();
    const file = join(folder, 'ledger.db');
    const worker = await startWorker({ fileSizeKiB: 1024 });
    await worker.ask({ do: 'open', file });
    await worker.ask({ do: 'start', count: 300 });
    expect(await worker.ask({ do: 'claim', from: 0, count: 200 })).toMatchObject({ done: 'claim' });
    const settled = await worker.ask({ do: 'settle', count: 200 });
    const claimed = await worker.ask({ do: 'claim', from: 200, count: 100 });
    expect(claimed).toMatchObject({
      failed: 'LedgerError',
      message: expect.stringMatching(/cannot be (read or )?written/),
    });
    await worker.kill();

    const reports: SpoolReport[] = [];
    const ledger = await open(file, { onSpooled: (report) => reports.push(report) });
    const spooled = 'list' in settled ? settled.list : [];
    expect(spooled.length).toBeGreaterThan(0);
    expect(reports.map(({ key }) => key).sort()).toEqual([...spooled].sort());
    const states = (await ledger.read(scope)).map(({ state }) => state);
    expect(states).toEqual([...Array(200).fill('queued'), ...Array(100).fill('pending')]);
  });
});
