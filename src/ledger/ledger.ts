import type { JsonObject } from '../core/canonical-json.ts';
import { LedgerError, StoppedError } from '../core/errors.ts';
import type { Mode } from '../core/mode.ts';
import type { TaskStatus } from '../core/task-status.ts';

/** The states of a request, in the order in which reports count them. */
export const requestStates = [
  'pending',
  'sending',
  'inDoubt',
  'refused',
  'queued',
  'processing',
  'completed',
  'failed',
  'abandoned',
] as const;
export type RequestState = (typeof requestStates)[number];

/** Whose requests: a provider's origin (`loopback` for every loopback origin) and the manifest's project. */
export interface LedgerScope {
  readonly provider: string;
  readonly project: string;
}

/** What makes a request this request and no other, within a scope. */
export interface RequestIdentity {
  readonly key: string;
  readonly fingerprint: string;
}

/** What the ledger keeps of a request from the moment a run reserves it. */
export interface LedgerRequest extends RequestIdentity {
  readonly scene: string | null;
  readonly shot: string;
  readonly variant: string | null;
  readonly take: number;
  readonly model: string;
  readonly mode: Mode;
  readonly body: JsonObject;
}

/** A request and everything that is known of it, folded from its events. */
export interface LedgerEntry extends LedgerRequest {
  readonly state: RequestState;
  /** How often it was claimed (the number of the last attempt); each attempt is at most one billed call. */
  readonly attempts: number;
  /**
   * Sum of the prices of the attempts that were billed or may have been; null where one of those had no known price, or
   * where they were priced in different currencies.
   */
  readonly cost: number | null;
  readonly currency: string | null;
  /** How many attempts were billed or may have been (in doubt and sending count). */
  readonly billed: number;
  readonly taskId: string | null;
  readonly errorCode: string | null;
  readonly error: string | null;
  /** When the latest attempt was claimed, ISO 8601. */
  readonly submittedAt: string | null;
  readonly completedAt: string | null;
  readonly videoUrl: string | null;
  /** In seconds, as the provider says. */
  readonly actualDuration: number | null;
  /** The run that claimed it last. */
  readonly runId: string | null;
  /** Position of its latest event in the ledger's history. */
  readonly seq: number;
}

/** How one attempt ended. `notSent` and `throttled` leave the request pending. */
export type AttemptOutcome =
  | {
      readonly kind: 'accepted';
      readonly taskId: string;
      readonly status: TaskStatus;
      readonly error: string | null;
    }
  | { readonly kind: 'notSent'; readonly code: string; readonly error: string }
  | { readonly kind: 'throttled'; readonly code: string; readonly error: string }
  | { readonly kind: 'refused'; readonly code: string; readonly error: string }
  | { readonly kind: 'inDoubt'; readonly code: string; readonly error: string };

/** What a person settled about a request whose outcome was unknown. */
export type Resolution =
  | { readonly kind: 'taskId'; readonly taskId: string }
  | { readonly kind: 'notSubmitted' }
  | { readonly kind: 'abandoned' }
  | { readonly kind: 'reopened' };

/** What was learnt of a task after it was accepted. Null says nothing new: what was known before stays. */
export interface TaskUpdate {
  /** Which task: a late answer about an earlier attempt's task must not be taken for the current one's. */
  readonly taskId: string;
  readonly status: TaskStatus;
  readonly error: string | null;
  readonly videoUrl: string | null;
  readonly actualDuration: number | null;
}

/** One line of a request's history. Events are only ever added. */
export type LedgerEvent = {
  readonly seq: number;
  readonly key: string;
  readonly fingerprint: string;
  /** ISO 8601. */
  readonly at: string;
} & LedgerFact;

export type LedgerFact =
  | {
      readonly type: 'claimed';
      readonly attempt: number;
      /** Its number in the ledger that made it, where that number was taken in this one; see `history.ts`. */
      readonly origin?: number;
      readonly runId: string;
      readonly price: number | null;
      readonly currency: string | null;
    }
  | { readonly type: 'settled'; readonly attempt: number; readonly outcome: AttemptOutcome }
  | {
      readonly type: 'resolved';
      readonly attempt: number;
      readonly resolution: Resolution;
      readonly by: string;
    }
  | { readonly type: 'task'; readonly update: TaskUpdate };

/** What the plan saw of a request; a claim fails when either has moved. */
export interface Seen {
  readonly state: RequestState;
  readonly attempts: number;
}

/** One request that a run is going to send. */
export interface ReservedRequest {
  readonly request: LedgerRequest;
  readonly seen: Seen;
  readonly price: number | null;
}

