import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { constants, createReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { access, link, lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { SetupError, ShotlistError, systemCode } from '../core/errors.ts';
import { isBelow, realPlace } from '../core/work-tree.ts';

/**
 * Does something with a file.
 *
 * @throws SetupError for what the file system refuses: the same would befall every other file.
 */
export async function onDisk<T>(file: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error instanceof ShotlistError) throw error;
    const [why, help] = reasons[String(error.code)] ?? [error.message, 'name another folder with --download'];
    throw new SetupError(`cannot write ${file}: ${why}`, {
      help: `${help}; collect goes on where it stopped`,
      cause: error,
    });
  }
}

const reasons: Readonly<Record<string, readonly [string, string]>> = {
  ENOSPC: ['the disk is full', 'free some space, or name a folder on another disk with --download'],
  EDQUOT: ['your disk quota is used up', 'free some space, or name a folder on another disk with --download'],
  EACCES: ['no permission', 'change the permissions of the folder, or name another with --download'],
  EPERM: ['no permission', 'change the permissions of the folder, or name another with --download'],
  EROFS: ['the file system is read-only', 'name another folder with --download'],
  EEXIST: ['a file is in the way', 'name another folder with --download'],
  ENOTDIR: ['a file is in the way', 'name another folder with --download'],
  EFBIG: ['the file would be larger than is allowed here', 'name a folder on another disk with --download'],
};

/**
 * Checks that the folder of the clips could be made and written; makes nothing.
 *
 * @throws SetupError when it could not.
 */
export async function checkFolder(folder: string): Promise<void> {
  await onDisk(folder, async () => {
    let there = folder;
    while ((await statIfAny(there)) === undefined && path.dirname(there) !== there)
      there = path.dirname(there);
    // The dot has a file that is in the way refused.
    await access(`${there}${path.sep}.`, constants.W_OK | constants.X_OK);
  });
}

/**
 * Makes the folder of the clips, and tries it.
 *
 * @throws SetupError when it cannot be written.
 */
export async function prepareFolder(folder: string): Promise<void> {
  await onDisk(folder, async () => {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK | constants.X_OK);
  });
}

/**
 * @param folder where the clips go.
 * @param parent the folder of one of them, in or below it.
 * @throws SetupError where a link leads it elsewhere: a clip would land where nobody asked for it.
 */
export async function refuseElsewhere(folder: string, parent: string): Promise<void> {
  const [top, place] = [await realPlace(folder), await realPlace(parent)];
  if (isBelow(top, place)) return;
  throw new SetupError(`cannot write ${parent}: a link leads it out of ${folder}, to ${place}`, {
    help: 'remove the link, or name another folder with --download; collect goes on where it stopped',
  });
}

export async function statIfAny(file: string): Promise<BigIntStats | undefined> {
  try {
    return await lstat(file, { bigint: true });
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

export async function removeIfAny(file: string): Promise<void> {
  await rm(file, { force: true });
}

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(file, { highWaterMark: 256 * 1024 }))
    hash.update(piece as Buffer);
  return hash.digest('hex');
}

/**
 * Gives a finished file its final name, durably and without replacing anything.
 *
 * @returns false where something has that name.
 */
export async function giveName(from: string, to: string): Promise<boolean> {
  try {
    // A link fails where the name is taken, in one step; a rename would replace what is there.
    await link(from, to);
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL'].includes(systemCode(error) ?? ''))
      throw error;
    // No hard links here (exFAT, some network disks). The ledger keeps other collectors from this name.
    if ((await statIfAny(to)) !== undefined) return false;
    await rename(from, to);
  }
  await syncFolder(path.dirname(to));
  await removeIfAny(from);
  return true;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  // Windows opens no folders, and some file systems sync none.
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

const tailBytes = 4096;

/**
 * Bytes of an unfinished file that can be gone on with: none where its end is all zeros, which is what a loss
 * of power leaves of bytes that were announced and never written.
 */
export async function usableLength(file: FileHandle, size: number | null): Promise<number> {
  const { size: length } = await file.stat();
  if (length === 0 || (size !== null && length > size)) return 0;
  const tail = Math.min(tailBytes, length);
  const { buffer } = await file.read(Buffer.alloc(tail), 0, tail, length - tail);
  return buffer.every((byte) => byte === 0) ? 0 : length;
}
