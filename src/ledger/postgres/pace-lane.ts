import type { Clock } from '../../core/clock.ts';
import { type Decision, type Facts, noFacts, type StoredPace } from '../backend.ts';
import { ConnectionLostError, isBusy } from './errors.ts';
import { liveRuns } from './lives.ts';
import { loadFacts } from './load.ts';
import type { Session } from './session.ts';
import type { Writer } from './writer.ts';

interface Member {
  readonly decide: (facts: Facts) => Decision<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

interface PaceLaneOptions {
  readonly writer: Writer;
  /** The clock that decisions know: slots are told by it, and kept by the server's. */
  readonly clock: Clock;
  readonly explain: (error: unknown) => unknown;
}

/**
 * Hands out places in the one queue for sending, under a lock of its own: no history depends on them. A place that a crash of
 * the server forgets was waited for by somebody who waits no more.
 */
export class PaceLane {
  readonly #options: PaceLaneOptions;
  #waiting: Member[] = [];
  #isBusy = false;

  constructor(options: PaceLaneOptions) {
    this.#options = options;
  }

  add<T>(decide: (facts: Facts) => Decision<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ decide, resolve: (value) => resolve(value as T), reject });
      if (!this.#isBusy) void this.#flush();
    });
  }

  async #flush(): Promise<void> {
    this.#isBusy = true;
    while (this.#waiting.length > 0) {
      const members = this.#waiting.splice(0);
      try {
        await this.#handOut(members);
      } catch (error) {
        const reason = this.#options.explain(error);
        for (const member of members) member.reject(reason);
      }
    }
    this.#isBusy = false;
  }

  async #handOut(members: readonly Member[]): Promise<void> {
    for (;;) {
      try {
        const values = await this.#options.writer.alone((session) => this.#transact(session, members));
        for (const [index, member] of members.entries()) member.resolve(values[index]);
        return;
      } catch (error) {
        if (!(error instanceof ConnectionLostError) && !isBusy(error)) throw error;
      }
    }
  }

  async #transact(session: Session, members: readonly Member[]): Promise<readonly unknown[]> {
    const { clock } = this.#options;
    try {
      const [, , , live, loaded] = await Promise.all([
        session.rows('BEGIN'),
        session.rows('SET LOCAL synchronous_commit = off'),
        session.rows('SELECT pg_advisory_xact_lock(lock_class(), -1)'),
        liveRuns(session),
        loadFacts((text, values) => session.rows(text, values), { runs: true, pace: true }),
      ]);
      const { runs, slotInMs } = loaded;
      const now = clock.monotonic();
      let pace: StoredPace | undefined =
        slotInMs === undefined ? undefined : { lastSlot: now + slotInMs, askedAt: now };
      const before = pace;
      const values = members.map(({ decide }) => {
        const { changes, value } = decide({ ...noFacts, runs, pace, isLive: (id) => live.has(id) });
        for (const change of changes) if (change.type === 'pace') pace = change.pace;
        return value;
      });
      if (pace !== undefined && pace !== before) {
        await session.rows(
          `INSERT INTO pace (last_slot) VALUES (clock_timestamp() + $1::float8 * interval '1 millisecond')
           ON CONFLICT (one) DO UPDATE SET last_slot = excluded.last_slot`,
          [pace.lastSlot - now],
        );
      }
      await session.rows('COMMIT');
      return values;
    } catch (error) {
      if (!(error instanceof ConnectionLostError)) await session.rows('ROLLBACK');
      throw error;
    }
  }
}
