import { renameSync, rmSync } from 'node:fs';
import { DatabaseSync } from '@photostructure/sqlite';
import { migrate, migrations } from '../../src/ledger/sqlite/schema.ts';

/** Makes of a closed ledger one with the same contents in the schema of the first release. */
export function ageLedger(file: string): void {
  const old = `${file}.old`;
  const db = new DatabaseSync(old);
  migrate(db, old, migrations.slice(0, 1));
  db.exec(`ATTACH '${file.replaceAll("'", "''")}' AS new`);
  for (const table of ['requests', 'events', 'tasks', 'runs', 'pace']) {
    const columns = db.prepare(`SELECT name FROM pragma_table_info('${table}')`).all() as { name: string }[];
    const list = columns.map(({ name }) => name).join(', ');
    db.exec(`INSERT INTO main.${table} (${list}) SELECT ${list} FROM new.${table}`);
  }
  db.exec('DETACH new');
  db.close();
  for (const suffix of ['-wal', '-shm']) rmSync(file + suffix, { force: true });
  renameSync(old, file);
}
