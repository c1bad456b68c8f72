import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as sqlite from '@photostructure/sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FileLocks, isUuid } from '../../src/ledger/sqlite/life-locks.ts';
import { entryOf, pending, request, requests, reserve, spec } from './samples.ts';
import { open, tempFolder } from './temp.ts';

/** Locks that give out the ids that they are told. */
function locksIn(folder: string, ids: readonly string[]): FileLocks {
  const rest = [...ids];
  return new FileLocks(folder, sqlite, () => rest.shift() ?? 'none-left');
}

describe('the life lock of a run', () => {
  it('tells who lives, however many look at once', async () => {
    const folder = await tempFolder();
    const lock = locksIn(folder, ['a']).takeNow();
    const [one, two] = [locksIn(folder, []), locksIn(folder, [])];
    expect([one.isLive('a'), two.isLive('a'), one.isLive('b')]).toEqual([true, true, false]);
    lock.release();
    expect([one.isLive('a'), two.isLive('a')]).toEqual([false, false]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('takes two that look at a dead run at the same time for what they are', async () => {
    const folder = await tempFolder();
    const locks = locksIn(folder, []);
    writeFileSync(join(folder, 'dead.db'), '');
    const looking = new sqlite.DatabaseSync(join(folder, 'dead.db'), { readOnly: true });
    onTestFinished(() => looking.close());
    looking.exec('BEGIN; SELECT count(*) FROM sqlite_schema');
    expect(locks.isLive('dead')).toBe(false);
  });

  it('is swept away once its run is dead, and only then', async () => {
    const folder = await tempFolder();
    const locks = locksIn(folder, ['live']);
    const lock = locks.takeNow();
    onTestFinished(() => lock.release());
    writeFileSync(join(folder, 'dead.db'), '');
    writeFileSync(join(folder, 'notes.txt'), '');
    locks.sweep();
    expect(readdirSync(folder).sort()).toEqual(['live.db', 'notes.txt']);
    expect(lock.isHeld()).toBe(true);
    expect(locks.isLive('live')).toBe(true);
  });

  it('is all that is swept: what a person keeps there stays, and so does what links lead to', async () => {
    const folder = await tempFolder();
    const elsewhere = await tempFolder();
    const locks = new FileLocks(folder, sqlite, randomUUID, isUuid);
    const left = `${randomUUID()}.db`;
    const [full, linked, named] = [`${randomUUID()}.db`, `${randomUUID()}.db`, 'photos.db'];
    writeFileSync(join(folder, left), '');
    writeFileSync(join(elsewhere, 'empty.db'), '');
    symlinkSync(join(elsewhere, 'empty.db'), join(folder, linked));
    writeFileSync(join(folder, 'empty.db'), '');
    for (const name of [full, named]) {
      const db = new sqlite.DatabaseSync(join(folder, name));
      db.exec('CREATE TABLE mine (a)');
      db.close();
    }
    locks.sweep();
    expect(readdirSync(folder).sort()).toEqual(['empty.db', full, linked, named].sort());
    expect(existsSync(join(elsewhere, 'empty.db'))).toBe(true);

    const link = join(await tempFolder(), 'runs');
    symlinkSync(elsewhere, link);
    writeFileSync(join(elsewhere, left), '');
    new FileLocks(link, sqlite, randomUUID, isUuid).sweep();
    expect(readdirSync(elsewhere).sort()).toEqual([left, 'empty.db'].sort());
  });

  it('is never taken under an id that was there before, or that leads elsewhere', async () => {
    const folder = await tempFolder();
    writeFileSync(join(folder, 'used.db'), '');
    const lock = locksIn(join(folder), ['used', '../out', 'a/b', '', 'fresh']).takeNow();
    onTestFinished(() => lock.release());
    expect(lock.id).toBe('fresh');
    expect(() => locksIn(folder, Array(20).fill('used')).takeNow()).toThrow(/no life lock/);
    expect(locksIn(folder, []).isLive('../fresh')).toBe(false);
  });

  it('counts as held while it cannot be looked at', async () => {
    const folder = await tempFolder();
    writeFileSync(join(folder, 'odd.db'), 'this is no database at all'.repeat(100));
    mkdirSync(join(folder, 'folder.db'));
    const locks = locksIn(folder, []);
    expect([locks.isLive('odd'), locks.isLive('folder')]).toEqual([true, true]);
  });

  it('promise 5: stops the claims of its run when somebody removes it', async () => {
    const file = join(await tempFolder(), 'ledger.db');
    const ledger = await open(file);
    const run = await ledger.startRun(spec(reserve(requests(2))));
    await run.claim(request(0), pending);
    rmSync(join(dirname(file), 'runs'), { recursive: true });
    await expect(run.claim(request(1), pending)).rejects.toThrow(/life lock of run .* was removed/);
    expect(await entryOf(await open(file), request(0))).toMatchObject({ state: 'inDoubt' });
  });

  it('goes with its run, and is not there before the first', async () => {
    const file = join(await tempFolder(), 'ledger.db');
    const runs = join(dirname(file), 'runs');
    const ledger = await open(file, { newRunId: () => 'run-1' });
    expect(existsSync(runs)).toBe(false);
    const run = await ledger.startRun(spec(reserve([request(1)])));
    expect(run.id).toBe('run-1');
    expect(readdirSync(runs)).toEqual(['run-1.db']);
    await run.close();
    expect(readdirSync(runs)).toEqual([]);
  });

  it('lets what its run had reserved lapse, and leaves nothing of dead runs once another starts', async () => {
    const file = join(await tempFolder(), 'ledger.db');
    const ledger = await open(file);
    await (await ledger.startRun(spec(reserve(requests(2))))).close();
    writeFileSync(join(dirname(file), 'runs', `${randomUUID()}.db`), '');
    const run = await ledger.startRun(spec(reserve([request(5)])));
    expect(readdirSync(join(dirname(file), 'runs'))).toEqual([`${run.id}.db`]);
    const db = new sqlite.DatabaseSync(file, { readOnly: true });
    onTestFinished(() => db.close());
    expect(db.prepare('SELECT run FROM reservations').all()).toEqual([{ run: run.id }]);
    expect(db.prepare('SELECT id FROM runs WHERE ended_at IS NULL').all()).toEqual([{ id: run.id }]);
  });

  it('is given back when the run cannot start', async () => {
    const file = join(await tempFolder(), 'ledger.db');
    const ledger = await open(file);
    const limits = { maxCost: null, maxRequests: 0 };
    await expect(ledger.startRun(spec(reserve([request(1)]), { limits }))).rejects.toThrow(/budget/);
    expect(readdirSync(join(dirname(file), 'runs'))).toEqual([]);
  });
});
