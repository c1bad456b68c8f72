import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { LedgerError, systemCode } from '../../core/errors.ts';

/** The number by which Linux names the file system of a folder; null where that is not known. */
export type FileSystemType = (folder: string) => Promise<number | null>;

/** File systems on which locks and shared memory are not those of one machine, by Linux's numbers for them. */
const networkFileSystems: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xfe534d42, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0x5346414f, 'AFS'],
  [0x6b414653, 'AFS'],
  [0x00c36400, 'Ceph'],
  [0x0bd00bd0, 'Lustre'],
  [0x47504653, 'GPFS'],
  [0x19830326, 'BeeGFS'],
  [0x01161970, 'GFS2'],
  [0x7461636f, 'OCFS2'],
  // Types under which virtual machines and containers show a folder of their host, and sshfs another machine's.
  [0x01021997, '9P'],
  [0x65735546, 'FUSE'],
  [0x786f4256, 'VirtualBox'],
  [0x7c7c6673, 'Parallels'],
]);

/** Asks the operating system. The numbers mean something on Linux only; elsewhere none of them comes back. */
export const systemFileSystemType: FileSystemType = async (folder) => {
  try {
    return (await statfs(folder)).type >>> 0;
  } catch {
    return null;
  }
};

/**
 * Makes the folder of a ledger where there is none, readable for its owner alone: prompts are private. The folder is
 * on the disk when this returns, or a loss of power could take the ledger with it.
 */
export function makeLedgerFolder(file: string): void {
  const first = mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    syncFolder(folder);
    if (folder === dirname(resolve(first)) || folder === dirname(folder)) return;
  }
}

/** Puts a folder's list of names on the disk; nothing on systems that can't open a folder. */
export function syncFolder(folder: string): void {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(folder, 'r');
    fsyncSync(descriptor);
  } catch {
    // Windows cannot open folders, and needs no such sync.
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/**
 * The size of a ledger's file in bytes; undefined where there is none.
 *
 * @throws LedgerError for what can never be a ledger (a folder, a device, a pipe), for a file with a second hard link, and
 *   where the file is gone but its log is still there: SQLite would throw the log away, and what it holds was paid for.
 */
export function sizeOf(file: string): number | undefined {
  const stats = statSync(file, { throwIfNoEntry: false });
  const log = statSync(`${file}-wal`, { throwIfNoEntry: false });
  if ((stats?.size ?? 0) === 0 && (log?.size ?? 0) > 0) {
    throw new LedgerError(`the ledger ${file} is missing, but its log ${file}-wal is there`, {
      help: 'Put the file back beside its log: both together hold what was paid. If they are of no use, move the log away.',
    });
  }
  if (stats?.isFile() && stats.nlink > 1) throw linkedTwice(file, stats.nlink);
  if (stats === undefined || stats.isFile()) return stats?.size;
  const what = stats.isDirectory() ? 'a folder' : 'no ordinary file';
  throw new LedgerError(`the ledger cannot be ${file}: that is ${what}`, {
    help: 'Name a file with --ledger or SHOTLIST_LEDGER, for example .shotlist/ledger.db',
  });
}

/** Two names of one file have a log each: what is written under one name is unknown, or lost, under the other. */
function linkedTwice(file: string, links: number): LedgerError {
  return new LedgerError(`the ledger ${file} is one file under ${links} names (hard links)`, {
    help: 'Under each name it would forget what was paid under the other. Make it a file of its own: copy it, put the copy in its place, and take in the journal of the other with `shotlist ledger import`. Nothing was changed, and nothing was sent.',
  });
}

/** True for a ledger on a disk that is mounted for reading only, and whole without a log: nobody can change it there. */
export function isUnchangeable(file: string): boolean {
  if ((statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0) return false;
  try {
    accessSync(dirname(file), constants.W_OK);
    return false;
  } catch (error) {
    return systemCode(error) === 'EROFS';
  }
}

/** @throws LedgerError where the ledger's folder, or the nearest one that is there, shows to be on a network file system. */
export async function refuseNetwork(file: string, fileSystemType: FileSystemType): Promise<void> {
  const type = await fileSystemType(nearestFolder(dirname(file)));
  const name = type === null ? undefined : networkFileSystems.get(type >>> 0);
  if (name === undefined) return;
  throw new LedgerError(`the ledger ${file} is on a network file system (${name})`, {
    help: 'Locks cannot be trusted there, so a request could be paid twice. Name a file on a local disk with --ledger or SHOTLIST_LEDGER.',
  });
}

/** Follows the links to a file, so that every way to name it leads to the same runs and the same spool. */
export function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

/** Notices that a ledger's file, or the write-ahead log beside it, is no longer what was opened. */
export class FileWatch {
  readonly #file: string;
  readonly #identities: ReadonlyMap<string, string>;

  constructor(file: string) {
    this.#file = file;
    const identities = [file, `${file}-wal`].map((path) => [path, identityOf(path)] as const);
    this.#identities = new Map(identities.filter(([, identity]) => identity !== missing));
  }

  /** @throws LedgerError when what was written would never be found again. */
  check(): void {
    for (const [path, identity] of this.#identities) {
      if (identityOf(path) === identity) continue;
      throw new LedgerError(`the ledger ${this.#file} was removed or replaced while it was in use`, {
        help: 'Nothing more is sent. Put the file back where it was, with its -wal file, before the next run: without it, what was paid is not known.',
      });
    }
  }
}

const missing = 'missing';

function identityOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? missing : `${stats.dev}:${stats.ino}`;
}

/** True where a file is in the ledger's place. */
export function isThere(file: string): boolean {
  return existsSync(file);
}

/**
 * Finds out if there is a ledger, and if it, or the folder that it would be made in, may not be written.
 *
 * @param fileSystemType asks the operating system by default.
 * @throws LedgerError on a network file system.
 */
export async function examineFile(
  file: string,
  fileSystemType: FileSystemType = systemFileSystemType,
): Promise<{ readonly exists: boolean; readonly unwritable: string | null }> {
  await refuseNetwork(file, fileSystemType);
  const exists = existsSync(file);
  const written = exists ? file : nearestFolder(dirname(file));
  try {
    accessSync(written, constants.W_OK);
    return { exists, unwritable: null };
  } catch {
    return { exists, unwritable: written };
  }
}

function nearestFolder(folder: string): string {
  const parent = dirname(folder);
  return existsSync(folder) || parent === folder ? folder : nearestFolder(parent);
}
