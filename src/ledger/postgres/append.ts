import { LedgerError } from '../../core/errors.ts';
import { type Change, identityKey, type RequestRef } from '../backend.ts';
import { factText } from '../fact-text.ts';
import type { Ask } from './load.ts';

type ChangeOf<T extends Change['type']> = Change & { readonly type: T };

/** Rows that go out in one statement; a statement of the server has its limits. */
const rowsAtATime = 2000;

/** Others have taken a run for dead, and its claims for ones that will not be sent. */
export class FencedError extends LedgerError {}

/**
 * Appends what decisions came to, inside a transaction that holds the lock of the history. The decisions are about different
 * requests, or there is one.
 *
 * @returns the numbers of the requests that it made, by `identityKey`.
 * @throws FencedError for a claim of a run that has ended, by its own word or that of others.
 */
export async function appendChanges(
  ask: Ask,
  changes: readonly Change[],
): Promise<ReadonlyMap<string, number>> {
  const numbers = new Map<string, number>();
  const requests = ofType(changes, 'request');
  const [made] = await Promise.all([makeRequests(ask, requests), noteRuns(ask, ofType(changes, 'run'))]);
  for (const [name, id] of made) numbers.set(name, id);
  await findOthers(ask, changes, numbers);
  const numberOf = (ref: RequestRef): number => {
    const id = typeof ref === 'number' ? ref : numbers.get(identityKey(ref));
    if (id === undefined) throw new Error('the ledger holds no request like this one');
    return id;
  };
  await Promise.all([
    addEvents(ask, ofType(changes, 'event'), numberOf),
    ...ofType(changes, 'file').map(({ seq, request }) =>
      ask('UPDATE events SET request = $1 WHERE seq = $2', [numberOf(request), seq]),
    ),
    bump(ask, changes, numberOf),
    endRuns(ask, ofType(changes, 'endRun')),
    reserve(ask, ofType(changes, 'reserve'), numberOf),
    ...ofType(changes, 'freeTask').map(({ provider, id, request }) =>
      ask('DELETE FROM tasks WHERE provider = $1 AND id = $2 AND request = $3', [provider, id, request]),
    ),
    holdTasks(ask, ofType(changes, 'task'), numberOf),
    ...ofType(changes, 'journal').map(({ digest }) =>
      ask('INSERT INTO journals (digest) VALUES ($1) ON CONFLICT DO NOTHING', [digest]),
    ),
    keepLinks(ask, ofType(changes, 'link'), numberOf),
    keepDownloads(ask, ofType(changes, 'download'), numberOf),
  ]);
  return made;
}

function ofType<T extends Change['type']>(changes: readonly Change[], type: T): readonly ChangeOf<T>[] {
  return changes.filter((change): change is ChangeOf<T> => change.type === type);
}

/** Calls a statement with rows as JSON, so many at a time. */
async function inParts<T>(
  rows: readonly T[],
  send: (json: string) => Promise<readonly (readonly unknown[])[]>,
): Promise<readonly (readonly unknown[])[]> {
  const parts: Promise<readonly (readonly unknown[])[]>[] = [];
  for (let from = 0; from < rows.length; from += rowsAtATime) {
    parts.push(send(JSON.stringify(rows.slice(from, from + rowsAtATime))));
  }
  return (await Promise.all(parts)).flat();
}

/** Makes requests, in their order, and tells those that share a key or a fingerprint with a new one of it. */
async function makeRequests(
  ask: Ask,
  changes: readonly ChangeOf<'request'>[],
): Promise<ReadonlyMap<string, number>> {
  const wanted = changes.map(({ scope: { provider, project }, request }, n) => {
    const { key, fingerprint, scene, shot, variant, take, model, mode } = request;
    const body = JSON.stringify(request.body);
    return { n, provider, project, key, fingerprint, scene, shot, variant, take, model, mode, body };
  });
  const rows = await inParts(wanted, (json) =>
    ask(
      `WITH made AS (
         INSERT INTO requests (provider, project, key, fingerprint, scene, shot, variant, take, model, mode, body)
         SELECT provider, project, key, fingerprint, scene, shot, variant, take, model, mode, body::json
         FROM json_to_recordset($1) AS w (n int, provider text, project text, key text, fingerprint text, scene text,
           shot text, variant text, take int, model text, mode text, body text) ORDER BY n
         ON CONFLICT DO NOTHING RETURNING id, provider, project, key, fingerprint
       ), told AS (
         UPDATE requests SET version = version + 1 WHERE id IN (
           SELECT r.id FROM made JOIN requests r USING (provider, project, key)
           UNION SELECT r.id FROM made JOIN requests r ON r.provider = made.provider AND r.fingerprint = made.fingerprint)
       )
       SELECT id, provider, project, key, fingerprint FROM made`,
      [json],
    ),
  );
  return new Map(
    rows.map(([id, provider, project, key, fingerprint]) => [
      identityKey({ provider, project, key, fingerprint } as Parameters<typeof identityKey>[0]),
      id as number,
    ]),
  );
}

