import type { LifeLocks } from './life/life-locks.ts';
import type { Download } from './model/clip.ts';
import type { IsLive, StoredEvent } from './model/event.ts';
import type { LedgerRequest, LedgerScope, Place, RequestIdentity } from './model/identity.ts';
import type { Spool } from './spool/spool.ts';

/**
 * The medium that holds a ledger. It loads, appends and locks, and decides nothing: what is loaded goes into a decision
 * (`decide/`), and what is appended comes out of one.
 */
export interface Backend {
  /** Facts as they are at one moment. Who lives is asked first: what a run recorded just before its end is seen. */
  load(wanted: Wanted): Promise<Facts>;

  /**
   * Loads what a decision wants, decides, and appends what follows, as if nobody else were there. Resolves once that is
   * on the disk, where it will be found again; decisions that wait at the same moment may share a transaction. `decide`
   * is pure and may be asked more than once.
   *
   * @throws what the decision was refused with; then nothing was appended.
   */
  commit<T>(wanted: Wanted, decide: (facts: Facts) => Decision<T>): Promise<T>;

  /** The medium that the ledger is kept in. */
  about(): Promise<Medium>;

  /** Mistakes that the medium itself finds in what it holds, a sentence each. */
  damage(): Promise<readonly string[]>;

  /** @throws LedgerError where what was committed can't be found again. */
  check(): void;

  readonly locks: LifeLocks;

  /** The spool for answers that can't be appended; null where there is no disk. */
  readonly spool: Spool | null;

  /** Waits for what was asked for, and lets go of the medium. */
  close(): Promise<void>;
}

/** The medium of a ledger. */
export interface Medium {
  /** For people: `SQLite 3.50.1`, `PostgreSQL 15.14`. */
  readonly name: string;
  /** The version of the schema; null where there is none. */
  readonly schema: number | null;
}

/** The facts that a decision wants. A backend loads nothing else. */
export interface Wanted {
  readonly requests?: readonly RequestsWanted[];
  /** With the requests as they were sent, bodies included. */
  readonly bodies?: boolean;
  /** With the links to their clips, and the downloads under way. */
  readonly clips?: boolean;
  /** The runs of the events that are loaded, and those that were not closed. */
  readonly runs?: boolean;
  /** Reservations of the runs of a project, or of all where it is null, that were not closed. */
  readonly reservations?: { readonly provider: string; readonly project: string | null };
  /** Tasks with these ids, and the requests that hold them; all, where no ids are named. */
  readonly tasks?: { readonly provider: string | null; readonly ids?: readonly string[] };
  /** Names of events that may be in. */
  readonly known?: readonly EventName[];
  /** Fingerprints that may have been claimed, under any name; or all that were, in a provider's other projects. */
  readonly claimed?: readonly string[] | { readonly provider: string; readonly notIn: string };
  /** Digest of a journal that may be in. */
  readonly journal?: string;
  /** The latest place in the queue for sending. */
  readonly pace?: boolean;
  /** Names of fingerprints under which something was filed that was renamed. */
  readonly renames?: boolean;
  /** Stem of a file's name, to find the task whose download goes to it, as far as names differ on every disk. */
  readonly stem?: string;
  /** Times for which open claims may still be answered by runs that do not live. */
  readonly lateAnswers?: boolean;
}

/** The name of an event; its time is in its id, too, and tells where to look for it. */
export interface EventName {
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
}

/** Requests that a decision is about. */
export type RequestsWanted =
  /** Those of a scope, in the order of first reservation: after one of them, so many, or with events younger than `since`. */
  | {
      readonly scope: LedgerScope;
      readonly after?: RequestIdentity | undefined;
      readonly limit?: number | undefined;
      readonly since?: number | undefined;
    }
  /** Every version of some keys, and whatever has these fingerprints under any name. */
  | {
      readonly scope: LedgerScope;
      readonly keys: readonly string[];
      readonly fingerprints: readonly string[];
    }
  /** Requests with these fingerprints, under any name. */
  | { readonly provider: string; readonly fingerprints: readonly string[] }
  /** The whole of a project, or what of it has events younger than `since`; of every project where it is null. */
  | { readonly project: string | null; readonly since?: number };

/** A request as a backend keeps it: filed under one name for ever. A rename files its events elsewhere. */
export interface StoredRequest extends RequestIdentity, LedgerScope {
  readonly id: number;
  readonly model: string;
  /** In the order in which this ledger got them. */
  readonly events: readonly StoredEvent[];
}

/** A run as a backend keeps it. */
export interface StoredRun {
  readonly id: string;
  readonly scope: LedgerScope;
  readonly by: string;
  /** The digest of the approved plan that it sends. */
  readonly plan: string | null;
  readonly currency: string | null;
  readonly intervalMs: number | null;
  /** Time that it waits for an answer, in milliseconds; left out where that is not known. */
  readonly answerTimeoutMs?: number | null;
  readonly ended: boolean;
}

/** The reservation of a run. */
export interface StoredReservation {
  readonly run: string;
  readonly request: number;
  readonly price: number | null;
}

