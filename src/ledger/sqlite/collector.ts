import type { Clock } from '../../core/clock.ts';
import type { LedgerCollector } from '../ledger.ts';
import type { Download, SavedFile } from '../model/clip.ts';
import type { IsLive } from '../model/event.ts';
import { foldAttempts } from '../model/fold.ts';
import type { LedgerScope, TaskIdentity } from '../model/identity.ts';
import type { ClipStore } from './clips.ts';
import type { CommitQueue } from './commit-queue.ts';
import type { RunLock } from './run-lock.ts';
import type { Store } from './store.ts';

interface SqliteCollectorOptions {
  readonly lock: RunLock;
  readonly scope: LedgerScope;
  readonly store: Store;
  readonly clips: ClipStore;
  readonly queue: CommitQueue;
  readonly clock: Clock;
  readonly isLive: IsLive;
  readonly onClosed: () => void;
}

/** A collector of a SQLite ledger, live until it is closed or its process ends; then its downloads are free again. */
export class SqliteCollector implements LedgerCollector {
  readonly id: string;
  readonly #options: SqliteCollectorOptions;

  constructor(options: SqliteCollectorOptions) {
    this.#options = options;
    this.id = options.lock.id;
  }

  takeDownload(task: TaskIdentity): Promise<Download | null> {
    const { clips, queue, isLive } = this.#options;
    return queue.add(() => {
      const { request, isSafe } = this.#known(task);
      const found = clips.download(request, task.taskId);
      const isTaken = found?.holder != null && found.holder !== this.id && isLive(found.holder);
      if (isSafe || isTaken) return null;
      const { holder: _, ...download } = found ?? {
        ...{ holder: null, stem: null, validator: null, size: null, whole: null },
      };
      clips.setDownload(request, task.taskId, { ...download, holder: this.id });
      return download;
    });
  }

  noteDownload(task: TaskIdentity, download: Download): Promise<boolean> {
    const { clips, queue } = this.#options;
    return queue.add(() => {
      const { request } = this.#known(task);
      if (download.stem !== null && clips.isTaken(download.stem, request, task.taskId)) return false;
      clips.setDownload(request, task.taskId, { ...download, holder: this.id });
      return true;
    });
  }

  leaveDownload(task: TaskIdentity): Promise<void> {
    const { clips, queue } = this.#options;
    return queue.add(() => {
      const { request } = this.#known(task);
      const { holder, ...download } = clips.download(request, task.taskId) ?? { holder: null };
      if (holder !== this.id || !('stem' in download)) return;
      if (download.stem === null) clips.dropDownload(request, task.taskId);
      else clips.setDownload(request, task.taskId, { ...download, holder: null });
    });
  }

  fileSaved(task: TaskIdentity, file: SavedFile): Promise<void> {
    const { clips, queue, store, clock } = this.#options;
    return queue.add(() => {
      const { request, isSafe } = this.#known(task);
      if (!isSafe) store.addEvent(request, clock.now(), { type: 'saved', taskId: task.taskId, file });
      clips.dropLink(request, task.taskId);
      clips.dropDownload(request, task.taskId);
    });
  }

  fileInspected(task: TaskIdentity, qc: readonly string[]): Promise<void> {
    const { queue, store, clock } = this.#options;
    return queue.add(() => {
      const { request } = this.#known(task);
      store.addEvent(request, clock.now(), { type: 'inspected', taskId: task.taskId, qc });
    });
  }

  giveUpClip(task: TaskIdentity, by: string): Promise<boolean> {
    const { clips, queue, store, clock } = this.#options;
    return queue.add(() => {
      const { request, isSafe, isGivenUp } = this.#known(task);
      if (isSafe) return false;
      if (!isGivenUp) store.addEvent(request, clock.now(), { type: 'clipGivenUp', taskId: task.taskId, by });
      clips.dropLink(request, task.taskId);
      clips.dropDownload(request, task.taskId);
      return true;
    });
  }

  async close(): Promise<void> {
    await this.#options.queue.idle();
    this.#options.lock.release();
    this.#options.onClosed();
  }

  #known({ key, fingerprint, taskId }: TaskIdentity): Known {
    const { store, scope } = this.#options;
    const request = store.requestId(scope, { key, fingerprint });
    const attempts = request === undefined ? [] : foldAttempts(store.events(request));
    const task = attempts.find((attempt) => attempt.task?.id === taskId)?.task ?? null;
    if (request === undefined || task === null) throw new Error(`${key} has no task ${taskId}`);
    return { request, isSafe: task.file !== null, isGivenUp: task.isClipGivenUp === true };
  }
}

interface Known {
  readonly request: number;
  readonly isSafe: boolean;
  readonly isGivenUp: boolean;
}
