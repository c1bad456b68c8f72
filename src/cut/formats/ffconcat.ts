import { secondsOf } from '../frame-rate.ts';
import type { CutFormat } from './format.ts';

/** The list that `ffmpeg -f concat` plays. It knows files only, so a gap is a comment. */
export const ffconcat: CutFormat = {
  extension: 'ffconcat',
  summary: 'the list of files that ffmpeg joins; gaps are left out',
  render({ items, rate }, paths) {
    const lines = ['ffconcat version 1.0'];
    for (const { take, shot, sourceStart, frames, sourceFrames } of items) {
      if (take === null) {
        lines.push(`# ${shot.key}: no take is picked`);
        continue;
      }
      lines.push(`file '${paths.path(take.file).replaceAll("'", "'\\''")}'`);
      if (frames === sourceFrames) continue;
      lines.push(`inpoint ${seconds(secondsOf(sourceStart, rate))}`);
      lines.push(`outpoint ${seconds(secondsOf(sourceStart + frames, rate))}`);
    }
    return lines.map((line) => `${line}\n`).join('');
  },
};

function seconds(value: number): string {
  return value.toFixed(6);
}
