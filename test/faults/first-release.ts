import { cpSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';

/** A ledger that the first release made. */
const fixture = path.resolve(import.meta.dirname, '../fixtures/first-release/ledger.db');

/**
 * Makes of a closed ledger one as the first release would have left it: that release's own file, with the requests, runs,
 * claims and answers of this one in the form that it gave them.
 */
export function ageLedger(file: string): void {
  const old = `${file}.old`;
  cpSync(fixture, old);
  const db = new DatabaseSync(old);
  const triggers = db
    .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
    .all() as readonly { readonly name: string; readonly sql: string }[];
  for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`);
  const tables = [
    'reservations',
    'links',
    'downloads',
    'tasks',
    'events',
    'journals',
    'pace',
    'runs',
    'requests',
  ];
  for (const table of tables) db.exec(`DELETE FROM ${table}`);
  db.exec(`ATTACH '${file.replaceAll("'", "''")}' AS new`);
  for (const table of ['requests', 'runs', 'tasks']) {
    const columns = db.prepare(`SELECT name FROM pragma_table_info('${table}')`).all() as { name: string }[];
    const list = columns.map(({ name }) => name).join(', ');
    db.exec(`INSERT INTO main.${table} (${list}) SELECT ${list} FROM new.${table}`);
  }
  const events = db
    .prepare('SELECT seq, request, at, type, run, attempt, fact FROM new.events ORDER BY seq')
    .all() as unknown as readonly NewEvent[];
  const insert = db.prepare(
    'INSERT INTO main.events (seq, request, at, type, attempt, fact) VALUES (?, ?, ?, ?, ?, ?)',
  );
  for (const event of events) {
    const { seq, request, at, type, attempt } = event;
    insert.run(seq, request, at, type, attempt, JSON.stringify(firstFact(event)));
  }
  db.exec('DETACH new');
  for (const { sql } of triggers) db.exec(sql);
  // A connection lingers until its statements are collected: what was written must be in the one file that is renamed.
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
  for (const suffix of ['-wal', '-shm']) {
    rmSync(file + suffix, { force: true });
    rmSync(old + suffix, { force: true });
  }
  renameSync(old, file);
}

interface NewEvent {
  readonly seq: number;
  readonly request: number;
  readonly at: string;
  readonly type: string;
  readonly run: string;
  readonly attempt: number;
  readonly fact: string;
}

/** @throws TypeError for an event that a run which only submits does not leave. */
function firstFact({ type, run, attempt, fact }: NewEvent): object {
  const told = JSON.parse(fact) as Readonly<Record<string, unknown>>;
  if (type === 'claimed') {
    return { type, attempt, runId: run, price: told['price'], currency: told['currency'] };
  }
  if (type === 'settled') return { type, attempt, outcome: told['outcome'] };
  throw new TypeError(`no event of the first release is made of ${type}`);
}
