import type { BigIntStats } from 'node:fs';

/** Tells one state of a file on a disk from another, without reading it. Times in nanoseconds, as decimal text. */
export interface FileStamp {
  readonly bytes: number;
  readonly inode: string;
  readonly modified: string;
  readonly changed: string;
}

export function stampOf({ size, ino, mtimeNs, ctimeNs }: BigIntStats): FileStamp {
  return { bytes: Number(size), inode: `${ino}`, modified: `${mtimeNs}`, changed: `${ctimeNs}` };
}

export function isSameStamp(a: FileStamp, b: FileStamp): boolean {
  return a.bytes === b.bytes && a.inode === b.inode && a.modified === b.modified && a.changed === b.changed;
}

const ms = 1_000_000n;
/** Some systems take the time of a file from a clock that ticks a hundred times a second. */
const fineMargin = 50n * ms;
/** Others keep whole seconds, or every other one. */
const coarseMargin = 2000n * ms;

/**
 * Whether a file was at rest when it was read: one that was written at nearly the same time can be written once more
 * without any of its stamps moving, so what was read of it is not to be trusted later.
 *
 * @param readAt when reading began, in milliseconds since the Unix epoch.
 */
export function wasAtRest({ modified, changed }: FileStamp, readAt: number): boolean {
  const latest = [BigInt(modified), BigInt(changed)].reduce((a, b) => (a > b ? a : b));
  const isCoarse = latest % (1000n * ms) === 0n;
  return latest + (isCoarse ? coarseMargin : fineMargin) < BigInt(Math.floor(readAt)) * ms;
}
