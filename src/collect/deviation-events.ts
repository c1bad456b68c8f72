import type { AskedClip } from '../core/clip-deviations.ts';
import type { LedgerTask, SavedFile } from '../ledger/model/clip.ts';
import { deviationsOf } from '../ledger/model/saved-clip.ts';
import { durationDifference } from './check-clip.ts';
import type { CollectEvent } from './events.ts';

/** Tells of clips that differ from the request, or from the provider's own word. */
export function deviationEvents(
  { key, actualDuration }: LedgerTask,
  file: SavedFile,
  asked: AskedClip,
): readonly CollectEvent[] {
  const difference = durationDifference(actualDuration, file.seconds);
  return [
    ...(difference === null ? [] : [{ type: 'durationDiffers' as const, key, ...difference }]),
    ...deviationsOf(asked, file).map((message) => ({
      type: 'warning' as const,
      key,
      message: `the clip ${message}`,
    })),
  ];
}
