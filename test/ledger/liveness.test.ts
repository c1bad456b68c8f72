import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ledgerOn } from '../../src/ledger/ledger-on.ts';
import { Liveness } from '../../src/ledger/life/liveness.ts';
import { MemoryMedium } from '../../src/ledger/memory/memory-backend.ts';
import { openSqlite } from '../../src/ledger/sqlite/sqlite-backend.ts';
import { accepted, pending, request, reserve, scope, spec, TestClock } from './samples.ts';

describe('who lives', () => {
  it('promise 5: an answer that a run records just before its end is not taken for doubt', () => {
    let recorded = 'nothing';
    const liveness = new Liveness(() => {
      recorded = 'queued';
      return false;
    });
    const state = liveness.view((isLive) => {
      const snapshot = recorded;
      return isLive('run-1') || snapshot !== 'nothing' ? snapshot : 'inDoubt';
    });
    expect(state).toBe('queued');
  });

  it('asks for a live run once a look, and for a dead one once', () => {
    const asked: string[] = [];
    const liveness = new Liveness((id) => {
      asked.push(id);
      return id === 'live';
    });
    const look = () => liveness.view((isLive) => ['live', 'live', 'dead', 'dead'].map(isLive));
    expect(look()).toEqual([true, true, false, false]);
    expect(asked).toEqual(['live', 'dead', 'live']);
    look();
    expect(asked).toEqual(['live', 'dead', 'live', 'live']);
  });
});

describe('promise 5: what was loaded while a run lived', () => {
  const clock = new TestClock();

  it.each([
    [
      'SQLite',
      async (folder: string) => {
        const file = join(folder, 'ledger.db');
        return [await openSqlite(file, { clock }), await openSqlite(file, { clock })] as const;
      },
    ],
    [
      'memory',
      async () => {
        const medium = new MemoryMedium({ newRunId: () => 'run-1' });
        return [medium.open(), medium.open()] as const;
      },
    ],
  ])('is not read as in doubt because the run has ended since: %s', async (_, open) => {
    const folder = await mkdtemp(join(tmpdir(), 'shotlist-liveness-'));
    const [mine, other] = await open(folder);
    const ledger = await ledgerOn(other, { clock });
    try {
      const shot = request(1);
      const run = await ledger.startRun(spec(reserve([shot])));
      const { attempt } = await run.claim(shot, pending);
      const facts = await mine.load({ requests: [{ scope }] });
      await run.settle(shot, attempt, accepted('video_1'));
      await run.close();
      expect(facts.isLive(run.id)).toBe(true);
      expect((await mine.load({ requests: [{ scope }], runs: true })).isLive(run.id)).toBe(false);
    } finally {
      await ledger.close();
      await mine.close();
      await rm(folder, { recursive: true });
    }
  });
});
