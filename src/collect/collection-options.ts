import type { AskedClip } from '../core/clip-deviations.ts';
import type { Clock } from '../core/clock.ts';
import type { Ledger, LedgerScope, LedgerTask } from '../ledger/ledger.ts';
import type { CollectEvent } from './events.ts';
import type { Polling } from './polling.ts';
import type { SaveOptions, SaveResult } from './save-clip.ts';

export type SaveHooks = Pick<
  SaveOptions,
  'versionsOf' | 'newUrl' | 'onBegin' | 'onReceived' | 'onFailed' | 'onNotYet' | 'onWarning' | 'waitUntil'
>;

/** Makes clips safe. */
export interface Saver {
  /** Called once for each task before anything is saved: names are chosen with all of them in view. */
  know(task: LedgerTask): void;
  save(task: LedgerTask, hooks: SaveHooks): Promise<SaveResult>;
}

export interface CollectionOptions {
  readonly ledger: Ledger;
  readonly scope: LedgerScope;
  readonly clock: Clock;
  readonly polling: Polling;
  /** Aborted here to break off what downloads. */
  readonly leave: AbortController;
  readonly once: boolean;
  readonly select: (task: LedgerTask) => boolean;
  readonly asked: (task: LedgerTask) => AskedClip;
  readonly timeoutMs: number | null;
  readonly signal: AbortSignal | undefined;
  /** Notes that a person gives a clip up, and tells whether it was not safe; null where nobody gives up anything. */
  readonly giveUp: (task: LedgerTask) => Promise<boolean> | null;
  /** Null to poll only. */
  readonly save: Saver | null;
  readonly onEvent: (event: CollectEvent) => void;
}
