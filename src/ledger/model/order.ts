/** The facts that put events in order. */
export interface Caused {
  readonly id: string | null;
  readonly causes: readonly string[] | null;
}

/** Knowledge among some events: causes, and the causes of causes. A cause that is not among them says nothing. */
export class Causality {
  readonly #causes: ReadonlyMap<string, readonly string[]>;
  readonly #past = new Map<string, ReadonlySet<string>>();

  constructor(events: readonly Caused[]) {
    this.#causes = new Map(
      events.flatMap(({ id, causes }) => (id === null ? [] : [[id, causes ?? []] as const])),
    );
  }

  /** True where `later` was made by a ledger that knew `earlier`. */
  knows(later: Caused, earlier: Caused): boolean {
    if (later.id === null || earlier.id === null || later.causes === null) return false;
    return this.#pastOf(later.id).has(earlier.id);
  }

  /** Those events that no other one knew. */
  heads<T extends Caused>(events: readonly T[]): readonly T[] {
    return events.filter((event) => !events.some((other) => other !== event && this.knows(other, event)));
  }

  /**
   * Puts events in one order, the same wherever it is done: nothing comes before what it knew. What did not know of each
   * other is put in order by `compare`.
   */
  inOrder<T extends Caused>(events: readonly T[], compare: (a: T, b: T) => number): readonly T[] {
    if (events.length < 2) return events;
    const waiting = [...events].sort(compare);
    if (waiting.every(({ causes }) => causes === null || causes.length === 0)) return waiting;
    const ordered: T[] = [];
    while (waiting.length > 0) {
      const next = waiting.findIndex(
        (event) => !waiting.some((other) => other !== event && this.knows(event, other)),
      );
      // A circle of causes is a forgery; its events are taken as they come.
      ordered.push(...waiting.splice(Math.max(0, next), 1));
    }
    return ordered;
  }

  #pastOf(id: string): ReadonlySet<string> {
    const known = this.#past.get(id);
    if (known !== undefined) return known;
    const past = new Set<string>();
    const open = [...(this.#causes.get(id) ?? [])];
    for (let cause = open.pop(); cause !== undefined; cause = open.pop()) {
      if (past.has(cause)) continue;
      past.add(cause);
      open.push(...(this.#causes.get(cause) ?? []));
    }
    this.#past.set(id, past);
    return past;
  }
}

/** Text by its code units, the same on every machine. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
