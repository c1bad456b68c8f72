import { type Clock, longWait, type Random, systemClock } from '../core/clock.ts';
import { userAtHost } from '../core/user.ts';
import {
  type AttemptOutcome,
  type Claim,
  ClaimLostError,
  type Ledger,
  type LedgerRun,
  type LedgerScope,
  type Seen,
  UnrecordedError,
} from '../ledger/ledger.ts';
import type { Plan, PlannedRequest } from '../plan/model.ts';
import { createPace, type Pace, type Turn } from '../provider/pace.ts';
import type { CreateOutcome, Provider } from '../provider/provider.ts';
import { emptyResult, type RunEvent, type RunResult, type StopReason } from './events.ts';
import { doubtsBeforeStop, longestPauseMs } from './limits.ts';
import type { PricedLimits } from './priced-limits.ts';
import { isBefore } from './send-before.ts';
import { TaskHolders } from './task-holders.ts';

export interface RunOptions {
  /** The plan to send: exactly its `submit` requests, byte for byte their bodies. */
  readonly plan: Plan;
  readonly scope: LedgerScope;
  readonly ledger: Pick<Ledger, 'startRun' | 'tasks'>;
  readonly provider: Provider;
  /** Asked right before a claim: why a request must not be sent, or null. */
  readonly isReady?: ((request: PlannedRequest) => Promise<string | null>) | undefined;
  /** Limits on the project's spending in this ledger: a manifest's `budget`. Checked in the run's first transaction. */
  readonly limits: PricedLimits;
  /** Requests in flight at the most; 4 by default. */
  readonly concurrency?: number | undefined;
  /** Milliseconds between two requests; as fast as concurrency allows by default. */
  readonly intervalMs?: number | null | undefined;
  /** Number of times that a request that provably was not sent is tried again; 4 by default. */
  readonly retries?: number | undefined;
  /** The person who runs it, for the history; `user@host` by default. */
  readonly by?: string | undefined;
  /** Time for which the provider's answer is waited for, in milliseconds, for whoever settles what it left. */
  readonly answerTimeoutMs?: number | undefined;
  /** The digest of the approved plan that this is, or what is left of it; see `savedPlanDigest`. */
  readonly approvedPlan?: string | null | undefined;
  /** The system's by default. */
  readonly clock?: Clock | undefined;
  /** `Math.random` by default. */
  readonly random?: Random | undefined;
  /** Stops taking new requests; the answers under way are waited for. */
  readonly signal?: AbortSignal | undefined;
  /** Leaves at once: what was sent and not answered is in doubt. */
  readonly leaveSignal?: AbortSignal | undefined;
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
}

/**
 * Sends what a plan submits: each request is claimed in the ledger before its first byte goes out, and its answer is in
 * the ledger before its place is freed. Never throws for what happens to a request; the result tells.
 *
 * @throws BudgetError and ClaimLostError from the ledger when the run cannot start; nothing was sent then.
 * @throws LedgerError when the ledger cannot be used; what was sent by then is recorded, or in the spool.
 */
export async function run({
  concurrency = 4,
  intervalMs = null,
  retries = 4,
  by = userAtHost(),
  clock = systemClock,
  random = Math.random,
  ...rest
}: RunOptions): Promise<RunResult> {
  const options: Settled = { ...rest, concurrency, intervalMs, retries, by, clock, random };
  const requests = options.plan.requests.filter(({ action }) => action === 'submit');
  if (requests.length === 0) return emptyResult();

  const ledgerRun = await options.ledger.startRun({
    scope: options.scope,
    requests: requests.map((request) => ({ request, seen: request.seen, price: request.cost })),
    currency: options.plan.summary.currency,
    limits: options.limits,
    ...(options.limits.prices === undefined ? {} : { prices: options.limits.prices }),
    intervalMs: options.intervalMs,
    by: options.by,
    plan: options.approvedPlan ?? null,
    answerTimeoutMs: options.answerTimeoutMs ?? null,
  });
  try {
    const holders = new TaskHolders(await options.ledger.tasks(options.scope));
    return await new Submission(options, ledgerRun, requests, holders).finish();
  } finally {
    await ledgerRun.close();
  }
}

/** Options with their defaults. */
interface Settled extends RunOptions {
  readonly concurrency: number;
  readonly intervalMs: number | null;
  readonly retries: number;
  readonly by: string;
  readonly clock: Clock;
  readonly random: Random;
}

