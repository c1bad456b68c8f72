import { setMaxListeners } from 'node:events';
import pLimit, { type LimitFunction } from 'p-limit';
import type { Clock, Random } from '../core/clock.ts';

export type PaceEvent =
  /** Nothing is sent before `until` (milliseconds since the epoch). */
  | { readonly type: 'paused'; readonly until: number }
  | { readonly type: 'concurrency'; readonly limit: number };

export interface PaceOptions {
  readonly concurrency: number;
  readonly clock: Clock;
  readonly random: Random;
  /** Gives the time that the next request has to wait, in milliseconds; asking takes the slot. */
  readonly nextSlot: () => Promise<number>;
  readonly onEvent: (event: PaceEvent) => void;
}

export interface Pace {
  /** Queues work and calls it once there is a place for it. Also called after `stop`: `turn.ready` tells. */
  run<T>(work: (turn: Turn) => Promise<T>): Promise<T>;
  /** The provider answered 429: everybody waits, and concurrency is lowered. null where it named no time. */
  throttled(retryAfterMs: number | null): void;
  /** A request was accepted: concurrency may rise again, slowly. */
  accepted(): void;
  /** Lets `ready` and `backOff` resolve at once from now on. */
  stop(): void;
  readonly stopped: boolean;
  /** Requests that may be in flight now. */
  readonly limit: number;
}

export interface Turn {
  /**
   * Resolves true when this worker may send now, false when the pace was stopped. Awaited before each attempt; the
   * place of the attempt before is given back by it. Rejects with what `nextSlot` throws.
   */
  ready(): Promise<boolean>;
  /** Waits before the next attempt at a request that was not sent: exponential, with jitter. `retry` counts from 0. */
  backOff(retry: number): Promise<void>;
}

/** The first wait before a request that was not sent is tried again, and the longest. */
const retryBaseMs = 1000;
const retryCapMs = 30_000;

/** The first pause after a 429 that names no time, and the longest. */
const pauseBaseMs = 1000;
const pauseCapMs = 60_000;

/**
 * Decides when a request may be sent: so many at once, no faster than the slots allow, nobody while a 429 asks for
 * quiet. It starts at full concurrency, halves it once for each burst of 429s, and adds one place after as many
 * acceptances as there are places.
 */
export function createPace(options: PaceOptions): Pace {
  return new SharedPace(options);
}

class SharedPace implements Pace {
  readonly #options: PaceOptions;
  /** Bounds how many works are under way, and so what is held in memory. */
  readonly #works: LimitFunction;
  /** Bounds how many of them may send: a place is held from `ready` until the attempt is over. */
  readonly places: Places;
  readonly #stop = new AbortController();
  /** Turns whose request may be on its way now. */
  readonly #sending = new Set<PacedTurn>();
  /** Of those, the ones that went out before the latest 429 lowered the limit: their 429s belong to the same burst. */
  #sameBurst = new Set<PacedTurn>();
  /** In milliseconds of the monotonic clock: whoever sets the time back must not make everybody wait for it. */
  #pausedUntil = 0;
  #burstsInARow = 0;
  #acceptedSinceChange = 0;

