import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { LedgerError } from '../../core/errors.ts';
import { migrateHistory } from './migrate-history.ts';

/** A step of the schema: statements, and what they cannot do. */
export type Migration = string | ((db: DatabaseSyncInstance) => void);

/** The mark of a ledger's file: "shot" in ASCII, in the field that SQLite keeps for that. */
const applicationId = 0x73686f74;

/**
 * The history of the schema, one step a version. A step that was released is never edited: a ledger that took it is
 * out there.
 */
export const migrations: readonly Migration[] = [
  `
  CREATE TABLE requests (
    id INTEGER PRIMARY KEY,
    provider TEXT NOT NULL,
    project TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    scene TEXT,
    shot TEXT NOT NULL,
    variant TEXT,
    take INTEGER NOT NULL,
    model TEXT NOT NULL,
    mode TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (provider, project, key, fingerprint)
  ) STRICT;

  CREATE TABLE events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    request INTEGER NOT NULL REFERENCES requests (id),
    at TEXT NOT NULL,
    type TEXT NOT NULL,
    attempt INTEGER,
    fact TEXT NOT NULL
  ) STRICT;
  CREATE INDEX events_of_request ON events (request);
  CREATE UNIQUE INDEX one_claim_an_attempt ON events (request, attempt) WHERE type = 'claimed';
  CREATE UNIQUE INDEX one_answer_an_attempt ON events (request, attempt) WHERE type = 'settled';
  CREATE TRIGGER events_are_not_changed BEFORE UPDATE ON events
    BEGIN SELECT RAISE(ABORT, 'history is never rewritten'); END;
  CREATE TRIGGER events_are_not_removed BEFORE DELETE ON events
    BEGIN SELECT RAISE(ABORT, 'history is never rewritten'); END;

  -- Which request holds a task: the first to which the provider gave its id.
  CREATE TABLE tasks (
    provider TEXT NOT NULL,
    id TEXT NOT NULL,
    request INTEGER NOT NULL REFERENCES requests (id),
    PRIMARY KEY (provider, id)
  ) STRICT, WITHOUT ROWID;

  -- ended_at is for housekeeping: whether a run lives is known from its life lock alone.
  CREATE TABLE runs (
    id TEXT NOT NULL PRIMARY KEY,
    provider TEXT NOT NULL,
    project TEXT NOT NULL,
    started_by TEXT NOT NULL,
    started_at TEXT NOT NULL,
    ended_at TEXT,
    interval_ms REAL,
    currency TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX unended_runs ON runs (id) WHERE ended_at IS NULL;

  CREATE TABLE reservations (
    run TEXT NOT NULL REFERENCES runs (id),
    request INTEGER NOT NULL REFERENCES requests (id),
    price REAL,
    PRIMARY KEY (run, request)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE pace (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    last_slot REAL NOT NULL,
    asked_at REAL NOT NULL
  ) STRICT;
  `,
  `
  -- The approved plan that a run sends, by its digest; null for a run that planned by itself.
  ALTER TABLE runs ADD COLUMN plan TEXT;

  CREATE INDEX adoptions ON events (request) WHERE type = 'adopted';

  -- Journals whose every event is in, by the digest of their text, so that none is read twice.
  CREATE TABLE journals (
    digest TEXT NOT NULL PRIMARY KEY
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Links are secrets that expire, so they are no part of the history: each goes once its file is safe.
  CREATE TABLE links (
    request INTEGER NOT NULL REFERENCES requests (id),
    task TEXT NOT NULL,
    url TEXT NOT NULL,
    PRIMARY KEY (request, task)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE downloads (
    request INTEGER NOT NULL REFERENCES requests (id),
    task TEXT NOT NULL,
    holder TEXT,
    stem TEXT COLLATE NOCASE UNIQUE,
    validator TEXT,
    size INTEGER,
    extension TEXT,
    sha256 TEXT,
    PRIMARY KEY (request, task)
  ) STRICT, WITHOUT ROWID;
  `,
  (db) => {
    db.exec(`
    -- request: where it is filed now, which renames change. Everything else of an event stays. origin: under whose name a
    -- claim was made. id: its name in every ledger. here: made by this ledger. project, key: the name when it happened.
    -- run, attempt: what every ledger calls the attempt. guard: set for a claim of this ledger, so that there is one.
    CREATE TABLE history (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      request INTEGER NOT NULL REFERENCES requests (id),
      origin INTEGER NOT NULL REFERENCES requests (id),
      at TEXT NOT NULL,
      type TEXT NOT NULL,
      id TEXT,
      here INTEGER NOT NULL,
      project TEXT NOT NULL,
      key TEXT NOT NULL,
      run TEXT,
      attempt INTEGER,
      guard INTEGER,
      fact TEXT NOT NULL
    ) STRICT;
    `);
    migrateHistory(db);
    db.exec(`
    DROP TABLE events;
    ALTER TABLE history RENAME TO events;
    CREATE INDEX events_of_request ON events (request);
    -- By time first, so that what is added goes to the end of the index and not all over it.
    CREATE UNIQUE INDEX one_event_an_id ON events (at, id);
    CREATE UNIQUE INDEX one_claim_an_attempt ON events (origin, guard) WHERE guard IS NOT NULL;
    CREATE INDEX renames ON events (project, key) WHERE type = 'adopted';
    CREATE INDEX requests_of_fingerprint ON requests (provider, fingerprint);
    CREATE TRIGGER events_are_not_changed
      BEFORE UPDATE OF seq, origin, at, type, id, here, project, key, run, attempt, guard, fact ON events
      BEGIN SELECT RAISE(ABORT, 'history is never rewritten'); END;
    CREATE TRIGGER events_are_not_removed BEFORE DELETE ON events
      BEGIN SELECT RAISE(ABORT, 'history is never rewritten'); END;
    CREATE TRIGGER requests_keep_their_names
      BEFORE UPDATE OF id, provider, project, key, fingerprint ON requests
      BEGIN SELECT RAISE(ABORT, 'a request keeps its name: a rename files its events elsewhere'); END;
    CREATE TRIGGER requests_are_not_removed BEFORE DELETE ON requests
      BEGIN SELECT RAISE(ABORT, 'history is never rewritten'); END;
    -- From now on in milliseconds of the machine's monotonic clock.
    DELETE FROM pace;
    `);
  },
];

