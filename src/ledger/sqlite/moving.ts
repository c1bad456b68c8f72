import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import type { JsonObject } from '../../core/canonical-json.ts';
import type { Clock } from '../../core/clock.ts';
import { adopt, wasPaid } from '../decide/adopt.ts';
import { takeInHistory } from '../decide/take-in.ts';
import { verify } from '../decide/verify.ts';
import { exportHistory } from '../journal/export.ts';
import type { JournalEvent } from '../journal/journal-event.ts';
import type { HistoryTail } from '../ledger.ts';
import type { Liveness } from '../life/liveness.ts';
import { foldAttempts, stateOf } from '../model/fold.ts';
import type { LedgerScope, RequestIdentity } from '../model/identity.ts';
import type { Adoption, PaidElsewhere, PlanAttempt, Renaming, TakenIn, Violation } from '../model/moving.ts';
import type { CommitQueue } from './commit-queue.ts';
import { HistoryStore } from './history-store.ts';
import type { Store } from './store.ts';

interface MovingOptions {
  readonly db: DatabaseSyncInstance;
  readonly clock: Clock;
  readonly store: Store;
  readonly queue: CommitQueue;
  readonly liveness: Liveness;
  /** Does what needs no transaction for writing, and waits for other processes. */
  readonly looked: <T>(work: () => T) => Promise<T>;
}

/** What a SQLite ledger does beyond runs: it exports, takes in, renames and checks its history. */
export class Moving {
  readonly #options: MovingOptions;
  readonly #history: HistoryStore;

  constructor(options: MovingOptions) {
    this.#options = options;
    this.#history = new HistoryStore(options.db);
  }

  exportHistory(project: string | null): Promise<readonly JournalEvent[]> {
    const { db, looked } = this.#options;
    return looked(() => atOnce(db, () => exportHistory(this.#history, project)));
  }

  exportSince(project: string, seq: number): Promise<HistoryTail> {
    const { db, looked } = this.#options;
    return looked(() =>
      atOnce(db, () => ({ seq: this.#history.latest(), events: exportHistory(this.#history, project, seq) })),
    );
  }

  paidElsewhere(
    scope: LedgerScope,
    fingerprints: Pick<ReadonlySet<string>, 'has'>,
  ): Promise<readonly PaidElsewhere[]> {
    const { looked, store } = this.#options;
    return looked(() =>
      this.#history
        .claimedElsewhere(scope)
        .filter(({ id, fingerprint }) => {
          return fingerprints.has(fingerprint) && wasPaid({ events: store.events(id) });
        })
        .map(({ project, key, fingerprint }) => ({ project, key, fingerprint })),
    );
  }

  attemptsOfPlan(scope: LedgerScope, plan: string): Promise<readonly PlanAttempt[]> {
    const { looked, liveness, store } = this.#options;
    return looked(() =>
      liveness.view((isLive) =>
        this.#history.attemptsOfPlan(scope, plan).map(({ id, ...attempt }) => {
          const made = foldAttempts(store.events(id)).find(({ number }) => number === attempt.attempt);
          return { ...attempt, sent: made !== undefined && stateOf(made, isLive) !== 'pending' };
        }),
      ),
    );
  }

  holdsJournal(digest: string): Promise<boolean> {
    return this.#options.looked(() => this.#history.holdsJournal(digest));
  }

  verify(
    fingerprintOf: (body: JsonObject, take: number) => string | readonly string[],
  ): Promise<readonly Violation[]> {
    const { db, looked } = this.#options;
    return looked(() => atOnce(db, () => verify(this.#history, fingerprintOf)));
  }

  takeIn(events: readonly JournalEvent[], digest: string | null): Promise<TakenIn> {
    const { queue, store } = this.#options;
    return queue.add(() => {
      const taken = takeInHistory(store, this.#history, events);
      if (digest !== null) this.#history.noteJournal(digest);
      return taken;
    });
  }

  adopt(
    provider: string,
    renaming: Renaming,
    by: string,
    only?: readonly RequestIdentity[],
  ): Promise<readonly Adoption[]> {
    const { queue, store, clock, liveness } = this.#options;
    const history = this.#history;
    return queue.add(() => {
      const isLive = liveness.once();
      const moves = adopt({ store, history, provider, renaming, only, by, nowMs: clock.now(), isLive });
      return moves.map(({ from, to }) => ({ from, to }));
    });
  }
}

/** Looks at the database as it is at one moment. */
export function atOnce<T>(db: DatabaseSyncInstance, look: () => T): T {
  db.exec('BEGIN');
  try {
    return look();
  } finally {
    if (db.isTransaction) db.exec('COMMIT');
  }
}
