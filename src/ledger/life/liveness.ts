import type { IsLive } from '../model/event.ts';

/** Remembers which runs live. A dead run stays dead, so each is asked about once. */
export class Liveness {
  readonly #probe: IsLive;
  readonly #dead = new Set<string>();

  constructor(probe: IsLive) {
    this.#probe = probe;
  }

  isLive(runId: string): boolean {
    if (this.#dead.has(runId)) return false;
    const live = this.#probe(runId);
    if (!live) this.#dead.add(runId);
    return live;
  }

  /** Gives the view of one look at many claims: it asks for each run once. */
  once(): IsLive {
    const live = new Set<string>();
    return (runId) => {
      if (!live.has(runId) && this.isLive(runId)) live.add(runId);
      return live.has(runId);
    };
  }

  /**
   * Looks outside of a transaction for writing. It looks again when a run turned out to be dead: what that
   * run recorded just before its end may be younger than the first look.
   */
  view<T>(look: (isLive: IsLive) => T): T {
    for (;;) {
      const known = this.#dead.size;
      const seen = look(this.once());
      if (this.#dead.size === known) return seen;
    }
  }
}
