import type { Clock } from '../core/clock.ts';
import type { LedgerTask } from '../ledger/model/clip.ts';
import type { QueryOutcome } from '../provider/provider.ts';
import type { CollectEvent, CollectProblem } from './events.ts';
import type { Polling } from './polling.ts';

interface FollowOptions {
  readonly polling: Polling;
  readonly clock: Clock;
  /** One answer is enough, whatever it says. */
  readonly once: boolean;
  /** The task as of the latest look at the ledger, where other collects put what they learnt. */
  readonly latest: () => LedgerTask;
  /** Puts what was learnt into the ledger, and gives back what is known now. */
  readonly record: (task: LedgerTask, outcome: TaskAnswer) => Promise<LedgerTask>;
  readonly onProblem: (kind: CollectProblem['kind'], message: string) => void;
  /** Nothing else can succeed either. */
  readonly onStop: (message: string, help: string) => void;
  readonly onEvent: (event: CollectEvent) => void;
}

export type TaskAnswer = QueryOutcome & { kind: 'task' };

/** Times that a completed task is asked for its URL again, and how many refusals of a kind in a row are enough. */
const mostWithoutUrl = 5;
const mostRefusals = 4;

/** Tries for an answer that is wanted at once. */
export const mostTriesOnce = 4;

export const withoutUrlText =
  'the provider says completed and gives no URL of the clip, which breaks its protocol';

/** Asks about a task until it has ended and, where it is completed, its clip has a URL; null where that was given up. */
export function followTask(found: LedgerTask, options: FollowOptions): Promise<LedgerTask | null> {
  return new Following(found, options).end();
}

/** True where nothing more is to be learnt about a clip: it has a URL, or is safe already. */
function isToBeHad({ status, videoUrl, file }: LedgerTask): boolean {
  return status === 'completed' && (videoUrl !== null || file !== null);
}

class Following {
  readonly #task: LedgerTask;
  readonly #options: FollowOptions;
  #errorsInARow = 0;
  #keyRefusals = 0;
  #unknown = 0;
  #withoutUrl = 0;

  constructor(task: LedgerTask, options: FollowOptions) {
    this.#task = task;
    this.#options = options;
  }

  async end(): Promise<LedgerTask | null> {
    const { polling, clock, once } = this.#options;
    const isLate = once || this.#task.status === 'completed';
    let due = isLate ? clock.now() : polling.due(Date.parse(this.#task.submittedAt));
    for (;;) {
      await polling.sleepUntil(due);
      const known = this.#options.latest();
      if (known.status === 'failed' || isToBeHad(known)) return known;
      const outcome = await polling.ask(this.#task);
      if (outcome === null) return null;
      const task = await this.#read(outcome);
      if (task !== 'again') return task;
      const next = once ? this.#nextTry(outcome) : polling.due(clock.now(), this.#errorsInARow);
      if (next === null) return null;
      due = next;
    }
  }

  /** The time of the next question about a task that is to be asked once, where nothing useful came; null for never. */
  #nextTry(outcome: QueryOutcome): number | null {
    const { polling, clock, onProblem } = this.#options;
    const tries = this.#errorsInARow + this.#withoutUrl;
    if (tries === 0) return null;
    const next = tries < mostTriesOnce ? polling.soon(clock.now(), tries) : null;
    if (next === null && outcome.kind === 'task') onProblem('noUrl', withoutUrlText);
    if (next === null && outcome.kind !== 'task') onProblem('unanswered', outcome.error);
    return next;
  }

  async #read(outcome: QueryOutcome): Promise<LedgerTask | null | 'again'> {
    const { onStop, onProblem } = this.#options;
    switch (outcome.kind) {
      case 'stop':
        onStop(outcome.error, outcome.help);
        return null;
      case 'notFound':
        this.#noteError(outcome.error);
        this.#unknown += 1;
        if (this.#unknown < mostRefusals) return 'again';
        onProblem('unknownTask', `the provider knows no such task (${outcome.error})`);
        return null;
      case 'transient':
        this.#noteError(outcome.error);
        // One 401 may pass by itself; several in a row, each after a longer wait, are meant.
        this.#keyRefusals = outcome.code === 'keyRefused' ? this.#keyRefusals + 1 : 0;
        if (this.#keyRefusals < mostRefusals) return 'again';
        onStop(
          `the provider refuses the key (${outcome.error})`,
          'check SHOTLIST_API_KEY, in the environment or in .env; then collect again',
        );
        return null;
      case 'task':
        this.#errorsInARow = 0;
        this.#keyRefusals = 0;
        this.#unknown = 0;
        return this.#readTask(outcome);
    }
  }

  async #readTask(outcome: TaskAnswer): Promise<LedgerTask | null | 'again'> {
    const known = await this.#options.record(this.#task, outcome);
    if (known.status === 'failed') return known;
    if (known.status !== 'completed') return 'again';
    if (known.videoUrl !== null) return known;
    // The clip may be there in a moment. A task that is done and has none breaks the protocol, and has not failed.
    this.#withoutUrl += 1;
    if (this.#withoutUrl <= mostWithoutUrl) return 'again';
    this.#options.onProblem('noUrl', withoutUrlText);
    return null;
  }

  #noteError(error: string): void {
    this.#errorsInARow += 1;
    this.#options.onEvent({ type: 'pollFailed', key: this.#task.key, error });
  }
}
