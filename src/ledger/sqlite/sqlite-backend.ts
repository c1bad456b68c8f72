import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import { type Backend, type Decision, type Facts, type Medium, noFacts, type Wanted } from '../backend.ts';
import { answered } from '../life/answered.ts';
import { type LifeLocks, ProcessLocks } from '../life/life-locks.ts';
import { Liveness } from '../life/liveness.ts';
import { FileSpool, type Spool } from '../spool/spool.ts';
import { appendChanges } from './append.ts';
import { CommitQueue, retryWhileBusy } from './commit-queue.ts';
import { type Connection, type ConnectOptions, connect, connectForReading } from './connection.ts';
import { ledgerError } from './errors.ts';
import { type FileSystemType, systemFileSystemType } from './ledger-file.ts';
import { FileLocks, isUuid } from './life-locks.ts';
import { loadFacts } from './load.ts';
import { Statements } from './statements.ts';
import { Untouched } from './untouched.ts';

export interface SqliteOptions {
  readonly clock: Clock;
  /** Makes the id of a run, never the same twice: letters, digits and hyphens. Random by default. */
  readonly newRunId?: (() => string) | undefined;
  /** Time that another process may hold the ledger before that is an error, in milliseconds; 5 seconds by default. */
  readonly busyTimeoutMs?: number | undefined;
  /** Asks the operating system by default. */
  readonly fileSystemType?: FileSystemType | undefined;
}

/**
 * A backend in a SQLite file, which is made together with its folder where there is none; `null` gives one that goes with
 * the process.
 *
 * @throws LedgerError for everything that keeps a ledger from being trusted: damaged, another program's, from a newer
 *   release, not writable, held by another process for long, on a network file system.
 */
export async function openSqlite(file: string | null, options: SqliteOptions): Promise<Backend> {
  return new SqliteBackend(await connect(file, connectOptions(options)), options);
}

/**
 * A backend for looking only; null where there is no file yet, which is then not made.
 *
 * @throws LedgerError as `openSqlite` does.
 */
export async function openSqliteForReading(file: string, options: SqliteOptions): Promise<Backend | null> {
  const connection = await connectForReading(file, connectOptions(options));
  return connection === undefined ? null : new SqliteBackend(connection, options);
}

function connectOptions(options: SqliteOptions): ConnectOptions {
  const { clock, busyTimeoutMs = 5000, fileSystemType = systemFileSystemType } = options;
  return { clock, busyTimeoutMs, fileSystemType };
}

class SqliteBackend implements Backend {
  readonly spool: Spool | null;
  readonly locks: LifeLocks;
  readonly #connection: Connection;
  readonly #clock: Clock;
  readonly #busyTimeoutMs: number;
  readonly #sql: Statements;
  readonly #queue: CommitQueue;
  readonly #liveness: Liveness;
  readonly #untouched = new Untouched();
  /** SQLite's count of what other connections have written. */
  #dataVersion: unknown;

  constructor(connection: Connection, options: SqliteOptions) {
    const { db, sqlite, file } = connection;
    const { clock, busyTimeoutMs = 5000, newRunId = randomUUID } = options;
    this.#connection = connection;
    this.#clock = clock;
    this.#busyTimeoutMs = busyTimeoutMs;
    this.#sql = new Statements(db);
    this.#queue = new CommitQueue({
      db,
      clock,
      busyTimeoutMs,
      onBegin: () => this.#noticeOthers(),
      onUndone: () => this.#untouched.clear(),
      verify: () => connection.checkFile(),
      explain: (error) => ledgerError(error, file ?? ':memory:'),
    });
    const locks =
      file === null
        ? new ProcessLocks(newRunId)
        : new FileLocks(
            join(dirname(file), 'runs'),
            sqlite,
            newRunId,
            options.newRunId === undefined ? isUuid : undefined,
          );
    this.locks = {
      take: () =>
        this.#looked(() => {
          locks.sweep();
          return locks.takeNow();
        }),
    };
    this.#liveness = new Liveness((id) => locks.isLive(id));
    this.spool = file === null ? null : new FileSpool(file);
  }

  load(wanted: Wanted): Promise<Facts> {
    const { db } = this.#connection;
    return this.#looked(() =>
      this.#liveness.view((isLive) => {
        // As it is at one moment.
        db.exec('BEGIN');
        try {
          return answered(loadFacts(this.#sql, wanted, isLive));
        } finally {
          if (db.isTransaction) db.exec('COMMIT');
        }
      }),
    );
  }

  commit<T>(wanted: Wanted, decide: (facts: Facts) => Decision<T>): Promise<T> {
    return this.#queue.decide(() => {
      const isLive = this.#liveness.once();
      const known = this.#untouched.requests(wanted);
      const facts =
        known === undefined ? loadFacts(this.#sql, wanted, isLive) : { ...noFacts, requests: known, isLive };
      const { changes, value } = decide(facts);
      return () => {
        const made = appendChanges(this.#sql, changes);
        this.#untouched.follow(facts, changes, made);
        return value;
      };
    });
  }

  about(): Promise<Medium> {
    return this.#looked(() => {
      const [[version] = []] = this.#sql.rows('SELECT sqlite_version()');
      const [[schema] = []] = this.#sql.rows('PRAGMA user_version');
      return { name: `SQLite ${version}`, schema: Number(schema) };
    });
  }

  damage(): Promise<readonly string[]> {
    return this.#looked(() => {
      const integrity = this.#sql.rows('PRAGMA integrity_check(20)').map(([text]) => String(text));
      const dangling = this.#sql
        .rows('PRAGMA foreign_key_check')
        .map(
          ([table, row, parent]) => `row ${row} of ${table} points to a row of ${parent} that is not there`,
        );
      return [...integrity.filter((text) => text !== 'ok'), ...dangling].map(
        (text) => `SQLite says: ${text}`,
      );
    });
  }

  check(): void {
    this.#connection.checkFile();
  }

  async close(): Promise<void> {
    await this.#queue.idle();
    if (this.#connection.db.isOpen) this.#connection.close();
  }

  /** Forgets what this process knows once another one has written anything. */
  #noticeOthers(): void {
    const [[version] = []] = this.#sql.rows('PRAGMA data_version');
    if (version !== this.#dataVersion) this.#untouched.clear();
    this.#dataVersion = version;
  }

  /** Does what needs no transaction for writing. */
  async #looked<T>(work: () => T): Promise<T> {
    try {
      return await retryWhileBusy(this.#clock, this.#busyTimeoutMs, work);
    } catch (error) {
      throw ledgerError(error, this.#connection.file ?? ':memory:');
    }
  }
}
