import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { isoTime } from '../../core/clock.ts';
import type { FoldedEvent, LedgerEvent, LedgerFact } from '../model/event.ts';
import type { LedgerRequest, LedgerScope, RequestIdentity } from '../model/identity.ts';
import type { RunSpec } from '../model/run-spec.ts';
import { type Row, requestColumns, Statements, toRequest } from './statements.ts';

/** A request as the ledger numbers it. */
export interface StoredRequest extends RequestIdentity {
  readonly id: number;
  readonly model: string;
}

/** A run that has not been closed. Whether it lives, its life lock knows. */
interface StoredRun {
  readonly id: string;
  readonly intervalMs: number | null;
}

interface StoredReservation {
  readonly request: number;
  readonly price: number | null;
  readonly currency: string | null;
}

/** Every statement that the ledger knows. Nothing here decides anything, and nothing here begins a transaction. */
export class Store {
  readonly #sql: Statements;

  constructor(db: DatabaseSyncInstance) {
    this.#sql = new Statements(db);
  }

  /** In the order of first reservation. */
  requests(scope: LedgerScope): readonly StoredRequest[] {
    return this.#sql
      .rows(
        'SELECT id, key, fingerprint, model FROM requests WHERE provider = ? AND project = ? ORDER BY id',
        scope.provider,
        scope.project,
      )
      .map(([id, key, fingerprint, model]) => ({ id, key, fingerprint, model }) as StoredRequest);
  }

  /** In the order of first reservation, bodies included. */
  fullRequests(scope: LedgerScope): readonly { readonly id: number; readonly request: LedgerRequest }[] {
    return this.#sql
      .rows(
        `SELECT id, ${requestColumns} FROM requests WHERE provider = ? AND project = ? ORDER BY id`,
        scope.provider,
        scope.project,
      )
      .map(([id, ...row]) => ({ id: id as number, request: toRequest(row) }));
  }

  fullRequest(id: number): LedgerRequest {
    return toRequest(this.#sql.rows(`SELECT ${requestColumns} FROM requests WHERE id = ?`, id)[0] ?? []);
  }

  requestId(scope: LedgerScope, identity: RequestIdentity): number | undefined {
    return this.#sql.one(
      'SELECT id FROM requests WHERE provider = ? AND project = ? AND key = ? AND fingerprint = ?',
      scope.provider,
      scope.project,
      identity.key,
      identity.fingerprint,
    )?.['id'] as number | undefined;
  }

  /** The requests of a key whose fingerprint is another one. */
  rivals(scope: LedgerScope, identity: RequestIdentity): readonly number[] {
    return this.#sql
      .all(
        'SELECT id FROM requests WHERE provider = ? AND project = ? AND key = ? AND fingerprint <> ?',
        scope.provider,
        scope.project,
        identity.key,
        identity.fingerprint,
      )
      .map((row) => row['id'] as number);
  }

