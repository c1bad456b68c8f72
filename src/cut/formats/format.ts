import type { MediaPaths } from '../media-path.ts';
import type { Timeline } from '../model.ts';

/** A way to write a cut: data to text; somebody else writes the file. */
export interface CutFormat {
  /** The extension that asks for it, without the dot. */
  readonly extension: string;
  readonly summary: string;
  render(timeline: Timeline, paths: MediaPaths): string;
}