async function noteRuns(ask: Ask, changes: readonly ChangeOf<'run'>[]): Promise<void> {
  const rows = changes.map(({ run, at }) => ({
    ...{ id: run.id, provider: run.scope.provider, project: run.scope.project, by: run.by, at },
    ended: run.ended ? at : null,
    ...{ interval: run.intervalMs, currency: run.currency, plan: run.plan },
    timeout: run.answerTimeoutMs ?? null,
  }));
  await inParts(rows, (json) =>
    ask(
      `INSERT INTO runs (id, provider, project, started_by, started_at, ended_at, interval_ms, answer_timeout_ms, currency, plan)
       SELECT id, provider, project, by, at, ended, "interval", timeout, currency, plan
       FROM json_to_recordset($1) AS w (id text, provider text, project text, by text, at text, ended text,
         "interval" float8, timeout float8, currency text, plan text) ON CONFLICT DO NOTHING`,
      [json],
    ),
  );
}

/** Finds the numbers of requests that are named and were there before. */
async function findOthers(ask: Ask, changes: readonly Change[], numbers: Map<string, number>): Promise<void> {
  const refs = changes.flatMap((change) => {
    const named: (RequestRef | undefined)[] =
      'request' in change && change.type !== 'request' ? [change.request] : [];
    if (change.type === 'event') named.push(change.origin);
    return named.flatMap((ref) =>
      ref === undefined || typeof ref === 'number' || numbers.has(identityKey(ref)) ? [] : [ref],
    );
  });
  const rows = await inParts(refs, (json) =>
    ask(
      `SELECT id, provider, project, key, fingerprint FROM requests JOIN json_to_recordset($1) AS w
         (provider text, project text, key text, fingerprint text) USING (provider, project, key, fingerprint)`,
      [json],
    ),
  );
  for (const [id, provider, project, key, fingerprint] of rows) {
    const name = { provider, project, key, fingerprint } as Parameters<typeof identityKey>[0];
    numbers.set(identityKey(name), id as number);
  }
}

async function addEvents(
  ask: Ask,
  changes: readonly ChangeOf<'event'>[],
  numberOf: (ref: RequestRef) => number,
): Promise<void> {
  const rows = changes.map(({ request: ref, origin, guard, event }, n) => {
    const request = numberOf(ref);
    const [run, attempt] = 'attempt' in event ? [event.run, event.attempt] : [null, null];
    return {
      ...{ n, request, origin: origin === undefined ? request : numberOf(origin), at: event.at },
      ...{ type: event.type, id: event.id, here: event.here, project: event.place.project },
      ...{ key: event.place.key, run, attempt, guard: guard ?? null, fact: factText(event) },
    };
  });
  const added = await inParts(rows, (json) =>
    ask(
      `INSERT INTO events (request, origin, at, type, id, here, project, key, run, attempt, guard, fact)
       SELECT request, origin, at, type, id, here, project, key, run, attempt, guard, fact::json
       FROM json_to_recordset($1) AS w (n int, request bigint, origin bigint, at text, type text, id text, here boolean,
         project text, key text, run text, attempt int, guard int, fact text)
       WHERE guard IS NULL OR EXISTS (SELECT 1 FROM runs WHERE runs.id = w.run AND runs.ended_at IS NULL)
       ORDER BY n RETURNING seq`,
      [json],
    ),
  );
  if (added.length < rows.length) throw fenced(rows.find(({ guard }) => guard !== null)?.run ?? '');
}

