import type { JsonObject } from '../core/canonical-json.ts';
import type { Mode } from '../core/mode.ts';
import type { AttemptTimes } from './attempt-times.ts';
import type { LedgerCollector, LedgerTask, SavedFile } from './collecting.ts';
import type { AttemptOutcome, LedgerEvent, Resolution, TaskUpdate } from './event.ts';
import type {
  Adoption,
  JournalEvent,
  PaidElsewhere,
  PlanAttempt,
  Renaming,
  TakenIn,
  Violation,
} from './history.ts';

export type {
  AttemptOutcome,
  LedgerEvent,
  LedgerFact,
  Place,
  Resolution,
  TaskUpdate,
} from './event.ts';
export { BudgetError, ClaimLostError, ResolutionError, UnrecordedError } from './failures.ts';

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
  /** What each of those cost, by the price of its time; a price that was not known then is null. */
  readonly charges: readonly { readonly price: number | null; readonly currency: string | null }[];
  readonly taskId: string | null;
  readonly errorCode: string | null;
  readonly error: string | null;
  /** When the latest attempt was claimed, ISO 8601. */
  readonly submittedAt: string | null;
  readonly completedAt: string | null;
  /** What else is known of when things happened to the attempt that decides the state. */
  readonly times: AttemptTimes;
  /** Kept apart from the history, and gone once the file is safe: it can carry a key id. */
  readonly videoUrl: string | null;
  /** In seconds, as the provider says. */
  readonly actualDuration: number | null;
  /** The task's clip, once it is safe on a disk. */
  readonly file: SavedFile | null;
  /** The run that claimed it last. */
  readonly runId: string | null;
  /** Position of its latest event in the ledger's history. */
  readonly seq: number;
}

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
  /** The digest of the approved plan that it sends; absent or null where it planned by itself. */
  readonly plan?: string | null | undefined;
}

/** What commands that only look need of a ledger. */
export interface LedgerReader {
  /** Every request of a scope that was ever reserved, in the order of first reservation. A claim of a dead run reads as `inDoubt`. */
  read(scope: LedgerScope): Promise<readonly LedgerEntry[]>;

  /** Every event of a key, oldest first, all fingerprints together; empty where nothing was ever reserved under it. */
  history(scope: LedgerScope, key: string): Promise<readonly LedgerEvent[]>;

  /** Every event of a project, or of the whole ledger, in the order of the journal. */
  exportHistory(project: string | null): Promise<readonly JournalEvent[]>;

  /** Which of these fingerprints were paid, or may have been, in other projects of the provider. */
  paidElsewhere(scope: LedgerScope, fingerprints: ReadonlySet<string>): Promise<readonly PaidElsewhere[]>;

  /** The attempts that runs of an approved plan made, by its digest. */
  attemptsOfPlan(scope: LedgerScope, plan: string): Promise<readonly PlanAttempt[]>;

  /** Whether every event of a journal with this digest is in. */
  holdsJournal(digest: string): Promise<boolean>;

  /**
   * Checks every invariant of the states, and says what breaks. `fingerprintOf` computes what a body and a take must be
   * filed under.
   */
  verify(fingerprintOf: (body: JsonObject, take: number) => string): Promise<readonly Violation[]>;

  /** Waits for what was asked for, and lets go of every run that is still open. */
  close(): Promise<void>;
}

/**
 * The durable memory of what was sent and what came back. Every method that changes something resolves only once the
 * change is on the disk. States are a fold over events (`fold.ts`); nothing is ever rewritten.
 */
export interface Ledger extends LedgerReader {
  /**
   * Registers a run, takes its life lock and reserves its whole plan against the limits, in one transaction. What has
   * moved since the plan was made is not reserved, and its claim fails: runs that start together share their plan. A
   * request that several runs have reserved counts once.
   *
   * @throws BudgetError when what was spent, what live runs have reserved and this plan together cross a limit.
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

  /**
   * Records what polling learnt of a task; an update that says nothing new adds no event. A URL is kept until the file is
   * safe, the latest one only.
   */
  updateTask(scope: LedgerScope, identity: RequestIdentity, update: TaskUpdate): Promise<void>;

  /** Every task that was ever accepted, those of earlier attempts included, in the order of reservation. */
  tasks(scope: LedgerScope): Promise<readonly LedgerTask[]>;

  /** Begins to collect; takes a life lock as a run does, so that the downloads of a dead collector are free at once. */
  startCollector(scope: LedgerScope): Promise<LedgerCollector>;

  /**
   * Takes in events of other ledgers: all or none. What is in already stays as it is; what contradicts it is told.
   * `digest` notes the journal that they came from.
   *
   * @throws LedgerError when an event belongs to a claim that is neither in the ledger nor among the events.
   */
  takeIn(events: readonly JournalEvent[], digest: string | null): Promise<TakenIn>;

  /**
   * Files what was sent under an old name under a new one; with `only`, no more than what becomes one of these requests.
   *
   * @returns what was moved, in the order of first reservation.
   * @throws ResolutionError when nothing is filed under the old name, a live run has some of it, or the same request was
   *   paid under the new name as well.
   */
  adopt(
    provider: string,
    renaming: Renaming,
    by: string,
    only?: readonly RequestIdentity[],
  ): Promise<readonly Adoption[]>;
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
