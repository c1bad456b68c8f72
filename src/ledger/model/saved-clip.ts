import { type AskedClip, clipDeviations } from '../../core/clip-deviations.ts';
import type { SavedFile } from './clip.ts';

/** Lists the deviations of a saved clip from its request; nothing where releases before facts were kept have saved it. */
export function deviationsOf(asked: AskedClip, { seconds, media }: SavedFile): readonly string[] {
  if (media === undefined) return [];
  const { width, height, isStandIn } = media;
  // The emulator's pictures are the same ones, whatever was asked for.
  const size = isStandIn === true ? { width: null, height: null } : { width, height };
  return clipDeviations(asked, { seconds, ...size });
}
