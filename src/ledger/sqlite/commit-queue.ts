import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import type { Clock } from '../../core/clock.ts';
import { isBusy, isConstraint, isSqliteError } from './errors.ts';

/** Milliseconds that one try waits for another process's lock: short, because the whole program waits with it. */
export const lockWaitMs = 20;
const pauseMs = 25;

/** Tries again while another process holds the database, for `timeoutMs` of pauses; then the last error passes. */
export async function retryWhileBusy<T>(clock: Clock, timeoutMs: number, work: () => T): Promise<T> {
  for (let waited = 0; ; waited += pauseMs) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || waited >= timeoutMs) throw error;
      await clock.sleep(pauseMs);
    }
  }
}

interface Member {
  readonly write: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

interface CommitQueueOptions {
  readonly db: DatabaseSyncInstance;
  readonly clock: Clock;
  /** How long other processes may hold the database before the members fail. */
  readonly busyTimeoutMs: number;
  /** Called after each commit: throws where what was committed can't be found again. */
  readonly verify: () => void;
  /** Makes an error fit for people. */
  readonly explain: (error: unknown) => unknown;
}

/**
 * Group commit: what is asked for in the same turn of the event loop shares one transaction, and so one sync of the
 * disk. A member that fails is undone alone; when the transaction fails, every member fails. Nothing else happens
 * between the begin and the commit of a transaction, because neither waits for anything.
 */
export class CommitQueue {
  readonly #options: CommitQueueOptions;
  #waiting: Member[] = [];
  #flushing = false;

  constructor(options: CommitQueueOptions) {
    this.#options = options;
  }

  /**
   * Resolves to what `write` gives once that is on the disk. `write` may run more than once, each time on a
   * transaction without traces of the time before, so it must have no effects but those on the database.
   */
  add<T>(write: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ write, resolve: (value) => resolve(value as T), reject });
      this.#schedule();
    });
  }

  /** Resolves once nothing waits to be written. */
  async idle(): Promise<void> {
    if (this.#flushing) await this.add(() => {}).catch(() => {});
  }

  #schedule(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    // After the answers that this turn of the event loop brings, so that they all share the commit.
    setImmediate(() => void this.#flush());
  }

  async #flush(): Promise<void> {
    const { clock, busyTimeoutMs, explain } = this.#options;
    try {
      await retryWhileBusy(clock, busyTimeoutMs, () => this.#commit());
    } catch (error) {
      const reason = explain(error);
      for (const member of this.#take()) member.reject(reason);
    }
    this.#flushing = false;
    if (this.#waiting.length > 0) this.#schedule();
  }

  #commit(): void {
    const { db, verify } = this.#options;
    db.exec('BEGIN IMMEDIATE');
    try {
      const done = this.#waiting.map((member) => ({ member, result: this.#apply(member) }));
      db.exec('COMMIT');
      verify();
      this.#take();
      for (const { member, result } of done) {
        if ('error' in result) member.reject(result.error);
        else member.resolve(result.value);
      }
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  }

  #apply(member: Member): { readonly value: unknown } | { readonly error: unknown } {
    const { db } = this.#options;
    db.exec('SAVEPOINT member');
    try {
      const value = member.write();
      db.exec('RELEASE member');
      return { value };
    } catch (error) {
      if (!db.isTransaction || (isSqliteError(error) && !isConstraint(error))) throw error;
      db.exec('ROLLBACK TO member; RELEASE member');
      return { error };
    }
  }

  #take(): readonly Member[] {
    const members = this.#waiting;
    this.#waiting = [];
    return members;
  }
}
