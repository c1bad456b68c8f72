import { randomBytes } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { lstat, open, readdir, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { SetupError, systemCode } from './errors.ts';

export type FileData = string | Uint8Array | AsyncIterable<string>;

/**
 * Writes a file whole or not at all: until every byte is on the disk, what was there before stays as it was, and no
 * temporary file outlives a failure; one that a kill left behind goes with a later write to its folder. A symbolic link
 * keeps pointing where it points, and its target is written; an existing file keeps its mode. What is no regular file
 * (`/dev/stdout`, a named pipe) is written straight to, since replacing it would destroy it.
 *
 * @param path relative to the working directory, or absolute.
 * @throws SetupError for what the file system refuses, saying what to do. An error of `data` itself passes through.
 */
export async function writeFileAtomically(path: string, data: FileData): Promise<void> {
  if (path.endsWith('/') || path.endsWith(sep)) {
    throw new SetupError(`cannot write ${path}: that names a folder`, pickAnother);
  }
  const there = await forPath(path, () => statIfAny(path));
  if (there?.isDirectory()) throw new SetupError(`cannot write ${path}: a folder is there`, pickAnother);
  if (there !== undefined && !there.isFile()) return writeStraight(path, data, there.isFIFO());
  // Replacing a file needs no right to write it, but whoever took that right away meant to keep it.
  if (there !== undefined) await forPath(path, async () => (await open(path, 'r+')).close());
  await replace(path, await forPath(path, () => destinationOf(path)), there?.mode, data);
}

/**
 * Writes several regular files, all of them or none: every byte of each is on the disk before the first appears under
 * its name. Only a failure while they are being named, one after the other, can leave some new and some old.
 *
 * @throws SetupError as `writeFileAtomically` does.
 */
export async function writeFilesAtomically(
  files: readonly { readonly path: string; readonly data: FileData }[],
): Promise<void> {
  const written: Written[] = [];
  try {
    for (const { path, data } of files) {
      const { mode } = await forPath(path, () => stat(path));
      await forPath(path, async () => (await open(path, 'r+')).close());
      written.push(await writeAside(path, await forPath(path, () => destinationOf(path)), mode, data));
    }
  } catch (error) {
    await Promise.all(written.map(({ discard }) => discard()));
    throw error;
  }
  for (const [index, { putInPlace }] of written.entries()) {
    try {
      await putInPlace();
    } catch (error) {
      await Promise.all(written.slice(index + 1).map(({ discard }) => discard()));
      throw error;
    }
  }
}

/** A file that is whole on the disk, beside the one that it will replace. */
interface Written {
  readonly putInPlace: () => Promise<void>;
  readonly discard: () => Promise<void>;
}

async function replace(
  path: string,
  destination: string,
  mode: number | undefined,
  data: FileData,
): Promise<void> {
  const { putInPlace } = await writeAside(path, destination, mode, data);
  await putInPlace();
}

async function writeAside(
  path: string,
  destination: string,
  mode: number | undefined,
  data: FileData,
): Promise<Written> {
  const folder = dirname(destination);
  const temporary = join(folder, `.shotlist-${randomBytes(8).toString('hex')}.tmp`);
  const onDisk = <T>(act: () => Promise<T>): Promise<T> => forPath(path, act, folder);
  const permissions = mode === undefined ? 0o666 : mode & 0o777;
  const discard = (): Promise<void> => rm(temporary, { force: true }).catch(() => undefined);
  const file = await onDisk(() => open(temporary, 'wx', permissions));
  try {
    try {
      // The umask may have taken some away. File systems without permissions fail here, and lose nothing.
      if (mode !== undefined) await file.chmod(permissions).catch(() => undefined);
      await fill(path, file, data);
      await onDisk(() => file.sync());
      await sweep(folder, file);
    } finally {
      await onDisk(() => file.close());
    }
  } catch (error) {
    await discard();
    throw error;
  }
  return {
    discard,
    async putInPlace() {
      try {
        await onDisk(() => rename(temporary, destination));
      } catch (error) {
        await discard();
        throw error;
      }
      await onDisk(() => syncFolder(folder));
    },
  };
}

/** A write takes seconds; what has lain there for so long belongs to nobody any more. */
const abandonedAfterMs = 3_600_000;

/** Removes what killed writers left in a folder, by the age that the file system gives it beside a `fresh` file. */
async function sweep(folder: string, fresh: FileHandle): Promise<void> {
  try {
    const { mtimeMs: now } = await fresh.stat();
    for (const name of await readdir(folder)) {
      if (!/^\.shotlist-[0-9a-f]{16}\.tmp$/.test(name)) continue;
      const file = join(folder, name);
      const left = await lstat(file);
      if (left.isFile() && now - left.mtimeMs > abandonedAfterMs) await rm(file, { force: true });
    }
  } catch {
    // Tidiness only: the file that was asked for does not depend on it.
  }
}

/** Opens a pipe once somebody reads it: to open one is to wait for a reader, who may never come. */
async function openRead(path: string): Promise<FileHandle> {
  const probe = await open(path, constants.O_WRONLY | (constants.O_NONBLOCK ?? 0));
  // Closed only when the other is open: a reader takes the last writer's end for the end of everything.
  return open(path, 'w').finally(() => probe.close());
}

async function writeStraight(path: string, data: FileData, isPipe: boolean): Promise<void> {
  const file = await forPath(path, () => (isPipe ? openRead(path) : open(path, 'w')));
  try {
    await fill(path, file, data);
  } finally {
    await forPath(path, () => file.close());
  }
}

const chunkLength = 64 * 1024;

async function fill(path: string, file: FileHandle, data: FileData): Promise<void> {
  if (typeof data === 'string' || data instanceof Uint8Array) {
    return forPath(path, () => file.writeFile(data));
  }
  let pending = '';
  for await (const piece of data) {
    pending += piece;
    if (pending.length < chunkLength) continue;
    // A character outside the basic plane is two units, and pieces may part them.
    const whole = /[\uD800-\uDBFF]$/.test(pending) ? pending.length - 1 : pending.length;
    const text = pending.slice(0, whole);
    pending = pending.slice(whole);
    await forPath(path, () => file.writeFile(text));
  }
  await forPath(path, () => file.writeFile(pending));
}

async function statIfAny(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** The file that a chain of symbolic links ends in, whether or not it exists. */
async function destinationOf(path: string): Promise<string> {
  let current = path;
  for (;;) {
    // Links in a circle end in `stat`, before this is called.
    const target = await readlink(current).catch(() => undefined);
    if (target === undefined) return current;
    current = resolve(await realpath(dirname(current)), target);
  }
}

/** Makes the new name durable, where the file system knows how to. */
async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle;
  try {
    handle = await open(folder, 'r');
  } catch {
    return; // A folder that may not be read, or Windows, which opens no folders.
  }
  try {
    await handle.sync();
  } catch (error) {
    if (!['EINVAL', 'ENOTSUP', 'EPERM'].includes(systemCode(error) ?? '')) throw error;
  } finally {
    await handle.close();
  }
}

async function forPath<T>(path: string, act: () => Promise<T>, folder = dirname(path)): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw readable(path, folder, error);
  }
}

