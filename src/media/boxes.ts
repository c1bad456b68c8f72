import type { ByteRange } from './facts.ts';
import type { HeldBytes } from './held-bytes.ts';
import { UnreadableError } from './unreadable.ts';

/** A box of the ISO base media file format, which MP4, QuickTime, HEIC and AVIF are made of; its range is its content's. */
export interface Box extends ByteRange {
  readonly type: string;
}

/** Boxes beside one another, more than any honest file has, so that a hostile one cannot keep us walking. */
const maxBoxes = 2000;

/**
 * The boxes beside one another in a range, up to and with the first one of type `until`.
 *
 * @throws MissingBytes, UnreadableError
 */
export function boxesIn(file: HeldBytes, range: ByteRange, until?: string): readonly Box[] {
  const boxes: Box[] = [];
  let at = range.start;
  while (at + 8 <= range.end && boxes.length < maxBoxes) {
    const type = Buffer.from(file.read(at + 4, at + 8)).toString('latin1');
    let size = viewOf(file, at, 8).getUint32(0);
    let headerLength = 8;
    if (size === 1) {
      size = Number(viewOf(file, at + 8, 8).getBigUint64(0));
      headerLength = 16;
    } else if (size === 0) {
      size = range.end - at;
    }
    if (size < headerLength) throw new UnreadableError('it is damaged: a box has an impossible length');
    boxes.push({ type, start: at + headerLength, end: Math.min(at + size, range.end) });
    if (type === until) break;
    at += size;
  }
  return boxes;
}

/**
 * The first box of a type in a range.
 *
 * @throws MissingBytes, UnreadableError where there is none.
 */
export function boxIn(file: HeldBytes, range: ByteRange, type: string): Box {
  const box = boxesIn(file, range, type).find((candidate) => candidate.type === type);
  if (box === undefined) throw new UnreadableError(`it has no ${type} box, which says what is in it`);
  return box;
}

/** @throws MissingBytes; RangeError from the view's methods where the file ends within the range. */
export function viewOf(file: HeldBytes, start: number, length: number): DataView {
  const bytes = file.read(start, start + length);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
