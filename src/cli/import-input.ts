import path from 'node:path';
import { LintFailedError, SetupError } from '../core/errors.ts';
import { readBytes } from '../manifest/file-text.ts';
import { type Mapping, noMapping, readMapping, withoutColumns } from '../spreadsheet/mapping.ts';
import { TableError } from '../spreadsheet/problem.ts';
import { readTable, type Table, tableBytes } from '../spreadsheet/table.ts';
import type { ImportCall } from './import-signature.ts';
import { noteText, tableProblems } from './render/import.ts';
import { count } from './render/text.ts';

/** Reads the table, and the mapping with what flags say over it. */
export async function readInput(
  call: ImportCall,
  file: string,
): Promise<{ readonly table: Table; readonly mapping: Mapping }> {
  const { io, options } = call;
  const bytes = file === '-' ? await io.stdin.read(tableBytes) : await bytesOf(call, file);
  if (bytes.length > tableBytes)
    throw new SetupError(`standard input has more than ${tableBytes / 1024 / 1024} MB`);
  const name = file === '-' ? 'standard input' : path.basename(file);
  const { map, encoding, fps, number, sheet, ignoreColumn } = options;
  return explained(call, file, async () => {
    const said = map === undefined ? noMapping : await readMapping(map, path.resolve(io.cwd, map));
    const mapping = {
      ...withoutColumns(said, ignoreColumn),
      fps: fps ?? said.fps,
      number: number ?? said.number,
      sheet: sheet ?? said.sheet,
    };
    return { table: await readTable(name, bytes, { encoding, mapping }), mapping };
  });
}

async function bytesOf({ io }: ImportCall, file: string): Promise<Uint8Array> {
  const read = await readBytes(path.resolve(io.cwd, file), tableBytes);
  if ('bytes' in read) return read.bytes;
  throw new SetupError(`${file} ${read.message}`, { help: read.help });
}

const problemsShown = 20;

/** Shows every place that stands in the way, and not only the first. */
export async function explained<T>(call: ImportCall, file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
    const { problems } = error;
    const [first] = problems;
    if (first !== undefined && problems.length === 1 && first.subject !== undefined) {
      throw new SetupError(error.message, { help: first.help });
    }
    call.io.stderr.write(tableProblems(problems.slice(0, problemsShown), file, call.color.stderr));
    const rest = problems.length > problemsShown ? `, the first ${problemsShown} of which are above` : '';
    if (problems.every(({ subject }) => subject !== undefined)) {
      throw new SetupError(`nothing was written, for ${mistakes(problems.length)} in the mapping`);
    }
    const questions = problems.filter(({ severity }) => severity === 'warning').length;
    if (questions === problems.length) {
      throw new LintFailedError(
        `${file} leaves ${questions === 1 ? 'a question' : count(questions, 'question')} open${rest}: nothing was written`,
        { help: 'answer what is asked above, then import again' },
      );
    }
    throw new LintFailedError(`${file} has ${mistakes(problems.length)}${rest}: nothing was written`, {
      help: 'correct what is listed above, then import again',
    });
  }
}

function mistakes(number: number): string {
  return number === 1 ? 'a mistake' : count(number, 'mistake');
}

export function showNotes(call: ImportCall, table: Table, notes: readonly string[]): void {
  if (call.verbosity === 'quiet') return;
  const { stderr } = call.io;
  for (const note of [...table.notes, ...notes]) stderr.write(noteText(note, stderr));
}
