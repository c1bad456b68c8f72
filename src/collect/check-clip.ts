import type { FileHandle } from 'node:fs/promises';
import { standInText } from '../core/stand-in.ts';
import { formatOf, magicLength } from '../media/magic.ts';

/** The facts of a file that was checked. */
export interface ClipFacts {
  /** Without the dot. */
  readonly extension: string;
  /** Length that it plays, in seconds; null where that takes more than a look at the header. */
  readonly seconds: number | null;
  /** Bytes behind the end of the movie that are no part of it. */
  readonly trailing: number;
  /** It says that it is one of the emulator's. */
  readonly isStandIn: boolean;
}

/** A file that is no clip, or not all of one: an error page, or a part. */
export class UnfitClipError extends Error {}

const extensions: Readonly<Record<string, string>> = {
  mp4: 'mp4',
  mov: 'mov',
  webm: 'webm',
  matroska: 'mkv',
  avi: 'avi',
  flv: 'flv',
  wmv: 'wmv',
  mpeg: 'mpg',
  mpegts: 'ts',
};

/**
 * Looks at the first bytes of what should be a clip.
 *
 * @returns the extension for a file of this kind.
 * @throws UnfitClipError where it is something else.
 */
export function clipExtension(head: Uint8Array): string {
  if (head.length === 0) throw new UnfitClipError('the file is empty');
  const format = formatOf(head.subarray(0, magicLength));
  const extension = format?.kind === 'video' ? extensions[format.name] : undefined;
  if (extension !== undefined) return extension;
  throw new UnfitClipError(
    format === undefined ? 'what came is no video' : `what came is no video but ${format.name}`,
  );
}

/**
 * Checks that a file is a clip and all of it, as far as its container tells.
 *
 * @param size of the file, in bytes.
 * @throws UnfitClipError otherwise.
 */
export async function checkClip(file: FileHandle, size: number): Promise<ClipFacts> {
  const extension = clipExtension(await bytesAt(file, 0, Math.min(size, magicLength)));
  const isBoxes = extension === 'mp4' || extension === 'mov';
  return {
    extension,
    ...(isBoxes ? await checkBoxes(file, size) : { seconds: null, trailing: 0, isStandIn: false }),
  };
}

/** More top-level boxes than any encoder writes; a fragment takes two, for some seconds. */
const mostBoxes = 100_000;

/** Boxes that encoders put beside one another: one of them that ends behind the file's end was cut. */
const knownBoxes = new Set(
  'ftyp styp moov moof mdat mfra free skip wide udta meta uuid sidx ssix prft emsg pdin pnot'.split(' '),
);

/**
 * An MP4 is a row of boxes that state their lengths: a file that was cut ends within one, or lacks its index or its
 * pictures. What follows a whole movie and is no box was put there by somebody else, and no player minds.
 */
async function checkBoxes(file: FileHandle, size: number): Promise<Omit<ClipFacts, 'extension'>> {
  let seconds: number | null = null;
  let hasIndex = false;
  let hasPictures = false;
  let isStandIn = false;
  for (let start = 0, boxes = 0; start < size; boxes += 1) {
    if (boxes > mostBoxes) throw new UnfitClipError('the file has no end of boxes');
    const left = size - start;
    const header = await bytesAt(file, start, Math.min(16, left));
    const stated = header.length < 8 ? 0 : header.readUInt32BE(0);
    const type = header.toString('latin1', 4, 8);
    if (hasIndex && hasPictures && !knownBoxes.has(type)) {
      const isBox = header.length >= 8 && /^[\x20-\x7e\xa9]{4}$/.test(type) && stated >= 8 && stated <= left;
      if (!isBox) return { seconds, trailing: left, isStandIn };
    }
    if (header.length < 8) throw cut();
    if (stated === 1 && header.length < 16) throw cut();
    const length = stated === 0 ? left : stated === 1 ? Number(header.readBigUInt64BE(8)) : stated;
    if (length < 8) throw new UnfitClipError('the file is damaged: a box states no length');
    if (length > left) throw cut();
    if (type === 'mdat') hasPictures = true;
    if (type === 'free' && length === 8 + standInText.length) {
      const text = await bytesAt(file, start + 8, standInText.length);
      isStandIn ||= text.toString('latin1') === standInText;
    }
    if (type === 'moov') {
      hasIndex = true;
      seconds = await movieSeconds(file, start + (stated === 1 ? 16 : 8), start + length);
    }
    start += length;
  }
  if (!hasIndex || !hasPictures) throw cut();
  return { seconds, trailing: 0, isStandIn };
}

function cut(): UnfitClipError {
  return new UnfitClipError('the file is cut short');
}

/** More boxes than any encoder puts beside one another into an index. */
const mostInIndex = 1000;

/** The duration in the movie header, or null where it is left open, as in fragmented files. */
async function movieSeconds(file: FileHandle, from: number, end: number): Promise<number | null> {
  for (let start = from, boxes = 0; start + 8 <= end && boxes < mostInIndex; boxes += 1) {
    const box = await bytesAt(file, start, Math.min(44, end - start));
    const length = box.readUInt32BE(0);
    if (box.toString('latin1', 4, 8) === 'mvhd' && box.length === 44) {
      const isLong = box[8] === 1;
      const unitsPerSecond = box.readUInt32BE(isLong ? 28 : 20);
      const units = isLong ? Number(box.readBigUInt64BE(32)) : box.readUInt32BE(24);
      const isOpen = units === 0 || units >= 2 ** 32 - 1 || unitsPerSecond === 0;
      return isOpen ? null : Math.round((units / unitsPerSecond) * 1000) / 1000;
    }
    if (length < 8) return null;
    start += length;
  }
  return null;
}

async function bytesAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

/**
 * Compares the length that a clip is said to have with the one that it has, in seconds; null where they differ by no
 * more than a rounding, and where one of them is not known.
 */
export function durationDifference(
  stated: number | null,
  found: number | null,
): { readonly stated: number; readonly found: number } | null {
  if (stated === null || found === null) return null;
  // Encoders round a clip's end to whole frames.
  return Math.abs(stated - found) > Math.max(0.5, stated * 0.05) ? { stated, found } : null;
}
