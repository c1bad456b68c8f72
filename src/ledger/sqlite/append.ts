import { type Change, identityKey, type RequestRef } from '../backend.ts';
import { factText } from '../fact-text.ts';
import { requestColumns, type Statements, type Value } from './statements.ts';

/** The numbers of requests that were made, by `identityKey`. */
type Made = Map<string, number>;

/**
 * Appends what a decision came to, inside a transaction that the caller holds.
 *
 * @returns the numbers of the requests that it made, by `identityKey`.
 */
export function appendChanges(sql: Statements, changes: readonly Change[]): ReadonlyMap<string, number> {
  const made: Made = new Map();
  for (const change of changes) appendChange(sql, change, made);
  return made;
}

function appendChange(sql: Statements, change: Change, made: Made): void {
  switch (change.type) {
    case 'request': {
      const { scope, request } = change;
      const { changes, lastInsertRowid } = sql.run(
        `INSERT OR IGNORE INTO requests (provider, project, ${requestColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        ...[scope.provider, scope.project, request.key, request.fingerprint, request.scene, request.shot],
        ...[request.variant, request.take, request.model, request.mode, JSON.stringify(request.body)],
      );
      if (changes > 0) {
        const { key, fingerprint } = request;
        made.set(identityKey({ ...scope, key, fingerprint }), Number(lastInsertRowid));
      }
      return;
    }
    case 'event': {
      const { event } = change;
      const request = numberOf(sql, made, change.request);
      const origin = change.origin === undefined ? request : numberOf(sql, made, change.origin);
      const [run, attempt] = 'attempt' in event ? [event.run, event.attempt] : [null, null];
      sql.run(
        `INSERT INTO events (request, origin, at, type, id, here, project, key, run, attempt, guard, fact)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        ...[request, origin, event.at, event.type, event.id, event.here ? 1 : 0],
        ...[event.place.project, event.place.key, run, attempt, change.guard ?? null, factText(event)],
      );
      return;
    }
    case 'file':
      sql.run('UPDATE events SET request = ? WHERE seq = ?', numberOf(sql, made, change.request), change.seq);
      return;
    case 'run': {
      const { run, at } = change;
      const { id, scope, by, plan, currency, intervalMs, ended } = run;
      sql.run(
        'INSERT OR IGNORE INTO runs (id, provider, project, started_by, started_at, ended_at, interval_ms, currency, plan) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
        ...[id, scope.provider, scope.project, by, at, ended ? at : null, intervalMs, currency, plan],
      );
      return;
    }
    case 'endRun':
      sql.run('DELETE FROM reservations WHERE run = ?', change.run);
      sql.run('UPDATE runs SET ended_at = ? WHERE id = ? AND ended_at IS NULL', change.at, change.run);
      return;
    case 'reserve':
      sql.run(
        'INSERT INTO reservations (run, request, price) VALUES (?, ?, ?)',
        ...[change.run, numberOf(sql, made, change.request), change.price],
      );
      return;
    case 'task':
      sql.run(
        'INSERT OR IGNORE INTO tasks (provider, id, request) VALUES (?, ?, ?)',
        ...[change.provider, change.id, numberOf(sql, made, change.request)],
      );
      return;
    case 'freeTask':
      sql.run(
        'DELETE FROM tasks WHERE provider = ? AND id = ? AND request = ?',
        ...[change.provider, change.id, change.request],
      );
      return;
    case 'pace':
      sql.run(
        'INSERT OR REPLACE INTO pace (id, last_slot, asked_at) VALUES (1, ?, ?)',
        ...[change.pace.lastSlot, change.pace.askedAt],
      );
      return;
    case 'journal':
      sql.run('INSERT OR IGNORE INTO journals (digest) VALUES (?)', change.digest);
      return;
    case 'link':
      if (change.url === null) {
        sql.run(
          'DELETE FROM links WHERE request = ? AND task = ?',
          numberOf(sql, made, change.request),
          change.task,
        );
      } else {
        sql.run(
          'INSERT OR REPLACE INTO links (request, task, url) VALUES (?, ?, ?)',
          ...[numberOf(sql, made, change.request), change.task, change.url],
        );
      }
      return;
    case 'download':
      appendDownload(sql, change, made);
      return;
  }
}

function appendDownload(sql: Statements, change: Change & { readonly type: 'download' }, made: Made): void {
  const { task, download } = change;
  const request = numberOf(sql, made, change.request);
  if (download === null) {
    sql.run('DELETE FROM downloads WHERE request = ? AND task = ?', request, task);
    return;
  }
  const { holder, stem, validator, size, whole } = download;
  sql.run(
    'INSERT OR REPLACE INTO downloads (request, task, holder, stem, validator, size, extension, sha256) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    ...[request, task, holder, stem, validator, size, whole?.extension ?? null, whole?.sha256 ?? null],
  );
}

function numberOf(sql: Statements, made: Made, ref: RequestRef): Value {
  if (typeof ref === 'number') return ref;
  const known = made.get(identityKey(ref));
  if (known !== undefined) return known;
  const row = sql.rows(
    'SELECT id FROM requests WHERE provider = ? AND project = ? AND key = ? AND fingerprint = ?',
    ...[ref.provider, ref.project, ref.key, ref.fingerprint],
  )[0];
  if (row?.[0] === undefined) throw new Error(`the ledger holds no request ${ref.key} like this one`);
  return row[0];
}
