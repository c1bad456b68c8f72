import {
  type Change,
  type Facts,
  type RequestRef,
  type RequestsWanted,
  renameKey,
  type StoredDownload,
  type StoredLink,
  type StoredPace,
  type StoredRequest,
  type StoredReservation,
  type StoredRun,
  type Wanted,
} from '../../src/ledger/backend.ts';
import type { IsLive, StoredEvent } from '../../src/ledger/model/event.ts';
import type { LedgerRequest, LedgerScope } from '../../src/ledger/model/identity.ts';

interface Row {
  readonly id: number;
  readonly scope: LedgerScope;
  readonly request: LedgerRequest;
}

interface EventRow {
  readonly event: StoredEvent;
  readonly request: number;
  /** With which request it was first filed. */
  readonly origin: number;
}

/** What a ledger holds, in plain lists: loaded and appended to, and asked for nothing else. */
export class MemoryStore {
  #rows: Row[] = [];
  #events: EventRow[] = [];
  #runs = new Map<string, StoredRun>();
  #reservations: StoredReservation[] = [];
  #tasks = new Map<string, { readonly provider: string; readonly id: string; readonly request: number }>();
  #journals = new Set<string>();
  #links: StoredLink[] = [];
  #downloads: StoredDownload[] = [];
  #guards = new Set<string>();
  #pace: StoredPace | undefined;

  /** Everything, as it is now. What is in the lists never changes, so a copy of the lists is one of the store. */
  copy(): MemoryStore {
    const copy = new MemoryStore();
    copy.#rows = [...this.#rows];
    copy.#events = [...this.#events];
    copy.#runs = new Map(this.#runs);
    copy.#reservations = [...this.#reservations];
    copy.#tasks = new Map(this.#tasks);
    copy.#journals = new Set(this.#journals);
    copy.#links = [...this.#links];
    copy.#downloads = [...this.#downloads];
    copy.#guards = new Set(this.#guards);
    copy.#pace = this.#pace;
    return copy;
  }

  /** What it holds, a line an event, for whoever looks from outside. */
  text(): string {
    return this.#events
      .map(({ event, origin }) => {
        const sent = event.type === 'claimed' ? (event.sent?.body ?? this.#rows[origin - 1]?.request.body) : undefined;
        return `${JSON.stringify({ ...event, body: sent })}\n`;
      })
      .join('');
  }

  load(wanted: Wanted, isLive: IsLive): Facts {
    const requests = this.#requests(wanted.requests ?? []);
    const ids = new Set(requests.map(({ id }) => id));
    const origins = new Map<number, number>();
    for (const { event, request, origin } of this.#events) {
      if (ids.has(request) && event.type === 'claimed') origins.set(event.seq, origin);
    }
    const withBodies = wanted.bodies === true ? [...ids, ...origins.values()] : [];
    return {
      requests,
      origins,
      bodies: new Map(
        withBodies.flatMap((id) => {
          const row = this.#rows[id - 1];
          return row === undefined ? [] : [[id, row.request] as const];
        }),
      ),
      runs: wanted.runs === true ? this.#runsOf(requests) : new Map(),
      reservations: this.#reservationsIn(wanted.reservations),
      tasks: this.#tasksIn(wanted.tasks),
      known: this.#known(wanted.known),
      claimed: this.#claimed(wanted.claimed),
      holdsJournal: wanted.journal !== undefined && this.#journals.has(wanted.journal),
      pace: wanted.pace === true ? this.#pace : undefined,
      links: wanted.clips === true ? this.#links.filter(({ request }) => ids.has(request)) : [],
      downloads: wanted.clips === true ? this.#downloads.filter(({ request }) => ids.has(request)) : [],
      renamed: wanted.renames === true ? this.#renamed() : new Set(),
      stemHolder: this.#downloads.find(
        ({ stem }) => stem !== null && stem.toLowerCase() === wanted.stem?.toLowerCase(),
      ),
      seq: this.#events.length,
      isLive,
    };
  }

  /** All of it, or nothing where one part cannot be. */
  append(changes: readonly Change[]): void {
    const before = this.copy();
    try {
      for (const change of changes) this.#append(change);
    } catch (error) {
      this.#become(before);
      throw error;
    }
  }

