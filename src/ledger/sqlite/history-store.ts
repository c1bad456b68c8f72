import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import type { FoldedEvent } from '../model/event.ts';
import type { LedgerRequest, LedgerScope, Place, RequestIdentity } from '../model/identity.ts';
import { requestColumns, Statements, toRequest } from './statements.ts';

/** A request with where it is filed now, and its events. */
export interface Life {
  readonly id: number;
  readonly provider: string;
  readonly project: string;
  readonly request: LedgerRequest;
  readonly events: readonly FoldedEvent[];
}

/** A run as its claims tell of it. */
export interface RunFacts {
  readonly by: string;
  readonly plan: string | null;
}

/** The statements that moving and checking a ledger need. Like the store, it decides nothing and begins no transaction. */
export class HistoryStore {
  readonly #sql: Statements;

  constructor(db: DatabaseSyncInstance) {
    this.#sql = new Statements(db);
  }

  /** The position of the latest event; 0 where there is none. */
  latest(): number {
    const [[seq] = []] = this.#sql.rows('SELECT max(seq) FROM events');
    return typeof seq === 'number' ? seq : 0;
  }

  /**
   * Every request of a project, or of the whole ledger, in the order of first reservation; those that have events after
   * the position `since`.
   */
  lives(project: string | null, since = 0): readonly Life[] {
    const events = new Map<number, FoldedEvent[]>();
    const of = [...(project === null ? [] : [project]), ...(since === 0 ? [] : [since])];
    const conditions = [
      ...(project === null ? [] : ['requests.project = ?']),
      ...(since === 0 ? [] : ['requests.id IN (SELECT request FROM events WHERE seq > ?)']),
    ];
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
    const eventRows = this.#sql.rows(
      `SELECT events.request, events.seq, events.at, events.fact FROM requests
       JOIN events ON events.request = requests.id ${where} ORDER BY events.seq`,
      ...of,
    );
    for (const [request, seq, at, fact] of eventRows) {
      const event = Object.assign({ seq, at }, JSON.parse(fact as string)) as FoldedEvent;
      const list = events.get(request as number);
      if (list === undefined) events.set(request as number, [event]);
      else list.push(event);
    }
    return this.#sql
      .rows(`SELECT id, provider, project, ${requestColumns} FROM requests ${where} ORDER BY id`, ...of)
      .map(([id, provider, filed, ...row]) => ({
        id: id as number,
        provider: provider as string,
        project: filed as string,
        request: toRequest(row),
        events: events.get(id as number) ?? [],
      }));
  }

  runs(): ReadonlyMap<string, RunFacts> {
    return new Map(
      this.#sql
        .rows('SELECT id, started_by, plan FROM runs')
        .map(([id, by, plan]) => [id as string, { by: by as string, plan: plan as string | null }]),
    );
  }

  /** Notes a run of another ledger, over before this one heard of it. */
  addPastRun(id: string, scope: LedgerScope, facts: RunFacts, at: string): void {
    this.#sql.run(
      'INSERT OR IGNORE INTO runs (id, provider, project, started_by, started_at, ended_at, plan) VALUES (?, ?, ?, ?, ?, ?, ?)',
      ...[id, scope.provider, scope.project, facts.by, at, at, facts.plan],
    );
  }

  /** Files a request elsewhere. What stays in its events is where it was. */
  move(id: number, to: Place & { scene: string | null; shot: string; variant: string | null }): void {
    this.#sql.run(
      'UPDATE requests SET project = ?, key = ?, scene = ?, shot = ?, variant = ? WHERE id = ?',
      ...[to.project, to.key, to.scene, to.shot, to.variant, id],
    );
  }

  /** Forgets a request of which nothing is known but that a run which is over had reserved it. */
  removeUnused(id: number): void {
    this.#sql.run('DELETE FROM reservations WHERE request = ?', id);
    this.#sql.run('DELETE FROM requests WHERE id = ?', id);
  }

  /** The runs that have reserved a request and were not closed. */
  reservedBy(request: number): readonly string[] {
    return this.#sql
      .rows(
        'SELECT runs.id FROM reservations JOIN runs ON runs.id = reservations.run WHERE reservations.request = ? AND runs.ended_at IS NULL',
        request,
      )
      .map(([id]) => id as string);
  }

  /** Requests of a provider's other projects that were ever claimed. */
  claimedElsewhere(
    scope: LedgerScope,
  ): readonly (RequestIdentity & { readonly id: number; readonly project: string })[] {
    return this.#sql
      .rows(
        `SELECT id, project, key, fingerprint FROM requests WHERE provider = ? AND project <> ?
       AND EXISTS (SELECT 1 FROM events WHERE events.request = requests.id AND events.type = 'claimed') ORDER BY id`,
        scope.provider,
        scope.project,
      )
      .map(([id, project, key, fingerprint]) => ({
        id: id as number,
        project: project as string,
        key: key as string,
        fingerprint: fingerprint as string,
      }));
  }

  attemptsOfPlan(
    scope: LedgerScope,
    plan: string,
  ): readonly (RequestIdentity & { readonly id: number; readonly attempt: number })[] {
    return this.#sql
      .rows(
        `SELECT requests.id, requests.key, requests.fingerprint, events.attempt FROM events
       JOIN requests ON requests.id = events.request
       WHERE events.type = 'claimed' AND requests.provider = ? AND requests.project = ?
       AND json_extract(events.fact, '$.runId') IN (SELECT id FROM runs WHERE plan = ?) ORDER BY events.seq`,
        ...[scope.provider, scope.project, plan],
      )
      .map(([id, key, fingerprint, attempt]) => ({
        id: id as number,
        key: key as string,
        fingerprint: fingerprint as string,
        attempt: attempt as number,
      }));
  }

  holdsJournal(digest: string): boolean {
    return this.#sql.rows('SELECT 1 FROM journals WHERE digest = ?', digest).length > 0;
  }

  noteJournal(digest: string): void {
    this.#sql.run('INSERT OR IGNORE INTO journals (digest) VALUES (?)', digest);
  }

  /** Who holds which task. */
  tasks(): readonly { readonly provider: string; readonly id: string; readonly request: number }[] {
    return this.#sql.rows('SELECT provider, id, request FROM tasks').map(([provider, id, request]) => ({
      provider: provider as string,
      id: id as string,
      request: request as number,
    }));
  }

  /** What SQLite itself finds wrong: damage, and rows that point nowhere. */
  damage(): readonly string[] {
    const integrity = this.#sql.rows('PRAGMA integrity_check(20)').map(([text]) => String(text));
    const dangling = this.#sql
      .rows('PRAGMA foreign_key_check')
      .map(([table, row, parent]) => `row ${row} of ${table} points to a row of ${parent} that is not there`);
    return [...integrity.filter((text) => text !== 'ok'), ...dangling];
  }
}
