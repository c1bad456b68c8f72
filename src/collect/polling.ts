import { setMaxListeners } from 'node:events';
import type { Clock, Random } from '../core/clock.ts';
import type { LedgerTask } from '../ledger/model/clip.ts';
import { createPace, type Pace, type PaceEvent } from '../provider/pace.ts';
import type { Provider, QueryOutcome } from '../provider/provider.ts';
import { Schedule } from './schedule.ts';

export interface PollingOptions {
  readonly provider: Provider;
  readonly clock: Clock;
  readonly random: Random;
  /** Milliseconds between two questions about one task, on average; jitter makes it two to four thirds of that. */
  readonly intervalMs: number;
  readonly onEvent: (event: PaceEvent) => void;
}

/** 30 to 60 s with jitter, as the provider's documents ask for. */
export const defaultPollIntervalMs = 45_000;

/** The budget, whatever the number of tasks: so many questions at once, and so many milliseconds between two. */
const questionsAtOnce = 8;
const questionSpacingMs = 20;

/** The longest wait between two questions about a task after errors. */
const longestBackOffMs = 10 * 60_000;

/** A wait of the provider's that nobody at a terminal would sit out. */
const longestOnceWaitMs = 60_000;

/**
 * Asks the provider about tasks, within a budget: never more than 8 questions at once nor 50 a second, one task no
 * sooner than two thirds of the interval after the last time, and nobody while a 429 or a `Retry-After` asks for quiet.
 */
export class Polling {
  readonly #options: PollingOptions;
  readonly #pace: Pace;
  readonly #stop = new AbortController();
  readonly #schedule: Schedule;
  #nextSlot = 0;
  #pausedUntil = 0;
  #asked = 0;

  constructor(options: PollingOptions) {
    this.#options = options;
    this.#schedule = new Schedule(options.clock);
    setMaxListeners(0, this.#stop.signal);
    this.#pace = createPace({
      concurrency: questionsAtOnce,
      clock: options.clock,
      random: options.random,
      nextSlot: async () => this.#takeSlot(),
      onEvent: (event) => {
        if (event.type === 'paused') this.#pausedUntil = event.until;
        options.onEvent(event);
      },
    });
  }

  /** Number of times that the provider was asked. */
  get asked(): number {
    return this.#asked;
  }

  get stopped(): boolean {
    return this.#stop.signal.aborted;
  }

  /** Asks nothing more, and ends every wait; questions under way are waited for by whoever asked. */
  stop(): void {
    this.#stop.abort();
    this.#schedule.stop();
    this.#pace.stop();
  }

  /** Resolves to what the provider says; null where polling was stopped first. */
  ask(task: Pick<LedgerTask, 'taskId' | 'model'>): Promise<QueryOutcome | null> {
    return this.#pace.run(async (turn) => {
      if (!(await turn.ready())) return null;
      this.#asked += 1;
      const { taskId, model } = task;
      const outcome = await this.#options.provider.query(taskId, { model, signal: this.#stop.signal });
      if (this.stopped && outcome.kind === 'transient') return null;
      if (outcome.kind === 'transient' && (outcome.code === 'http429' || outcome.retryAfterMs !== null)) {
        this.#pace.throttled(outcome.retryAfterMs);
      } else if (outcome.kind === 'task') {
        this.#pace.accepted();
      }
      return outcome;
    });
  }

  /** The time at which a task asked about at `since` is due; later after errors in a row. In ms since the epoch. */
  due(since: number, errors = 0): number {
    const { intervalMs } = this.#options;
    const backedOff = intervalMs * 2 ** Math.min(Math.max(0, errors - 1), 20);
    const wait = errors <= 1 ? intervalMs : Math.min(backedOff, Math.max(intervalMs, longestBackOffMs));
    return since + this.#jittered(wait);
  }

  /** The time for another try by a caller that asks each task only once. Null where that is not worth waiting for. */
  soon(now: number, errors: number): number | null {
    const due = Math.max(this.#pausedUntil, now + this.#jittered(2000 * 2 ** errors));
    return due - now > longestOnceWaitMs ? null : due;
  }

  sleepUntil(time: number): Promise<void> {
    return this.#schedule.until(time);
  }

  #jittered(ms: number): number {
    return (ms * 2 * (1 + this.#options.random())) / 3;
  }

  #takeSlot(): number {
    const now = this.#options.clock.monotonic();
    this.#nextSlot = Math.max(now, this.#nextSlot + questionSpacingMs);
    return this.#nextSlot - now;
  }
}
