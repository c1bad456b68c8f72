import type { AttemptOutcome } from '../ledger/ledger.ts';

/** An event of a run, told as it happens: for progress, `--verbose` and tests. */
export type RunEvent =
  | {
      readonly type: 'started';
      readonly runId: string;
      readonly requests: number;
      readonly concurrency: number;
    }
  /** The claim is durable; the request goes out now. */
  | { readonly type: 'sending'; readonly key: string; readonly attempt: number }
  /** The outcome of an attempt, durable in the ledger. */
  | {
      readonly type: 'settled';
      readonly key: string;
      readonly attempt: number;
      readonly outcome: AttemptOutcome;
      /** True where the run will send the request again by itself. */
      readonly again: boolean;
    }
  /** The provider answered with the id of a task that is another request's already. */
  | { readonly type: 'sameTask'; readonly key: string; readonly taskId: string; readonly other: string }
  /** Another run, or a person, was faster: this request was not sent by this run. */
  | { readonly type: 'lost'; readonly key: string; readonly message: string }
  /** A file that it names is not there any more as the plan saw it: neither claimed nor sent. */
  | { readonly type: 'withheld'; readonly key: string; readonly message: string }
  /** Nothing is sent before `until` (milliseconds since the epoch), because the provider asked for a pause. */
  | { readonly type: 'paused'; readonly until: number }
  | { readonly type: 'concurrency'; readonly limit: number }
  /** An answer came back and could not be written to the ledger. */
  | {
      readonly type: 'unrecorded';
      readonly key: string;
      readonly taskId: string | null;
      readonly spoolFile: string | null;
    }
  /** No further request is sent; the answers under way are waited for. */
  | { readonly type: 'stopping'; readonly reason: StopReason; readonly message: string }
  | { readonly type: 'finished'; readonly result: RunResult };

/**
 * The reason why a run ended before its plan was done. `interrupted`: the caller's signal. `provider`: nothing else
 * could have succeeded. `doubt`: five outcomes in a row are unknown. `wait`: the provider asked for a longer wait than
 * a run makes. `ledger`: an answer could not be recorded.
 */
export type StopReason = 'interrupted' | 'provider' | 'doubt' | 'wait' | 'ledger';

/** The result of a run. Each request of the plan that was to be submitted is counted once, by its last attempt. */
export interface RunResult {
  readonly runId: string | null;
  readonly planned: number;
  readonly accepted: number;
  readonly refused: number;
  readonly inDoubt: number;
  /** Provably not sent in the end: the run stopped first, or the retries were used up. */
  readonly notSent: number;
  /** Taken by another run, or settled by a person, between plan and claim. */
  readonly lost: number;
  readonly stopped: {
    readonly reason: StopReason;
    readonly message: string;
    readonly help: string | undefined;
  } | null;
}

/** The result of a run that had nothing to send. */
export function emptyResult(): RunResult {
  return { runId: null, planned: 0, accepted: 0, refused: 0, inDoubt: 0, notSent: 0, lost: 0, stopped: null };
}
