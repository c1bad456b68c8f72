import {
  type Facts,
  identityKey,
  noFacts,
  type RequestsWanted,
  type StoredDownload,
  type StoredRequest,
  type StoredRun,
  type Wanted,
} from '../backend.ts';
import type { StoredEvent } from '../model/event.ts';
import type { LedgerRequest } from '../model/identity.ts';
import type { Row } from './session.ts';

/** Asks the server; what is asked in one turn of the event loop goes out together. */
export type Ask = (text: string, values?: readonly unknown[]) => Promise<readonly Row[]>;

/** Facts as they are stored, and what a backend has to know besides. */
export interface Loaded extends Omit<Facts, 'isLive' | 'seq' | 'pace'> {
  /** The versions of the requests, by number. */
  readonly versions: ReadonlyMap<number, number>;
  /** Milliseconds until the latest slot, by the server's clock; undefined where there is none, or none was wanted. */
  readonly slotInMs: number | undefined;
}

/** Loads what a decision wants to know, all at once. Decides nothing, and begins no transaction. */
export async function loadFacts(ask: Ask, wanted: Wanted): Promise<Loaded> {
  const [requests, runs, reservations, tasks, known, claimed, journal, slotInMs, renamed, stemHolder] =
    await Promise.all([
      loadRequests(ask, wanted),
      wanted.runs === true ? loadRuns(ask, wanted) : noFacts.runs,
      wanted.reservations === undefined ? [] : loadReservations(ask, wanted.reservations),
      wanted.tasks === undefined ? [] : loadTasks(ask, wanted.tasks),
      loadKnown(ask, wanted.known ?? []),
      loadClaimed(ask, wanted.claimed),
      wanted.journal === undefined ? [] : ask('SELECT 1 FROM journals WHERE digest = $1', [wanted.journal]),
      wanted.pace === true ? loadSlot(ask) : undefined,
      wanted.renames === true ? loadRenamed(ask) : noFacts.renamed,
      wanted.stem === undefined ? undefined : loadStemHolder(ask, wanted.stem),
    ]);
  const late = wanted.lateAnswers === true ? await loadLateAnswers(ask, requests.requests) : new Map();
  const holdsJournal = journal.length > 0;
  return {
    ...{
      ...requests,
      runs,
      reservations,
      tasks,
      known,
      claimed,
      holdsJournal,
      slotInMs,
      renamed,
      stemHolder,
    },
    lateAnswers: late,
  };
}

/** A statement for the numbers of the requests that are wanted, and its values; null where none are. */
function numbersOf(wanted: Wanted): { readonly numbers: string; readonly values: readonly unknown[] } | null {
  const { requests = [] } = wanted;
  if (requests.length === 0) return null;
  const values: unknown[] = [];
  const put = (value: unknown): string => `$${values.push(value)}`;
  const parts = requests.flatMap((each) => selects(each, put).map((select) => `(${select})`));
  return { numbers: parts.join(' UNION '), values };
}

function selects(wanted: RequestsWanted, put: (value: unknown) => string): readonly string[] {
  const since = (seq: number | undefined): string =>
    seq === undefined || seq === 0
      ? ''
      : ` AND id IN (SELECT request FROM events WHERE seq > ${put(seq)}::bigint)`;
  if ('project' in wanted) {
    const { project } = wanted;
    const named = project === null ? 'true' : `project = ${put(project)}::text`;
    return [`SELECT id FROM requests WHERE ${named}${since(wanted.since)}`];
  }
  const fingerprinted = (provider: string, fingerprints: readonly string[]): readonly string[] =>
    fingerprints.length === 0
      ? []
      : [
          `SELECT id FROM requests WHERE provider = ${put(provider)}::text AND fingerprint = ANY(${put(fingerprints)}::text[])`,
        ];
  if ('provider' in wanted) {
    const found = fingerprinted(wanted.provider, wanted.fingerprints);
    return found.length > 0 ? found : ['SELECT id FROM requests WHERE false'];
  }
  const { provider, project } = wanted.scope;
  if ('keys' in wanted) {
    const keyed = `SELECT id FROM requests WHERE provider = ${put(provider)}::text AND project = ${put(project)}::text AND key = ANY(${put(wanted.keys)}::text[])`;
    return [keyed, ...fingerprinted(provider, wanted.fingerprints)];
  }
  const { after, limit } = wanted;
  const scoped = `provider = ${put(provider)}::text AND project = ${put(project)}::text`;
  const later =
    after === undefined
      ? ''
      : ` AND id > (SELECT id FROM requests WHERE ${scoped} AND key = ${put(after.key)}::text AND fingerprint = ${put(after.fingerprint)}::text)`;
  const most = limit === undefined ? '' : ` ORDER BY id LIMIT ${put(limit)}::int`;
  return [`SELECT id FROM requests WHERE ${scoped}${later}${since(wanted.since)}${most}`];
}

