/** A run's hold on life: while it is held, nobody takes or settles the run's claims. */
export interface LifeLock {
  readonly id: string;
  /** False once others could take the run for dead, because somebody removed its lock. */
  isHeld(): boolean;
  /**
   * Time after the request for a claim in which its first byte may be written, in milliseconds; left out where a claim
   * holds as long as the run lives, because nobody can take the lock of a process that goes on.
   */
  readonly leaseMs?: number;
  /** Since when the lock is held without a break, in milliseconds of the monotonic clock; left out where nothing breaks it. */
  heldSince?(): number;
  release(): void | Promise<void>;
}

/** Tells who lives. A lock goes with its process, however that ends, so no clock and no process id is asked. */
export interface LifeLocks {
  /** Takes the life lock of a new run or collector, under a new id, and removes what dead ones left behind. */
  take(): Promise<LifeLock>;
}

/** Locks for a ledger that only this process can see. */
export class ProcessLocks {
  readonly #live = new Set<string>();
  readonly #newId: () => string;

  constructor(newId: () => string) {
    this.#newId = newId;
  }

  takeNow(): LifeLock {
    const id = this.#newId();
    this.#live.add(id);
    return { id, isHeld: () => this.#live.has(id), release: () => void this.#live.delete(id) };
  }

  /** Releases all locks, as the end of every process does. */
  releaseAll(): void {
    this.#live.clear();
  }

  sweep(): void {}

  isLive(id: string): boolean {
    return this.#live.has(id);
  }
}