const pickAnother = { help: 'name another file' };

function readable(path: string, folder: string, cause: unknown): unknown {
  const because = (why: string, help: string): SetupError =>
    new SetupError(`cannot write ${path}: ${why}`, { help, cause });
  switch (systemCode(cause)) {
    case undefined:
      return cause;
    case 'ENOENT':
      return because(`there is no folder ${folder}`, 'create the folder first, or name a file elsewhere');
    case 'ENOTDIR':
      return because(`${folder} is no folder`, 'name a file elsewhere');
    case 'EACCES':
    case 'EPERM':
      return because(
        'no permission',
        `change the permissions of the file or of ${folder}, or name a file elsewhere`,
      );
    case 'ENXIO':
      return because('it is a pipe, and nobody reads it', 'remove it, or name another file');
    case 'EROFS':
      return because('the file system is read-only', 'name a file elsewhere');
    case 'ENOSPC':
      return because('the disk is full', 'free some space, then try again');
    case 'EDQUOT':
      return because('your disk quota is used up', 'free some space, then try again');
    case 'EFBIG':
      return because(
        'the file would be larger than is allowed here',
        'raise the limit, or name a file elsewhere',
      );
    case 'ELOOP':
      return because('its symbolic links lead in a circle', 'remove the link, or name another file');
    case 'ENAMETOOLONG':
      return because('the name is too long', 'choose a shorter name');
    default:
      return because(cause instanceof Error ? cause.message : String(cause), 'name a file elsewhere');
  }
}
