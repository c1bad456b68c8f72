import type { Clock } from '../core/clock.ts';

interface Waiting {
  readonly time: number;
  readonly wake: () => void;
}

/**
 * Wakes many at their times with one timer: ten thousand tasks that wait would otherwise be ten thousand timers, and as
 * many listeners on one signal, which each one that goes has to be found among.
 */
export class Schedule {
  readonly #clock: Clock;
  /** A heap: whoever is due first is first. */
  readonly #waiting: Waiting[] = [];
  #stopped = false;
  /** Ends the sleep that is under way, and till when it lasts. */
  #sleep: { readonly until: number; readonly end: AbortController } | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves at that time (milliseconds since the epoch), or at once where it is over or the schedule is stopped. */
  until(time: number): Promise<void> {
    if (this.#stopped || time <= this.#clock.now()) return Promise.resolve();
    return new Promise((wake) => {
      push(this.#waiting, { time, wake });
      if (this.#sleep === null) void this.#run();
      else if (time < this.#sleep.until) this.#sleep.end.abort();
    });
  }

  /** Wakes everybody. */
  stop(): void {
    this.#stopped = true;
    this.#sleep?.end.abort();
    for (const { wake } of this.#waiting.splice(0)) wake();
  }

  async #run(): Promise<void> {
    for (;;) {
      const now = this.#clock.now();
      for (let first = this.#waiting[0]; first !== undefined && first.time <= now; first = this.#waiting[0]) {
        pop(this.#waiting);
        first.wake();
      }
      const [next] = this.#waiting;
      if (next === undefined || this.#stopped) break;
      const end = new AbortController();
      this.#sleep = { until: next.time, end };
      await this.#clock.sleep(next.time - now, end.signal);
    }
    this.#sleep = null;
  }
}

function push(heap: Waiting[], item: Waiting): void {
  let at = heap.length;
  heap.push(item);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || above.time <= item.time) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = item;
}

/** Takes the first one out. */
function pop(heap: Waiting[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (;;) {
    const left = 2 * at + 1;
    const [one, other] = [heap[left], heap[left + 1]];
    if (one === undefined) break;
    const isOther = other !== undefined && other.time < one.time;
    const child = isOther ? other : one;
    if (child.time >= last.time) break;
    heap[at] = child;
    at = isOther ? left + 1 : left;
  }
  heap[at] = last;
}
