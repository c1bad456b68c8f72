import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import type { Download, LedgerTask, TasksSeen } from '../model/clip.ts';
import type { FoldedEvent } from '../model/event.ts';
import { foldAttempts } from '../model/fold.ts';
import type { LedgerRequest, LedgerScope } from '../model/identity.ts';
import type { Store } from './store.ts';

/** A download, and who is at work on it: the id of a collector, or null. */
export interface HeldDownload extends Download {
  readonly holder: string | null;
}

/**
 * What the ledger keeps of clips until they are safe: links, which are secrets that expire, and downloads under way. None
 * of it is history, so it may be changed and goes in the end.
 */
export class ClipStore {
  readonly #db: DatabaseSyncInstance;
  readonly #prepared = new Map<string, StatementSyncInstance>();

  constructor(db: DatabaseSyncInstance) {
    this.#db = db;
  }

  /** The links of a scope, by request and task. */
  links(scope: LedgerScope): ReadonlyMap<string, string> {
    const rows = this.#statement(
      `SELECT links.request, links.task, links.url FROM requests JOIN links ON links.request = requests.id
       WHERE requests.provider = ? AND requests.project = ?`,
    ).all(scope.provider, scope.project) as readonly Record<string, unknown>[];
    return new Map(
      rows.map(({ request, task, url }) => [linkKey(Number(request), String(task)), String(url)]),
    );
  }

  /** The links of one request. */
  linksOf(request: number): ReadonlyMap<string, string> {
    const rows = this.#statement('SELECT task, url FROM links WHERE request = ?').all(
      request,
    ) as readonly Record<string, unknown>[];
    return new Map(rows.map(({ task, url }) => [linkKey(request, String(task)), String(url)]));
  }

  setLink(request: number, task: string, url: string): void {
    this.#statement('INSERT OR REPLACE INTO links (request, task, url) VALUES (?, ?, ?)').run(
      request,
      task,
      url,
    );
  }

  dropLink(request: number, task: string): void {
    this.#statement('DELETE FROM links WHERE request = ? AND task = ?').run(request, task);
  }

  download(request: number, task: string): HeldDownload | undefined {
    const row = this.#statement(
      'SELECT holder, stem, validator, size, extension, sha256 FROM downloads WHERE request = ? AND task = ?',
    ).get(request, task) as
      | (Omit<HeldDownload, 'whole'> & Record<'extension' | 'sha256', string | null>)
      | undefined;
    if (row === undefined) return undefined;
    const { holder, stem, validator, size, extension, sha256 } = row;
    const whole = extension === null || sha256 === null ? null : { extension, sha256 };
    return { holder, stem, validator, size, whole };
  }

  /** The task whose download goes to this stem, as far as names differ on every disk. */
  isTaken(stem: string, request: number, task: string): boolean {
    const row = this.#statement('SELECT request, task FROM downloads WHERE stem = ? COLLATE NOCASE').get(
      stem,
    );
    const holder = row as { readonly request: number; readonly task: string } | undefined;
    return holder !== undefined && (holder.request !== request || holder.task !== task);
  }

  setDownload(request: number, task: string, { holder, stem, validator, size, whole }: HeldDownload): void {
    this.#statement(
      'INSERT OR REPLACE INTO downloads (request, task, holder, stem, validator, size, extension, sha256) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    ).run(request, task, holder, stem, validator, size, whole?.extension ?? null, whole?.sha256 ?? null);
  }

  dropDownload(request: number, task: string): void {
    this.#statement('DELETE FROM downloads WHERE request = ? AND task = ?').run(request, task);
  }

  #statement(sql: string): StatementSyncInstance {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    const prepared = this.#db.prepare(sql);
    this.#prepared.set(sql, prepared);
    return prepared;
  }
}

/** The link to a task's clip, of those that the store gave. */
export function linkOf(
  links: ReadonlyMap<string, string>,
  request: number,
  task: string | null,
): string | null {
  return task === null ? null : (links.get(linkKey(request, task)) ?? null);
}

function linkKey(request: number, task: string): string {
  return `${request} ${task}`;
}

/** Every task of a scope, in the order of reservation and attempt. */
export function tasksOf(store: Store, clips: ClipStore, scope: LedgerScope): readonly LedgerTask[] {
  const events = store.eventsByRequest(scope);
  const links = clips.links(scope);
  return store
    .fullRequests(scope)
    .flatMap(({ id, request }) => tasksOfRequest(id, request, events.get(id) ?? [], links));
}

/** The tasks of the requests that have events after `since`, and the position of the latest event of all. */
export function tasksSince(store: Store, clips: ClipStore, scope: LedgerScope, since: number): TasksSeen {
  const next = store.latestSeq();
  if (since === 0) return { tasks: tasksOf(store, clips, scope), next };
  const tasks = store
    .changedSince(scope, since)
    .flatMap((id) => tasksOfRequest(id, store.fullRequest(id), store.events(id), clips.linksOf(id)));
  return { tasks, next };
}

function tasksOfRequest(
  id: number,
  request: LedgerRequest,
  events: readonly FoldedEvent[],
  links: ReadonlyMap<string, string>,
): readonly LedgerTask[] {
  return foldAttempts(events).flatMap(({ task, at }) => {
    if (task === null) return [];
    const { id: taskId, error: _, ...known } = task;
    const videoUrl = linkOf(links, id, taskId);
    return [{ ...request, ...known, taskId, submittedAt: at, videoUrl }];
  });
}
