import type { Clock } from '../core/clock.ts';
import type { Backend } from './backend.ts';
import {
  type Collecting,
  factsForDownload,
  fileInspected,
  fileSaved,
  giveUpClip,
  leaveDownload,
  noteDownload,
  takeDownload,
} from './decide/download.ts';
import type { LedgerCollector } from './ledger.ts';
import type { LifeLock } from './life/life-locks.ts';
import type { Download, SavedFile } from './model/clip.ts';
import type { LedgerScope, TaskIdentity } from './model/identity.ts';

interface LedgerCollectorOptions {
  readonly lock: LifeLock;
  readonly scope: LedgerScope;
  readonly backend: Backend;
  readonly clock: Clock;
  readonly onClosed: () => void;
}

/** A collector of a ledger, live until it is closed or its process ends; then its downloads are free again. */
export class LedgerCollectorOn implements LedgerCollector {
  readonly id: string;
  readonly #options: LedgerCollectorOptions;
  readonly #busy = new Set<Promise<unknown>>();

  constructor(options: LedgerCollectorOptions) {
    this.#options = options;
    this.id = options.lock.id;
  }

  takeDownload(task: TaskIdentity): Promise<Download | null> {
    const collecting = this.#with(task);
    return this.#watch(
      this.#options.backend.commit(factsForDownload(collecting), (facts) => takeDownload(facts, collecting)),
    );
  }

  noteDownload(task: TaskIdentity, download: Download): Promise<boolean> {
    const collecting = this.#with(task);
    return this.#watch(
      this.#options.backend.commit(factsForDownload(collecting, download.stem), (facts) =>
        noteDownload(facts, collecting, download),
      ),
    );
  }

  leaveDownload(task: TaskIdentity): Promise<void> {
    const collecting = this.#with(task);
    return this.#watch(
      this.#options.backend.commit(factsForDownload(collecting), (facts) => leaveDownload(facts, collecting)),
    );
  }

  fileSaved(task: TaskIdentity, file: SavedFile): Promise<void> {
    const collecting = this.#with(task);
    const { backend, clock } = this.#options;
    return this.#watch(
      backend.commit(factsForDownload(collecting), (facts) =>
        fileSaved(facts, collecting, file, clock.now()),
      ),
    );
  }

  fileInspected(task: TaskIdentity, qc: readonly string[]): Promise<void> {
    const collecting = this.#with(task);
    const { backend, clock } = this.#options;
    return this.#watch(
      backend.commit(factsForDownload(collecting), (facts) =>
        fileInspected(facts, collecting, qc, clock.now()),
      ),
    );
  }

  giveUpClip(task: TaskIdentity, by: string): Promise<boolean> {
    const collecting = this.#with(task);
    const { backend, clock } = this.#options;
    return this.#watch(
      backend.commit(factsForDownload(collecting), (facts) => giveUpClip(facts, collecting, by, clock.now())),
    );
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#busy);
    await this.#options.lock.release();
    this.#options.onClosed();
  }

  #with(task: TaskIdentity): Collecting {
    return { collector: this.id, scope: this.#options.scope, task };
  }

  /** Its life lock has to outlast what it has asked for. */
  async #watch<T>(work: Promise<T>): Promise<T> {
    this.#busy.add(work);
    try {
      return await work;
    } finally {
      this.#busy.delete(work);
    }
  }
}