  addRequest(scope: LedgerScope, request: LedgerRequest): number {
    const result = this.#sql.run(
      `INSERT INTO requests (provider, project, ${requestColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      scope.provider,
      scope.project,
      request.key,
      request.fingerprint,
      request.scene,
      request.shot,
      request.variant,
      request.take,
      request.model,
      request.mode,
      JSON.stringify(request.body),
    );
    return Number(result.lastInsertRowid);
  }

  /** Position of the latest event of the whole ledger. */
  latestSeq(): number {
    return Number(this.#sql.rows('SELECT coalesce(max(seq), 0) FROM events')[0]?.[0]);
  }

  /** The requests of a scope with events after `seq`, in the order of reservation. */
  changedSince(scope: LedgerScope, seq: number): readonly number[] {
    return this.#sql
      .rows(
        `SELECT id FROM requests WHERE id IN (SELECT request FROM events WHERE seq > ?)
         AND provider = ? AND project = ? ORDER BY id`,
        seq,
        scope.provider,
        scope.project,
      )
      .map(([id]) => id as number);
  }

  events(request: number): readonly FoldedEvent[] {
    return this.#sql
      .rows('SELECT seq, at, fact FROM events WHERE request = ? ORDER BY seq', request)
      .map(toEvent);
  }

  /** The events of every request of a scope, by request. */
  eventsByRequest(scope: LedgerScope): ReadonlyMap<number, readonly FoldedEvent[]> {
    const rows = this.#sql.rows(
      `SELECT events.seq, events.at, events.fact, events.request FROM requests JOIN events ON events.request = requests.id
       WHERE requests.provider = ? AND requests.project = ? ORDER BY events.seq`,
      scope.provider,
      scope.project,
    );
    const byRequest = new Map<number, FoldedEvent[]>();
    for (const row of rows) {
      const request = row[3] as number;
      const events = byRequest.get(request);
      if (events === undefined) byRequest.set(request, [toEvent(row)]);
      else events.push(toEvent(row));
    }
    return byRequest;
  }

  /** Of what is filed under a key now, and of what was until it was renamed. */
  history(scope: LedgerScope, key: string): readonly LedgerEvent[] {
    return this.#sql
      .rows(
        `SELECT events.seq, events.at, events.fact, requests.fingerprint, requests.key,
         coalesce(json_extract(events.fact, '$.by'), runs.started_by)
       FROM requests JOIN events ON events.request = requests.id
       LEFT JOIN runs ON runs.id = json_extract(events.fact, '$.runId')
       WHERE requests.provider = ? AND (requests.project = ? AND requests.key = ? OR requests.id IN (
         SELECT request FROM events WHERE type = 'adopted'
         AND json_extract(fact, '$.from.project') = ? AND json_extract(fact, '$.from.key') = ?
       )) ORDER BY events.seq`,
        ...[scope.provider, scope.project, key, scope.project, key],
      )
      .map((row) => {
        const [, , , fingerprint, filed, by] = row;
        return { ...toEvent(row), by, key: filed, fingerprint } as LedgerEvent;
      });
  }

  addEvent(request: number, nowMs: number, fact: LedgerFact): void {
    const attempt = 'attempt' in fact ? fact.attempt : null;
    this.#sql.run(
      'INSERT INTO events (request, at, type, attempt, fact) VALUES (?, ?, ?, ?, ?)',
      request,
      isoTime(nowMs),
      fact.type,
      attempt,
      JSON.stringify(fact),
    );
  }

  taskHolder(provider: string, taskId: string): number | undefined {
    return this.#sql.one('SELECT request FROM tasks WHERE provider = ? AND id = ?', provider, taskId)?.[
      'request'
    ] as number | undefined;
  }

  /** The first to get an id holds it. */
  holdTask(provider: string, taskId: string, request: number): void {
    this.#sql.run(
      'INSERT OR IGNORE INTO tasks (provider, id, request) VALUES (?, ?, ?)',
      provider,
      taskId,
      request,
    );
  }

  addRun(id: string, spec: RunSpec, nowMs: number): void {
    this.#sql.run(
      'INSERT INTO runs (id, provider, project, started_by, started_at, interval_ms, currency, plan) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      id,
      spec.scope.provider,
      spec.scope.project,
      spec.by,
      isoTime(nowMs),
      spec.intervalMs,
      spec.currency,
      spec.plan ?? null,
    );
  }

  /** Notes that a run is over, and lets what it had reserved lapse. */
  endRun(id: string, nowMs: number): void {
    this.#sql.run('DELETE FROM reservations WHERE run = ?', id);
    this.#sql.run('UPDATE runs SET ended_at = ? WHERE id = ? AND ended_at IS NULL', isoTime(nowMs), id);
  }

  unendedRuns(): readonly StoredRun[] {
    return this.#sql.all(
      'SELECT id, interval_ms AS intervalMs FROM runs WHERE ended_at IS NULL',
    ) as unknown as readonly StoredRun[];
  }

  reserve(run: string, request: number, price: number | null): void {
    this.#sql.run('INSERT INTO reservations (run, request, price) VALUES (?, ?, ?)', run, request, price);
  }

  /** What a run reserved, where it is a run of this scope. */
  reservations(run: string, scope: LedgerScope): readonly StoredReservation[] {
    return this.#sql.all(
      `SELECT reservations.request, reservations.price, runs.currency FROM runs
       JOIN reservations ON reservations.run = runs.id WHERE runs.id = ? AND runs.provider = ? AND runs.project = ?`,
      run,
      scope.provider,
      scope.project,
    ) as unknown as readonly StoredReservation[];
  }

  /** The last place that was given out in the queue for sending, and when; in milliseconds since the epoch. */
  pace(): { readonly lastSlot: number; readonly askedAt: number } | undefined {
    return this.#sql.one('SELECT last_slot AS lastSlot, asked_at AS askedAt FROM pace') as
      | { readonly lastSlot: number; readonly askedAt: number }
      | undefined;
  }

  setPace(lastSlot: number, askedAt: number): void {
    this.#sql.run(
      'INSERT OR REPLACE INTO pace (id, last_slot, asked_at) VALUES (1, ?, ?)',
      lastSlot,
      askedAt,
    );
  }
}

function toEvent([seq, at, fact]: Row): FoldedEvent {
  return Object.assign({ seq: seq as number, at: at as string }, JSON.parse(fact as string) as LedgerFact);
}
