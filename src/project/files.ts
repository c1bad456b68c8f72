import { open, readdir, readFile, realpath, stat } from 'node:fs/promises';
import type { FileData } from '../core/write-file.ts';

/** What a project does with files beside its manifest: journal, reports, other manifests. The manifest is read by `ReadBytes`. */
export interface ProjectFiles {
  /** The text of a file. @throws what the operating system says, as an error with its `code`. */
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
  read: (file) => readFile(file, 'utf8'),
  readHead,
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

async function readHead(file: string, bytes: number): Promise<string> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (handle === undefined) return '';
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(bytes) });
    return buffer.toString('utf8', 0, bytesRead);
  } catch {
    return '';
  } finally {
    await handle.close();
  }
}
