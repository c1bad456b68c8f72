import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { FileCache } from '../media/file-cache.ts';
import { type FileStamp, isSameStamp, stampOf } from '../media/file-stamp.ts';

const chunkBytes = 1024 * 1024;
/** Number of times that a file that changes while it is read is begun anew. */
const mostTries = 3;

/** The content of a file, in a state of it. */
export interface Content {
  /** In hex. */
  readonly sha256: string;
  readonly stamp: FileStamp;
}

/**
 * The hash of a file: from the cache where it knows this state of the file, else of every byte.
 *
 * @param realPath absolute, links followed.
 * @returns null for a file that does not stay as it is while it is read.
 * @throws what the operating system says.
 */
export async function hashFile(realPath: string, cache: FileCache): Promise<Content | null> {
  const handle = await open(realPath, 'r');
  try {
    for (let tries = 0; tries < mostTries; tries += 1) {
      const stamp = stampOf(await handle.stat({ bigint: true }));
      const known = cache.find(realPath, stamp)?.sha256;
      if (known !== undefined && known !== null) return { sha256: known, stamp };
      const at = cache.now();
      const hash = createHash('sha256');
      const buffer = Buffer.allocUnsafe(chunkBytes);
      for (let from = 0; ; ) {
        const { bytesRead } = await handle.read(buffer, 0, chunkBytes, from);
        if (bytesRead === 0) break;
        hash.update(buffer.subarray(0, bytesRead));
        from += bytesRead;
      }
      if (!isSameStamp(stamp, stampOf(await handle.stat({ bigint: true })))) continue;
      const sha256 = hash.digest('hex');
      cache.keep(realPath, stamp, { sha256 }, at);
      return { sha256, stamp };
    }
    return null;
  } finally {
    await handle.close();
  }
}
