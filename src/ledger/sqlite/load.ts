import {
  type EventName,
  type Facts,
  identityKey,
  type RequestsWanted,
  type StoredDownload,
  type StoredPace,
  type StoredRequest,
  type StoredRun,
  type Wanted,
} from '../backend.ts';
import type { IsLive, StoredEvent } from '../model/event.ts';
import type { LedgerRequest } from '../model/identity.ts';
import { eventColumns, toEvent } from './rows.ts';
import { type Row, requestColumns, type Statements, toRequest, type Value } from './statements.ts';

const lightColumns = 'id, provider, project, key, fingerprint, model';

/** Loads what a decision wants to know. Decides nothing, and begins no transaction. */
export function loadFacts(sql: Statements, wanted: Wanted, isLive: IsLive): Facts {
  const { requests, origins } = loadRequests(sql, wanted.requests ?? []);
  const ids = requests.map(({ id }) => id);
  return {
    requests,
    origins,
    bodies: wanted.bodies === true ? loadBodies(sql, [...ids, ...origins.values()]) : new Map(),
    runs: wanted.runs === true ? loadRuns(sql, requests) : new Map(),
    reservations: wanted.reservations === undefined ? [] : loadReservations(sql, wanted.reservations),
    tasks: wanted.tasks === undefined ? [] : loadTasks(sql, wanted.tasks),
    known: loadKnown(sql, wanted.known ?? []),
    claimed: loadClaimed(sql, wanted.claimed),
    holdsJournal:
      wanted.journal !== undefined &&
      sql.rows('SELECT 1 FROM journals WHERE digest = ?', wanted.journal).length > 0,
    pace: wanted.pace === true ? loadPace(sql) : undefined,
    links: wanted.clips === true ? loadLinks(sql, ids) : [],
    downloads: wanted.clips === true ? loadDownloads(sql, ids) : [],
    renamed: wanted.renames === true ? loadRenamed(sql) : new Set(),
    stemHolder: wanted.stem === undefined ? undefined : loadStemHolder(sql, wanted.stem),
    seq: Number(sql.rows('SELECT coalesce(max(seq), 0) FROM events')[0]?.[0] ?? 0),
    isLive,
  };
}

function loadRequests(
  sql: Statements,
  wanted: readonly RequestsWanted[],
): { readonly requests: readonly StoredRequest[]; readonly origins: ReadonlyMap<number, number> } {
  const rows = new Map<number, Row>();
  for (const each of wanted) for (const row of requestRows(sql, each)) rows.set(row[0] as number, row);
  const ids = [...rows.keys()];
  const events = new Map<number, StoredEvent[]>(ids.map((id) => [id, []]));
  const origins = new Map<number, number>();
  for (const row of eventRows(sql, ids)) {
    const { request, origin, event } = toEvent(row);
    events.get(request)?.push(event);
    if (event.type === 'claimed') origins.set(event.seq, origin);
  }
  const requests = [...rows.values()].map(([id, provider, project, key, fingerprint, model]) => ({
    ...{ id, provider, project, key, fingerprint, model },
    events: events.get(id as number) ?? [],
  })) as unknown as StoredRequest[];
  return { requests: wanted.length > 1 ? requests.sort((a, b) => a.id - b.id) : requests, origins };
}

