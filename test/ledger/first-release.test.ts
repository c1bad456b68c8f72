import { cpSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { journalText, readJournal } from '../../src/ledger/journal/journal.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { TestClock } from './samples.ts';

const fixtures = path.resolve(import.meta.dirname, '../fixtures/first-release');
const scope = { provider: 'https://api.example.com', project: 'night-market' };
const journal = readFileSync(path.join(fixtures, 'storyboard.ledger.jsonl'), 'utf8');

interface State {
  readonly key: string;
  readonly status: string;
  readonly taskId: string | null;
  readonly attempts: number;
  readonly cost: number;
  readonly file: string | null;
}

/** What the first release said of these requests. */
const states = (JSON.parse(readFileSync(path.join(fixtures, 'states.json'), 'utf8')) as State[]).filter(
  ({ attempts }) => attempts > 0,
);

async function oldLedger() {
  const folder = await mkdtemp(path.join(tmpdir(), 'shotlist-first-release-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'ledger.db');
  cpSync(path.join(fixtures, 'ledger.db'), file);
  const ledger = await openLedger(file, { clock: new TestClock() });
  onTestFinished(() => ledger.close());
  return ledger;
}

async function newLedger() {
  const ledger = await openLedger(':memory:', { clock: new TestClock() });
  onTestFinished(() => ledger.close());
  return ledger;
}

const toldBy = async (ledger: Awaited<ReturnType<typeof newLedger>>) =>
  (await ledger.read(scope)).map(({ key, state, taskId, attempts, cost }) => ({
    ...{ key, status: state, taskId, attempts, cost },
  }));

describe('what the first release left', () => {
  it('is a ledger that opens with every state as it was', async () => {
    const ledger = await oldLedger();
    const told = new Map((await toldBy(ledger)).map((each) => [each.key, each]));
    for (const { file: _, ...was } of states) {
      // What came to nothing under a name goes with it now, where it changed places with what was adopted.
      const attempts = was.key === 'sc010/crane' ? expect.any(Number) : was.attempts;
      const taskId = was.key === 'sc010/tram' ? expect.stringMatching(/^task_tram_/) : was.taskId;
      expect(told.get(was.key)).toEqual({ ...was, attempts, taskId });
    }
    const entries = await ledger.read(scope);
    expect(entries.find(({ key }) => key === 'sc010/lantern')?.file?.path).toBe('clips/lantern.mp4');
    expect((await ledger.tasks(scope)).map(({ taskId }) => taskId).sort()).toEqual([
      ...['task_crane', 'task_heron', 'task_lantern_1', 'task_lantern_2', 'task_rain'],
      ...['task_tram_here', 'task_tram_there'],
    ]);
  });

  it('keeps every invariant after it was brought forward', async () => {
    const fingerprints = new Map(
      (await (await oldLedger()).read(scope)).map(({ body, take, fingerprint }) => [
        `${JSON.stringify(body)} ${take}`,
        fingerprint,
      ]),
    );
    const found = await (await oldLedger()).verify(
      (body, take) => fingerprints.get(`${JSON.stringify(body)} ${take}`) ?? '',
    );
    expect(found).toEqual([]);
  });

  it('is a history that leaves it as it always did, line for line', async () => {
    const ledger = await oldLedger();
    expect(journalText(await ledger.exportHistory(scope.project))).toBe(journal);
  });

  it('is a journal that is in already where its ledger is', async () => {
    const { events } = readJournal(journal, 'storyboard.ledger.jsonl');
    const taken = await (await oldLedger()).takeIn(events, null);
    expect(taken).toEqual({ added: 0, known: events.length, conflicts: [] });
  });

  it('is a journal from which a clone comes to the same states', async () => {
    const [old, clone] = [await oldLedger(), await newLedger()];
    const { events } = readJournal(journal, 'storyboard.ledger.jsonl');
    await clone.takeIn(events, null);
    const byKey = (a: { key: string }, b: { key: string }): number => (a.key < b.key ? -1 : 1);
    expect((await toldBy(clone)).sort(byKey)).toEqual((await toldBy(old)).sort(byKey));
    expect(journalText(await clone.exportHistory(scope.project))).toBe(journal);
  });
});