async function loadRequests(
  ask: Ask,
  wanted: Wanted,
): Promise<Pick<Loaded, 'requests' | 'origins' | 'bodies' | 'versions' | 'links' | 'downloads'>> {
  const which = numbersOf(wanted);
  const { links, downloads } = noFacts;
  if (which === null) {
    return { requests: [], origins: new Map(), bodies: new Map(), versions: new Map(), links, downloads };
  }
  const { numbers, values } = which;
  const of = (select: string): Promise<readonly Row[]> =>
    ask(`WITH wanted AS MATERIALIZED (${numbers}) ${select}`, values);
  const [rows, eventRows, bodyRows, linkRows, downloadRows] = await Promise.all([
    of(
      'SELECT id, provider, project, key, fingerprint, model, version FROM requests WHERE id IN (SELECT id FROM wanted) ORDER BY id',
    ),
    of(
      'SELECT seq, request, origin, at, type, id, here, project, key, run, attempt, fact FROM events WHERE request IN (SELECT id FROM wanted) ORDER BY seq',
    ),
    wanted.bodies !== true
      ? []
      : of(`SELECT id, key, fingerprint, scene, shot, variant, take, model, mode, body FROM requests
            WHERE id IN (SELECT id FROM wanted UNION
              SELECT origin FROM events WHERE type = 'claimed' AND request IN (SELECT id FROM wanted))`),
    wanted.clips !== true
      ? []
      : of('SELECT request, task, url FROM links WHERE request IN (SELECT id FROM wanted)'),
    wanted.clips !== true
      ? []
      : of(
          'SELECT request, task, holder, stem, validator, size, extension, sha256 FROM downloads WHERE request IN (SELECT id FROM wanted)',
        ),
  ]);
  const events = new Map<number, StoredEvent[]>(rows.map(([id]) => [id as number, []]));
  const origins = new Map<number, number>();
  for (const row of eventRows) {
    const [seq, request, origin] = row as [number, number, number];
    const event = toEvent(row);
    events.get(request)?.push(event);
    if (event.type === 'claimed') origins.set(seq, origin);
  }
  return {
    requests: rows.map(([id, provider, project, key, fingerprint, model]) => ({
      ...{ id, provider, project, key, fingerprint, model },
      events: events.get(id as number) ?? [],
    })) as unknown as readonly StoredRequest[],
    versions: new Map(rows.map((row) => [row[0] as number, row[6] as number])),
    origins,
    bodies: new Map(bodyRows.map(([id, ...row]) => [id as number, toRequest(row)])),
    links: linkRows.map(([request, task, url]) => ({ request, task, url })) as unknown as Facts['links'],
    downloads: downloadRows.map(toDownload),
  };
}

function toEvent(row: Row): StoredEvent {
  const [seq, , , at, type, id, here, project, key, run, attempt, fact] = row;
  const common = { seq, at, id, here, place: { project, key }, type };
  const named = attempt === null ? {} : { run: run ?? '', attempt };
  return Object.assign(common, named, JSON.parse(fact as string)) as unknown as StoredEvent;
}

function toRequest([key, fingerprint, scene, shot, variant, take, model, mode, body]: Row): LedgerRequest {
  const parsed = JSON.parse(body as string);
  return { key, fingerprint, scene, shot, variant, take, model, mode, body: parsed } as LedgerRequest;
}

function toDownload([request, task, holder, stem, validator, size, extension, sha256]: Row): StoredDownload {
  const whole = extension === null || sha256 === null ? null : { extension, sha256 };
  return { request, task, holder, stem, validator, size, whole } as StoredDownload;
}

async function loadRuns(ask: Ask, wanted: Wanted): Promise<ReadonlyMap<string, StoredRun>> {
  const which = numbersOf(wanted);
  const named =
    which === null
      ? ''
      : ` OR id IN (SELECT run FROM events WHERE type = 'claimed' AND request IN (${which.numbers}))`;
  const rows = await ask(
    `SELECT id, provider, project, started_by, plan, currency, interval_ms, ended_at IS NOT NULL FROM runs WHERE ended_at IS NULL${named}`,
    which?.values,
  );
  return new Map(
    rows.map(([id, provider, project, by, plan, currency, intervalMs, ended]) => [
      id as string,
      { id, by, plan, currency, intervalMs, ended, scope: { provider, project } } as StoredRun,
    ]),
  );
}

