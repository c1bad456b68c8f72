import { setMaxListeners } from 'node:events';
import { SetupError } from '../core/errors.ts';
import { hasEnded } from '../core/task-status.ts';
import type { TaskUpdate } from '../ledger/ledger.ts';
import type { LedgerTask } from '../ledger/model/clip.ts';
import type { CollectionOptions, SaveHooks } from './collection-options.ts';
import { deviationEvents } from './deviation-events.ts';
import type { CollectEvent, CollectProblem, CollectResult, CollectStop } from './events.ts';
import { isExpiring, isPast } from './expiry.ts';
import { followTask, type TaskAnswer } from './follow-task.ts';
import { cutOff } from './grace.ts';
import { KnownTasks, taskKey } from './known-tasks.ts';
import { askForUrl } from './new-url.ts';
import { Problems } from './problems.ts';

/** Milliseconds between two looks into the ledger for the work of other processes. */
const lookIntervalMs = 15_000;

/** One collect under way. */

export class Collection {
  readonly #options: CollectionOptions;
  readonly #tasks = new KnownTasks();
  readonly #running = new Set<string>();
  readonly #problems = new Problems();
  readonly #unknownStatuses = new Set<string>();
  /** Number of tasks at work, and whoever waits until none is. */
  #working = 0;
  readonly #whenIdle: (() => void)[] = [];
  /** Place in the ledger at which the next look begins. */
  #nextLook = 0;
  readonly #over = new AbortController();
  #completed = 0;
  #failed = 0;
  #saved = 0;
  #bytes = 0;
  #isTimeOver = false;
  /** End of the wait, in milliseconds since the epoch; null for never. */
  #waitUntil: number | null = null;
  #stopped: CollectStop | null = null;
  #failure: unknown;

  constructor(options: CollectionOptions) {
    this.#options = options;
    setMaxListeners(0, this.#over.signal);
  }

  async finish(): Promise<CollectResult> {
    const { signal, timeoutMs, clock } = this.#options;
    const interrupt = (): void => this.#stop('interrupted', 'interrupted by the user');
    signal?.addEventListener('abort', interrupt, { once: true });
    if (signal?.aborted === true) interrupt();
    try {
      if (timeoutMs !== null) {
        this.#waitUntil = clock.now() + timeoutMs;
        void clock.sleep(timeoutMs, this.#over.signal).then(() => this.#timeOut(timeoutMs));
      }
      await this.#wait();
    } finally {
      signal?.removeEventListener('abort', interrupt);
      this.#over.abort();
    }
    if (this.#failure !== undefined) throw this.#failure;
    const result = this.#result(await this.#giveUp());
    this.#emit({ type: 'finished', result });
    return result;
  }

  /** Waits until nothing is left to do: not here, and not in a run that may still bring tasks. */
  async #wait(): Promise<void> {
    const { clock, once } = this.#options;
    for (;;) {
      const mayBringMore = this.#stopped === null && (await this.#look());
      if (once || this.#stopped !== null) {
        await this.#idle();
        return;
      }
      if (this.#working === 0 && (!mayBringMore || this.#isTimeOver)) return;
      const pause = new AbortController();
      const end = (): void => pause.abort();
      this.#over.signal.addEventListener('abort', end, { once: true });
      if (this.#working > 0) void this.#idle().then(end);
      await clock.sleep(lookIntervalMs, pause.signal);
      this.#over.signal.removeEventListener('abort', end);
    }
  }

  /** Resolves once nothing is at work. */
  #idle(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#working === 0) resolve();
      else this.#whenIdle.push(resolve);
    });
  }

  /** Takes up what the ledger holds that was not known; true while a live run is sending. */
  async #look(): Promise<boolean> {
    const { ledger, scope, once, select } = this.#options;
    const seen = await ledger.tasksSince(scope, this.#nextLook);
    this.#nextLook = seen.next;
    const tasks = seen.tasks.filter(select);
    const found = tasks.filter((task) => this.#tasks.get(task) === undefined);
    for (const task of tasks) this.#learn(task);
    if (found.length > 0) this.#emit({ type: 'found', tasks: found });
    for (const task of found) this.#takeUp(task);
    if (once) return false;
    return ledger.isSending(scope);
  }

  /** Notes what the ledger says of a task: other collects and people write there too. */
  #learn(task: LedgerTask): void {
    const before = this.#tasks.get(task);
    if (before !== undefined && hasEnded(before.status) && !hasEnded(task.status)) return;
    // A clip that this collect has just saved may not have been there yet when the ledger was read.
    this.#tasks.set(task.file === null && before !== undefined ? { ...task, file: before.file } : task);
    if (before === undefined) this.#options.save?.know(task);
    if (before === undefined || before.status === task.status) return;
    if (hasEnded(task.status)) this.#noteEnd(task);
    this.#emit({ type: 'polled', task, status: task.status });
  }

  #noteEnd(task: LedgerTask): void {
    this.#running.delete(taskKey(task));
    if (task.status === 'completed') this.#completed += 1;
    else this.#failed += 1;
  }

