import { standInText } from '../core/stand-in.ts';
import { clipBase64 } from './clip-data.ts';

/** Sizes and offsets are in bytes. */
interface Box {
  readonly start: number;
  readonly end: number;
}

const boxHeader = 8;

/**
 * The emulator's clip, stretched to `seconds`: the same frames, each shown longer, so that what a task reports as its
 * duration is what a player finds in the file.
 */
export function clipOf(seconds: number): Buffer {
  const file = Buffer.from(clipBase64, 'base64');
  const box = (path: string): number => findBox(file, path.split('/')).start;
  const movieHeader = box('moov/mvhd');
  const mediaHeader = box('moov/trak/mdia/mdhd');
  const timeToSample = box('moov/trak/mdia/minf/stbl/stts');

  const movieUnits = file.readUInt32BE(movieHeader + 20) * seconds;
  file.writeUInt32BE(movieUnits, movieHeader + 24);
  file.writeUInt32BE(movieUnits, box('moov/trak/tkhd') + 28);
  file.writeUInt32BE(movieUnits, box('moov/trak/edts/elst') + 16);

  const mediaUnits = file.readUInt32BE(mediaHeader + 20) * seconds;
  const frames = file.readUInt32BE(timeToSample + 16);
  file.writeUInt32BE(mediaUnits, mediaHeader + 24);
  file.writeUInt32BE(mediaUnits / frames, timeToSample + 20);
  return Buffer.concat([file, standInMark()]);
}

/** A box that players skip: says that the pictures are those of the emulator, whatever was asked for. */
function standInMark(): Buffer {
  const box = Buffer.alloc(boxHeader + standInText.length);
  box.writeUInt32BE(box.length, 0);
  box.write(`free${standInText}`, 4, 'latin1');
  return box;
}

function findBox(file: Buffer, path: readonly string[]): Box {
  let box: Box = { start: -boxHeader, end: file.length };
  for (const type of path) box = childBox(file, box, type);
  return box;
}

function childBox(file: Buffer, parent: Box, type: string): Box {
  for (let start = parent.start + boxHeader; start < parent.end; ) {
    const end = start + file.readUInt32BE(start);
    if (file.toString('latin1', start + 4, start + 8) === type) return { start, end };
    start = end;
  }
  throw new Error(`the emulator's clip has no ${type} box`);
}
