import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { JsonObject } from '../../core/canonical-json.ts';
import type { Clock } from '../../core/clock.ts';
import { reserve } from '../decide/reserve.ts';
import { settleByPerson } from '../decide/resolve.ts';
import { emptyLedger } from '../empty-ledger.ts';
import type { JournalEvent } from '../journal/journal-event.ts';
import type { HistoryTail, Ledger, LedgerCollector, LedgerReader, LedgerRun } from '../ledger.ts';
import { Liveness } from '../life/liveness.ts';
import type { LedgerTask, TasksSeen } from '../model/clip.ts';
import type { LedgerEntry } from '../model/entry.ts';
import type { IsLive, LedgerEvent } from '../model/event.ts';
import { fold, foldAttempts, updatedTask } from '../model/fold.ts';
import type { LedgerScope, RequestIdentity } from '../model/identity.ts';
import type { Adoption, PaidElsewhere, PlanAttempt, Renaming, TakenIn, Violation } from '../model/moving.ts';
import type { Resolution, TaskUpdate } from '../model/outcome.ts';
import type { RunSpec } from '../model/run-spec.ts';
import { FileSpool, type SpoolReport, takeIn } from '../spool/spool.ts';
import { ClipStore, linkOf, tasksOf, tasksSince } from './clips.ts';
import { SqliteCollector } from './collector.ts';
import { CommitQueue, retryWhileBusy } from './commit-queue.ts';
import { type Connection, type ConnectOptions, connect, connectForReading } from './connection.ts';
import { ledgerError } from './errors.ts';
import { HistoryStore } from './history-store.ts';
import { type FileSystemType, systemFileSystemType } from './ledger-file.ts';
import { atOnce, Moving } from './moving.ts';
import { SqliteRun } from './run.ts';
import { fileRunLocks, isUuid, memoryRunLocks, type RunLocks } from './run-lock.ts';
import { Store } from './store.ts';

export interface OpenLedgerOptions {
  readonly clock: Clock;
  /** Makes the id of a run, never the same twice: letters, digits and hyphens. Random by default. */
  readonly newRunId?: () => string;
  /** How long another process may hold the ledger before that is an error, in milliseconds; 5 seconds by default. */
  readonly busyTimeoutMs?: number;
  /** Asks the operating system by default. */
  readonly fileSystemType?: FileSystemType;
  /** Told of each answer that an earlier run could not record, and of what became of it now. */
  readonly onSpooled?: (report: SpoolReport) => void;
}

/**
 * Opens the ledger at `file`, and makes it and its folder where there is none; `:memory:` gives one that goes with the
 * process. Answers that an earlier run could not record are taken in first.
 *
 * @throws LedgerError for everything that keeps a ledger from being trusted: damaged, another program's, from a newer
 *   release, not writable, held by another process for long, on a network file system.
 */
export async function openSqliteLedger(file: string, options: OpenLedgerOptions): Promise<Ledger> {
  const connection = await connect(file, connectOptions(options));
  const ledger = new SqliteLedger(connection, options);
  try {
    await ledger.takeInSpool();
    return ledger;
  } catch (error) {
    await ledger.close();
    throw error;
  }
}

/**
 * Opens the ledger at `file` for looking only. One that does not exist yet reads as empty, and is not made.
 *
 * @throws LedgerError as `openSqliteLedger` does.
 */
export async function openSqliteLedgerForReading(
  file: string,
  options: OpenLedgerOptions,
): Promise<LedgerReader> {
  const connection = await connectForReading(file, connectOptions(options));
  if (connection !== undefined) return new SqliteLedger(connection, options);
  return emptyLedger;
}

function connectOptions(options: OpenLedgerOptions): ConnectOptions {
  const { clock, busyTimeoutMs = 5000, fileSystemType = systemFileSystemType } = options;
  return { clock, busyTimeoutMs, fileSystemType };
}

class SqliteLedger implements Ledger {
  readonly #connection: Connection;
  readonly #clock: Clock;
  readonly #busyTimeoutMs: number;
  readonly #store: Store;
  readonly #clips: ClipStore;
  readonly #moving: Moving;
  readonly #queue: CommitQueue;
  readonly #locks: RunLocks;
  readonly #liveness: Liveness;
  readonly #onSpooled: (report: SpoolReport) => void;
  /** Held here, because a lock ends when its connection is collected as garbage. */
  readonly #runs = new Set<SqliteRun | SqliteCollector>();

