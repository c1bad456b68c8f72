import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { createTwoFilesPatch } from 'diff';
import { SetupError } from '../core/errors.ts';
import { refuseLeadingOut, workTreeOf } from '../core/work-tree.ts';
import { writeFilesAtomically } from '../core/write-file.ts';
import type { FixedFile } from '../lint/fix.ts';
import { blackedOut, secretsIn } from '../lint/secrets.ts';

/**
 * Writes mended files, all of them or none. Whatever else they hold stays byte for byte, a byte-order mark included.
 *
 * @throws SetupError where a file has changed since it was read, or cannot be written.
 */
export async function writeFixed(files: readonly FixedFile[]): Promise<void> {
  const wanted = new Map<string, string>();
  for (const { file, absolutePath, before, after } of files) {
    if (absolutePath === null) continue;
    const text = await readFile(absolutePath, 'utf8').catch(() => undefined);
    const mark = byteOrderMark(text ?? '');
    if (text !== mark + before) {
      throw new SetupError(`${file} has changed while it was being mended`, {
        help: 'nothing was written: run the same command again',
      });
    }
    await refuseLeadingOut(await workTreeOf(path.dirname(absolutePath)), absolutePath);
    wanted.set(absolutePath, mark + after);
  }
  await writeFilesAtomically([...wanted].map(([path, data]) => ({ path, data })));
}

/** The byte-order mark that a text begins with, or nothing. */
export function byteOrderMark(text: string): '\ufeff' | '' {
  return text.startsWith('\ufeff') ? '\ufeff' : '';
}

/** Lists the mended places, one line each, under the name of the file. */
export function fixedLines(files: readonly FixedFile[], verb: 'fixed' | 'would fix'): string {
  return files
    .map(({ file, fixed }) => {
      const lines = fixed.map(
        ({ diagnostic: { rule, line, column }, title }) => `  ${line}:${column}  ${rule}  ${title}\n`,
      );
      return `${verb} ${file}\n${lines.join('')}`;
    })
    .join('');
}

/**
 * The changes as one unified diff that `git apply` and `patch` take, unless a secret stands near a change: it is blacked
 * out, here as everywhere.
 *
 * @param read gives the whole text of a file, with its byte-order mark.
 */
export async function fixDiff(
  files: readonly FixedFile[],
  read: (file: FixedFile) => Promise<string>,
): Promise<string> {
  const diff: { readonly createTwoFilesPatch: typeof createTwoFilesPatch } = await import('diff');
  const patches = await Promise.all(
    files.map(async (each) => {
      const { file, before, after } = each;
      const mark = byteOrderMark(await read(each));
      const [old, mended] = [before, after].map((text) => mark + blackedOut(text, secretsIn(text)));
      const names = [`a/${file}`, `b/${file}`] as const;
      const patch = diff.createTwoFilesPatch(...names, old ?? '', mended ?? '', undefined, undefined, {
        context: 3,
        maxEditLength: mostEdits,
      });
      // Its own separator line is no part of the format.
      return patch?.replace(/^=+\n/, '') ?? replacement(names, old ?? '', mended ?? '');
    }),
  );
  return patches.join('');
}

/** Finding the least difference takes time that grows with its square: this much is seconds. */
const mostEdits = 10_000;

/** The patch that takes out every line and puts in the new ones. */
function replacement([before, after]: readonly [string, string], old: string, mended: string): string {
  const marked = (text: string, mark: string): readonly string[] => {
    const lines = text.split('\n');
    const isEnded = lines.at(-1) === '';
    const own = (isEnded ? lines.slice(0, -1) : lines).map((line) => mark + line);
    return isEnded ? own : [...own, '\\ No newline at end of file'];
  };
  const [out, into] = [marked(old, '-'), marked(mended, '+')];
  const count = (lines: readonly string[]): number => lines.filter((line) => !line.startsWith('\\')).length;
  const hunk = `@@ -1,${count(out)} +1,${count(into)} @@`;
  return `${[`--- ${before}`, `+++ ${after}`, hunk, ...out, ...into].join('\n')}\n`;
}