  #become(other: MemoryStore): void {
    this.#rows = other.#rows;
    this.#events = other.#events;
    this.#runs = other.#runs;
    this.#reservations = other.#reservations;
    this.#tasks = other.#tasks;
    this.#journals = other.#journals;
    this.#links = other.#links;
    this.#downloads = other.#downloads;
    this.#guards = other.#guards;
    this.#pace = other.#pace;
  }

  #append(change: Change): void {
    switch (change.type) {
      case 'request':
        if (this.#find({ ...change.scope, ...change.request }) !== undefined) return;
        this.#rows.push({ id: this.#rows.length + 1, scope: change.scope, request: change.request });
        return;
      case 'event': {
        const request = this.#number(change.request);
        const { guard } = change;
        if (guard !== undefined) {
          const name = `${request} ${guard}`;
          if (this.#guards.has(name)) throw new Error(`a claim of request ${request} has the number ${guard}`);
          this.#guards.add(name);
        }
        const { id } = change.event;
        if (id !== null && this.#events.some(({ event }) => event.id === id)) {
          throw new Error(`the event ${id} is in already`);
        }
        const event = { ...change.event, seq: this.#events.length + 1 } as StoredEvent;
        this.#events.push({ event, request, origin: change.origin === undefined ? request : this.#number(change.origin) });
        return;
      }
      case 'file': {
        const request = this.#number(change.request);
        this.#events = this.#events.map((row) => (row.event.seq === change.seq ? { ...row, request } : row));
        return;
      }
      case 'run':
        if (!this.#runs.has(change.run.id)) this.#runs.set(change.run.id, change.run);
        return;
      case 'endRun': {
        const run = this.#runs.get(change.run);
        if (run !== undefined) this.#runs.set(change.run, { ...run, ended: true });
        this.#reservations = this.#reservations.filter((each) => each.run !== change.run);
        return;
      }
      case 'reserve':
        this.#reservations.push({ run: change.run, request: this.#number(change.request), price: change.price });
        return;
      case 'task': {
        const name = `${change.provider} ${change.id}`;
        if (this.#tasks.has(name)) return;
        this.#tasks.set(name, { provider: change.provider, id: change.id, request: this.#number(change.request) });
        return;
      }
      case 'pace':
        this.#pace = change.pace;
        return;
      case 'journal':
        this.#journals.add(change.digest);
        return;
      case 'link': {
        const { request, task, url } = change;
        this.#links = this.#links.filter((each) => each.request !== request || each.task !== task);
        if (url !== null) this.#links.push({ request, task, url });
        return;
      }
      case 'download': {
        const { request, task, download } = change;
        this.#downloads = this.#downloads.filter((each) => each.request !== request || each.task !== task);
        if (download !== null) this.#downloads.push({ ...download, request, task });
        return;
      }
    }
  }

  #requests(wanted: readonly RequestsWanted[]): readonly StoredRequest[] {
    const chosen = new Set(wanted.flatMap((each) => this.#chosen(each)));
    return this.#rows
      .filter((row) => chosen.has(row))
      .map(({ id, scope, request: { key, fingerprint, model } }) => ({
        ...{ id, key, fingerprint, model },
        ...scope,
        events: this.#events.flatMap(({ request, event }) => (request === id ? [event] : [])),
      }));
  }

  #chosen(wanted: RequestsWanted): readonly Row[] {
    if ('project' in wanted) {
      return this.#rows.filter(({ scope }) => wanted.project === null || scope.project === wanted.project);
    }
    if ('provider' in wanted) {
      return this.#rows.filter(
        ({ scope, request }) =>
          scope.provider === wanted.provider && wanted.fingerprints.includes(request.fingerprint),
      );
    }
    const { provider, project } = wanted.scope;
    if ('keys' in wanted) {
      return this.#rows.filter(
        ({ scope, request }) =>
          scope.provider === provider &&
          ((scope.project === project && wanted.keys.includes(request.key)) ||
            wanted.fingerprints.includes(request.fingerprint)),
      );
    }
    const { after, limit, since } = wanted;
    const from = after === undefined ? 0 : (this.#find({ provider, project, ...after })?.id ?? Number.POSITIVE_INFINITY);
    const moved =
      since === undefined
        ? null
        : new Set(this.#events.flatMap(({ event, request }) => (event.seq > since ? [request] : [])));
    return this.#rows
      .filter(
        ({ id, scope }) =>
          scope.provider === provider && scope.project === project && id > from && (moved?.has(id) ?? true),
      )
      .slice(0, limit);
  }

  #find(ref: Exclude<RequestRef, number>): Row | undefined {
    return this.#rows.find(
      ({ scope, request }) =>
        request.key === ref.key &&
        request.fingerprint === ref.fingerprint &&
        scope.project === ref.project &&
        scope.provider === ref.provider,
    );
  }

  #number(ref: RequestRef): number {
    if (typeof ref === 'number') return ref;
    const row = this.#find(ref);
    if (row === undefined) throw new Error(`the ledger holds no request ${ref.key} like this one`);
    return row.id;
  }

  #runsOf(requests: readonly StoredRequest[]): ReadonlyMap<string, StoredRun> {
    const named = new Set(
      requests.flatMap(({ events }) => events.flatMap((event) => (event.type === 'claimed' ? [event.run] : []))),
    );
    return new Map([...this.#runs].filter(([id, { ended }]) => !ended || named.has(id)));
  }

  #reservationsIn(scope: Wanted['reservations']): readonly StoredReservation[] {
    if (scope === undefined) return [];
    return this.#reservations.filter(({ run }) => {
      const found = this.#runs.get(run);
      return (
        found !== undefined &&
        !found.ended &&
        found.scope.provider === scope.provider &&
        (scope.project === null || found.scope.project === scope.project)
      );
    });
  }

  #tasksIn(wanted: Wanted['tasks']): Facts['tasks'] {
    if (wanted === undefined) return [];
    return [...this.#tasks.values()].flatMap((task) => {
      const isMeant =
        (wanted.provider === null || task.provider === wanted.provider) &&
        (wanted.ids === undefined || wanted.ids.includes(task.id));
      return isMeant ? [{ ...task, key: this.#rows[task.request - 1]?.request.key ?? '' }] : [];
    });
  }

  #known(ids: readonly string[] | undefined): ReadonlySet<string> {
    if (ids === undefined) return new Set();
    const there = new Set(this.#events.map(({ event }) => event.id));
    return new Set(ids.filter((id) => there.has(id)));
  }

  #claimed(fingerprints: readonly string[] | undefined): ReadonlySet<string> {
    if (fingerprints === undefined) return new Set();
    const claimed = new Set(
      this.#events.flatMap(({ event, origin }) =>
        event.type === 'claimed' ? [this.#rows[origin - 1]?.request.fingerprint] : [],
      ),
    );
    return new Set(fingerprints.filter((fingerprint) => claimed.has(fingerprint)));
  }

  #renamed(): ReadonlySet<string> {
    return new Set(
      this.#events.flatMap(({ event, request }) => {
        const row = this.#rows[request - 1];
        if (event.type !== 'adopted' || row === undefined) return [];
        return [
          renameKey({ provider: row.scope.provider, fingerprint: row.request.fingerprint, ...event.place }),
        ];
      }),
    );
  }
}