  constructor(options: PaceOptions) {
    this.#options = options;
    this.#works = pLimit(options.concurrency);
    this.places = new Places(options.concurrency);
    // Every sleeping worker listens; Node.js takes more than ten for a leak and says so on the terminal.
    setMaxListeners(0, this.#stop.signal);
  }

  get limit(): number {
    return this.places.limit;
  }

  get stopped(): boolean {
    return this.#stop.signal.aborted;
  }

  run<T>(work: (turn: Turn) => Promise<T>): Promise<T> {
    return this.#works(async () => {
      const turn = new PacedTurn(this);
      try {
        return await work(turn);
      } finally {
        turn.attemptOver();
      }
    });
  }

  throttled(retryAfterMs: number | null): void {
    if (this.#sameBurst.size === 0) this.#lowerLimit();
    const { clock } = this.#options;
    const pauseMs = this.#pauseMs(retryAfterMs);
    const until = clock.monotonic() + pauseMs;
    if (until <= this.#pausedUntil) return;
    this.#pausedUntil = until;
    this.#options.onEvent({ type: 'paused', until: clock.now() + pauseMs });
  }

  accepted(): void {
    // Requests that were sent before the 429 say nothing about the pace since.
    if (this.#sameBurst.size > 0) return;
    this.#burstsInARow = 0;
    if (this.limit >= this.#options.concurrency) return;
    this.#acceptedSinceChange += 1;
    if (this.#acceptedSinceChange >= this.limit) this.#setLimit(this.limit + 1);
  }

  stop(): void {
    this.#stop.abort();
    this.places.close();
  }

  /** Waits for the end of the pause and for a slot. False where the slot lapsed meanwhile, or the pace was stopped. */
  async waitForSlot(): Promise<boolean> {
    const { clock, nextSlot } = this.#options;
    while (clock.monotonic() < this.#pausedUntil && !this.stopped) await this.sleepUntil(this.#pausedUntil);
    if (this.stopped) return false;
    const waitMs = await nextSlot();
    if (waitMs > 0) await this.sleepUntil(clock.monotonic() + waitMs);
    // A slot that a pause has outlasted is not used: all of those kept would be sent in one burst.
    return !this.stopped && !this.places.overfull && clock.monotonic() >= this.#pausedUntil;
  }

  /** @param time in milliseconds of the monotonic clock. */
  async sleepUntil(time: number): Promise<void> {
    const { clock } = this.#options;
    for (let left = time - clock.monotonic(); left > 0 && !this.stopped; left = time - clock.monotonic()) {
      await clock.sleep(left, this.#stop.signal);
    }
  }

  async backOff(retry: number): Promise<void> {
    const { clock, random } = this.#options;
    await this.sleepUntil(clock.monotonic() + random() * exponential(retryBaseMs, retry, retryCapMs));
  }

  attemptBegins(turn: PacedTurn): void {
    this.#sending.add(turn);
  }

  attemptOver(turn: PacedTurn): void {
    this.#sending.delete(turn);
    this.#sameBurst.delete(turn);
  }

  #lowerLimit(): void {
    this.#sameBurst = new Set(this.#sending);
    this.#burstsInARow += 1;
    this.#setLimit(Math.max(1, Math.floor(this.limit / 2)));
  }

  #setLimit(limit: number): void {
    this.#acceptedSinceChange = 0;
    if (limit === this.limit) return;
    this.places.limit = limit;
    this.#options.onEvent({ type: 'concurrency', limit });
  }

  /** The pause asked for, at least; where that is nothing, or next to nothing, one that grows from burst to burst. */
  #pauseMs(retryAfterMs: number | null): number {
    if (retryAfterMs !== null && retryAfterMs >= pauseBaseMs) return retryAfterMs;
    const longest = exponential(pauseBaseMs, this.#burstsInARow - 1, pauseCapMs);
    return Math.max(retryAfterMs ?? 0, (longest * (1 + this.#options.random())) / 2);
  }
}

class PacedTurn implements Turn {
  readonly #pace: SharedPace;
  #hasPlace = false;

  constructor(pace: SharedPace) {
    this.#pace = pace;
  }

  async ready(): Promise<boolean> {
    const pace = this.#pace;
    this.attemptOver();
    while (!pace.stopped) {
      this.#hasPlace ||= pace.places.tryTake() || (await pace.places.wait());
      if (!this.#hasPlace) return false;
      if (pace.places.overfull) {
        this.attemptOver();
      } else if (await pace.waitForSlot()) {
        pace.attemptBegins(this);
        return true;
      }
    }
    this.attemptOver();
    return false;
  }

  async backOff(retry: number): Promise<void> {
    this.attemptOver();
    await this.#pace.backOff(retry);
  }

  /** Gives the place back; its request has its outcome, or was never sent. */
  attemptOver(): void {
    this.#pace.attemptOver(this);
    if (!this.#hasPlace) return;
    this.#hasPlace = false;
    this.#pace.places.giveBack();
  }
}

/** So many may send at once; who comes first goes first. Its limit may fall below what is taken. */
class Places {
  #limit: number;
  #taken = 0;
  #closed = false;
  readonly #waiting: ((admitted: boolean) => void)[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  get limit(): number {
    return this.#limit;
  }

  set limit(limit: number) {
    this.#limit = limit;
    this.#admit();
  }

  /** True where more places are taken than there are since the limit was lowered. */
  get overfull(): boolean {
    return this.#taken > this.#limit;
  }

  /** Takes a place if one is free; then nobody waits for one, or they would have it. */
  tryTake(): boolean {
    if (this.#closed || this.#taken >= this.#limit) return false;
    this.#taken += 1;
    return true;
  }

  /** Resolves true with a place, false once closed. */
  wait(): Promise<boolean> {
    return new Promise((resolve) => {
      if (this.#closed) return resolve(false);
      this.#waiting.push(resolve);
      this.#admit();
    });
  }

  giveBack(): void {
    this.#taken -= 1;
    this.#admit();
  }

  /** Sends everybody away who waits, and who comes later. */
  close(): void {
    this.#closed = true;
    for (const turnAway of this.#waiting.splice(0)) turnAway(false);
  }

  #admit(): void {
    while (this.#taken < this.#limit) {
      const admit = this.#waiting.shift();
      if (admit === undefined) return;
      this.#taken += 1;
      admit(true);
    }
  }
}

function exponential(base: number, step: number, cap: number): number {
  return Math.min(cap, base * 2 ** Math.min(Math.max(0, step), 30));
}