/** Counts up the versions of what bears on the claims of other requests, by which these hear of it. */
async function bump(
  ask: Ask,
  changes: readonly Change[],
  numberOf: (ref: RequestRef) => number,
): Promise<void> {
  const decisive = ['claimed', 'settled', 'resolved', 'adopted'];
  const touched = changes.flatMap((change) => {
    if (change.type === 'file') return [numberOf(change.request)];
    return change.type === 'event' && decisive.includes(change.event.type) ? [numberOf(change.request)] : [];
  });
  if (touched.length === 0) return;
  await ask(
    `WITH touched AS (SELECT provider, project, key, fingerprint FROM requests WHERE id = ANY($1::bigint[]))
     UPDATE requests SET version = version + 1 WHERE id IN (
       SELECT r.id FROM touched JOIN requests r USING (provider, project, key)
       UNION SELECT r.id FROM touched t JOIN requests r ON r.provider = t.provider AND r.fingerprint = t.fingerprint)`,
    [touched],
  );
}

async function endRuns(ask: Ask, changes: readonly ChangeOf<'endRun'>[]): Promise<void> {
  await Promise.all(
    changes.flatMap(({ run, at }) => [
      ask('DELETE FROM reservations WHERE run = $1', [run]),
      ask('UPDATE runs SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL', [run, at]),
    ]),
  );
}

async function reserve(
  ask: Ask,
  changes: readonly ChangeOf<'reserve'>[],
  numberOf: (ref: RequestRef) => number,
): Promise<void> {
  const rows = changes.map(({ run, request, price }) => ({ run, request: numberOf(request), price }));
  await inParts(rows, (json) =>
    ask(
      `INSERT INTO reservations (run, request, price)
       SELECT run, request, price FROM json_to_recordset($1) AS w (run text, request bigint, price float8)`,
      [json],
    ),
  );
}

async function holdTasks(
  ask: Ask,
  changes: readonly ChangeOf<'task'>[],
  numberOf: (ref: RequestRef) => number,
): Promise<void> {
  const rows = changes.map(({ provider, id, request }, n) => ({
    n,
    provider,
    id,
    request: numberOf(request),
  }));
  await inParts(rows, (json) =>
    ask(
      `INSERT INTO tasks (provider, id, request)
       SELECT provider, id, request FROM json_to_recordset($1) AS w (n int, provider text, id text, request bigint)
       ORDER BY n ON CONFLICT DO NOTHING`,
      [json],
    ),
  );
}

/** The last word on each clip, and the number of its request. */
function lastWords<T extends ChangeOf<'link' | 'download'>>(
  changes: readonly T[],
  numberOf: (ref: RequestRef) => number,
): readonly { readonly change: T; readonly request: number }[] {
  const numbered = changes.map((change) => ({ change, request: numberOf(change.request) }));
  return [...new Map(numbered.map((each) => [`${each.request} ${each.change.task}`, each])).values()];
}

async function keepLinks(
  ask: Ask,
  changes: readonly ChangeOf<'link'>[],
  numberOf: (ref: RequestRef) => number,
): Promise<void> {
  await Promise.all(
    lastWords(changes, numberOf).map(({ change: { task, url }, request }) =>
      url === null
        ? ask('DELETE FROM links WHERE request = $1 AND task = $2', [request, task])
        : ask(
            `INSERT INTO links (request, task, url) VALUES ($1, $2, $3)
             ON CONFLICT (request, task) DO UPDATE SET url = excluded.url`,
            [request, task, url],
          ),
    ),
  );
}

async function keepDownloads(
  ask: Ask,
  changes: readonly ChangeOf<'download'>[],
  numberOf: (ref: RequestRef) => number,
): Promise<void> {
  await Promise.all(
    lastWords(changes, numberOf).map(({ change: { task, download }, request }) => {
      if (download === null)
        return ask('DELETE FROM downloads WHERE request = $1 AND task = $2', [request, task]);
      const { holder, stem, validator, size, whole } = download;
      return ask(
        `INSERT INTO downloads (request, task, holder, stem, validator, size, extension, sha256)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (request, task) DO UPDATE SET holder = excluded.holder,
           stem = excluded.stem, validator = excluded.validator, size = excluded.size, extension = excluded.extension,
           sha256 = excluded.sha256`,
        [request, task, holder, stem, validator, size, whole?.extension ?? null, whole?.sha256 ?? null],
      );
    }),
  );
}

export function fenced(run: string): FencedError {
  return new FencedError(`run ${run} was away for so long that it was taken for dead`, {
    help: 'Nothing more is sent by it. Run again: what it left is planned anew.',
  });
}
