import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import type { Json, JsonObject } from '../core/canonical-json.ts';
import { isoTime } from '../core/clock.ts';
import type { Mode } from '../core/mode.ts';
import type { FoldedEvent } from './fold.ts';
import type {
  LedgerEvent,
  LedgerFact,
  LedgerRequest,
  LedgerScope,
  RequestIdentity,
  RunSpec,
} from './ledger.ts';

/** A request as the ledger numbers it. */
export interface StoredRequest extends RequestIdentity {
  readonly id: number;
  readonly model: string;
}

/** A run that has not been closed. Whether it lives, its life lock knows. */
export interface StoredRun {
  readonly id: string;
  readonly intervalMs: number | null;
}

export interface StoredReservation {
  readonly request: number;
  readonly price: number | null;
  readonly currency: string | null;
}

type Row = Readonly<Record<string, Json>>;
const columns = 'key, fingerprint, scene, shot, variant, take, model, mode, body';

/** Every statement that the ledger knows. Nothing here decides anything, and nothing here begins a transaction. */
export class Store {
  readonly #db: DatabaseSyncInstance;
  readonly #prepared = new Map<string, StatementSyncInstance>();

  constructor(db: DatabaseSyncInstance) {
    this.#db = db;
  }

  /** In the order of first reservation. */
  requests(scope: LedgerScope): readonly StoredRequest[] {
    return this.#all(
      'SELECT id, key, fingerprint, model FROM requests WHERE provider = ? AND project = ? ORDER BY id',
      scope.provider,
      scope.project,
    ) as unknown as readonly StoredRequest[];
  }

  /** In the order of first reservation, bodies included. */
  fullRequests(scope: LedgerScope): readonly (LedgerRequest & { readonly id: number })[] {
    return this.#all(
      `SELECT id, ${columns} FROM requests WHERE provider = ? AND project = ? ORDER BY id`,
      scope.provider,
      scope.project,
    ).map(toRequest);
  }

  fullRequest(id: number): LedgerRequest {
    const { id: _, ...request } = toRequest(
      this.#one(`SELECT id, ${columns} FROM requests WHERE id = ?`, id) ?? {},
    );
    return request;
  }

  requestId(scope: LedgerScope, identity: RequestIdentity): number | undefined {
    return this.#one(
      'SELECT id FROM requests WHERE provider = ? AND project = ? AND key = ? AND fingerprint = ?',
      scope.provider,
      scope.project,
      identity.key,
      identity.fingerprint,
    )?.['id'] as number | undefined;
  }

  /** The requests of a key whose fingerprint is another one. */
  rivals(scope: LedgerScope, identity: RequestIdentity): readonly number[] {
    return this.#all(
      'SELECT id FROM requests WHERE provider = ? AND project = ? AND key = ? AND fingerprint <> ?',
      scope.provider,
      scope.project,
      identity.key,
      identity.fingerprint,
    ).map((row) => row['id'] as number);
  }

  addRequest(scope: LedgerScope, request: LedgerRequest): number {
    const result = this.#run(
      `INSERT INTO requests (provider, project, ${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
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

  events(request: number): readonly FoldedEvent[] {
    return this.#all('SELECT seq, at, fact FROM events WHERE request = ? ORDER BY seq', request).map(toEvent);
  }

  /** The events of every request of a scope, by request. */
  eventsByRequest(scope: LedgerScope): ReadonlyMap<number, readonly FoldedEvent[]> {
    const rows = this.#all(
      `SELECT events.request, events.seq, events.at, events.fact FROM requests JOIN events ON events.request = requests.id
       WHERE requests.provider = ? AND requests.project = ? ORDER BY events.seq`,
      scope.provider,
      scope.project,
    );
    const byRequest = new Map<number, FoldedEvent[]>();
    for (const row of rows) {
      const request = row['request'] as number;
      const events = byRequest.get(request);
      if (events === undefined) byRequest.set(request, [toEvent(row)]);
      else events.push(toEvent(row));
    }
    return byRequest;
  }

  history(scope: LedgerScope, key: string): readonly LedgerEvent[] {
    return this.#all(
      `SELECT events.seq, events.at, events.fact, requests.key, requests.fingerprint
       FROM requests JOIN events ON events.request = requests.id
       WHERE requests.provider = ? AND requests.project = ? AND requests.key = ? ORDER BY events.seq`,
      scope.provider,
      scope.project,
      key,
    ).map((row) => ({
      ...toEvent(row),
      key: row['key'] as string,
      fingerprint: row['fingerprint'] as string,
    }));
  }

  addEvent(request: number, nowMs: number, fact: LedgerFact): void {
    const attempt = 'attempt' in fact ? fact.attempt : null;
    this.#run(
      'INSERT INTO events (request, at, type, attempt, fact) VALUES (?, ?, ?, ?, ?)',
      request,
      isoTime(nowMs),
      fact.type,
      attempt,
      JSON.stringify(fact),
    );
  }

  taskHolder(provider: string, taskId: string): number | undefined {
    return this.#one('SELECT request FROM tasks WHERE provider = ? AND id = ?', provider, taskId)?.[
      'request'
    ] as number | undefined;
  }

  /** The first to get an id holds it. */
  holdTask(provider: string, taskId: string, request: number): void {
    this.#run(
      'INSERT OR IGNORE INTO tasks (provider, id, request) VALUES (?, ?, ?)',
      provider,
      taskId,
      request,
    );
  }

  addRun(id: string, spec: RunSpec, nowMs: number): void {
    this.#run(
      'INSERT INTO runs (id, provider, project, started_by, started_at, interval_ms, currency) VALUES (?, ?, ?, ?, ?, ?, ?)',
      id,
      spec.scope.provider,
      spec.scope.project,
      spec.by,
      isoTime(nowMs),
      spec.intervalMs,
      spec.currency,
    );
  }

  /** Notes that a run is over, and lets what it had reserved lapse. */
  endRun(id: string, nowMs: number): void {
    this.#run('DELETE FROM reservations WHERE run = ?', id);
    this.#run('UPDATE runs SET ended_at = ? WHERE id = ? AND ended_at IS NULL', isoTime(nowMs), id);
  }

  unendedRuns(): readonly StoredRun[] {
    return this.#all(
      'SELECT id, interval_ms AS intervalMs FROM runs WHERE ended_at IS NULL',
    ) as unknown as readonly StoredRun[];
  }

  reserve(run: string, request: number, price: number | null): void {
    this.#run('INSERT INTO reservations (run, request, price) VALUES (?, ?, ?)', run, request, price);
  }

  /** What a run reserved, where it is a run of this scope. */
  reservations(run: string, scope: LedgerScope): readonly StoredReservation[] {
    return this.#all(
      `SELECT reservations.request, reservations.price, runs.currency FROM runs
       JOIN reservations ON reservations.run = runs.id WHERE runs.id = ? AND runs.provider = ? AND runs.project = ?`,
      run,
      scope.provider,
      scope.project,
    ) as unknown as readonly StoredReservation[];
  }

  /** The last place that was given out in the queue for sending, and when; in milliseconds since the epoch. */
  pace(): { readonly lastSlot: number; readonly askedAt: number } | undefined {
    return this.#one('SELECT last_slot AS lastSlot, asked_at AS askedAt FROM pace') as
      | { readonly lastSlot: number; readonly askedAt: number }
      | undefined;
  }

  setPace(lastSlot: number, askedAt: number): void {
    this.#run('INSERT OR REPLACE INTO pace (id, last_slot, asked_at) VALUES (1, ?, ?)', lastSlot, askedAt);
  }

  #all(sql: string, ...values: readonly (string | number | null)[]): readonly Row[] {
    return this.#statement(sql).all(...values);
  }

  #one(sql: string, ...values: readonly (string | number | null)[]): Row | undefined {
    return this.#statement(sql).get(...values);
  }

  #run(
    sql: string,
    ...values: readonly (string | number | null)[]
  ): { readonly lastInsertRowid: number | bigint } {
    return this.#statement(sql).run(...values);
  }

  #statement(sql: string): StatementSyncInstance {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    const prepared = this.#db.prepare(sql);
    this.#prepared.set(sql, prepared);
    return prepared;
  }
}

function toRequest(row: Row): LedgerRequest & { readonly id: number } {
  return {
    id: row['id'] as number,
    key: row['key'] as string,
    fingerprint: row['fingerprint'] as string,
    scene: row['scene'] as string | null,
    shot: row['shot'] as string,
    variant: row['variant'] as string | null,
    take: row['take'] as number,
    model: row['model'] as string,
    mode: row['mode'] as Mode,
    body: JSON.parse(row['body'] as string) as JsonObject,
  };
}

function toEvent(row: Row): FoldedEvent {
  const fact = JSON.parse(row['fact'] as string) as LedgerFact;
  return { seq: row['seq'] as number, at: row['at'] as string, ...fact };
}
