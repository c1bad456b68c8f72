import { pipeline, Readable, type Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { spelledOut } from '../core/outside-text.ts';
import { magicLength } from '../media/magic.ts';
import { clipExtension, UnfitClipError } from './check-clip.ts';

/** The bytes of a file as they come, and whether they are those that the host's lengths count. */
export interface Unpacked {
  readonly pieces: AsyncIterable<Buffer>;
  readonly asSent: boolean;
}

/**
 * The bytes of a clip out of a body that is said to be packed, though it was asked for as it is. Stores repeat whatever
 * an upload had claimed, so what the bytes are decides: a clip is taken as it came, whatever the label says.
 *
 * @param codings at least one, in the order in which they were applied.
 * @throws UnfitClipError where neither the bytes are a clip nor the coding is known.
 */
export async function unpack(body: AsyncIterable<Buffer>, codings: readonly string[]): Promise<Unpacked> {
  const iterator = body[Symbol.asyncIterator]();
  const first: Buffer[] = [];
  let length = 0;
  while (length < magicLength) {
    const next = await iterator.next();
    if (next.done === true) break;
    first.push(next.value);
    length += next.value.length;
  }
  const pieces = putBack(first, iterator);
  if (isClip(Buffer.concat(first))) return { pieces, asSent: true };
  const decoders = codings.toReversed().map((coding) => decoderOf(coding));
  // The last one ends with the error of any; whoever reads it hears of that.
  const unpacked = pipeline([Readable.from(pieces), ...decoders], () => undefined);
  return { pieces: unpacked as Transform, asSent: false };
}

async function* putBack(first: readonly Buffer[], rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* first;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

function isClip(head: Buffer): boolean {
  try {
    clipExtension(head);
    return true;
  } catch (error) {
    if (error instanceof UnfitClipError) return false;
    throw error;
  }
}

function decoderOf(coding: string): Transform {
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip();
    case 'deflate':
      return zlib.createInflate();
    case 'br':
      return zlib.createBrotliDecompress();
    case 'zstd': {
      // Node.js 22.15 and later have it.
      const { createZstdDecompress } = zlib as { readonly createZstdDecompress?: () => Transform };
      if (createZstdDecompress !== undefined) return createZstdDecompress();
    }
  }
  throw new UnfitClipError(
    `what came is no video, and is said to be packed in a way that is not known (${spelledOut(coding)})`,
  );
}
