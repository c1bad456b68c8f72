import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ProbedFacts } from '../../scripts/media-fixtures.ts';

export type { ProbedFacts };

const folder = new URL('../fixtures/media/', import.meta.url);

/** What ffprobe said of the committed files when they were made. */
export const fixtureFacts = JSON.parse(readFileSync(new URL('facts.json', folder), 'utf8')) as Readonly<
  Record<string, ProbedFacts>
>;

export function fixturePath(name: string): string {
  return fileURLToPath(new URL(name, folder));
}

export function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(name, folder)));
}

/** The committed MP4 with its media data blown up to `length` bytes of file, its index where it was. */
export function inflatedMp4(name: 'index-first.mp4' | 'index-last.mp4', length: number): Uint8Array {
  const small = Buffer.from(fixture(name));
  const type = small.indexOf('mdat');
  const dataEnd = type - 4 + small.readUInt32BE(type - 4);
  const padding = length - small.length;
  const big = Buffer.alloc(length);
  small.copy(big, 0, 0, dataEnd);
  big.writeUInt32BE(small.readUInt32BE(type - 4) + padding, type - 4);
  small.copy(big, dataEnd + padding, dataEnd);
  return new Uint8Array(big.buffer, big.byteOffset, big.length);
}

/** A JPEG with segments put before the picture, as cameras do with previews, profiles and depth maps. */
export function jpegWith(segments: readonly Uint8Array[]): Uint8Array {
  const picture = fixture('still.jpg');
  return new Uint8Array(Buffer.concat([picture.subarray(0, 2), ...segments, picture.subarray(2)]));
}

export function jpegSegment(code: number, body: Uint8Array): Uint8Array {
  const length = body.length + 2;
  return new Uint8Array(Buffer.concat([Uint8Array.of(0xff, code, length >> 8, length & 0xff), body]));
}

/** The Exif data that say how a picture lies, padded to `length` bytes. */
export function exif(orientation: number, { littleEndian = false, length = 64 } = {}): Uint8Array {
  const bytes = Buffer.alloc(length);
  bytes.write(`Exif\0\0${littleEndian ? 'II*\0' : 'MM\0*'}`, 'latin1');
  const view = new DataView(bytes.buffer, bytes.byteOffset + 6);
  view.setUint32(4, 8, littleEndian);
  view.setUint16(8, 2, littleEndian);
  view.setUint16(10, 0x010f, littleEndian);
  view.setUint16(22, 0x0112, littleEndian);
  view.setUint16(24, 3, littleEndian);
  view.setUint32(26, 1, littleEndian);
  view.setUint16(30, orientation, littleEndian);
  return jpegSegment(0xe1, bytes);
}