/** Tells what a file is: a ledger (with its schema's version), an empty database, or one of another program. */
export function identify(db: DatabaseSyncInstance): 'ledger' | 'empty' | 'foreign' {
  // One transaction for both questions: another process may be making the ledger at this moment.
  db.exec('BEGIN');
  try {
    const id = number(db, 'PRAGMA application_id');
    if (id === applicationId) return 'ledger';
    return id === 0 && number(db, 'SELECT count(*) FROM sqlite_schema') === 0 ? 'empty' : 'foreign';
  } finally {
    db.exec('ROLLBACK');
  }
}

/**
 * Brings the schema forward, each step in a transaction of its own, so that a kill leaves a whole version. Steps that
 * another process takes at the same time are not taken twice.
 *
 * @throws LedgerError when the ledger was written by a newer release.
 */
export function migrate(
  db: DatabaseSyncInstance,
  file: string,
  steps: readonly Migration[] = migrations,
): void {
  for (;;) {
    const version = number(db, 'PRAGMA user_version');
    if (version > steps.length) throw newerLedger(file, version, steps.length);
    const step = steps[version];
    if (step === undefined) return;
    db.exec('BEGIN IMMEDIATE');
    try {
      if (number(db, 'PRAGMA user_version') === version) {
        if (typeof step === 'string') db.exec(step);
        else step(db);
        db.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${version + 1}`);
      }
      db.exec('COMMIT');
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  }
}

function newerLedger(file: string, version: number, known: number): LedgerError {
  return new LedgerError(
    `the ledger ${file} was written by a newer release (schema ${version}, this one knows ${known})`,
    { help: 'Install the release that the others use. Nothing was changed and nothing was sent.' },
  );
}

function number(db: DatabaseSyncInstance, sql: string): number {
  const row = db.prepare(sql).get() as Record<string, unknown> | undefined;
  return Number(Object.values(row ?? {})[0] ?? 0);
}