  constructor(connection: Connection, options: OpenLedgerOptions) {
    const { db, sqlite, file } = connection;
    const { clock, busyTimeoutMs = 5000, newRunId = randomUUID, onSpooled = () => {} } = options;
    this.#connection = connection;
    this.#clock = clock;
    this.#busyTimeoutMs = busyTimeoutMs;
    this.#onSpooled = onSpooled;
    this.#store = new Store(db);
    this.#clips = new ClipStore(db);
    this.#queue = new CommitQueue({
      db,
      clock,
      busyTimeoutMs,
      verify: () => connection.checkFile(),
      explain: (error) => ledgerError(error, file ?? ':memory:'),
    });
    this.#locks =
      file === null
        ? memoryRunLocks(newRunId)
        : fileRunLocks(
            join(dirname(file), 'runs'),
            sqlite,
            newRunId,
            options.newRunId === undefined ? isUuid : undefined,
          );
    this.#liveness = new Liveness((id) => this.#locks.isLive(id));
    this.#moving = new Moving({
      ...{ db, clock, store: this.#store, queue: this.#queue, liveness: this.#liveness },
      looked: (work) => this.#looked(work),
    });
  }

  read(scope: LedgerScope): Promise<readonly LedgerEntry[]> {
    return this.#looked(() => this.#liveness.view((isLive) => this.#snapshot(scope, isLive)));
  }

  history(scope: LedgerScope, key: string): Promise<readonly LedgerEvent[]> {
    return this.#looked(() => this.#store.history(scope, key));
  }

  exportHistory(project: string | null): Promise<readonly JournalEvent[]> {
    return this.#moving.exportHistory(project);
  }

  exportSince(project: string, seq: number): Promise<HistoryTail> {
    return this.#moving.exportSince(project, seq);
  }

  paidElsewhere(
    scope: LedgerScope,
    fingerprints: Pick<ReadonlySet<string>, 'has'>,
  ): Promise<readonly PaidElsewhere[]> {
    return this.#moving.paidElsewhere(scope, fingerprints);
  }

  attemptsOfPlan(scope: LedgerScope, plan: string): Promise<readonly PlanAttempt[]> {
    return this.#moving.attemptsOfPlan(scope, plan);
  }

  holdsJournal(digest: string): Promise<boolean> {
    return this.#moving.holdsJournal(digest);
  }

  verify(
    fingerprintOf: (body: JsonObject, take: number) => string | readonly string[],
  ): Promise<readonly Violation[]> {
    return this.#moving.verify(fingerprintOf);
  }

  takeIn(events: readonly JournalEvent[], digest: string | null): Promise<TakenIn> {
    return this.#moving.takeIn(events, digest);
  }

  adopt(
    provider: string,
    renaming: Renaming,
    by: string,
    only?: readonly RequestIdentity[],
  ): Promise<readonly Adoption[]> {
    return this.#moving.adopt(provider, renaming, by, only);
  }

  async startRun(spec: RunSpec): Promise<LedgerRun> {
    const lock = await this.#looked(() => {
      this.#locks.sweep();
      return this.#locks.take();
    });
    try {
      const reservation = await this.#queue.add(() =>
        reserve({
          store: this.#store,
          runId: lock.id,
          spec,
          nowMs: this.#clock.now(),
          isLive: this.#liveness.once(),
        }),
      );
      const run: SqliteRun = new SqliteRun({
        lock,
        spec,
        reservation,
        store: this.#store,
        queue: this.#queue,
        clock: this.#clock,
        isLive: (id) => this.#liveness.isLive(id),
        ledgerFile: this.#connection.file,
        checkFile: () => this.#connection.checkFile(),
        onClosed: () => this.#runs.delete(run),
      });
      this.#runs.add(run);
      return run;
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  resolve(
    scope: LedgerScope,
    identity: RequestIdentity,
    resolution: Resolution,
    by: string,
  ): Promise<LedgerEntry> {
    return this.#queue.add(() => {
      const isLive = this.#liveness.once();
      const nowMs = this.#clock.now();
      const id = settleByPerson({ store: this.#store, scope, identity, resolution, by, nowMs, isLive });
      const fields = fold(this.#store.events(id), isLive);
      const videoUrl = linkOf(this.#clips.linksOf(id), id, fields.taskId);
      return { ...this.#store.fullRequest(id), ...fields, videoUrl };
    });
  }

  updateTask(scope: LedgerScope, identity: RequestIdentity, update: TaskUpdate): Promise<void> {
    return this.#queue.add(() => {
      const id = this.#store.requestId(scope, identity);
      const attempts = id === undefined ? [] : foldAttempts(this.#store.events(id));
      const task = attempts.find((attempt) => attempt.task?.id === update.taskId)?.task ?? null;
      if (id === undefined || task === null) throw new Error(`${identity.key} has no task ${update.taskId}`);
      if (update.videoUrl !== null && task.file === null)
        this.#clips.setLink(id, update.taskId, update.videoUrl);
      if (JSON.stringify(updatedTask(task, update, '')) === JSON.stringify(task)) return;
      this.#store.addEvent(id, this.#clock.now(), { type: 'task', update: { ...update, videoUrl: null } });
    });
  }

  tasks(scope: LedgerScope): Promise<readonly LedgerTask[]> {
    return this.#looked(() => atOnce(this.#connection.db, () => tasksOf(this.#store, this.#clips, scope)));
  }

  tasksSince(scope: LedgerScope, since: number): Promise<TasksSeen> {
    return this.#looked(() =>
      atOnce(this.#connection.db, () => tasksSince(this.#store, this.#clips, scope, since)),
    );
  }

  async isSending(scope: LedgerScope): Promise<boolean> {
    const mayBe = await this.#looked(() => {
      const isLive = this.#liveness.once();
      return this.#store.unendedRuns().some(({ id }) => isLive(id));
    });
    return mayBe && (await this.read(scope)).some(({ state }) => state === 'sending');
  }

  async startCollector(scope: LedgerScope): Promise<LedgerCollector> {
    const lock = await this.#looked(() => {
      this.#locks.sweep();
      return this.#locks.take();
    });
    const collector: SqliteCollector = new SqliteCollector({
      lock,
      scope,
      store: this.#store,
      clips: this.#clips,
      queue: this.#queue,
      clock: this.#clock,
      isLive: (id) => this.#liveness.isLive(id),
      onClosed: () => this.#runs.delete(collector),
    });
    this.#runs.add(collector);
    return collector;
  }

  /** Takes in what earlier runs could not record. A file goes once its answer is on the disk, never before. */
  async takeInSpool(): Promise<void> {
    const ledgerFile = this.#connection.file;
    if (ledgerFile === null) return;
    const stores = { store: this.#store, history: new HistoryStore(this.#connection.db) };
    const spool = new FileSpool(ledgerFile);
    for (const { file, answer } of spool.waiting()) {
      const result = answer === null ? 'left' : await this.#queue.add(() => takeIn(stores, answer));
      if (result !== 'left') spool.remove(file);
      const taskId = answer?.outcome.kind === 'accepted' ? answer.outcome.taskId : null;
      this.#onSpooled({ file, result, key: answer?.request.key ?? null, taskId });
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#runs].map((run) => run.close()));
    await this.#queue.idle();
    if (this.#connection.db.isOpen) this.#connection.close();
  }

  #snapshot(scope: LedgerScope, isLive: IsLive): readonly LedgerEntry[] {
    return atOnce(this.#connection.db, () => {
      const events = this.#store.eventsByRequest(scope);
      const links = this.#clips.links(scope);
      return this.#store.fullRequests(scope).map(({ id, request }) => {
        const fields = fold(events.get(id) ?? [], isLive);
        return Object.assign(request, fields, { videoUrl: linkOf(links, id, fields.taskId) });
      });
    });
  }

  /** Does what needs no transaction for writing. */
  async #looked<T>(work: () => T): Promise<T> {
    try {
      return await retryWhileBusy(this.#clock, this.#busyTimeoutMs, work);
    } catch (error) {
      throw ledgerError(error, this.#connection.file ?? ':memory:');
    }
  }
}
