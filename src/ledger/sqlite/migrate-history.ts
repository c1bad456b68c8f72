import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { factText } from '../fact-text.ts';
import { journalFact } from '../journal/export.ts';
import { journalEvent } from '../journal/journal-event.ts';
import type { SavedFile } from '../model/clip.ts';
import type { StoredFact } from '../model/event.ts';
import type { LedgerRequest, Place } from '../model/identity.ts';
import type { AttemptOutcome, Resolution, TaskUpdate } from '../model/outcome.ts';
import { partsOf } from '../model/place.ts';
import { requestColumns, Statements, toRequest } from './statements.ts';

/** An event as the first release kept it: named by the number that its attempt had here, filed where its request was. */
type FirstFact = { readonly place?: Place } & (
  | {
      readonly type: 'claimed';
      readonly attempt: number;
      /** Its number in the ledger that made it, where that number was taken in this one. */
      readonly origin?: number;
      readonly runId: string;
      readonly price: number | null;
      readonly currency: string | null;
    }
  | { readonly type: 'settled'; readonly attempt: number; readonly outcome: AttemptOutcome }
  | {
      readonly type: 'resolved';
      readonly attempt: number;
      readonly resolution: Resolution;
      readonly by: string;
    }
  | { readonly type: 'task'; readonly update: TaskUpdate }
  | { readonly type: 'saved'; readonly taskId: string; readonly file: SavedFile }
  | { readonly type: 'inspected'; readonly taskId: string; readonly qc: readonly string[] }
  | { readonly type: 'clipGivenUp'; readonly taskId: string; readonly by: string }
  | { readonly type: 'adopted'; readonly from: Place; readonly to: Place; readonly by: string }
);

interface FirstEvent {
  readonly seq: number;
  readonly at: string;
  readonly fact: FirstFact;
}

interface Run {
  readonly by: string;
  readonly plan: string | null;
  /** Taken in from another ledger: noted as over at the moment at which it began. */
  readonly isForeign: boolean;
}

/**
 * Brings the events of the first release into the form in which each says itself what it is called in every ledger, and
 * under which name it happened. Inside a transaction that the caller holds; the new table is there, and empty.
 */
export function migrateHistory(db: DatabaseSyncInstance): void {
  const sql = new Statements(db);
  const runs = new Map(
    sql
      .rows('SELECT id, started_by, plan, started_at, ended_at FROM runs')
      .map(([id, by, plan, started, ended]) => [
        String(id),
        { by: String(by), plan: plan as string | null, isForeign: started === ended },
      ]),
  );
  const requests = sql.rows(`SELECT id, provider, project, ${requestColumns} FROM requests ORDER BY id`);
  for (const [id, provider, project, ...row] of requests) {
    const request = toRequest(row);
    const events = sql
      .rows('SELECT seq, at, type, fact FROM events WHERE request = ? ORDER BY seq', id ?? null)
      .map(
        ([seq, at, type, fact]): FirstEvent => ({
          seq: Number(seq),
          at: String(at),
          fact: { ...JSON.parse(String(fact)), type } as FirstFact,
        }),
      );
    const life = { id: Number(id), provider: String(provider), project: String(project), request };
    migrateRequest(sql, life, events, runs);
  }
}

function migrateRequest(
  sql: Statements,
  life: {
    readonly id: number;
    readonly provider: string;
    readonly project: string;
    readonly request: LedgerRequest;
  },
  events: readonly FirstEvent[],
  runs: ReadonlyMap<string, Run>,
): void {
  const { id, provider, project, request } = life;
  const { fingerprint } = request;
  const claims = new Map<number, { readonly run: string; readonly attempt: number }>();
  for (const { fact } of events) {
    if (fact.type !== 'claimed') continue;
    claims.set(fact.attempt, { run: fact.runId, attempt: fact.origin ?? fact.attempt });
  }
  const [renamed] = events.flatMap(({ fact }) => (fact.type === 'adopted' ? [fact] : []));
  let place: Place = renamed?.from ?? { project, key: request.key };
  for (const { seq, at, fact } of events) {
    const name = 'attempt' in fact ? claims.get(fact.attempt) : undefined;
    const stored = storedFact(fact, name);
    const where = fact.place ?? place;
    if (fact.type === 'adopted') {
      place = fact.to;
      keepName(sql, provider, fact.from, request);
    }
    const run = name === undefined ? undefined : runs.get(name.run);
    const told = journalFact({ ...stored, at, id: null, here: true, place: where }, request, run);
    const eventId = told === null ? null : journalEvent({ at, provider, ...where, fingerprint }, told).id;
    const here = stored.type !== 'claimed' || run?.isForeign !== true;
    sql.run(
      `INSERT INTO history (seq, request, origin, at, type, id, here, project, key, run, attempt, fact)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[seq, id, id, at, stored.type, eventId, here ? 1 : 0, where.project, where.key],
      ...[name?.run ?? null, name?.attempt ?? null, factText(stored)],
    );
  }
}

/** Gives each name that was given up its own row again: events stay under their name now when a request is renamed. */
function keepName(sql: Statements, provider: string, { project, key }: Place, request: LedgerRequest): void {
  const { scene, shot, variant } = partsOf(key);
  const { fingerprint, take, model, mode, body } = request;
  sql.run(
    `INSERT OR IGNORE INTO requests (provider, project, ${requestColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[provider, project, key, fingerprint, scene, shot, variant, take, model, mode, JSON.stringify(body)],
  );
}

/** An answer without its claim keeps the number that it had. */
function storedFact(
  fact: FirstFact,
  name: { readonly run: string; readonly attempt: number } | undefined,
): StoredFact {
  const { run, attempt } = name ?? { run: '', attempt: 'attempt' in fact ? fact.attempt : 0 };
  switch (fact.type) {
    case 'claimed': {
      const { price, currency } = fact;
      return { type: 'claimed', run, attempt, price, currency, causes: null };
    }
    case 'settled':
      return { type: 'settled', run, attempt, outcome: fact.outcome };
    case 'resolved':
      return { type: 'resolved', run, attempt, resolution: fact.resolution, by: fact.by };
    case 'task':
      return { type: 'task', update: fact.update };
    case 'saved':
      return { type: 'saved', taskId: fact.taskId, file: fact.file };
    case 'inspected':
      return { type: 'inspected', taskId: fact.taskId, qc: fact.qc };
    case 'clipGivenUp':
      return { type: 'clipGivenUp', taskId: fact.taskId, by: fact.by };
    case 'adopted':
      return { type: 'adopted', to: fact.to, by: fact.by, causes: null };
  }
}
