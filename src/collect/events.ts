import type { TaskStatus } from '../core/task-status.ts';
import type { LedgerTask, SavedFile } from '../ledger/model/clip.ts';

/** An event of a collect, told as it happens: for progress, `--verbose` and tests. */
export type CollectEvent =
  /** Tasks that the ledger holds and that were not known before: finished ones too, for what they tell of durations. */
  | { readonly type: 'found'; readonly tasks: readonly LedgerTask[] }
  /** The provider's word on a task, to this collect or to another; durable in the ledger. */
  | { readonly type: 'polled'; readonly task: LedgerTask; readonly status: TaskStatus }
  /**
   * A status that no document names: with the URL of a clip the task counts as completed, without one as running. Told
   * once for each status.
   */
  | {
      readonly type: 'unknownStatus';
      readonly key: string;
      readonly status: string;
      readonly meant: TaskStatus;
    }
  | { readonly type: 'pollFailed'; readonly key: string; readonly error: string }
  /** Nothing is asked before `until` (milliseconds since the epoch), because the provider asked for a pause. */
  | { readonly type: 'paused'; readonly until: number }
  | { readonly type: 'concurrency'; readonly limit: number }
  /** A download begins, or goes on at `from` (bytes). `size` is null where the server does not say. */
  | {
      readonly type: 'downloading';
      readonly key: string;
      readonly from: number;
      readonly size: number | null;
    }
  | { readonly type: 'received'; readonly key: string; readonly bytes: number }
  | { readonly type: 'downloadFailed'; readonly key: string; readonly error: string }
  /** The host of a clip has nothing yet, and is asked again until then (milliseconds since the epoch). Told once a clip. */
  | { readonly type: 'notYet'; readonly key: string; readonly error: string; readonly until: number }
  /** A clip is saved, and a person should know something of it. */
  | { readonly type: 'warning'; readonly key: string; readonly message: string }
  /** The clip is whole under its final name, and the ledger knows. */
  | { readonly type: 'saved'; readonly task: LedgerTask; readonly file: SavedFile }
  /** The file plays for another time than the provider says, in seconds. */
  | {
      readonly type: 'durationDiffers';
      readonly key: string;
      readonly stated: number;
      readonly found: number;
    }
  /** A saved clip was looked at: black, frozen and silent stretches, with their times. */
  | { readonly type: 'inspected'; readonly key: string; readonly findings: readonly string[] }
  | { readonly type: 'qcUnavailable'; readonly message: string }
  | { readonly type: 'problem'; readonly problem: CollectProblem }
  /** A clip that cannot be had any more is settled, as was asked for. */
  | { readonly type: 'clipGivenUp'; readonly key: string; readonly taskId: string }
  | { readonly type: 'stopping'; readonly stop: CollectStop }
  | { readonly type: 'finished'; readonly result: CollectResult };

/**
 * Something that this collect could not do. The task's state is not touched by it, and the next collect tries again.
 * `noUrl`: completed without a URL, which breaks the provider's protocol. `unknownTask`: the provider knows no such task.
 * `unanswered`: no answer about it could be had. `download`: the clip could not be fetched. `expired`: its URL no longer
 * works, and the provider gave no other.
 */
export interface CollectProblem {
  readonly kind: 'noUrl' | 'unknownTask' | 'unanswered' | 'download' | 'expired';
  readonly key: string;
  readonly taskId: string;
  readonly message: string;
}

/** The reason why a collect ended before everything was there. */
export interface CollectStop {
  readonly reason: 'interrupted' | 'timeout' | 'provider' | 'disk';
  readonly message: string;
  readonly help: string | undefined;
}

/** The result of a collect. */
export interface CollectResult {
  /** Number of times that the provider was asked. */
  readonly polls: number;
  /** Tasks that ended while this collect looked. */
  readonly completed: number;
  readonly failed: number;
  /** Clips that this collect made safe, and their bytes. */
  readonly saved: number;
  readonly bytes: number;
  /** Tasks that the provider still works on, as far as is known. */
  readonly running: number;
  /** Finished clips that are on no disk, and whose URLs are close to their end. */
  readonly expiring: readonly LedgerTask[];
  readonly problems: readonly CollectProblem[];
  /** Problems that were given up, as was asked for; none of them is among the problems. */
  readonly givenUp: readonly CollectProblem[];
  readonly stopped: CollectStop | null;
}
