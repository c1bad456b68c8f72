import {
  type Change,
  type Facts,
  identityKey,
  type NewEvent,
  type RequestsWanted,
  type StoredDownload,
  type StoredPace,
  type StoredRequest,
  type StoredReservation,
  type StoredRun,
  type Wanted,
} from '../backend.ts';
import type { IsLive, StoredEvent } from '../model/event.ts';
import type { LedgerRequest } from '../model/identity.ts';
import { Index } from './index-of.ts';
import { type RequestRow, RequestTable, type Undo } from './requests.ts';

export type { Undo } from './requests.ts';

interface EventRow {
  readonly event: StoredEvent;
  readonly origin: number;
  request: number;
}

/** The contents of a ledger in memory. It loads and appends, and decides nothing. */
export class MemoryTables {
  readonly #requests = new RequestTable();
  readonly #events: EventRow[] = [];
  readonly #eventsOf = new Index();
  readonly #eventIds = new Map<string, number>();
  readonly #guards = new Set<string>();
  readonly #runs = new Map<string, StoredRun>();
  readonly #openRuns = new Set<string>();
  readonly #reservations = new Map<string, readonly StoredReservation[]>();
  readonly #tasks = new Map<string, Facts['tasks'][number]>();
  readonly #journals = new Set<string>();
  readonly #links = new Map<string, Facts['links'][number]>();
  readonly #downloads = new Map<string, StoredDownload>();
  #pace: StoredPace | undefined;