async function loadReservations(
  ask: Ask,
  { provider, project }: NonNullable<Wanted['reservations']>,
): Promise<Facts['reservations']> {
  const rows = await ask(
    `SELECT reservations.run, reservations.request, reservations.price FROM runs
     JOIN reservations ON reservations.run = runs.id
     WHERE runs.ended_at IS NULL AND runs.provider = $1 AND (runs.project = $2 OR $2::text IS NULL)`,
    [provider, project],
  );
  return rows.map(([run, request, price]) => ({ run, request, price })) as unknown as Facts['reservations'];
}

async function loadTasks(ask: Ask, { provider, ids }: NonNullable<Wanted['tasks']>): Promise<Facts['tasks']> {
  const rows = await ask(
    `SELECT tasks.provider, tasks.id, tasks.request, requests.key FROM tasks
     JOIN requests ON requests.id = tasks.request
     WHERE ($1::text IS NULL OR tasks.provider = $1) AND ($2::text[] IS NULL OR tasks.id = ANY($2))`,
    [provider, ids ?? null],
  );
  return rows.map(([holder, id, request, key]) => ({
    ...{ provider: holder, id, request, key },
  })) as unknown as Facts['tasks'];
}

async function loadKnown(ask: Ask, names: NonNullable<Wanted['known']>): Promise<ReadonlySet<string>> {
  if (names.length === 0) return new Set();
  const rows = await ask(
    'SELECT events.id FROM unnest($1::text[], $2::text[]) AS name (at, id) JOIN events ON events.at = name.at AND events.id = name.id',
    [names.map(({ at }) => at), names.map(({ id }) => id)],
  );
  return new Set(rows.map(([id]) => id as string));
}

async function loadClaimed(ask: Ask, wanted: Wanted['claimed']): Promise<ReadonlySet<string>> {
  if (wanted === undefined || (!('provider' in wanted) && wanted.length === 0)) return new Set();
  const [condition, values] =
    'provider' in wanted
      ? ['provider = $1 AND project <> $2', [wanted.provider, wanted.notIn]]
      : ['fingerprint = ANY($1::text[])', [wanted]];
  const rows = await ask(
    `SELECT DISTINCT fingerprint FROM requests WHERE ${condition} AND EXISTS (
       SELECT 1 FROM events WHERE events.request = requests.id AND events.type = 'claimed')`,
    values,
  );
  return new Set(rows.map(([fingerprint]) => fingerprint as string));
}

async function loadSlot(ask: Ask): Promise<number | undefined> {
  const [row] = await ask(
    'SELECT (extract(epoch FROM last_slot - clock_timestamp()) * 1000)::double precision FROM pace',
  );
  return row === undefined ? undefined : (row[0] as number);
}

async function loadRenamed(ask: Ask): Promise<ReadonlySet<string>> {
  const rows = await ask(
    `SELECT requests.provider, requests.fingerprint, events.project, events.key FROM events
     JOIN requests ON requests.id = events.request WHERE events.type = 'adopted'`,
  );
  return new Set(
    rows.map(([provider, fingerprint, project, key]) =>
      identityKey({ provider, fingerprint, project, key } as Parameters<typeof identityKey>[0]),
    ),
  );
}

async function loadStemHolder(ask: Ask, stem: string): Promise<Facts['stemHolder']> {
  const [row] = await ask('SELECT request, task FROM downloads WHERE lower(stem) = lower($1)', [stem]);
  return row === undefined ? undefined : { request: row[0] as number, task: row[1] as string };
}

/** Longest time between the claim of a request and the first byte of it, in milliseconds. */
export const leaseMs = 30_000;

/** Time that clocks and the way of an answer may add to lease and answer timeout, in milliseconds. */
const lateSlackMs = 10_000;

/** The answer timeout of runs that do not say theirs, in milliseconds. */
const usualAnswerTimeoutMs = 120_000;

/** Loads the time for which the runs of open claims may still answer, by the server's clock alone. */
async function loadLateAnswers(
  ask: Ask,
  requests: readonly StoredRequest[],
): Promise<NonNullable<Facts['lateAnswers']>> {
  const rows = await ask(
    `SELECT events.id, ($2 + coalesce(runs.answer_timeout_ms, $3)
       - extract(epoch FROM clock_timestamp() - events.noted_at) * 1000)::double precision
     FROM events JOIN runs ON runs.id = events.run
     WHERE events.request = ANY($1::bigint[]) AND events.type = 'claimed' AND events.here AND runs.ended_at IS NULL`,
    [requests.map(({ id }) => id), leaseMs + lateSlackMs, usualAnswerTimeoutMs],
  );
  return new Map(rows.flatMap(([id, ms]) => (Number(ms) > 0 ? [[id as string, Number(ms)]] : [])));
}
