import type { JsonObject } from '../core/canonical-json.ts';
import type { JournalEvent } from './journal/journal-event.ts';
import type { Download, LedgerTask, SavedFile, TasksSeen } from './model/clip.ts';
import type { DecisionOnClip } from './model/clip-decision.ts';
import type { LedgerEntry, RequestState, Seen } from './model/entry.ts';
import type { LedgerEvent } from './model/event.ts';
import type { LedgerScope, RequestIdentity, TaskIdentity } from './model/identity.ts';
import type { LedgerAttempt } from './model/ledger-attempt.ts';
import type { Adoption, PaidElsewhere, PlanAttempt, Renaming, TakenIn, Violation } from './model/moving.ts';
import type { AttemptOutcome, Resolution, TaskUpdate } from './model/outcome.ts';
import type { RunSpec } from './model/run-spec.ts';

export type { Download, LedgerTask, SavedFile, TasksSeen } from './model/clip.ts';
export type { ClipDecision, ClipStanding, DecisionOnClip } from './model/clip-decision.ts';
export {
  type LedgerEntry,
  type RequestState,
  requestStates,
  type Seen,
} from './model/entry.ts';
export type { LedgerEvent } from './model/event.ts';
export { BudgetError, ClaimLostError, ResolutionError, UnrecordedError } from './model/failures.ts';
export type { LedgerRequest, LedgerScope, Place, RequestIdentity, TaskIdentity } from './model/identity.ts';
export type { LedgerAttempt } from './model/ledger-attempt.ts';
export type {
  Adoption,
  PaidElsewhere,
  PlanAttempt,
  Renaming,
  TakenIn,
  Violation,
} from './model/moving.ts';
export type { AttemptOutcome, Resolution, TaskUpdate } from './model/outcome.ts';
export type { ReservedRequest, RunSpec, SpendLimits } from './model/run-spec.ts';

/** The end of a history. */
export interface HistoryTail {
  /** The position of the ledger's latest event: where to go on from. */
  readonly seq: number;
  /** In the order of the journal. */
  readonly events: readonly JournalEvent[];
}

/** The page to read. */
export interface Paging {
  /** Begins after this request; at the first one by default. */
  readonly after?: RequestIdentity | undefined;
  /** Number of requests at most; all by default. */
  readonly limit?: number | undefined;
}

/** Counts and sums over a scope. */
export interface LedgerTotals {
  readonly requests: number;
  readonly states: Readonly<Record<RequestState, number>>;
  /** Number of attempts that were billed, or may have been. */
  readonly billed: number;
  /** Their cost, a currency each; null stands for attempts without one. */
  readonly costs: readonly {
    readonly currency: string | null;
    readonly cost: number;
    /** Number of them that had no known price: the cost is without them. */
    readonly unpriced: number;
  }[];
  /** The position of the ledger's latest event. */
  readonly seq: number;
}

/** The changes in a scope. */
export interface LedgerChanges {
  /** The position of the ledger's latest event: where to go on from. */
  readonly seq: number;
  /** The requests that have events since, as they are now. That a run died makes no event. */
  readonly entries: readonly LedgerEntry[];
  /** The tasks of these requests. */
  readonly tasks: readonly LedgerTask[];
}

/** Requests that somebody else says were sent. */
export interface Claims {
  readonly events?: readonly { readonly id: string; readonly at: string }[];
  readonly taskIds?: readonly string[];
  /** Fingerprints that were claimed. */
  readonly fingerprints?: readonly string[];
}

/** A ledger for commands that only look. */
export interface LedgerReader {
  /**
   * Every request of a scope that was ever reserved, in the order of first reservation (of its name, where it was renamed),
   * as they are at one moment. A claim of a dead run reads as `inDoubt`.
   */
  read(scope: LedgerScope): Promise<readonly LedgerEntry[]>;

  /** The same page by page, so that nobody has to hold them all. Each page is as of its own moment. */
  entries(scope: LedgerScope, paging?: Paging): AsyncIterable<LedgerEntry>;

  /** Counts and sums, for which nobody has to hold the requests. */
  totals(scope: LedgerScope): Promise<LedgerTotals>;

  /** Changes since the event at position `seq`; 0 for everything. */
  changesSince(scope: LedgerScope, seq: number): Promise<LedgerChanges>;

  /** Picks the event ids, task ids and fingerprints that the ledger knows, all projects together. */
  knows(claims: Claims): Promise<{
    /** Ids. */
    readonly events: ReadonlySet<string>;
    readonly taskIds: ReadonlySet<string>;
    readonly fingerprints: ReadonlySet<string>;
  }>;

  /** Every task that was ever accepted, those of earlier attempts included, in the order of reservation. */
  tasks(scope: LedgerScope): Promise<readonly LedgerTask[]>;

  /** Every claim at a provider, whatever became of it, all projects together: what a bill can be held against. */
  attempts(provider: string): Promise<readonly LedgerAttempt[]>;

  /** Every event of a key, oldest first, all fingerprints together; empty where nothing was ever reserved under it. */
  history(scope: LedgerScope, key: string): Promise<readonly LedgerEvent[]>;

  /** Every event of a project, or of the whole ledger, in the order of the journal. */
  exportHistory(project: string | null): Promise<readonly JournalEvent[]>;

  /** The events of a project that this ledger got after the position `seq`, 0 for all of them. */
  exportSince(project: string, seq: number): Promise<HistoryTail>;

