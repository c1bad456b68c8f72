import { mkdirSync, readdirSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SqliteModule } from '@photostructure/sqlite';
import { LedgerError } from '../../core/errors.ts';
import { isBusy } from './errors.ts';

/** A run's hold on life: while it is held, nobody takes or settles the run's claims. */
export interface RunLock {
  readonly id: string;
  /** False once others could take the run for dead, because somebody removed its lock. */
  isHeld(): boolean;
  release(): void;
}

/** Who lives. A lock goes with its process, however that ends, so no clock and no process id is asked. */
export interface RunLocks {
  /** Takes the life lock of a new run, under a new id. */
  take(): RunLock;
  isLive(runId: string): boolean;
  /** Removes what dead runs left behind. */
  sweep(): void;
}

/** Locks for a ledger that only this process can see. */
export function memoryRunLocks(newId: () => string): RunLocks {
  const live = new Set<string>();
  return {
    take: () => {
      const id = newId();
      live.add(id);
      return { id, isHeld: () => live.has(id), release: () => live.delete(id) };
    },
    isLive: (id) => live.has(id),
    sweep: () => {},
  };
}

/**
 * Locks as files `<id>.db` in a folder: the owner holds an exclusive transaction, others try a shared lock, which many
 * can have at once, so two that look at the same time do not take each other for the owner.
 *
 * Two things must stay true. A lock file is never opened by other means than SQLite: closing any descriptor of it in
 * the owner's process would drop the owner's POSIX lock. And no statement is prepared on it: that would keep the
 * connection, and so the lock, beyond its closing.
 */
export function fileRunLocks(folder: string, sqlite: SqliteModule, newId: () => string): RunLocks {
  const fileOf = (id: string): string => join(folder, `${id}.db`);

  /** Runs `whileShared` under a shared lock of the file. Throws where that lock can't be had. */
  const shared = (file: string, whileShared: () => void): void => {
    const url = pathToFileURL(file);
    url.searchParams.set('mode', 'ro');
    const db = new sqlite.DatabaseSync(url, { readOnly: true, timeout: 0 });
    try {
      db.exec('BEGIN; SELECT count(*) FROM sqlite_schema');
      whileShared();
    } finally {
      db.close();
    }
  };

  return {
    take: () => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      for (let tries = 0; tries < 10; tries += 1) {
        const id = newId();
        const file = fileOf(id);
        if (!isId(id) || !isMissing(file)) continue;
        const db = new sqlite.DatabaseSync(file, { timeout: 0 });
        try {
          // A journal on the disk would outlive a kill, and nothing is ever written here.
          db.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
        } catch (error) {
          db.close();
          if (!isBusy(error)) throw error;
          continue;
        }
        const inode = statSync(file, { throwIfNoEntry: false })?.ino;
        if (inode !== undefined) {
          return {
            id,
            isHeld: () => statSync(file, { throwIfNoEntry: false })?.ino === inode,
            release: () => {
              removeIfThere(file);
              if (db.isOpen) db.close();
            },
          };
        }
        // Somebody swept the file between its making and its locking: the lock is on a file that nobody can find.
        db.close();
      }
      throw new LedgerError(`no life lock for this run could be taken in ${folder}`, {
        help: 'Check that the folder may be written, and try again. Nothing was sent.',
      });
    },
    isLive: (id) => {
      const file = fileOf(id);
      if (!isId(id) || isMissing(file)) return false;
      try {
        shared(file, () => {});
        return false;
      } catch {
        // Whatever keeps the lock from being had, only a missing file proves that the run is dead.
        return !isMissing(file);
      }
    },
    sweep: () => {
      for (const name of namesIn(folder)) {
        const file = join(folder, name);
        if (!name.endsWith('.db')) continue;
        try {
          // Under the shared lock nobody can hold the file exclusively, so no live run loses its lock.
          shared(file, () => removeIfThere(file));
        } catch {
          // A live run's, or one that may not be touched.
        }
      }
    },
  };
}

/** Ids come from a database that others can write: they must not lead out of the folder. */
function isId(id: string): boolean {
  return /^[A-Za-z0-9-]{1,100}$/.test(id);
}

function isMissing(file: string): boolean {
  try {
    return statSync(file, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}

function removeIfThere(file: string): void {
  try {
    unlinkSync(file);
  } catch {
    // Windows keeps a file that is open; a later sweep removes it.
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