/** What a project may spend in this ledger, all runs together; null where there is no limit. */
export interface SpendLimits {
  readonly maxCost: number | null;
  readonly maxRequests: number | null;
}

export interface RunSpec {
  readonly scope: LedgerScope;
  readonly requests: readonly ReservedRequest[];
  readonly currency: string | null;
  readonly limits: SpendLimits;
  /**
   * Today's price of a request, by model, in `currency`: what an earlier attempt counts for under `limits.maxCost` when
   * no price was known at the time it was sent. The prices of `requests` need not be repeated.
   */
  readonly prices?: Readonly<Record<string, number>>;
  /** Milliseconds between two requests at this run's `--rate`; null without one. */
  readonly intervalMs: number | null;
  /** Who started it, for the history: `user@host`. */
  readonly by: string;
}

/** What commands that only look need of a ledger. */
export interface LedgerReader {
  /** Every request of a scope that was ever reserved, in the order of first reservation. A claim of a dead run reads as `inDoubt`. */
  read(scope: LedgerScope): Promise<readonly LedgerEntry[]>;

  /** Every event of a key, oldest first, all fingerprints together; empty where nothing was ever reserved under it. */
  history(scope: LedgerScope, key: string): Promise<readonly LedgerEvent[]>;

  /** Waits for what was asked for, and lets go of every run that is still open. */
  close(): Promise<void>;
}

/**
 * The durable memory of what was sent and what came back. Every method that changes something resolves only once the
 * change is on the disk. States are a fold over events (`fold.ts`); nothing is ever rewritten.
 */
export interface Ledger extends LedgerReader {
  /**
   * Registers a run, takes its life lock and reserves its whole plan against the limits, in one transaction.
   *
   * @throws BudgetError when what was spent, what live runs have reserved and this plan together cross a limit.
   * @throws ClaimLostError when a request is no longer as the plan saw it.
   */
  startRun(spec: RunSpec): Promise<LedgerRun>;

  /**
   * Records what a person settled.
   *
   * @throws ResolutionError when the request is not in a state that allows it (a live claim, a settled one) or the task
   *   id belongs to another request.
   */
  resolve(
    scope: LedgerScope,
    identity: RequestIdentity,
    resolution: Resolution,
    by: string,
  ): Promise<LedgerEntry>;

  /** Records what polling learnt of a task; an update that says nothing new adds no event. */
  updateTask(scope: LedgerScope, identity: RequestIdentity, update: TaskUpdate): Promise<void>;
}

/** A live run's hold on the ledger. While its process lives, nobody can take or settle its claims. */
export interface LedgerRun {
  readonly id: string;

  /**
   * When the next request may be sent, in milliseconds since the epoch, by the strictest rate among the live runs of
   * this ledger; the slot is taken by asking. 0 where no live run has a rate.
   */
  nextSlot(): Promise<number>;

  /**
   * Claims a request before its first byte is sent.
   *
   * @returns the attempt's number, from 1.
   * @throws ClaimLostError when its state or attempts are no longer `seen`, or when another request of the same key is
   *   being sent or in doubt.
   */
  claim(identity: RequestIdentity, seen: Seen): Promise<number>;

  /**
   * Records how an attempt ended.
   *
   * @throws UnrecordedError when the ledger can't be written; an accepted task id is then in the spool.
   */
  settle(identity: RequestIdentity, attempt: number, outcome: AttemptOutcome): Promise<void>;

  /** Lets what was reserved and not claimed lapse, and gives up the life lock. */
  close(): Promise<void>;
}

/** A request moved between plan and claim: another run, or a person, was faster. */
export class ClaimLostError extends StoppedError {
  readonly key: string;
  constructor(key: string, message: string, options: { help?: string; cause?: unknown } = {}) {
    super(message, options);
    this.key = key;
  }
}

/** Sending the plan would cross a limit of the manifest's budget. Nothing was sent. */
export class BudgetError extends StoppedError {}

/** A person's decision does not fit what the ledger knows. */
export class ResolutionError extends StoppedError {}

/** An answer could not be written to the ledger. */
export class UnrecordedError extends LedgerError {
  /** The id that came back, so that it can be shown; null where the answer carried none. */
  readonly taskId: string | null;
  /** Where the answer was put instead; null where that failed as well. */
  readonly spoolFile: string | null;
  constructor(
    message: string,
    details: { taskId: string | null; spoolFile: string | null; help?: string; cause?: unknown },
  ) {
    super(message, details);
    this.taskId = details.taskId;
    this.spoolFile = details.spoolFile;
  }
}