  /** Picks the fingerprints that were paid, or may have been, in other projects of the provider. */
  paidElsewhere(
    scope: LedgerScope,
    fingerprints: Pick<ReadonlySet<string>, 'has'>,
  ): Promise<readonly PaidElsewhere[]>;

  /** The attempts that runs of an approved plan made, by its digest. */
  attemptsOfPlan(scope: LedgerScope, plan: string): Promise<readonly PlanAttempt[]>;

  /** True where every event of a journal with this digest is in. */
  holdsJournal(digest: string): Promise<boolean>;

  /**
   * Checks every invariant of the states, and says what breaks. `fingerprintOf` computes what a body and a take may be
   * filed under.
   */
  verify(
    fingerprintOf: (body: JsonObject, take: number) => string | readonly string[],
  ): Promise<readonly Violation[]>;

  /** Waits for what was asked for, and lets go of every run that is still open. */
  close(): Promise<void>;
}

/**
 * The durable memory of what was sent and what came back. Every method that changes something resolves only once the
 * change is on the disk. States are a fold over events (`model/fold.ts`); nothing is ever rewritten.
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
   * Records what a person settled, or settles otherwise than he, or somebody else, did before.
   *
   * @throws ResolutionError when the request is not in a state that allows it (a live claim, one that the provider
   *   answered), when something was sent on the strength of the earlier decision, or when the task id belongs to another
   *   request.
   */
  resolve(
    scope: LedgerScope,
    identity: RequestIdentity,
    resolution: Resolution,
    by: string,
  ): Promise<LedgerEntry>;

  /** The same for several requests: all of them, or none. */
  resolveAll(
    scope: LedgerScope,
    identities: readonly RequestIdentity[],
    resolution: Resolution,
    by: string,
  ): Promise<readonly LedgerEntry[]>;

  /**
   * Records what polling learnt of a task; an update that says nothing new adds no event. A URL is kept until the file is
   * safe, the latest one only.
   */
  updateTask(scope: LedgerScope, identity: RequestIdentity, update: TaskUpdate): Promise<void>;

  /**
   * The tasks of the requests that something happened to since such a look, with where the next look begins: a look costs
   * what has changed. 0 looks at everything.
   */
  tasksSince(scope: LedgerScope, since: number): Promise<TasksSeen>;

  /** True where a live run has a claim under way. Costs next to nothing while no run lives. */
  isSending(scope: LedgerScope): Promise<boolean>;

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
   * Records what a person says of clips: all of it, or nothing. A pick moves that of another take of its version; none of
   * it changes what was paid.
   *
   * @returns of each decision whether it was new; what stands already adds no event.
   * @throws ResolutionError for a pick of what has no clip.
   */
  decideClips(
    scope: LedgerScope,
    decisions: readonly DecisionOnClip[],
    by: string,
  ): Promise<readonly boolean[]>;

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

/** A request that is this run's to send. */
export interface Claim {
  /** Its place among the attempts of its request, from 1. */
  readonly attempt: number;
  /** Time before which its first byte may be written; null where the claim holds as long as the run lives. */
  readonly sendBefore: SendBefore | null;
}

/** The end of sending by two clocks: one stands still in a suspended machine, the other can be set. */
export interface SendBefore {
  /** Milliseconds of the machine's monotonic clock. */
  readonly monotonic: number;
  /** Milliseconds since the epoch, by the machine's clock. */
  readonly wall: number;
}

/** A live run's hold on the ledger. While its process lives, nobody can take or settle its claims. */
export interface LedgerRun {
  readonly id: string;

  /**
   * The time that the next request has to wait, in milliseconds, by the strictest rate among this ledger's live runs;
   * the slot is taken by asking. 0 where no live run has a rate.
   */
  nextSlot(): Promise<number>;

  /**
   * Claims a request before its first byte is sent.
   *
   * @throws ClaimLostError when its state or attempts are no longer `seen`, or when another request of the same key is
   *   being sent or in doubt.
   */
  claim(identity: RequestIdentity, seen: Seen): Promise<Claim>;

  /**
   * Records how an attempt ended.
   *
   * @throws UnrecordedError when the ledger can't be written; an accepted task id is then in the spool.
   */
  settle(identity: RequestIdentity, attempt: number, outcome: AttemptOutcome): Promise<void>;

  /** Lets what was reserved and not claimed lapse, and gives up the life lock. */
  close(): Promise<void>;
}

/** A live collector's hold on downloads: a clip is downloaded by one process at a time. */
export interface LedgerCollector {
  readonly id: string;

  /** Takes a download, as far as it came; null where a live collector has it or the file is safe already. */
  takeDownload(task: TaskIdentity): Promise<Download | null>;

  /** Notes how far a download is. False, and nothing noted, where the download of another task has that stem. */
  noteDownload(task: TaskIdentity, download: Download): Promise<boolean>;

  /** Gives a download up, to be taken again later. */
  leaveDownload(task: TaskIdentity): Promise<void>;

  /** The file is whole under its final name: the history gets it, and the URL and the download are forgotten. */
  fileSaved(task: TaskIdentity, file: SavedFile): Promise<void>;

  /** Notes what a look at the pictures and the sound of a saved clip found; nothing found is an empty list. */
  fileInspected(task: TaskIdentity, qc: readonly string[]): Promise<void>;

  /**
   * A person gives up a clip that nobody saved in time: the history gets it, and the URL and the download are forgotten.
   * False, and nothing noted, where the file is safe.
   */
  giveUpClip(task: TaskIdentity, by: string): Promise<boolean>;

  /** Frees its downloads, and gives up the life lock. */
  close(): Promise<void>;
}
