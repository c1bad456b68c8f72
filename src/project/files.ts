import { open, readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { SetupError, systemCode } from '../core/errors.ts';
import { headOf, readOrdinary } from '../core/read-file.ts';
import type { FileData } from '../core/write-file.ts';

/** The files beside a manifest, as a project needs them: journal, reports, other manifests. The manifest is read by `ReadBytes`. */
export interface ProjectFiles {
  /** The text of a file. @throws what the operating system says, as an error with its `code`; SetupError for a pipe. */
  read(file: string): Promise<string>;
  /** The first bytes of a file, as text; empty for what cannot be read. */
  readHead(file: string, bytes: number): Promise<string>;
  /**
   * The bytes of a file from an offset on, and which file that is; null for none. The bytes are null where it is shorter.
   *
   * @throws as `read` does.
   */
  readFrom(
    file: string,
    offset: number,
  ): Promise<{ readonly identity: string; readonly bytes: Buffer | null } | null>;
  /** The names in a folder; none where it cannot be read. */
  names(folder: string): Promise<readonly string[]>;
  /** The kind of thing under a name, links followed; null for nothing. */
  kindOf(file: string): Promise<'file' | 'folder' | 'other' | null>;
  /** The real path of a file or folder, links followed; as it was given where that cannot be told. */
  realPath(file: string): Promise<string>;
  /** Puts a whole file in place of another, or nothing. @throws SetupError where that cannot be done. */
  write(file: string, data: FileData): Promise<void>;
  /** Adds to the end of a file, made where there is none. On the disk once it resolves; what others add meanwhile stays. */
  append(file: string, text: string): Promise<void>;
}

/** The disk of this machine. */
export const systemFiles: ProjectFiles = {
  read: readText,
  readHead: headOf,
  names: (folder) => readdir(folder).catch(() => []),
  kindOf: async (file) => {
    const found = await stat(file).catch(() => undefined);
    if (found === undefined) return null;
    return found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other';
  },
  realPath: (file) => realpath(file).catch(() => file),
  write: async (file, data) => {
    const { writeFileAtomically } = await import('../core/write-file.ts');
    await writeFileAtomically(file, data);
  },
  readFrom,
  append,
};

/** Bytes of the longest text; no history or report has as many, since no text can be much longer. */
const longestText = 512 * 1024 * 1024;

async function readText(file: string): Promise<string> {
  const read = await readOrdinary(file, longestText);
  if (read.kind === 'text') return read.text;
  if (read.kind === 'unreadable') throw read.error;
  if (read.kind === 'unfit' && !read.isFolder) throw new SetupError(`${file} ${read.why}`);
  const code = read.kind === 'missing' ? 'ENOENT' : 'EISDIR';
  throw Object.assign(new Error(`${code}: ${file}`), { code });
}

async function readFrom(
  file: string,
  offset: number,
): Promise<{ readonly identity: string; readonly bytes: Buffer | null } | null> {
  const found = await stat(file).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (found === undefined) return null;
  if (found.isDirectory()) throw Object.assign(new Error(`EISDIR: ${file}`), { code: 'EISDIR' });
  // To open a pipe could be to wait for ever.
  if (!found.isFile()) throw new SetupError(`${file} is no ordinary file, but a pipe, a socket or a device`);
  const handle = await open(file, 'r');
  try {
    const { dev, ino, size } = await handle.stat();
    const identity = `${dev}:${ino}`;
    if (size < offset) return { identity, bytes: null };
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - offset), 0, size - offset, offset);
    return { identity, bytes: buffer.subarray(0, bytesRead) };
  } finally {
    await handle.close();
  }
}

/** Characters that are written at once: a line is never parted, so that nobody's lines can come between its halves. */
const appendedAtOnce = 1024 * 1024;

async function append(file: string, text: string): Promise<void> {
  const isNew = (await stat(file).catch(() => undefined)) === undefined;
  const handle = await open(file, 'a', 0o666);
  try {
    for (let from = 0; from < text.length; ) {
      const end = text.length - from > appendedAtOnce ? text.indexOf('\n', from + appendedAtOnce) + 1 : 0;
      const piece = text.slice(from, end === 0 ? text.length : end);
      await handle.appendFile(piece);
      from += piece.length;
    }
    await handle.datasync();
  } finally {
    await handle.close();
  }
  if (isNew) await syncFolder(path.dirname(file));
}

/** Puts a new name on the disk; nothing where a folder cannot be opened. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  if (handle === undefined) return;
  try {
    await handle.sync();
  } catch {
    // Some file systems know no such sync.
  } finally {
    await handle.close();
  }
}
