import { chmodSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DatabaseSyncInstance, SqliteModule } from '@photostructure/sqlite';
import type { Clock } from '../../core/clock.ts';
import { LedgerError } from '../../core/errors.ts';
import { lockWaitMs, retryWhileBusy } from './commit-queue.ts';
import { ledgerError } from './errors.ts';
import {
  type FileSystemType,
  FileWatch,
  isUnchangeable,
  makeLedgerFolder,
  realPath,
  refuseNetwork,
  sizeOf,
} from './ledger-file.ts';
import { identify, migrate } from './schema.ts';

/** An open database that is known to be a ledger. */
export interface Connection {
  readonly db: DatabaseSyncInstance;
  readonly sqlite: SqliteModule;
  /** The real path of the file; null in memory. */
  readonly file: string | null;
  /** @throws LedgerError when the file is no longer the one that was opened. */
  checkFile(): void;
  close(): void;
}

export interface ConnectOptions {
  readonly clock: Clock;
  readonly busyTimeoutMs: number;
  readonly fileSystemType: FileSystemType;
}

/** Opens a ledger for writing, and makes it where there is none. */
export async function connect(file: string | null, options: ConnectOptions): Promise<Connection> {
  const sqlite = await import('@photostructure/sqlite');
  if (file === null) return connectInMemory(sqlite);
  const path = resolve(file);
  try {
    const existed = sizeOf(path) !== undefined;
    await refuseNetwork(path, options.fileSystemType);
    makeLedgerFolder(path);
    const db = new sqlite.DatabaseSync(path, { timeout: lockWaitMs, defensive: true });
    return await orClose(db, async () => {
      if (!existed) chmodSync(path, 0o600);
      await retryWhileBusy(options.clock, options.busyTimeoutMs, () => {
        refuseForeign(db, path);
        keepWriteAheadLog(db);
        makeDurable(db);
        migrate(db, path);
        checkWhole(db, path);
      });
      const watch = new FileWatch(realPath(path));
      const close = (): void => closeWhole(db);
      return { db, sqlite, file: realPath(path), checkFile: () => watch.check(), close };
    });
  } catch (error) {
    throw ledgerError(error, path);
  }
}

/** Opens a ledger that is only looked at; undefined where there is none yet, which is then not made. */
export async function connectForReading(
  file: string,
  options: ConnectOptions,
): Promise<Connection | undefined> {
  const path = resolve(file);
  try {
    if ((sizeOf(path) ?? 0) === 0) return undefined;
    await refuseNetwork(path, options.fileSystemType);
    const sqlite = await import('@photostructure/sqlite');
    const url = pathToFileURL(path);
    // Never makes the file, even if it goes away at this moment. Where nothing can be written, there are no locks either.
    if (isUnchangeable(path)) url.searchParams.set('immutable', '1');
    else url.searchParams.set('mode', 'rw');
    const db = new sqlite.DatabaseSync(url, { timeout: lockWaitMs, defensive: true });
    return await orClose(db, async () => {
      const kind = await retryWhileBusy(options.clock, options.busyTimeoutMs, () => {
        const found = refuseForeign(db, path);
        makeDurable(db);
        // An older schema is brought forward: there is one way to read a ledger, not one for each version.
        if (found === 'ledger') migrate(db, path);
        return found;
      });
      if (kind === 'empty') {
        db.close();
        return undefined;
      }
      db.exec('PRAGMA query_only = ON');
      return { db, sqlite, file: realPath(path), checkFile: () => {}, close: () => db.close() };
    });
  } catch (error) {
    throw ledgerError(error, path);
  }
}

function connectInMemory(sqlite: SqliteModule): Connection {
  const db = new sqlite.DatabaseSync(':memory:');
  migrate(db, ':memory:');
  return { db, sqlite, file: null, checkFile: () => {}, close: () => db.close() };
}

/**
 * Leaves everything in the one file, so that a copy of it alone is whole. SQLite does that when the last connection
 * closes, but here a connection lingers until its statements are collected as garbage.
 */
function closeWhole(db: DatabaseSyncInstance): void {
  try {
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } catch {
    // The log is as durable as the file; whoever opens the ledger next reads both.
  }
  db.close();
}

async function orClose<T>(db: DatabaseSyncInstance, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Looks before anything is changed: another program's database must stay as it is. */
function refuseForeign(db: DatabaseSyncInstance, path: string): 'ledger' | 'empty' {
  const kind = identify(db);
  if (kind !== 'foreign') return kind;
  throw new LedgerError(`${path} is not a ledger: it is another program's database`, {
    help: 'Name the right file with --ledger or SHOTLIST_LEDGER. The file was not changed.',
  });
}

/** Readers and a writer must not wait for each other. The mode stays with the file. */
function keepWriteAheadLog(db: DatabaseSyncInstance): void {
  const mode = db.prepare('PRAGMA journal_mode = WAL').get() as { readonly journal_mode: string };
  if (mode.journal_mode !== 'wal') {
    throw new LedgerError(`the ledger cannot keep a write-ahead log (its mode is ${mode.journal_mode})`, {
      help: 'Put it on a local disk with --ledger or SHOTLIST_LEDGER.',
    });
  }
}

/** A commit that returned survives a loss of power. These settings go with the connection. */
function makeDurable(db: DatabaseSyncInstance): void {
  // fullfsync: on macOS an ordinary sync stops at the drive's cache. secure_delete: a link that was dropped is gone.
  db.exec(
    'PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF; PRAGMA secure_delete = ON',
  );
}

/** @throws LedgerError where the file is torn: an event that can't be found would be paid for again. */
function checkWhole(db: DatabaseSyncInstance, path: string): void {
  const [row] = db.prepare('PRAGMA integrity_check(1)').all() as readonly {
    readonly integrity_check: string;
  }[];
  if (row?.integrity_check === 'ok') return;
  throw new LedgerError(`the ledger ${path} is damaged: ${row?.integrity_check ?? 'it cannot be checked'}`, {
    help: 'Put back a copy of it, together with its -wal file. Moving it away makes the program forget what was paid. Nothing was sent.',
  });
}
