import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { beforeEach, describe, expect, it } from 'vitest';
import { LedgerError } from '../../src/core/errors.ts';
import { CommitQueue } from '../../src/ledger/sqlite/commit-queue.ts';
import { ledgerError } from '../../src/ledger/sqlite/errors.ts';
import { TestClock } from './samples.ts';

describe('group commit', () => {
  let db: DatabaseSyncInstance;
  let statements: string[];
  let verify: () => void;
  let queue: CommitQueue;

  beforeEach(() => {
    db = new DatabaseSync(':memory:');
    db.exec('CREATE TABLE names (name TEXT UNIQUE)');
    statements = [];
    verify = () => {};
    const watched = new Proxy(db, {
      get: (target, name) => {
        if (name === 'isTransaction') return target.isTransaction;
        return (sql: string) => {
          statements.push(sql);
          target.exec(sql);
        };
      },
    });
    queue = new CommitQueue({
      ...{ db: watched, clock: new TestClock(), busyTimeoutMs: 100, verify: () => verify() },
      explain: (error) => ledgerError(error, 'ledger.db'),
    });
  });

  const add = (name: string): Promise<void> =>
    queue.add(() => void db.prepare('INSERT INTO names VALUES (?)').run(name));
  const names = (): unknown[] =>
    db
      .prepare('SELECT name FROM names ORDER BY name')
      .all()
      .map(({ name }) => name);
  const commits = (): number => statements.filter((sql) => sql === 'COMMIT').length;

  it('writes what is asked for in one turn of the event loop in one transaction', async () => {
    const first = add('a');
    expect(names()).toEqual([]);
    await Promise.all([first, add('b'), Promise.resolve().then(() => add('c'))]);
    expect(names()).toEqual(['a', 'b', 'c']);
    expect(commits()).toBe(1);
  });

  it('undoes a member that fails, alone and whole', async () => {
    const half = queue.add(() => {
      db.exec("INSERT INTO names VALUES ('half')");
      throw new Error('no');
    });
    const results = await Promise.allSettled([add('a'), half, add('a'), add('b')]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect(names()).toEqual(['a', 'b']);
    expect(commits()).toBe(1);
  });

  it('fails every member when the disk is full, and goes on once there is room', async () => {
    db.exec('PRAGMA max_page_count = 3');
    const large = queue.add(() => db.exec(`INSERT INTO names VALUES ('${'x'.repeat(50_000)}')`));
    const results = await Promise.allSettled([add('a'), large, add('b')]);
    for (const result of results) {
      expect(result).toMatchObject({ status: 'rejected', reason: expect.any(LedgerError) });
      expect(result).toMatchObject({ reason: { message: expect.stringContaining('the disk is full') } });
    }
    expect(names()).toEqual([]);
    db.exec('PRAGMA max_page_count = 1000');
    await add('c');
    expect(names()).toEqual(['c']);
  });

  it('fails every member when what was committed cannot be found again', async () => {
    verify = () => {
      throw new LedgerError('gone');
    };
    const results = await Promise.allSettled([add('a'), add('b')]);
    expect(results).toMatchObject([{ reason: { message: 'gone' } }, { reason: { message: 'gone' } }]);
  });

  it('tries again while the database is busy, with everything that came meanwhile', async () => {
    let busy = 3;
    const shy = queue.add(() => {
      db.exec("INSERT INTO names VALUES ('shy')");
      if (busy-- > 0) throw Object.assign(new Error('database is locked'), { errcode: 5 });
      return 'done';
    });
    const later = new Promise((resolve) => setImmediate(resolve)).then(() => add('later'));
    expect(await shy).toBe('done');
    await later;
    expect(names()).toEqual(['later', 'shy']);
    expect(commits()).toBeLessThanOrEqual(2);
  });

  it('is idle once nothing waits', async () => {
    await queue.idle();
    const waiting = add('a');
    await queue.idle();
    expect(names()).toEqual(['a']);
    await waiting;
  });
});
