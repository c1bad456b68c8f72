/** The owner of an event: a simulated process, whose events die with it. */
export interface Owner {
  readonly name: string;
  readonly alive: boolean;
}

interface Event {
  readonly at: number;
  /** Breaks ties: who was scheduled first goes first. */
  readonly order: number;
  readonly owner: Owner | null;
  readonly happen: () => void;
  cancelled: boolean;
}

/**
 * Time, and what happens in it. Everything that would wait for the outside (a clock, a disk, a network) is an event here.
 * One event happens at a time, and all that follows from it without waiting happens before the next, so the order of
 * everything is decided by the times that the seed gave.
 */
export class Scheduler {
  /** Milliseconds since the epoch, as nobody's clock shows it. */
  now: number;
  /** Events that have happened. */
  steps = 0;
  /** The owner of the code that runs now. */
  current: Owner | null = null;
  #order = 0;
  readonly #heap: Event[] = [];

  constructor(now: number) {
    this.now = now;
  }

  /** @returns a function that takes the event back. */
  schedule(delayMs: number, happen: () => void, owner: Owner | null = this.current): () => void {
    const event: Event = {
      at: this.now + Math.max(0, delayMs),
      order: this.#order++,
      owner,
      happen,
      cancelled: false,
    };
    this.#push(event);
    return () => {
      event.cancelled = true;
    };
  }

  /** Resolves after a time, for whoever runs now; never once that process is dead. */
  after<T>(delayMs: number, result: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.schedule(delayMs, () => {
        try {
          resolve(result());
        } catch (error) {
          reject(error as Error);
        }
      });
    });
  }

  /** Lets the next event happen, with all that follows from it at once; false where nothing is to come. */
  async step(): Promise<boolean> {
    for (;;) {
      const event = this.#pop();
      if (event === undefined) return false;
      if (event.cancelled || event.owner?.alive === false) continue;
      this.now = Math.max(this.now, event.at);
      await this.as(event.owner, event.happen);
      return true;
    }
  }

  /** Lets everything until `until` (a time, or a condition) happen, `most` steps at the most. */
  async run(until: number | (() => boolean), most: number): Promise<void> {
    const isOver = typeof until === 'number' ? () => (this.#heap[0]?.at ?? Infinity) > until : until;
    for (let count = 0; count < most && !isOver(); count += 1) {
      if (!(await this.step())) break;
    }
    if (typeof until === 'number') this.now = Math.max(this.now, until);
  }

  /** Runs something as a process, and waits until all that follows from it at once has happened. */
  async as(owner: Owner | null, work: () => void): Promise<void> {
    this.steps += 1;
    this.current = owner;
    work();
    await settled();
    this.current = null;
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let index = heap.push(event) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || isBefore(above, event)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = event;
  }

  #pop(): Event | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      const [left, right] = [heap[child], heap[child + 1]];
      if (left === undefined) break;
      let least = left;
      if (right !== undefined && isBefore(right, left)) {
        least = right;
        child += 1;
      }
      if (isBefore(last, least)) break;
      heap[index] = least;
      index = child;
    }
    heap[index] = last;
    return first;
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/**
 * Every promise that can settle without an event has settled: Node empties the queue of promises before it goes on with what
 * was put off to the next tick, and nothing in the simulation waits for anything else of Node's.
 */
function settled(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