function requestRows(sql: Statements, wanted: RequestsWanted): readonly Row[] {
  if ('project' in wanted) {
    return sql.rows(
      `SELECT ${lightColumns} FROM requests WHERE (? IS NULL OR project = ?)
       AND (? = 0 OR id IN (SELECT request FROM events WHERE seq > ?)) ORDER BY id`,
      ...[wanted.project, wanted.project, wanted.since ?? 0, wanted.since ?? 0],
    );
  }
  if ('provider' in wanted) {
    const [condition, values] = oneOf('fingerprint', wanted.fingerprints);
    return sql.rows(
      `SELECT ${lightColumns} FROM requests WHERE provider = ? AND ${condition} ORDER BY id`,
      ...[wanted.provider, ...values],
    );
  }
  const { provider, project } = wanted.scope;
  if ('keys' in wanted) {
    const [keys, keyValues] = oneOf('key', wanted.keys);
    const [fingerprints, fingerprintValues] = oneOf('fingerprint', wanted.fingerprints);
    return sql.rows(
      `SELECT ${lightColumns} FROM requests WHERE provider = ? AND project = ? AND ${keys}
       UNION SELECT ${lightColumns} FROM requests WHERE provider = ? AND ${fingerprints} ORDER BY id`,
      ...[provider, project, ...keyValues, provider, ...fingerprintValues],
    );
  }
  const { after, limit, since } = wanted;
  const conditions: string[] = [];
  const values: Value[] = [];
  if (after !== undefined) {
    conditions.push(
      'AND id > (SELECT id FROM requests WHERE provider = ? AND project = ? AND key = ? AND fingerprint = ?)',
    );
    values.push(provider, project, after.key, after.fingerprint);
  }
  if (since !== undefined) {
    conditions.push('AND id IN (SELECT request FROM events WHERE seq > ?)');
    values.push(since);
  }
  return sql.rows(
    `SELECT ${lightColumns} FROM requests WHERE provider = ? AND project = ? ${conditions.join(' ')} ORDER BY id LIMIT ?`,
    ...[provider, project, ...values, limit ?? -1],
  );
}

/** A condition that one value, or a list of any length, can be put into: SQLite takes so many variables and no more. */
function oneOf(column: string, values: readonly Value[]): readonly [string, readonly Value[]] {
  const [only] = values;
  if (values.length === 1 && only !== undefined) return [`${column} = ?`, [only]];
  return [`${column} IN (SELECT value FROM json_each(?))`, [JSON.stringify(values)]];
}

function eventRows(sql: Statements, ids: readonly number[]): readonly Row[] {
  if (ids.length === 0) return [];
  const [condition, values] = oneOf('events.request', ids);
  return sql.rows(`SELECT ${eventColumns} FROM events WHERE ${condition} ORDER BY events.seq`, ...values);
}

function loadBodies(sql: Statements, ids: readonly number[]): ReadonlyMap<number, LedgerRequest> {
  if (ids.length === 0) return new Map();
  const [condition, values] = oneOf('id', [...new Set(ids)]);
  return new Map(
    sql
      .rows(`SELECT id, ${requestColumns} FROM requests WHERE ${condition}`, ...values)
      .map(([id, ...row]) => [id as number, toRequest(row)]),
  );
}

function loadRuns(sql: Statements, requests: readonly StoredRequest[]): ReadonlyMap<string, StoredRun> {
  const named = requests.flatMap(({ events }) =>
    events.flatMap((event) => (event.type === 'claimed' ? [event.run] : [])),
  );
  const columns = 'id, provider, project, started_by, plan, currency, interval_ms, ended_at IS NOT NULL';
  const rows = [
    ...sql.rows(`SELECT ${columns} FROM runs WHERE ended_at IS NULL`),
    ...(named.length === 0
      ? []
      : sql.rows(
          `SELECT ${columns} FROM runs WHERE id IN (SELECT value FROM json_each(?))`,
          JSON.stringify([...new Set(named)]),
        )),
  ];
  return new Map(
    rows.map(([id, provider, project, by, plan, currency, intervalMs, ended]) => [
      id as string,
      {
        ...{ id, by, plan, currency, intervalMs, scope: { provider, project }, ended: ended === 1 },
      } as StoredRun,
    ]),
  );
}

function loadReservations(
  sql: Statements,
  { provider, project }: NonNullable<Wanted['reservations']>,
): Facts['reservations'] {
  return sql.all(
    `SELECT reservations.run, reservations.request, reservations.price FROM runs
     JOIN reservations ON reservations.run = runs.id
     WHERE runs.ended_at IS NULL AND runs.provider = ? AND (runs.project = ? OR ? IS NULL)`,
    ...[provider, project, project],
  ) as unknown as Facts['reservations'];
}

