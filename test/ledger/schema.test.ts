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
      INSERT INTO events (request, origin, at, type, here, project, key, run, attempt, guard, fact)
      VALUES (1, 1, '', 'claimed', 1, 'x', 'k', 'r', 1, 1, '{}')`);
    for (const rewrite of [
      "UPDATE events SET fact = ''",
      'DELETE FROM events',
      "INSERT OR REPLACE INTO events VALUES (1, 1, 1, '', 'x', NULL, 1, 'x', 'k', 'r', 1, 1, '{}')",
      "UPDATE requests SET key = 'other'",
      'DELETE FROM requests',
    ]) {
      expect(() => db.exec(`PRAGMA recursive_triggers = ON; ${rewrite}`)).toThrow(
        /history is never rewritten|a request keeps its name/,
      );
    }
  });

  it('promise 4: holds one claim for an attempt, and one event for a name', () => {
    const db = new DatabaseSync(':memory:');
    migrate(db, 'ledger.db', migrations);
    db.exec("INSERT INTO requests VALUES (1, 'p', 'x', 'k', 'f', NULL, 's', NULL, 1, 'm', 'text', '{}')");
    const insert = (id: string, guard: string): void =>
      db.exec(`INSERT INTO events (request, origin, at, type, id, here, project, key, run, attempt, guard, fact)
        VALUES (1, 1, '', 'claimed', ${id}, 1, 'x', 'k', 'r', 1, ${guard}, '{}')`);
    insert("'a'", '1');
    expect(() => insert("'b'", '1')).toThrow(/UNIQUE/);
    expect(() => insert("'a'", 'NULL')).toThrow(/UNIQUE/);
    insert("'b'", 'NULL');
    insert("'c'", '2');
  });
});