  load(wanted: Wanted, isLive: IsLive): Facts {
    const rows = this.#wantedRows(wanted.requests ?? []);
    const requests = rows.map((row) => this.#stored(row));
    const origins = new Map<number, number>();
    for (const { id } of rows) {
      for (const { event, origin } of this.#eventRows(id)) {
        if (event.type === 'claimed') origins.set(event.seq, origin);
      }
    }
    const ids = new Set(rows.map(({ id }) => id));
    return {
      requests,
      origins,
      bodies: wanted.bodies === true ? this.#bodies([...ids, ...origins.values()]) : new Map(),
      runs: wanted.runs === true ? this.#wantedRuns(requests) : new Map(),
      reservations: wanted.reservations === undefined ? [] : this.#reserved(wanted.reservations),
      tasks: wanted.tasks === undefined ? [] : this.#wantedTasks(wanted.tasks),
      known: new Set((wanted.known ?? []).flatMap(({ id }) => (this.#eventIds.has(id) ? [id] : []))),
      claimed: this.#claimed(wanted.claimed),
      holdsJournal: wanted.journal !== undefined && this.#journals.has(wanted.journal),
      pace: wanted.pace === true ? this.#pace : undefined,
      links: wanted.clips === true ? [...this.#links.values()].filter(({ request }) => ids.has(request)) : [],
      downloads:
        wanted.clips === true ? [...this.#downloads.values()].filter(({ request }) => ids.has(request)) : [],
      renamed: wanted.renames === true ? this.#renamed() : new Set(),
      stemHolder: this.#stemHolder(wanted.stem),
      seq: this.#events.length,
      isLive,
    };
  }

  /**
   * Appends all of a decision or nothing.
   *
   * @throws where a claim comes second to a number that only one may have.
   */
  append(changes: readonly Change[]): Undo {
    const undos: Undo[] = [];
    const undo = (): void => {
      for (const each of undos.splice(0).reverse()) each();
    };
    try {
      for (const change of changes) undos.push(this.#append(change));
    } catch (error) {
      undo();
      throw error;
    }
    return undo;
  }

  #append(change: Change): Undo {
    switch (change.type) {
      case 'request':
        return this.#requests.add(change.scope, change.request);
      case 'event':
        return this.#addEvent(change);
      case 'file':
        return this.#file(change.seq, this.#requests.numberOf(change.request));
      case 'run': {
        const { run } = change;
        if (this.#runs.has(run.id)) return () => {};
        const undo = put(this.#runs, run.id, run);
        if (run.ended) return undo;
        this.#openRuns.add(run.id);
        return () => {
          undo();
          this.#openRuns.delete(run.id);
        };
      }
      case 'endRun':
        return this.#endRun(change.run);
      case 'reserve': {
        const { run, price } = change;
        const reserved = { run, price, request: this.#requests.numberOf(change.request) };
        return put(this.#reservations, run, [...(this.#reservations.get(run) ?? []), reserved]);
      }
      case 'task': {
        const { provider, id } = change;
        const name = `${provider} ${id}`;
        if (this.#tasks.has(name)) return () => {};
        const request = this.#requests.numberOf(change.request);
        return put(this.#tasks, name, { provider, id, request, key: this.#requests.row(request).key });
      }
      case 'freeTask': {
        const name = `${change.provider} ${change.id}`;
        if (this.#tasks.get(name)?.request !== change.request) return () => {};
        return put(this.#tasks, name, undefined);
      }
      case 'pace': {
        const before = this.#pace;
        this.#pace = change.pace;
        return () => {
          this.#pace = before;
        };
      }
      case 'journal': {
        const { digest } = change;
        if (this.#journals.has(digest)) return () => {};
        this.#journals.add(digest);
        return () => void this.#journals.delete(digest);
      }
      case 'link': {
        const { task, url } = change;
        const request = this.#requests.numberOf(change.request);
        const link = url === null ? undefined : { request, task, url };
        return put(this.#links, `${request} ${task}`, link);
      }
      case 'download': {
        const { task, download } = change;
        const request = this.#requests.numberOf(change.request);
        const stored = download === null ? undefined : { request, task, ...download };
        return put(this.#downloads, `${request} ${task}`, stored);
      }
    }
  }

  #addEvent({ event, request: ref, origin, guard }: Change & { readonly type: 'event' }): Undo {
    const request = this.#requests.numberOf(ref);
    const from = origin === undefined ? request : this.#requests.numberOf(origin);
    const guarded = guard === undefined ? null : `${from} ${guard}`;
    if (guarded !== null && this.#guards.has(guarded)) throw new Error('another claim was faster');
    if (event.id !== null && this.#eventIds.has(event.id)) throw new Error(`event ${event.id} is in already`);
    const seq = this.#events.length + 1;
    this.#events.push({ event: stored(event, seq), origin: from, request });
    const unfile = this.#eventsOf.add(request, seq);
    if (event.id !== null) this.#eventIds.set(event.id, seq);
    if (guarded !== null) this.#guards.add(guarded);
    return () => {
      if (guarded !== null) this.#guards.delete(guarded);
      if (event.id !== null) this.#eventIds.delete(event.id);
      unfile();
      this.#events.pop();
    };
  }

  #file(seq: number, request: number): Undo {
    const row = this.#events[seq - 1];
    if (row === undefined) throw new Error(`there is no event ${seq}`);
    const before = row.request;
    const undos = [this.#eventsOf.remove(before, seq), this.#eventsOf.add(request, seq)];
    row.request = request;
    return () => {
      row.request = before;
      for (const undo of undos.reverse()) undo();
    };
  }

  #endRun(id: string): Undo {
    const run = this.#runs.get(id);
    const undos = [put(this.#reservations, id, undefined)];
    if (run !== undefined && !run.ended) {
      undos.push(put(this.#runs, id, { ...run, ended: true }));
      this.#openRuns.delete(id);
      undos.push(() => void this.#openRuns.add(id));
    }
    return () => {
      for (const undo of undos.reverse()) undo();
    };
  }

  #wantedRows(wanted: readonly RequestsWanted[]): readonly RequestRow[] {
    const rowsOf = (each: RequestsWanted): readonly number[] =>
      this.#requests.wanted(each, (id, since) => this.#eventsOf.of(id).some((seq) => seq > since));
    const [only] = wanted;
    if (only !== undefined && wanted.length === 1) return rowsOf(only).map((id) => this.#requests.row(id));
    const ids = new Set(wanted.flatMap(rowsOf));
    return [...ids].sort((a, b) => a - b).map((id) => this.#requests.row(id));
  }

  #stored({ id, provider, project, key, fingerprint, sent }: RequestRow): StoredRequest {
    const events = this.#eventRows(id).map(({ event }) => event);
    return { id, provider, project, key, fingerprint, model: sent.model, events };
  }

  #eventRows(request: number): readonly EventRow[] {
    return this.#eventsOf.of(request).flatMap((seq) => this.#events[seq - 1] ?? []);
  }

  #bodies(ids: readonly number[]): ReadonlyMap<number, LedgerRequest> {
    return new Map(ids.map((id) => [id, this.#requests.row(id).sent]));
  }

  #wantedRuns(requests: readonly StoredRequest[]): ReadonlyMap<string, StoredRun> {
    const names = new Set(this.#openRuns);
    for (const { events } of requests) {
      for (const event of events) if (event.type === 'claimed') names.add(event.run);
    }
    return new Map(
      [...names].flatMap((id) => {
        const run = this.#runs.get(id);
        return run === undefined ? [] : [[id, run] as const];
      }),
    );
  }

  #reserved({ provider, project }: NonNullable<Wanted['reservations']>): readonly StoredReservation[] {
    return [...this.#openRuns].flatMap((id) => {
      const scope = this.#runs.get(id)?.scope;
      const isWanted = scope?.provider === provider && (project === null || scope.project === project);
      return isWanted ? (this.#reservations.get(id) ?? []) : [];
    });
  }

  #wantedTasks({ provider, ids }: NonNullable<Wanted['tasks']>): Facts['tasks'] {
    const wanted = ids === undefined ? undefined : new Set(ids);
    if (provider !== null && ids !== undefined) {
      return ids.flatMap((id) => this.#tasks.get(`${provider} ${id}`) ?? []);
    }
    return [...this.#tasks.values()].filter(
      (task) => (provider === null || task.provider === provider) && wanted?.has(task.id) !== false,
    );
  }

  #claimed(wanted: Wanted['claimed']): ReadonlySet<string> {
    const isClaimed = (id: number): boolean =>
      this.#eventRows(id).some(({ event }) => event.type === 'claimed');
    if (wanted === undefined) return new Set();
    const asked = 'provider' in wanted ? undefined : new Set(wanted);
    const isWanted = (row: RequestRow): boolean =>
      'provider' in wanted
        ? row.provider === wanted.provider && row.project !== wanted.notIn
        : asked?.has(row.fingerprint) === true;
    return new Set(
      this.#requests.all
        .filter((row) => isWanted(row) && isClaimed(row.id))
        .map(({ fingerprint }) => fingerprint),
    );
  }

  #renamed(): ReadonlySet<string> {
    return new Set(
      this.#events.flatMap(({ event, request }) => {
        if (event.type !== 'adopted') return [];
        const { provider, fingerprint } = this.#requests.row(request);
        return [identityKey({ provider, fingerprint, ...event.place })];
      }),
    );
  }

  #stemHolder(stem: string | undefined): Facts['stemHolder'] {
    if (stem === undefined) return undefined;
    const name = stem.toLowerCase();
    return [...this.#downloads.values()].find((download) => download.stem?.toLowerCase() === name);
  }
}

function stored(event: NewEvent, seq: number): StoredEvent {
  return { ...event, seq };
}

/** Sets an entry, or removes it where there is no value. */
function put<K, V>(map: Map<K, V>, key: K, value: V | undefined): Undo {
  const before = map.get(key);
  const set = (to: V | undefined): void => {
    if (to === undefined) map.delete(key);
    else map.set(key, to);
  };
  set(value);
  return () => set(before);
}