type Tally = 'accepted' | 'refused' | 'inDoubt' | 'notSent' | 'lost';

/** One run under way. */
class Submission {
  readonly #options: Settled;
  readonly #ledgerRun: LedgerRun;
  readonly #requests: readonly PlannedRequest[];
  /** The first request that no worker has taken up yet. */
  #next = 0;
  readonly #pace: Pace;
  readonly #tally: Record<Tally, number> = { accepted: 0, refused: 0, inDoubt: 0, notSent: 0, lost: 0 };
  readonly #holders: TaskHolders;
  #acceptances = 0;
  #doubtsInARow = 0;
  #stopped: RunResult['stopped'] = null;
  #failure: Error | undefined;

  constructor(
    options: Settled,
    ledgerRun: LedgerRun,
    requests: readonly PlannedRequest[],
    holders: TaskHolders,
  ) {
    this.#holders = holders;
    this.#options = options;
    this.#ledgerRun = ledgerRun;
    this.#requests = requests;
    this.#pace = createPace({
      concurrency: options.concurrency,
      clock: options.clock,
      random: options.random,
      nextSlot: () => ledgerRun.nextSlot(),
      onEvent: (event) => this.#emit(event),
    });
  }

  async finish(): Promise<RunResult> {
    const { signal, concurrency } = this.#options;
    const interrupt = (): void => this.#stop('interrupted', 'interrupted by the user');
    signal?.addEventListener('abort', interrupt, { once: true });
    this.#emit({ type: 'started', runId: this.#ledgerRun.id, requests: this.#requests.length, concurrency });
    if (signal?.aborted === true) interrupt();
    await Promise.all(this.#requests.map(() => this.#pace.run((turn) => this.#take(turn))));
    signal?.removeEventListener('abort', interrupt);

    if (this.#failure !== undefined) throw this.#failure;
    const planned = this.#requests.length;
    const result: RunResult = { runId: this.#ledgerRun.id, planned, ...this.#tally, stopped: this.#stopped };
    this.#emit({ type: 'finished', result });
    return result;
  }

  /**
   * Takes the next request and sends it. A worker chooses only once it may send: a slot of the rate that somebody else was
   * faster for goes to the next request, so runs that share a plan share its pace, too.
   */
  async #take(turn: Turn): Promise<void> {
    try {
      if (this.#next >= this.#requests.length) return;
      const admitted = await turn.ready();
      for (;;) {
        const request = this.#requests[this.#next];
        if (request === undefined) return;
        this.#next += 1;
        if (admitted && (await this.#isWithheld(request))) {
          this.#tally.notSent += 1;
          continue;
        }
        const claim = admitted ? await this.#claim(request, request.seen) : undefined;
        if (claim === null) {
          this.#tally.lost += 1;
          continue;
        }
        this.#tally[claim === undefined ? 'notSent' : await this.#submit(request, claim, turn)] += 1;
        return;
      }
    } catch (error) {
      // A ledger that cannot be written, or a bug: either way nothing more may be sent on the strength of it.
      this.#failure ??= error instanceof Error ? error : new Error(String(error));
      this.#stop('ledger', this.#failure.message);
    }
  }

  /** Sends a request that was claimed until its outcome is final or the run stops. */
  async #submit(request: PlannedRequest, first: Claim, turn: Turn): Promise<Tally> {
    let claim = first;
    let retries = 0;
    for (;;) {
      const { attempt } = claim;
      const outcome = await this.#send(request, claim);
      const settled = this.#judge(outcome);
      const again =
        settled.kind === 'throttled' ||
        (settled.kind === 'notSent' && outcome.kind === 'notSent' && retries < this.#options.retries);
      await this.#settle(request, attempt, settled, again && !this.#pace.stopped);
      if (settled.kind === 'accepted') this.#noteTask(request, settled);
      if (settled.kind === 'accepted' || settled.kind === 'refused' || settled.kind === 'inDoubt')
        return settled.kind;
      if (!again) return 'notSent';
      if (settled.kind === 'notSent') await turn.backOff(retries++);
      if (!(await turn.ready())) return 'notSent';
      // An attempt that came to nothing leaves the request as the plan saw it.
      const next = await this.#claim(request, { ...request.seen, attempts: attempt });
      if (next === null) return 'lost';
      claim = next;
    }
  }

  /** One id for two requests: one of them has no clip to wait for, and a person should know while it is fresh. */
  #noteTask({ key }: PlannedRequest, { taskId }: AttemptOutcome & { readonly kind: 'accepted' }): void {
    const other = this.#holders.note(key, taskId);
    if (other !== null) this.#emit({ type: 'sameTask', key, taskId, other });
  }

  async #isWithheld(request: PlannedRequest): Promise<boolean> {
    const message = (await this.#options.isReady?.(request)) ?? null;
    if (message !== null) this.#emit({ type: 'withheld', key: request.key, message });
    return message !== null;
  }

  /** Resolves to null where somebody else was faster. */
  async #claim(request: PlannedRequest, seen: Seen): Promise<Claim | null> {
    try {
      return await this.#ledgerRun.claim(request, seen);
    } catch (error) {
      if (!(error instanceof ClaimLostError)) throw error;
      this.#emit({ type: 'lost', key: request.key, message: error.message });
      return null;
    }
  }

  async #send(request: PlannedRequest, { attempt, sendBefore }: Claim): Promise<CreateOutcome> {
    // The run may have stopped while the claim was on its way to the disk: then the claim is given back unused.
    if (this.#pace.stopped)
      return { kind: 'notSent', code: 'stopped', error: 'the run stopped before it was sent' };
    const { provider, leaveSignal, clock } = this.#options;
    const mayBegin = (): boolean => isBefore(sendBefore, clock);
    if (!mayBegin())
      return { kind: 'notSent', code: 'claimLapsed', error: 'the claim lapsed before it was sent' };
    this.#emit({ type: 'sending', key: request.key, attempt });
    const options = sendBefore === null ? {} : { mayBegin };
    return provider.create(request.body, leaveSignal ? { ...options, signal: leaveSignal } : options);
  }

  /** Turns an answer into the outcome for the request and, where it bears on it, for the whole run. */
  #judge(outcome: CreateOutcome): AttemptOutcome {
    switch (outcome.kind) {
      case 'accepted':
        this.#acceptances += 1;
        this.#doubtsInARow = 0;
        this.#pace.accepted();
        return outcome;
      case 'throttled':
        this.#throttle(outcome.retryAfterMs);
        return { kind: 'throttled', code: outcome.code, error: outcome.error };
      case 'forbidden':
        if (this.#acceptances > 0) return { kind: 'refused', code: outcome.code, error: outcome.error };
        this.#stop('provider', outcome.error, outcome.help);
        return { kind: 'notSent', code: outcome.code, error: outcome.error };
      case 'stop':
        this.#stop('provider', outcome.error, outcome.help);
        return { kind: 'notSent', code: outcome.code, error: outcome.error };
      case 'inDoubt':
        this.#doubtsInARow += 1;
        if (this.#doubtsInARow >= doubtsBeforeStop) {
          this.#stop(
            'doubt',
            `${doubtsBeforeStop} requests in a row got no answer that tells their outcome (${outcome.error})`,
          );
        }
        return outcome;
      case 'notSent':
      case 'refused':
        return outcome;
    }
  }

  #throttle(retryAfterMs: number | null): void {
    if (retryAfterMs !== null && retryAfterMs > longestPauseMs) {
      const help = 'run again after that time: what was not sent is sent then';
      this.#stop('wait', `the provider asks to wait ${longWait(retryAfterMs)}`, help);
      return;
    }
    this.#pace.throttled(retryAfterMs);
  }

  async #settle(
    request: PlannedRequest,
    attempt: number,
    outcome: AttemptOutcome,
    again: boolean,
  ): Promise<void> {
    try {
      await this.#ledgerRun.settle(request, attempt, outcome);
    } catch (error) {
      if (error instanceof UnrecordedError) {
        const { taskId, spoolFile } = error;
        this.#emit({ type: 'unrecorded', key: request.key, taskId, spoolFile });
      }
      throw error;
    }
    this.#emit({ type: 'settled', key: request.key, attempt, outcome, again });
  }

  #stop(reason: StopReason, message: string, help?: string): void {
    if (this.#stopped !== null) return;
    this.#stopped = { reason, message, help };
    this.#pace.stop();
    this.#emit({ type: 'stopping', reason, message });
  }

  #emit(event: RunEvent): void {
    this.#options.onEvent?.(event);
  }
}
