import { open } from 'node:fs/promises';
import path from 'node:path';
import type { ClipMedia, SavedFile } from '../ledger/model/clip.ts';
import type { MediaReading } from '../media/facts.ts';
import type { Inspector } from '../media/inspector.ts';
import { readMediaFile } from '../media/local-file.ts';
import { checkClip } from './check-clip.ts';

/**
 * Describes a clip that has its name, for the ledger.
 *
 * @param final absolute path of the file.
 * @param root absolute folder that the noted path is relative to, where the file is inside.
 */
export async function describeFile(
  final: string,
  known: Pick<SavedFile, 'bytes' | 'sha256'>,
  root: string,
  inspector: Inspector,
): Promise<SavedFile> {
  const file = await open(final, 'r');
  try {
    const { seconds, isStandIn } = await checkClip(file, known.bytes);
    const reading = await readMediaFile(inspector, file, known.bytes);
    return {
      path: notedPath(final, root),
      ...known,
      seconds: seconds ?? (reading.duration === null ? null : rounded(reading.duration)),
      media: mediaOf(reading, isStandIn),
    };
  } finally {
    await file.close();
  }
}

function notedPath(final: string, root: string): string {
  const inside = path.relative(root, final);
  const isInside = !inside.startsWith('..') && !path.isAbsolute(inside);
  return isInside ? inside.split(path.sep).join('/') : final;
}

function mediaOf(reading: MediaReading, isStandIn: boolean): ClipMedia {
  const { width, height, frameDuration, videoCodec = null, audioCodec = null } = reading;
  const fps = frameDuration === null ? null : rounded(1 / frameDuration);
  return { width, height, fps, videoCodec, audioCodec, ...(isStandIn ? { isStandIn } : {}) };
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
