import { isoTime } from '../core/clock.ts';
import { LedgerError } from '../core/errors.ts';
import type { Backend, Change, Facts, NewEvent, RequestRef, StoredRequest, Wanted } from './backend.ts';
import type { StoredEvent } from './model/event.ts';

/** The result of a copy. */
export interface CopiedLedger {
  readonly requests: number;
  readonly events: number;
  /** Everything was there before, and nothing was written. */
  readonly wasThere: boolean;
}

const everything: Wanted = {
  requests: [{ project: null }],
  bodies: true,
  clips: true,
  runs: true,
  tasks: { provider: null },
};

/**
 * Copies a whole ledger into an empty one, in one transaction: all of it or nothing, so a copy that was cut short is just made
 * again. What runs had reserved is left out. Afterwards both are compared.
 *
 * @throws LedgerError where a run lives on either side, where the target holds something else, or the copy is not the same.
 */
export async function copyHistory(from: Backend, to: Backend): Promise<CopiedLedger> {
  const source = await from.load(everything);
  refuseLive(source);
  const counts = {
    requests: source.requests.length,
    events: source.requests.reduce((sum, { events }) => sum + events.length, 0),
  };
  const wasThere = await to.commit(everything, (target) => {
    refuseLive(target);
    if (target.requests.length === 0) return { changes: changesOf(source), value: false };
    refuseDifferent(source, target, 'the other ledger holds something else already');
    return { changes: [], value: true };
  });
  refuseDifferent(source, await to.load(everything), 'the copy is not the same');
  return { ...counts, wasThere };
}

function refuseLive({ runs, isLive, mayReturn }: Facts): void {
  const live = [...runs.values()].find(({ id, ended }) => !ended && (isLive(id) || mayReturn?.(id) === true));
  if (live === undefined) return;
  throw new LedgerError(`a run of ${live.by} is at work on the project ${live.scope.project}`, {
    help: 'Copy once it is done. Nothing was changed.',
  });
}

/** Everything that makes such a ledger out of an empty one. */
function changesOf(facts: Facts): readonly Change[] {
  const { requests, bodies, origins, runs, tasks, links, downloads } = facts;
  const byId = new Map(requests.map((request) => [request.id, request]));
  const refOf = (id: number): RequestRef => {
    const request = byId.get(id);
    if (request === undefined) throw new Error(`request ${id} was not loaded`);
    const { provider, project, key, fingerprint } = request;
    return { provider, project, key, fingerprint };
  };
  const events = requests
    .flatMap((request) => request.events.map((event) => ({ event, request })))
    .sort((a, b) => a.event.seq - b.event.seq);
  const startOf = new Map<string, string>();
  for (const { event } of events) {
    if (event.type === 'claimed' && !startOf.has(event.run)) startOf.set(event.run, event.at);
  }
  const guards = new Map<number, number>();
  const noted = [...runs.values()];
  return [
    ...requests.map((request): Change => {
      const sent = bodies.get(request.id);
      if (sent === undefined) throw new Error(`the body of request ${request.id} was not loaded`);
      return {
        type: 'request',
        scope: { provider: request.provider, project: request.project },
        request: sent,
      };
    }),
    ...noted.map(
      (run): Change => ({
        type: 'run',
        run: { ...run, ended: false },
        at: startOf.get(run.id) ?? isoTime(0),
      }),
    ),
    ...events.map(({ event, request }): Change => {
      const origin = origins.get(event.seq) ?? request.id;
      const common = { type: 'event', request: refOf(request.id), event: withoutSeq(event) } as const;
      if (event.type !== 'claimed') return common;
      const claimed = { ...common, origin: refOf(origin) };
      if (!event.here) return claimed;
      // So many claims of this ledger were made under that name.
      const guard = (guards.get(origin) ?? 0) + 1;
      guards.set(origin, guard);
      return { ...claimed, guard };
    }),
    ...noted.map(({ id }): Change => ({ type: 'endRun', run: id, at: startOf.get(id) ?? isoTime(0) })),
    ...tasks.map(
      ({ provider, id, request }): Change => ({ type: 'task', provider, id, request: refOf(request) }),
    ),
    ...links.map(({ request, ...link }): Change => ({ type: 'link', ...link, request: refOf(request) })),
    ...downloads.map(
      ({ request, task, ...download }): Change => ({
        ...{ type: 'download', task, download: { ...download, holder: null } },
        request: refOf(request),
      }),
    ),
  ];
}

function withoutSeq({ seq: _, ...event }: StoredEvent): NewEvent {
  return event as NewEvent;
}

function refuseDifferent(source: Facts, target: Facts, what: string): void {
  const [wanted, found] = [told(source), told(target)];
  const lacking =
    [...wanted].find((text) => !found.has(text)) ?? [...found].find((text) => !wanted.has(text));
  if (lacking === undefined) return;
  throw new LedgerError(what, {
    help: 'Copy into an empty ledger: another file, or another ?schema=… Nothing was changed in the old one.',
  });
}

/** Everything that a ledger knows, a text each. */
function told({ requests, bodies, tasks, links }: Facts): ReadonlySet<string> {
  const nameOf = new Map(requests.map((request) => [request.id, identityOf(request)]));
  return new Set([
    ...requests.flatMap((request) => [
      JSON.stringify([identityOf(request), bodies.get(request.id)?.body]),
      ...request.events.map((event) => JSON.stringify([identityOf(request), sorted(withoutSeq(event))])),
    ]),
    ...tasks.map(({ provider, id, request }) => JSON.stringify(['task', provider, id, nameOf.get(request)])),
    ...links.map(({ request, task, url }) => JSON.stringify(['link', nameOf.get(request), task, url])),
  ]);
}

function identityOf({ provider, project, key, fingerprint }: StoredRequest): string {
  return JSON.stringify([provider, project, key, fingerprint]);
}

function sorted(event: NewEvent): readonly (readonly [string, unknown])[] {
  return Object.entries(event).sort(([a], [b]) => (a < b ? -1 : 1));
}
