import type { Clock } from '../../core/clock.ts';
import { count } from '../../core/count.ts';
import { LedgerError } from '../../core/errors.ts';
import { type Reservation, type Reserved, requestKey } from '../decide/reserve.ts';
import type { LedgerRun } from '../ledger.ts';
import type { Seen } from '../model/entry.ts';
import type { IsLive } from '../model/event.ts';
import { ClaimLostError, UnrecordedError } from '../model/failures.ts';
import { attemptCount, foldAttempts, standing } from '../model/fold.ts';
import type { RequestIdentity } from '../model/identity.ts';
import type { AttemptOutcome } from '../model/outcome.ts';
import type { RunSpec } from '../model/run-spec.ts';
import { FileSpool } from '../spool/spool.ts';
import type { CommitQueue } from './commit-queue.ts';
import type { RunLock } from './run-lock.ts';
import type { Store } from './store.ts';

interface SqliteRunOptions {
  readonly lock: RunLock;
  readonly spec: RunSpec;
  readonly reservation: Reservation;
  readonly store: Store;
  readonly queue: CommitQueue;
  readonly clock: Clock;
  readonly isLive: IsLive;
  /** The ledger's file; null where there is no disk to put an answer on. */
  readonly ledgerFile: string | null;
  /** @throws when what was committed can't be found again, because somebody removed or replaced the file. */
  readonly checkFile: () => void;
  readonly onClosed: () => void;
}

/** An attempt and what became of it. */
interface Answered {
  readonly identity: RequestIdentity;
  readonly attempt: number;
  readonly outcome: AttemptOutcome;
  /** Milliseconds since the epoch. */
  readonly claimedAt: number;
  readonly settledAt: number;
}

/** How far the clock may go back between two questions before that is taken for a correction. */
const clockSlackMs = 1000;

/** A run of a SQLite ledger, live until it is closed or its process ends. */
export class SqliteRun implements LedgerRun {
  readonly id: string;
  readonly #options: SqliteRunOptions;
  /** When each open attempt was claimed, by request. */
  readonly #open = new Map<number, { readonly attempt: number; readonly claimedAt: number }>();
  /** What is in the ledger of this run. Should its file be taken away, this is all that is left of it. */
  readonly #recorded: Answered[] = [];
  #spooled = 0;
  #closing: Promise<void> | undefined;

  constructor(options: SqliteRunOptions) {
    this.#options = options;
    this.id = options.lock.id;
  }

  async nextSlot(): Promise<number> {
    const { queue, store, clock } = this.#options;
    if (this.#strictestInterval() === null) return 0;
    return queue.add(() => {
      const interval = this.#strictestInterval();
      if (interval === null) return 0;
      const now = clock.now();
      const pace = store.pace();
      // A clock that was set back must not make everybody wait for a time that was never meant.
      const jump = pace !== undefined && pace.askedAt - now > clockSlackMs ? pace.askedAt - now : 0;
      const slot = pace === undefined ? now : Math.max(now, pace.lastSlot - jump + interval);
      store.setPace(slot, now);
      return slot;
    });
  }

  async claim(identity: RequestIdentity, seen: Seen): Promise<number> {
    const { lock, store, clock, spec } = this.#options;
    const moved = this.#options.reservation.moved.get(requestKey(identity));
    if (moved !== undefined) throw claimLost(identity.key, `it is ${moved} now`);
    const { request, price } = this.#reserved(identity);
    const claimedAt = clock.now();
    const attempt = await this.#write(() => {
      if (this.#closing !== undefined) throw new Error(`run ${this.id} is closed`);
      if (!lock.isHeld()) throw lockGone(this.id);
      const known = foldAttempts(store.events(request));
      const attempts = attemptCount(known);
      this.#refuseMoved(identity, seen, standing(known, this.#options.isLive).state, attempts);
      this.#refuseRivals(identity);
      const number = attempts + 1;
      const { currency } = spec;
      store.addEvent(request, claimedAt, {
        type: 'claimed',
        attempt: number,
        runId: this.id,
        price,
        currency,
      });
      return number;
    });
    this.#open.set(request, { attempt, claimedAt });
    return attempt;
  }