function loadTasks(sql: Statements, { provider, ids }: NonNullable<Wanted['tasks']>): Facts['tasks'] {
  const [condition, values] = ids === undefined ? ['1', []] : oneOf('tasks.id', ids);
  return sql.all(
    `SELECT tasks.provider, tasks.id, tasks.request, requests.key FROM tasks
     JOIN requests ON requests.id = tasks.request WHERE ${condition} AND (tasks.provider = ? OR ? IS NULL)`,
    ...[...values, provider, provider],
  ) as unknown as Facts['tasks'];
}

/** Finds events in the order of time, in which they lie side by side. */
function loadKnown(sql: Statements, names: readonly EventName[]): ReadonlySet<string> {
  if (names.length === 0) return new Set();
  return new Set(
    sql
      .rows(
        `SELECT events.id FROM json_each(?) AS name JOIN events
         ON events.at = name.value ->> 0 AND events.id = name.value ->> 1`,
        JSON.stringify(names.map(({ at, id }) => [at, id])),
      )
      .map(([id]) => id as string),
  );
}

/** Picks the values that a statement finds; it ends in the name of their column. */
function among(
  sql: Statements,
  values: readonly string[] | undefined,
  statement: string,
): ReadonlySet<string> {
  if (values === undefined || values.length === 0) return new Set();
  return new Set(
    sql
      .rows(`${statement} IN (SELECT value FROM json_each(?))`, JSON.stringify(values))
      .map(([value]) => value as string),
  );
}

function loadClaimed(sql: Statements, wanted: Wanted['claimed']): ReadonlySet<string> {
  const claimed = `EXISTS (
    SELECT 1 FROM events WHERE events.request = requests.id AND events.type = 'claimed'
  )`;
  if (wanted === undefined || !('provider' in wanted)) {
    return among(sql, wanted, `SELECT fingerprint FROM requests WHERE ${claimed} AND fingerprint`);
  }
  return new Set(
    sql
      .rows(
        `SELECT DISTINCT fingerprint FROM requests WHERE provider = ? AND project <> ? AND ${claimed}`,
        ...[wanted.provider, wanted.notIn],
      )
      .map(([fingerprint]) => fingerprint as string),
  );
}

function loadPace(sql: Statements): StoredPace | undefined {
  return sql.one('SELECT last_slot AS lastSlot, asked_at AS askedAt FROM pace') as StoredPace | undefined;
}

function loadLinks(sql: Statements, ids: readonly number[]): Facts['links'] {
  if (ids.length === 0) return [];
  const [condition, values] = oneOf('request', ids);
  return sql.all(
    `SELECT request, task, url FROM links WHERE ${condition}`,
    ...values,
  ) as unknown as Facts['links'];
}

function loadDownloads(sql: Statements, ids: readonly number[]): readonly StoredDownload[] {
  if (ids.length === 0) return [];
  const [condition, values] = oneOf('request', ids);
  return sql
    .all(
      `SELECT request, task, holder, stem, validator, size, extension, sha256 FROM downloads WHERE ${condition}`,
      ...values,
    )
    .map(({ extension, sha256, ...row }) => ({
      ...row,
      whole: extension === null || sha256 === null ? null : { extension, sha256 },
    })) as unknown as readonly StoredDownload[];
}

function loadRenamed(sql: Statements): ReadonlySet<string> {
  return new Set(
    sql
      .rows(
        `SELECT requests.provider, requests.fingerprint, events.project, events.key FROM events
         JOIN requests ON requests.id = events.request WHERE events.type = 'adopted'`,
      )
      .map(([provider, fingerprint, project, key]) =>
        identityKey({ provider, fingerprint, project, key } as Parameters<typeof identityKey>[0]),
      ),
  );
}

function loadStemHolder(sql: Statements, stem: string): Facts['stemHolder'] {
  return sql.one(
    'SELECT request, task FROM downloads WHERE stem = ? COLLATE NOCASE',
    stem,
  ) as Facts['stemHolder'];
}
