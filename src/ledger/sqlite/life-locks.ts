import { lstatSync, mkdirSync, readdirSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SqliteModule } from '@photostructure/sqlite';
import { LedgerError } from '../../core/errors.ts';
import type { LifeLock } from '../life/life-locks.ts';
import { isBusy } from './errors.ts';

/**
 * Locks as files `<id>.db` in a folder: the owner holds an exclusive transaction, others try a shared lock, which many
 * can have at once, so two that look at the same time do not take each other for the owner.
 *
 * Two things must stay true. A lock file is never opened by other means than SQLite: closing any descriptor of it in
 * the owner's process would drop the owner's POSIX lock. And no statement is prepared on it: that would keep the
 * connection, and so the lock, beyond its closing.
 */
export class FileLocks {
  readonly #folder: string;
  readonly #sqlite: SqliteModule;
  readonly #newId: () => string;
  readonly #isOwnId: (id: string) => boolean;

  /** @param isOwnId whether an id has the form of those that `newId` gives: only files of such names are ever removed. */
  constructor(
    folder: string,
    sqlite: SqliteModule,
    newId: () => string,
    isOwnId: (id: string) => boolean = isId,
  ) {
    this.#isOwnId = isOwnId;
    this.#folder = folder;
    this.#sqlite = sqlite;
    this.#newId = newId;
  }

  /** Takes the life lock of a new run, under a new id. */
  takeNow(): LifeLock {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    for (let tries = 0; tries < 10; tries += 1) {
      const id = this.#newId();
      const file = this.#fileOf(id);
      if (!isId(id) || !isMissing(file)) continue;
      const db = new this.#sqlite.DatabaseSync(file, { timeout: 0 });
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
    throw new LedgerError(`no life lock for this run could be taken in ${this.#folder}`, {
      help: 'Check that the folder may be written, and try again. Nothing was sent.',
    });
  }

  isLive(id: string): boolean {
    const file = this.#fileOf(id);
    if (!isId(id) || isMissing(file)) return false;
    try {
      this.#shared(file, () => {});
      return false;
    } catch {
      // Whatever keeps the lock from being had, only a missing file proves that the run is dead.
      return !isMissing(file);
    }
  }

  /** Removes what dead runs left behind. */
  sweep(): void {
    for (const name of namesIn(this.#folder)) {
      const file = join(this.#folder, name);
      if (!name.endsWith('.db') || !this.#isOwnId(name.slice(0, -3)) || !isLeftBehind(file)) continue;
      try {
        // Under the shared lock nobody can hold the file exclusively, so no live run loses its lock.
        this.#shared(file, () => removeIfThere(file));
      } catch {
        // A live run's, or one that may not be touched.
      }
    }
  }

  #fileOf(id: string): string {
    return join(this.#folder, `${id}.db`);
  }

  /** Runs `whileShared` under a shared lock of the file. Throws where that lock can't be had. */
  #shared(file: string, whileShared: () => void): void {
    const url = pathToFileURL(file);
    url.searchParams.set('mode', 'ro');
    const db = new this.#sqlite.DatabaseSync(url, { readOnly: true, timeout: 0 });
    try {
      db.exec('BEGIN; SELECT count(*) FROM sqlite_schema');
      whileShared();
    } finally {
      db.close();
    }
  }
}

/** The form of `randomUUID`. */
export function isUuid(id: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);
}

/** A lock file holds nothing, ever. Whatever holds something is somebody else's, and so is what a link leads to. */
function isLeftBehind(file: string): boolean {
  const stats = lstatSync(file, { throwIfNoEntry: false });
  return stats?.isFile() === true && stats.size === 0;
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

/** None where the folder is a link: what it leads to was not made for locks. */
function namesIn(folder: string): readonly string[] {
  try {
    return lstatSync(folder).isDirectory() ? readdirSync(folder) : [];
  } catch {
    return [];
  }
}
