import type { Random } from '../core/clock.ts';
import type { LedgerTask } from '../ledger/model/clip.ts';
import type { FetchResult } from './fetch-clip.ts';

export interface RetryOptions {
  readonly random: Random;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /**
   * End of asking for a clip that is not there yet, in milliseconds since the epoch; null where nobody has bounded
   * the wait, 0 where it is not to be waited for.
   */
  readonly waitUntil: number | null;
  /** A clip that should be there is not there yet, and is asked for again until then (milliseconds since the epoch). */
  readonly onNotYet: (error: string, until: number) => void;
}

/** The next step after a try that brought no clip. */
export type NextTry =
  | { readonly kind: 'again'; readonly waitMs: number; readonly withNewUrl: boolean }
  | { readonly kind: 'leave'; readonly problem: 'download' | 'expired' };

type Failure = Exclude<FetchResult, { readonly kind: 'whole' }>;

/** Tries in a row without progress before a download is left to the next collect. */
const mostFailures = 5;
const mostNewUrls = 3;
/** Numbers of refusals after which the provider is asked for another URL of a clip. */
const refusalsBeforeNewUrl = [1, 3, 5];
/**
 * A host may be told of a clip after the provider: for so long after its task was completed, a refusal can mean that it
 * is not there yet, and for so long it is asked again where nobody has bounded the wait. In milliseconds.
 */
const youngForMs = 12 * 3_600_000;
const patienceMs = 10 * 60_000;
const retryBaseMs = 1000;
const retryCapMs = 30_000;
/** A server that wants to be left alone for longer gets that: the next collect asks again. */
const longestWaitMs = 10 * 60_000;

/** Decides, try by try, whether the clip of a task is asked for once more. */
export class Retrying {
  readonly #task: LedgerTask;
  readonly #options: RetryOptions;
  #failures = 0;
  #refusals = 0;
  #newUrls = 0;
  /** End of waiting for the clip, once its host has said that it is not there. */
  #notYetUntil: number | null = null;

  constructor(task: LedgerTask, options: RetryOptions) {
    this.#task = task;
    this.#options = options;
  }

  /** @param hasProgressed whether the try brought the file farther than any before. */
  after(result: Failure, hasProgressed: boolean): NextTry {
    this.#failures = hasProgressed ? 1 : this.#failures + 1;
    const mayCome = result.kind === 'gone' && result.mayCome && this.#isYoung();
    const newUrl = this.#wantsNewUrl(result, mayCome);
    if (newUrl !== null) this.#newUrls += 1;
    if (newUrl === 'now') {
      // No try of the new URL has failed yet.
      this.#failures -= 1;
      return { kind: 'again', waitMs: 0, withNewUrl: true };
    }
    const asked = result.kind === 'broken' ? (result.retryAfterMs ?? 0) : 0;
    const patience = mayCome ? this.#patience(result.error) : 0;
    const isOver = result.kind === 'gone' && !mayCome;
    if (isOver || (this.#failures >= mostFailures && patience <= 0) || asked > longestWaitMs) {
      return { kind: 'leave', problem: result.kind === 'gone' ? 'expired' : 'download' };
    }
    const pause = Math.max(asked, this.#backOffMs());
    return {
      kind: 'again',
      waitMs: patience > 0 ? Math.min(pause, patience) : pause,
      withNewUrl: newUrl !== null,
    };
  }

  #wantsNewUrl(result: Failure, mayCome: boolean): 'now' | 'later' | null {
    if (result.kind === 'broken') return null;
    this.#refusals += 1;
    if (this.#newUrls >= mostNewUrls) return null;
    if (result.kind === 'gone' && (!mayCome || this.#refusals === 1)) return 'now';
    return refusalsBeforeNewUrl.includes(this.#refusals) ? 'later' : null;
  }

  /** True where the clip's task was completed well within the life of its URL. */
  #isYoung(): boolean {
    const { completedAt } = this.#task;
    return completedAt !== null && this.#options.now() - Date.parse(completedAt) < youngForMs;
  }

  /** Time for which a clip that is not there yet is waited for from now on, in milliseconds. */
  #patience(error: string): number {
    const { waitUntil, now, onNotYet } = this.#options;
    if (waitUntil === 0) return 0;
    if (this.#notYetUntil === null) {
      this.#notYetUntil = waitUntil ?? now() + patienceMs;
      onNotYet(error, this.#notYetUntil);
    }
    return this.#notYetUntil - now();
  }

  #backOffMs(): number {
    const longest = Math.min(retryCapMs, retryBaseMs * 2 ** (this.#failures - 1));
    return (longest * (1 + this.#options.random())) / 2;
  }
}
