import type { Clock } from '../core/clock.ts';
import type { LedgerTask } from '../ledger/model/clip.ts';
import { mostTriesOnce, type TaskAnswer, withoutUrlText } from './follow-task.ts';
import type { Polling } from './polling.ts';
import type { NewUrl } from './save-clip.ts';

interface NewUrlOptions {
  readonly polling: Polling;
  readonly clock: Clock;
  /** Puts what was learnt into the ledger. */
  readonly record: (task: LedgerTask, outcome: TaskAnswer) => Promise<LedgerTask>;
  /** Nothing else can succeed either. */
  readonly onStop: (message: string, help: string) => void;
}

/** Asks the provider for another URL of a finished clip, because the one that it gave does not work (any more). */
export async function askForUrl(
  task: LedgerTask,
  { polling, clock, record, onStop }: NewUrlOptions,
): Promise<NewUrl> {
  for (let tries = 1; ; tries += 1) {
    const outcome = await polling.ask(task);
    if (outcome === null)
      return { error: 'its URL does not work, and the provider was not asked for another' };
    if (outcome.kind === 'task') {
      await record(task, outcome);
      return outcome.videoUrl === null ? { error: withoutUrlText } : { url: outcome.videoUrl };
    }
    if (outcome.kind === 'stop') onStop(outcome.error, outcome.help);
    const next =
      outcome.kind === 'transient' && tries < mostTriesOnce ? polling.soon(clock.now(), tries) : null;
    if (next === null)
      return { error: `its URL does not work, and the provider gave no other: ${outcome.error}` };
    await polling.sleepUntil(next);
  }
}
