import { readdir, realpath, stat } from 'node:fs/promises';
import { SetupError } from '../core/errors.ts';
import { headOf, readOrdinary } from '../core/read-file.ts';
import type { FileData } from '../core/write-file.ts';

/** What a project does with files beside its manifest: journal, reports, other manifests. The manifest is read by `ReadBytes`. */
export interface ProjectFiles {
  /** The text of a file. @throws what the operating system says, as an error with its `code`; SetupError for a pipe. */
  read(file: string): Promise<string>;
  /** The first bytes of a file, as text; empty for what cannot be read. */
  readHead(file: string, bytes: number): Promise<string>;
  /** The names in a folder; none where it cannot be read. */
  names(folder: string): Promise<readonly string[]>;
  /** What is under a name, links followed; null for nothing. */
  kindOf(file: string): Promise<'file' | 'folder' | 'other' | null>;
  /** Where a file or folder really is, links followed; as it was given where that cannot be told. */
  realPath(file: string): Promise<string>;
  /** Puts a whole file in place of another, or nothing. @throws SetupError where that cannot be done. */
  write(file: string, data: FileData): Promise<void>;
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
};

/** More than any history or report has, in bytes: no text can be much longer. */
const longestText = 512 * 1024 * 1024;

async function readText(file: string): Promise<string> {
  const read = await readOrdinary(file, longestText);
  if (read.kind === 'text') return read.text;
  if (read.kind === 'unreadable') throw read.error;
  if (read.kind === 'unfit' && !read.isFolder) throw new SetupError(`${file} ${read.why}`);
  const code = read.kind === 'missing' ? 'ENOENT' : 'EISDIR';
  throw Object.assign(new Error(`${code}: ${file}`), { code });
}