  #takeUp(task: LedgerTask): void {
    if (task.isClipGivenUp === true) return;
    const isWanted = task.status === 'completed' && task.file === null && this.#options.save !== null;
    const isUnfinished = !hasEnded(task.status);
    const lacksUrl = task.status === 'completed' && task.videoUrl === null && task.file === null;
    if (!isWanted && !isUnfinished && !lacksUrl) return;
    if (!isWanted && !isUnfinished && isPast(task, this.#options.clock.now())) return;
    if (isUnfinished) this.#running.add(taskKey(task));
    this.#working += 1;
    void this.#follow(task)
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#working -= 1;
        if (this.#working === 0) for (const wake of this.#whenIdle.splice(0)) wake();
      });
  }

  async #follow(found: LedgerTask): Promise<void> {
    const { save } = this.#options;
    const task = found.status === 'completed' && found.videoUrl !== null ? found : await this.#ask(found);
    if (task === null) return;
    this.#running.delete(taskKey(task));
    if (task.status === 'completed' && save !== null && task.file === null) await this.#save(task);
  }

  #ask(found: LedgerTask): Promise<LedgerTask | null> {
    return followTask(found, {
      ...this.#asking,
      once: this.#options.once,
      latest: () => this.#tasks.latest(found),
      onProblem: (kind, message) => this.#problem(kind, found, message),
      onEvent: (event) => this.#emit(event),
    });
  }

  get #asking() {
    const { polling, clock } = this.#options;
    return {
      ...{ polling, clock },
      record: (task: LedgerTask, outcome: TaskAnswer) => this.#record(task, outcome),
      onStop: (message: string, help: string) => this.#stop('provider', message, help),
    };
  }

  /** Puts what was learnt into the ledger before anything is built on it. */
  async #record(task: LedgerTask, outcome: TaskAnswer): Promise<LedgerTask> {
    const { ledger, scope, clock } = this.#options;
    const { unknownStatus, status, error, videoUrl, actualDuration, amount } = outcome;
    if (unknownStatus !== null && !this.#unknownStatuses.has(unknownStatus)) {
      this.#unknownStatuses.add(unknownStatus);
      this.#emit({ type: 'unknownStatus', key: task.key, status: unknownStatus, meant: status });
    }
    const before = this.#tasks.latest(task);
    const isNews = !hasEnded(before.status) && status !== before.status;
    if (isNews || videoUrl !== null) {
      const { taskId } = task;
      const update: TaskUpdate = {
        ...{ taskId, status, error, videoUrl, actualDuration },
        ...(amount === undefined ? {} : { providerAmount: amount }),
      };
      await ledger.updateTask(scope, task, update);
    }
    const known: LedgerTask = {
      ...before,
      status: hasEnded(before.status) ? before.status : status,
      videoUrl: videoUrl ?? before.videoUrl,
      actualDuration: actualDuration ?? before.actualDuration,
      ...(amount === undefined ? {} : { providerAmount: amount }),
      completedAt:
        before.completedAt ?? (status === 'completed' ? new Date(clock.now()).toISOString() : null),
    };
    this.#tasks.set(known);
    if (isNews && hasEnded(status)) this.#noteEnd(known);
    this.#emit({ type: 'polled', task: known, status: known.status });
    return known;
  }

  async #save(task: LedgerTask): Promise<void> {
    const { save, clock, once } = this.#options;
    for (;;) {
      if (save === null || this.#options.leave.signal.aborted) return;
      const result = await save.save(task, this.#hooks(task.key));
      switch (result.kind) {
        case 'saved': {
          const { file } = result;
          this.#saved += 1;
          this.#bytes += file.bytes;
          this.#tasks.set({ ...task, videoUrl: null, file });
          this.#emit({ type: 'saved', task, file });
          for (const event of deviationEvents(task, file, this.#options.asked(task))) this.#emit(event);
          return;
        }
        case 'failed':
          this.#problem(result.problem, task, result.error);
          return;
        case 'interrupted':
          return;
        case 'elsewhere':
          // Another collector has it. Should that one end before the clip is safe, this one takes over.
          if (once || this.#isSafe(task)) return;
          await clock.sleep(lookIntervalMs, this.#over.signal);
          if (this.#stopped !== null || this.#isSafe(task)) return;
      }
    }
  }

  #hooks(key: string): SaveHooks {
    return {
      versionsOf: (of) => this.#tasks.saved(of),
      newUrl: (task) => askForUrl(task, this.#asking),
      onBegin: (from, size) => this.#emit({ type: 'downloading', key, from, size }),
      onReceived: (bytes) => this.#emit({ type: 'received', key, bytes }),
      onFailed: (error) => this.#emit({ type: 'downloadFailed', key, error }),
      onNotYet: (error, until) => this.#emit({ type: 'notYet', key, error, until }),
      onWarning: (message) => this.#emit({ type: 'warning', key, message }),
      waitUntil: this.#options.once ? 0 : this.#waitUntil,
    };
  }

  /** True where the clip is safe, as of the latest look at the ledger. */
  #isSafe(task: LedgerTask): boolean {
    return this.#tasks.latest(task).file !== null;
  }

  #problem(kind: CollectProblem['kind'], task: LedgerTask, message: string): void {
    if (kind === 'unknownTask') this.#running.delete(taskKey(task));
    const problem = this.#problems.add(kind, task, message);
    this.#emit({ type: 'problem', problem });
  }

  /** Stops for a failure. The disk refuses to all what it refuses once; else it is the ledger's failure, or a bug. */
  #fail(error: unknown): void {
    if (error instanceof SetupError) this.#stop('disk', error.message, error.help);
    else {
      this.#failure ??= error;
      this.#stop('disk', String(error));
    }
  }

  #timeOut(timeoutMs: number): void {
    this.#isTimeOver = true;
    if (this.#over.signal.aborted) return;
    const message = `after a wait of ${Math.round(timeoutMs / 1000)} s`;
    if (this.#running.size > 0) this.#stop('timeout', message);
    if (this.#working === 0) return;
    cutOff(this.#idle(), timeoutMs, () => {
      this.#stop('timeout', message);
      this.#options.leave.abort();
    });
  }

  #stop(reason: CollectStop['reason'], message: string, help?: string): void {
    if (this.#stopped !== null && reason !== 'interrupted') return;
    this.#stopped = { reason, message, help };
    this.#options.polling.stop();
    if (reason === 'interrupted' || reason === 'disk') this.#options.leave.abort();
    this.#over.abort();
    this.#emit({ type: 'stopping', stop: this.#stopped });
  }

  /** Settles what cannot be had any more, where that was asked for. */
  async #giveUp(): Promise<readonly CollectProblem[]> {
    const { clock, giveUp } = this.#options;
    const givenUp = await this.#problems.giveUp(clock.now(), (task) => this.#tasks.latest(task), giveUp);
    for (const { key, taskId } of givenUp) this.#emit({ type: 'clipGivenUp', key, taskId });
    return givenUp;
  }

  #result(givenUp: readonly CollectProblem[]): CollectResult {
    const now = this.#options.clock.now();
    const expiring = [...this.#tasks.all()].filter((task) => isExpiring(task, now));
    return {
      polls: this.#options.polling.asked,
      completed: this.#completed,
      failed: this.#failed,
      saved: this.#saved,
      bytes: this.#bytes,
      running: this.#running.size,
      expiring,
      problems: this.#problems.all,
      givenUp,
      stopped: this.#stopped,
    };
  }

  #emit(event: CollectEvent): void {
    this.#options.onEvent(event);
  }
}