/** A download, and who is at work on it: the id of a collector, or null. */
export interface StoredDownload extends Download {
  readonly request: number;
  readonly task: string;
  readonly holder: string | null;
}

/** Facts at one moment; those that were not wanted are empty. */
export interface Facts {
  /** In the order of first reservation, each once. */
  readonly requests: readonly StoredRequest[];
  readonly bodies: ReadonlyMap<number, LedgerRequest>;
  /** For each claim, by its position, the request under whose name it was made: its body is what was sent. */
  readonly origins: ReadonlyMap<number, number>;
  readonly runs: ReadonlyMap<string, StoredRun>;
  readonly reservations: readonly StoredReservation[];
  readonly tasks: readonly StoredTask[];
  readonly known: ReadonlySet<string>;
  readonly claimed: ReadonlySet<string>;
  readonly holdsJournal: boolean;
  readonly pace: StoredPace | undefined;
  readonly links: readonly StoredLink[];
  readonly downloads: readonly StoredDownload[];
  /** By `identityKey`. */
  readonly renamed: ReadonlySet<string>;
  readonly stemHolder: { readonly request: number; readonly task: string } | undefined;
  /** The position of the latest event of the ledger. */
  readonly seq: number;
  readonly isLive: IsLive;
  /** True for a run that does not live and may come back and go on; none does where this is left out. */
  readonly mayReturn?: IsLive;
  /**
   * In milliseconds, by the id of a claim: how long its run, should it come back, may still send or answer it. Left out for
   * what cannot be answered any more.
   */
  readonly lateAnswers?: ReadonlyMap<string, number>;
}

/** The facts where nothing was wanted. */
export const noFacts: Omit<Facts, 'isLive'> = {
  requests: [],
  bodies: new Map(),
  origins: new Map(),
  runs: new Map(),
  reservations: [],
  tasks: [],
  known: new Set(),
  claimed: new Set(),
  holdsJournal: false,
  pace: undefined,
  links: [],
  downloads: [],
  renamed: new Set(),
  stemHolder: undefined,
  seq: 0,
};

/** A task, and the request that holds it. */
export interface StoredTask {
  readonly provider: string;
  readonly id: string;
  readonly request: number;
  readonly key: string;
}

export interface StoredLink {
  readonly request: number;
  readonly task: string;
  readonly url: string;
}

/** The queue for sending, in milliseconds of the machine's monotonic clock. */
export interface StoredPace {
  readonly lastSlot: number;
  readonly askedAt: number;
}

/** One string for what makes a request this request and no other, its scope included. */
export function identityKey({ provider, project, key, fingerprint }: LedgerScope & RequestIdentity): string {
  return `${provider} ${project} ${key} ${fingerprint}`;
}

/** The result of a decision. */
export interface Decision<T> {
  readonly changes: readonly Change[];
  readonly value: T;
}

/** A request that a decision is about: one that is there by its number, one that is to be made by its identity. */
export type RequestRef = number | (Place & { readonly provider: string; readonly fingerprint: string });

/** One thing to append. Nothing but housekeeping (what is reserved, under way, or a link) is ever taken back. */
export type Change =
  /** Makes a request where there is none of its identity; elsewhere it does nothing. */
  | { readonly type: 'request'; readonly scope: LedgerScope; readonly request: LedgerRequest }
  /**
   * `origin`: for a claim, the request under whose name it is made. `guard`: a number that only one claim may have there;
   * who comes second fails.
   */
  | {
      readonly type: 'event';
      readonly request: RequestRef;
      readonly event: NewEvent;
      readonly origin?: RequestRef;
      readonly guard?: number;
    }
  /** Files an event with another request. */
  | { readonly type: 'file'; readonly seq: number; readonly request: RequestRef }
  /** Notes a run that is not noted yet. */
  | { readonly type: 'run'; readonly run: StoredRun; readonly at: string }
  /** Notes that a run is over, and lets what it had reserved lapse. */
  | { readonly type: 'endRun'; readonly run: string; readonly at: string }
  | {
      readonly type: 'reserve';
      readonly run: string;
      readonly request: RequestRef;
      readonly price: number | null;
    }
  /** The first to get an id holds it. */
  | { readonly type: 'task'; readonly provider: string; readonly id: string; readonly request: RequestRef }
  /** Lets go of a task's id, where this request holds it. */
  | { readonly type: 'freeTask'; readonly provider: string; readonly id: string; readonly request: number }
  | { readonly type: 'pace'; readonly pace: StoredPace }
  | { readonly type: 'journal'; readonly digest: string }
  | {
      readonly type: 'link';
      readonly request: RequestRef;
      readonly task: string;
      /** Null drops it. */
      readonly url: string | null;
    }
  | {
      readonly type: 'download';
      readonly request: RequestRef;
      readonly task: string;
      /** Null drops it. */
      readonly download: Omit<StoredDownload, 'request' | 'task'> | null;
    };

/** An event that is to be appended. */
export type NewEvent = StoredEvent extends infer Event
  ? Event extends StoredEvent
    ? Omit<Event, 'seq'>
    : never
  : never;
