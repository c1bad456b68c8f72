import { type Clock, isoTime } from '../core/clock.ts';
import { LedgerError } from '../core/errors.ts';
import type { Backend, Decision, Facts, Wanted } from './backend.ts';
import { type ClaimWish, claim, claimLost, factsForClaim, movedWords } from './decide/claim.ts';
import { type Reservation, requestKey } from './decide/reserve.ts';
import { factsForAnswer, plainOutcome, settle } from './decide/settle.ts';
import { factsForSlot, nextSlot, strictestInterval } from './decide/slot.ts';
import type { Claim, LedgerRun, SendBefore } from './ledger.ts';
import type { LifeLock } from './life/life-locks.ts';
import type { Seen } from './model/entry.ts';
import { UnrecordedError } from './model/failures.ts';
import type { RequestIdentity } from './model/identity.ts';
import type { AttemptOutcome } from './model/outcome.ts';
import type { ReservedRequest, RunSpec } from './model/run-spec.ts';

interface LedgerRunOptions {
  readonly lock: LifeLock;
  readonly spec: RunSpec;
  readonly reservation: Reservation;
  readonly backend: Backend;
  readonly clock: Clock;
  readonly onClosed: () => void;
}

/** A claim whose answer has not come. */
interface Open {
  readonly attempt: number;
  readonly causes: readonly string[] | null;
  /** Milliseconds since the epoch. */
  readonly claimedAt: number;
}

/** An attempt and what became of it. */
interface Answered extends Open {
  readonly identity: RequestIdentity;
  readonly outcome: AttemptOutcome;
  /** Milliseconds since the epoch. */
  readonly settledAt: number;
}

/** A run of a ledger, live until it is closed or its process ends. */
export class LedgerRunOn implements LedgerRun {
  readonly id: string;
  readonly #options: LedgerRunOptions;
  readonly #planned: ReadonlyMap<string, ReservedRequest>;
  readonly #open = new Map<string, Open>();
  /** Answers of this run in the ledger. Should it be taken away, this is all that is left of them. */
  readonly #recorded: Answered[] = [];
  #spooled = 0;
  #closing: Promise<void> | undefined;

  constructor(options: LedgerRunOptions) {
    this.#options = options;
    this.id = options.lock.id;
    this.#planned = new Map(options.spec.requests.map((planned) => [requestKey(planned.request), planned]));
  }

  async nextSlot(): Promise<number> {
    const { backend, clock } = this.#options;
    if (strictestInterval(await backend.load({ runs: true })) === null) return 0;
    return backend.commit(factsForSlot, (facts) => nextSlot(facts, clock.monotonic()));
  }

  async claim(identity: RequestIdentity, seen: Seen): Promise<Claim> {
    const { lock, clock, spec, reservation } = this.#options;
    const { scope, currency, by, plan = null } = spec;
    const key = requestKey(identity);
    const moved = reservation.moved.get(key);
    if (moved !== undefined) {
      throw claimLost(identity.key, moved === 'renamed' ? movedWords.renamed : `it is ${moved} now`);
    }
    const { request, price } = this.#reserved(identity);
    const wish: ClaimWish = {
      ...{ scope, request, seen, price, currency, nowMs: clock.now() },
      run: { id: this.id, by, plan },
      renames: reservation.renames.get(key) ?? 0,
      elsewhere: reservation.elsewhere,
    };
    const asked = { monotonic: clock.monotonic(), wall: wish.nowMs };
    const { attempt, causes } = await this.#write(factsForClaim(scope, request), (facts) => {
      if (this.#closing !== undefined) throw new Error(`run ${this.id} is closed`);
      if (!lock.isHeld()) throw lockGone(this.id);
      return claim(facts, wish);
    });
    this.#open.set(key, { attempt, causes, claimedAt: wish.nowMs });
    return { attempt, sendBefore: this.#sendBefore(asked) };
  }

  /**
   * By when a claim has to be on its way that was asked for at this moment. One that was made while the life lock was lost is
   * given up: for a moment, others took its run for dead.
   */
  #sendBefore({ monotonic, wall }: SendBefore): SendBefore | null {
    const { leaseMs, heldSince } = this.#options.lock;
    if (leaseMs === undefined) return null;
    const lease = (heldSince?.call(this.#options.lock) ?? 0) > monotonic ? 0 : leaseMs;
    return { monotonic: monotonic + lease, wall: wall + lease };
  }

  async settle(identity: RequestIdentity, attempt: number, outcome: AttemptOutcome): Promise<void> {
    const { clock, spec } = this.#options;
    this.#reserved(identity);
    const open = this.#open.get(requestKey(identity));
    if (open?.attempt !== attempt) {
      throw new Error(`attempt ${attempt} of ${identity.key} is not open in run ${this.id}`);
    }
    const nowMs = clock.now();
    const answered = { ...open, identity, outcome: plainOutcome(outcome), settledAt: nowMs };
    const { scope } = spec;
    const answer = { scope, identity, run: this.id, attempt, outcome: answered.outcome, nowMs };
    try {
      await this.#write(factsForAnswer(answer), (facts) => settle(facts, answer));
    } catch (error) {
      throw this.#unrecorded(answered, error);
    }
    this.#recorded.push(answered);
    this.#open.delete(requestKey(identity));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { clock, lock, onClosed } = this.#options;
    try {
      const at = isoTime(clock.now());
      await this.#write({}, () => ({ changes: [{ type: 'endRun', run: this.id, at }], value: undefined }));
    } catch {
      // The lock alone says whether a run lives; the note is housekeeping, and the next run makes it.
    }
    await lock.release();
    onClosed();
  }

  #reserved(identity: RequestIdentity): ReservedRequest {
    const key = requestKey(identity);
    const planned = this.#options.reservation.moved.has(key) ? undefined : this.#planned.get(key);
    if (planned === undefined) throw new Error(`run ${this.id} has not reserved ${identity.key}`);
    return planned;
  }

  /** Resolves once what was decided is on the disk, where it can be found again. */
  async #write<T>(wanted: Wanted, decide: (facts: Facts) => Decision<T>): Promise<T> {
    try {
      return await this.#options.backend.commit(wanted, decide);
    } catch (error) {
      this.#rescue();
      throw error;
    }
  }

  /** Spools all answers where the ledger was taken away with them: the spool brings them into the next one. */
  #rescue(): void {
    try {
      this.#options.backend.check();
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
  #spool({ identity, attempt, causes, claimedAt, settledAt, outcome }: Answered): string | null {
    const { spec, backend } = this.#options;
    const planned = this.#planned.get(requestKey(identity));
    if (backend.spool === null || planned === undefined) return null;
    const { key, fingerprint, scene, shot, variant, take, model, mode, body } = planned.request;
    this.#spooled += 1;
    return backend.spool.write(`${this.id}-${String(this.#spooled).padStart(6, '0')}`, {
      scope: { provider: spec.scope.provider, project: spec.scope.project },
      request: { key, fingerprint, scene, shot, variant, take, model, mode, body },
      ...{ runId: this.id, by: spec.by, plan: spec.plan ?? null },
      ...{ attempt, causes, price: planned.price, currency: spec.currency },
      ...{ claimedAt, settledAt, outcome },
    });
  }
}

function lockGone(id: string): LedgerError {
  return new LedgerError(`the life lock of run ${id} was removed, so other runs take it for dead`, {
    help: 'Nothing more is sent. Leave the folder runs beside the ledger alone while something runs, and run again.',
  });
}
