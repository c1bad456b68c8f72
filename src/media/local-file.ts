import type { FileHandle } from 'node:fs/promises';
import type { MediaReading, Piece } from './facts.ts';
import type { Inspector } from './inspector.ts';

/** Bytes that are read first: most indexes of clips fit in. */
const firstBytes = 64 * 1024;
/** Bytes that are read at most: no index of a clip is larger. */
const mostBytes = 16 * 1024 * 1024;
const mostRounds = 32;

/**
 * Reads the facts of a file on this machine, its codecs too. Never throws for what is in the file: what cannot be read
 * says so in `unknown`.
 *
 * @param size of the file, in bytes.
 */
export async function readMediaFile(
  inspector: Inspector,
  file: FileHandle,
  size: number,
): Promise<MediaReading> {
  const pieces: Piece[] = [await pieceOf(file, 0, Math.min(size, firstBytes))];
  let held = firstBytes;
  for (let round = 1; ; round += 1) {
    const { reading, missing } = await inspector.inspect({ pieces, size, withCodecs: true });
    const more = missing.reduce((sum, { start, end }) => sum + end - start, 0);
    if (more === 0 || round === mostRounds || held + more > mostBytes) return reading;
    held += more;
    for (const { start, end } of missing) pieces.push(await pieceOf(file, start, end));
  }
}

async function pieceOf(file: FileHandle, start: number, end: number): Promise<Piece> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
  return { start, bytes: buffer.subarray(0, bytesRead) };
}
