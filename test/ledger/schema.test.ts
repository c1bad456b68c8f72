import { DatabaseSync } from '@photostructure/sqlite';
import { describe, expect, it } from 'vitest';
import { LedgerError } from '../../src/core/errors.ts';
import { identify, migrate, migrations } from '../../src/ledger/sqlite/schema.ts';

const version = (db: InstanceType<typeof DatabaseSync>): unknown => db.prepare('PRAGMA user_version').get();
const tables = (db: InstanceType<typeof DatabaseSync>): unknown[] =>
  db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
    .all()
    .map(({ name }) => name);

describe("the ledger's schema", () => {
  const steps = ['CREATE TABLE a (x)', 'CREATE TABLE b (x); INSERT INTO b VALUES (1)', 'CREATE TABLE c (x)'];

  it('is brought forward from any version', () => {
    const db = new DatabaseSync(':memory:');
    migrate(db, 'ledger.db', steps.slice(0, 1));
    expect(identify(db)).toBe('ledger');
    expect([version(db), tables(db)]).toEqual([{ user_version: 1 }, ['a']]);
    migrate(db, 'ledger.db', steps);
    migrate(db, 'ledger.db', steps);
    expect([version(db), tables(db)]).toEqual([{ user_version: 3 }, ['a', 'b', 'c']]);
  });

  it('is brought forward from the first version with everything that was in it', () => {
    const db = new DatabaseSync(':memory:');
    migrate(db, 'ledger.db', migrations.slice(0, 1));
    db.exec("INSERT INTO requests VALUES (1, 'p', 'x', 'k', 'f', NULL, 's', NULL, 1, 'm', 'text', '{}')");
    db.exec("INSERT INTO events (request, at, type, attempt, fact) VALUES (1, '', 'claimed', 1, '{}')");
    migrate(db, 'ledger.db', migrations);
    expect(version(db)).toEqual({ user_version: migrations.length });
    expect(tables(db)).toEqual(expect.arrayContaining(['events', 'journals', 'links', 'downloads']));
    expect(db.prepare('SELECT count(*) AS n FROM events').get()).toEqual({ n: 1 });
    expect(db.prepare('SELECT count(*) AS n FROM links').get()).toEqual({ n: 0 });
  });

  it('stays at a whole version when a step fails', () => {
    const db = new DatabaseSync(':memory:');
    const broken = [...steps.slice(0, 2), 'CREATE TABLE c (x); CREATE TABLE a (x)'];
    expect(() => migrate(db, 'ledger.db', broken)).toThrow(/already exists/);
    expect([version(db), tables(db), db.isTransaction]).toEqual([{ user_version: 2 }, ['a', 'b'], false]);
  });

  it('is never taken back', () => {
    const db = new DatabaseSync(':memory:');
    migrate(db, 'ledger.db', steps);
    expect(() => migrate(db, 'ledger.db', steps.slice(0, 2))).toThrow(LedgerError);
    expect(tables(db)).toEqual(['a', 'b', 'c']);
  });

  it('promise 8: lets nobody rewrite history', () => {
    const db = new DatabaseSync(':memory:');
    migrate(db, 'ledger.db', migrations);
    db.exec(`
      INSERT INTO requests VALUES (1, 'p', 'x', 'k', 'f', NULL, 's', NULL, 1, 'm', 'text', '{}');
      INSERT INTO events (request, at, type, attempt, fact) VALUES (1, '', 'claimed', 1, '{}')`);
    for (const rewrite of [
      "UPDATE events SET fact = ''",
      'DELETE FROM events',
      "INSERT OR REPLACE INTO events VALUES (1, 1, '', 'x', 1, '{}')",
    ]) {
      expect(() => db.exec(`PRAGMA recursive_triggers = ON; ${rewrite}`)).toThrow(
        /history is never rewritten/,
      );
    }
  });

  it('promise 4: holds one claim and one answer for an attempt', () => {
    const db = new DatabaseSync(':memory:');
    migrate(db, 'ledger.db', migrations);
    db.exec("INSERT INTO requests VALUES (1, 'p', 'x', 'k', 'f', NULL, 's', NULL, 1, 'm', 'text', '{}')");
    for (const type of ['claimed', 'settled']) {
      const insert = `INSERT INTO events (request, at, type, attempt, fact) VALUES (1, '', '${type}', 1, '{}')`;
      db.exec(insert);
      expect(() => db.exec(insert)).toThrow(/UNIQUE/);
    }
  });
});
