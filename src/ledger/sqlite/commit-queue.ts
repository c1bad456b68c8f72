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
  /** Reads and decides, and gives what writes what follows. Nothing is written where it throws. */
  readonly decide: () => () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

interface CommitQueueOptions {
  readonly db: DatabaseSyncInstance;
  readonly clock: Clock;
  /** Time that other processes may hold the database before the members fail, in milliseconds. */
  readonly busyTimeoutMs: number;
  /** Called in each transaction before anything else. */
  readonly onBegin?: () => void;
  /** Called after each transaction that was undone. */
  readonly onUndone?: () => void;
  /** Called after each commit: throws where what was committed can't be found again. */
  readonly verify: () => void;
  /** Makes an error fit for people. */
  readonly explain: (error: unknown) => unknown;
}

type Result = { readonly value: unknown } | { readonly error: unknown };

/** Says that a member failed after it had written something. */
class BadMember extends Error {}

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
    return this.decide(() => write);
  }

  /** The same for what reads and decides first, and writes only in what it gives: a refusal leaves nothing to undo. */
  decide<T>(decide: () => () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ decide, resolve: (value) => resolve(value as T), reject });
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

  /** One bad member fails its batch, and then all go again, each with a savepoint of its own: that is rare, so it may cost. */
  #commit(): void {
    try {
      this.#transact((member) => this.#applied(member));
    } catch (error) {
      if (!(error instanceof BadMember)) throw error;
      this.#transact((member) => this.#appliedAlone(member));
    }
  }

  #transact(apply: (member: Member) => Result): void {
    const { db, verify, onBegin, onUndone } = this.#options;
    db.exec('BEGIN IMMEDIATE');
    try {
      onBegin?.();
      const done = this.#waiting.map((member) => ({ member, result: apply(member) }));
      db.exec('COMMIT');
      verify();
      this.#take();
      for (const { member, result } of done) {
        if ('error' in result) member.reject(result.error);
        else member.resolve(result.value);
      }
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      onUndone?.();
      throw error;
    }
  }

  #applied(member: Member): Result {
    let write: () => unknown;
    try {
      write = member.decide();
    } catch (error) {
      if (this.#failsAll(error)) throw error;
      return { error };
    }
    try {
      return { value: write() };
    } catch (error) {
      throw this.#failsAll(error) ? error : new BadMember();
    }
  }

  #appliedAlone(member: Member): Result {
    const { db, onUndone } = this.#options;
    db.exec('SAVEPOINT member');
    try {
      const value = member.decide()();
      db.exec('RELEASE member');
      return { value };
    } catch (error) {
      if (this.#failsAll(error)) throw error;
      db.exec('ROLLBACK TO member; RELEASE member');
      onUndone?.();
      return { error };
    }
  }

  /** An error that is about the file, and not about one member. */
  #failsAll(error: unknown): boolean {
    return !this.#options.db.isTransaction || (isSqliteError(error) && !isConstraint(error));
  }

  #take(): readonly Member[] {
    const members = this.#waiting;
    this.#waiting = [];
    return members;
  }
}