  async settle(identity: RequestIdentity, attempt: number, outcome: AttemptOutcome): Promise<void> {
    const { store, clock, spec } = this.#options;
    const { request } = this.#reserved(identity);
    const open = this.#open.get(request);
    if (open?.attempt !== attempt) {
      throw new Error(`attempt ${attempt} of ${identity.key} is not open in run ${this.id}`);
    }
    const settledAt = clock.now();
    const fact = plainOutcome(outcome);
    const answered = { identity, attempt, outcome: fact, claimedAt: open.claimedAt, settledAt };
    try {
      await this.#write(() => {
        store.addEvent(request, settledAt, { type: 'settled', attempt, outcome: fact });
        if (fact.kind === 'accepted') store.holdTask(spec.scope.provider, fact.taskId, request);
      });
    } catch (error) {
      throw this.#unrecorded(answered, error);
    }
    this.#recorded.push(answered);
    this.#open.delete(request);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { store, clock, lock, onClosed } = this.#options;
    try {
      await this.#write(() => store.endRun(this.id, clock.now()));
    } catch {
      // The lock alone says whether a run lives; the note is housekeeping, and the next run makes it.
    }
    lock.release();
    onClosed();
  }

  #reserved(identity: RequestIdentity): Reserved {
    const reserved = this.#options.reservation.reserved.get(requestKey(identity));
    if (reserved === undefined) throw new Error(`run ${this.id} has not reserved ${identity.key}`);
    return reserved;
  }

  #refuseMoved(identity: RequestIdentity, seen: Seen, state: Seen['state'], attempts: number): void {
    const unsettled = state === 'sending' || state === 'inDoubt';
    if (!unsettled && state === seen.state && attempts === seen.attempts) return;
    throw claimLost(identity.key, `it is ${state}, after ${count(attempts, 'attempt')}`);
  }

  /** An edited shot waits until it is known what became of what was sent before the edit. */
  #refuseRivals(identity: RequestIdentity): void {
    const { store, spec, isLive } = this.#options;
    for (const rival of store.rivals(spec.scope, identity)) {
      const { state } = standing(foldAttempts(store.events(rival)), isLive);
      if (state !== 'sending' && state !== 'inDoubt') continue;
      throw new ClaimLostError(
        identity.key,
        `${identity.key} was not sent: another version of it is ${state === 'sending' ? 'being sent by a live run' : 'in doubt'}`,
        {
          help:
            state === 'inDoubt'
              ? `Settle it with: shotlist resolve <manifest> ${identity.key}`
              : 'Plan again later.',
        },
      );
    }
  }

  /** In milliseconds; null where no live run has a rate. */
  #strictestInterval(): number | null {
    const { store, isLive } = this.#options;
    let strictest: number | null = null;
    for (const { id, intervalMs } of store.unendedRuns()) {
      if (intervalMs === null || intervalMs <= (strictest ?? 0)) continue;
      if (id === this.id || isLive(id)) strictest = intervalMs;
    }
    return strictest;
  }

  /** Resolves once `write` is on the disk, where it can be found again. */
  async #write<T>(write: () => T): Promise<T> {
    try {
      return await this.#options.queue.add(write);
    } catch (error) {
      this.#rescue();
      throw error;
    }
  }

  /** Where the file was taken away, what this run has recorded went with it: the spool brings it into the next one. */
  #rescue(): void {
    try {
      this.#options.checkFile();
    } catch {
      for (const answered of this.#recorded.splice(0)) this.#spool(answered);
    }
  }

  #unrecorded(answered: Answered, cause: unknown): UnrecordedError {
    const { key } = answered.identity;
    const spoolFile = this.#spool(answered);
    const why = cause instanceof Error ? cause.message : String(cause);
    const taskId = answered.outcome.kind === 'accepted' ? answered.outcome.taskId : null;
    const what = taskId === null ? 'what became of it' : `its task ${taskId}`;
    const kept =
      spoolFile !== null
        ? `It is kept in ${spoolFile}; the next command that opens the ledger takes it in.`
        : `It could not be kept beside the ledger either. Write it down, and settle it later with: shotlist resolve <manifest> ${key}${taskId === null ? '' : ` --task-id ${taskId}`}`;
    const mend = cause instanceof LedgerError ? cause.help : undefined;
    return new UnrecordedError(`${key} was sent, but ${what} could not be recorded: ${why}`, {
      taskId,
      spoolFile,
      cause,
      help: mend === undefined ? kept : `${kept}\n${mend}`,
    });
  }

  /** @returns the file; null where there is none. */
  #spool({ identity, ...answered }: Answered): string | null {
    const { spec, ledgerFile } = this.#options;
    const planned = spec.requests.find(({ request }) => requestKey(request) === requestKey(identity));
    if (ledgerFile === null || planned === undefined) return null;
    const { key, fingerprint, scene, shot, variant, take, model, mode, body } = planned.request;
    this.#spooled += 1;
    return new FileSpool(ledgerFile).write(`${this.id}-${String(this.#spooled).padStart(6, '0')}`, {
      scope: { provider: spec.scope.provider, project: spec.scope.project },
      request: { key, fingerprint, scene, shot, variant, take, model, mode, body },
      runId: this.id,
      by: spec.by,
      plan: spec.plan ?? null,
      price: planned.price,
      currency: spec.currency,
      ...answered,
    });
  }
}

function claimLost(key: string, now: string): ClaimLostError {
  return new ClaimLostError(key, `${key} is no longer as the plan saw it: ${now}`, {
    help: 'Another run, or a person, was faster; it was not sent from here. Plan again.',
  });
}

/** An outcome without what its giver knew besides. */
function plainOutcome(outcome: AttemptOutcome): AttemptOutcome {
  if (outcome.kind === 'accepted') {
    const { kind, taskId, status, error } = outcome;
    return { kind, taskId, status, error };
  }
  const { kind, code, error } = outcome;
  return { kind, code, error };
}

function lockGone(id: string): LedgerError {
  return new LedgerError(`the life lock of run ${id} was removed, so other runs take it for dead`, {
    help: 'Nothing more is sent. Leave the folder runs beside the ledger alone while something runs, and run again.',
  });
}
