import type { PixelSize } from './facts.ts';
import type { HeldBytes } from './held-bytes.ts';
import { UnreadableError } from './unreadable.ts';

/**
 * The size of a JPEG as displayed. Walks from segment to segment and reads only their headers, so that the previews and
 * color profiles that cameras put before the picture, often hundreds of kilobytes, are never fetched.
 *
 * @throws MissingBytes, UnreadableError
 */
export function readJpeg(file: HeldBytes): PixelSize {
  let turned = false;
  let at = 2;
  while (at + 4 <= file.size) {
    const [mark = 0, code = 0, high = 0, low = 0] = file.read(at, at + 4);
    if (mark !== 0xff)
      throw new UnreadableError('the JPEG is damaged: its segments do not follow one another');
    if (code === 0xff) {
      at += 1; // Fill bytes may precede a marker.
      continue;
    }
    if (hasNoLength(code)) {
      at += 2;
      continue;
    }
    const length = (high << 8) | low;
    if (length < 2) throw new UnreadableError('the JPEG is damaged: a segment has an impossible length');
    if (isFrameHeader(code)) return sizeOf(file.read(at + 4, at + 9), turned);
    if (code === startOfScan || code === endOfImage) break;
    if (code === app1) turned ||= isTurned(file, at + 4, at + 2 + length);
    at += 2 + length;
  }
  throw new UnreadableError('the JPEG ends before it says its size');
}

const startOfScan = 0xda;
const endOfImage = 0xd9;
const app1 = 0xe1;

function hasNoLength(code: number): boolean {
  return code === 0x01 || (code >= 0xd0 && code <= 0xd8);
}

/** SOF0 to SOF15, among which DHT, JPG and DAC have their codes. */
function isFrameHeader(code: number): boolean {
  return code >= 0xc0 && code <= 0xcf && code !== 0xc4 && code !== 0xc8 && code !== 0xcc;
}

function sizeOf(header: Uint8Array, turned: boolean): PixelSize {
  const [, highHeight = 0, lowHeight = 0, highWidth = 0, lowWidth = 0] = header;
  const height = (highHeight << 8) | lowHeight;
  const width = (highWidth << 8) | lowWidth;
  return turned ? { width: height, height: width } : { width, height };
}

/** True where the Exif data of a segment say that the picture lies on its side (orientations 5 to 8). */
function isTurned(file: HeldBytes, start: number, end: number): boolean {
  const head = file.read(start, Math.min(end, start + 14));
  if (head.length < 14 || Buffer.from(head.subarray(0, 6)).toString('latin1') !== 'Exif\0\0') return false;
  const littleEndian = head[6] === 0x49;
  const tiff = start + 6;
  const directory = tiff + viewOf(head).getUint32(10, littleEndian);
  if (directory + 2 > end) return false;
  const count = viewOf(file.read(directory, directory + 2)).getUint16(0, littleEndian);
  const entries = file.read(directory + 2, Math.min(end, directory + 2 + count * entryLength));
  const view = viewOf(entries);
  for (let at = 0; at + entryLength <= entries.length; at += entryLength) {
    if (view.getUint16(at, littleEndian) !== orientationTag) continue;
    const orientation = view.getUint16(at + 8, littleEndian);
    return orientation >= 5 && orientation <= 8;
  }
  return false;
}

const entryLength = 12;
const orientationTag = 0x0112;

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
