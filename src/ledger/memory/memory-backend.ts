import { LedgerError } from '../../core/errors.ts';
import type { Backend, Change, Decision, Facts, Medium, Wanted } from '../backend.ts';
import { answered } from '../life/answered.ts';
import { type LifeLocks, ProcessLocks } from '../life/life-locks.ts';
import type { Spool } from '../spool/spool.ts';
import type { Undo } from './requests.ts';
import { MemoryTables } from './tables.ts';

/** The properties of a medium in memory. */
export interface MemoryMediumOptions {
  /** Makes the id of a run, never the same twice. */
  readonly newRunId: () => string;
  /** Awaited before every load and every append, so that whatever may come between comes between; nothing by default. */
  readonly delay?: (() => Promise<void>) | undefined;
  /**
   * Awaited before an append is durable, so that a crash can take it; nothing by default. Rejects where the medium takes
   * no more.
   */
  readonly sync?: (() => Promise<void>) | undefined;
}

/**
 * A medium in memory, on which any number of backends can be opened, as processes open one file. What was appended and not
 * synced is lost in a crash. Everything that is not certain is handed in, so the same calls come to the same ledger.
 */
export class MemoryMedium {
  readonly #options: MemoryMediumOptions;
  readonly locks: ProcessLocks;
  readonly tables = new MemoryTables();
  /** Changes that a crash takes back, the oldest first. */
  #unsynced: Undo[] = [];
  #tail: Promise<void> = Promise.resolve();

  constructor(options: MemoryMediumOptions) {
    this.#options = options;
    this.locks = new ProcessLocks(options.newRunId);
  }

  /** Opens it for one process. */
  open(spool: Spool | null = null): Backend {
    return new MemoryBackend(this, spool);
  }

  async delay(): Promise<void> {
    await this.#options.delay?.();
  }

  /** One decision at a time: the lock of the medium. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#tail;
    let free: () => void = () => {};
    this.#tail = new Promise((resolve) => {
      free = resolve;
    });
    await before;
    try {
      return await work();
    } finally {
      free();
    }
  }

  /**
   * Appends, and resolves once that is durable. Whoever loads sees it before that; a crash, or a medium that takes no more,
   * takes it back.
   */
  async append(changes: readonly Change[]): Promise<void> {
    this.#unsynced.push(this.tables.append(changes));
    try {
      await this.#options.sync?.();
    } catch (error) {
      this.#takeBack();
      throw error;
    }
    this.#unsynced = [];
  }

  /** Power is lost: what was not synced is gone, and every process with its locks. */
  crash(): void {
    this.#takeBack();
    this.locks.releaseAll();
  }

  #takeBack(): void {
    for (const undo of this.#unsynced.splice(0).reverse()) undo();
  }
}

class MemoryBackend implements Backend {
  readonly spool: Spool | null;
  readonly locks: LifeLocks;
  readonly #medium: MemoryMedium;
  readonly #busy = new Set<Promise<unknown>>();
  #isOpen = true;

  constructor(medium: MemoryMedium, spool: Spool | null) {
    this.#medium = medium;
    this.spool = spool;
    this.locks = { take: async () => medium.locks.takeNow() };
  }

  async load(wanted: Wanted): Promise<Facts> {
    this.#refuseClosed();
    await this.#medium.delay();
    return this.#facts(wanted);
  }

  commit<T>(wanted: Wanted, decide: (facts: Facts) => Decision<T>): Promise<T> {
    this.#refuseClosed();
    const committed = this.#medium.alone(async () => {
      await this.#medium.delay();
      const { changes, value } = decide(this.#facts(wanted));
      await this.#medium.delay();
      if (changes.length > 0) await this.#medium.append(changes);
      return value;
    });
    this.#busy.add(committed);
    const over = (): void => void this.#busy.delete(committed);
    committed.then(over, over);
    return committed;
  }

  async about(): Promise<Medium> {
    return { name: 'memory', schema: null };
  }

  async damage(): Promise<readonly string[]> {
    return [];
  }

  check(): void {}

  async close(): Promise<void> {
    await Promise.allSettled(this.#busy);
    this.#isOpen = false;
  }

  #facts(wanted: Wanted): Facts {
    const { tables, locks } = this.#medium;
    return answered(tables.load(wanted, (id) => locks.isLive(id)));
  }

  #refuseClosed(): void {
    if (!this.#isOpen) throw new LedgerError('the ledger is closed');
  }
}
