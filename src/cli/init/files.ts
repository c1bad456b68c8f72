import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { SetupError, systemCode } from '../../core/errors.ts';
import { isOrdinaryOrMissing, refuseLeadingOut, workTreeOf } from '../../core/work-tree.ts';
import { writeFileAtomically } from '../../core/write-file.ts';

export type InitResult = 'created' | 'extended' | 'kept';

/** Writes a file that must not be there yet; one that is there, even as a link to nothing, stays as it is. */
export async function createFile(folder: string, name: string, text: string): Promise<InitResult> {
  const file = path.join(folder, name);
  return forPeople(name, async () => {
    await refuseLeadingOut(await workTreeOf(folder), file);
    await mkdir(path.dirname(file), { recursive: true });
    const handle = await open(file, 'wx').catch((error: unknown) => {
      if (systemCode(error) === 'EEXIST') return null;
      throw error;
    });
    if (handle === null) return 'kept';
    try {
      await writeFile(handle, text);
    } finally {
      await handle.close();
    }
    return 'created';
  });
}

/** Adds the lines that a file lacks at its end; what it holds stays byte for byte. */
export async function ensureLines(
  folder: string,
  name: string,
  lines: readonly string[],
): Promise<InitResult> {
  const file = path.join(folder, name);
  return forPeople(name, async () => {
    await refuseLeadingOut(await workTreeOf(folder), file);
    if (!(await isOrdinaryOrMissing(file)))
      throw new SetupError(`${name} cannot be extended: it is no ordinary file`);
    const before = await readFile(file, 'utf8').catch((error: unknown) => {
      if (systemCode(error) === 'ENOENT') return null;
      throw error;
    });
    if (before === null) return createFile(folder, name, `${lines.join('\n')}\n`);
    const present = new Set(before.split(/\r?\n/).map((line) => line.trim().replace(/^\//, '')));
    const missing = lines.filter((line) => !present.has(line) && !present.has(line.replace(/\/$/, '')));
    if (missing.length === 0) return 'kept';
    const end = before.includes('\r\n') ? '\r\n' : '\n';
    const gap = before === '' || before.endsWith('\n') ? '' : end;
    await writeFileAtomically(file, before + gap + missing.map((line) => line + end).join(''));
    return 'extended';
  });
}

async function forPeople<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SetupError) throw error;
    throw new SetupError(`${name} cannot be written: ${String(systemCode(error) ?? error)}`, {
      help: 'check the folder and its permissions; what was written so far stays',
      cause: error,
    });
  }
}
