import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import picomatch from 'picomatch';
import { UsageError } from '../core/errors.ts';

/** What a pattern that names no folder of these itself never looks into. */
const neverSearched: ReadonlySet<string> = new Set(['node_modules', '.git', '.shotlist']);

/**
 * The files that the words of a call name: a word that is no file and holds `*`, `?`, `[…]` or `{…}` is a pattern, since
 * not every shell expands them. What a pattern matches comes in alphabetical order.
 *
 * @throws UsageError for a pattern that matches nothing.
 */
export async function expandManifests(words: readonly string[], cwd: string): Promise<readonly string[]> {
  const files: string[] = [];
  for (const word of words) {
    const pattern = path.sep === '\\' ? word.replaceAll('\\', '/') : word;
    if (word === '-' || !picomatch.scan(pattern).isGlob || (await isThere(path.resolve(cwd, word)))) {
      files.push(word);
      continue;
    }
    const matches = await matching(pattern, cwd);
    if (matches.length === 0) {
      throw new UsageError(`no file matches '${word}'`, {
        help: 'check the pattern; `**` stands for any number of folders',
      });
    }
    files.push(...matches);
  }
  return files;
}

async function matching(pattern: string, cwd: string): Promise<readonly string[]> {
  const { base } = picomatch.scan(pattern);
  const isMatch = picomatch(pattern.replace(/^\.\//, ''));
  const found: string[] = [];
  const search = async (folder: string): Promise<void> => {
    const entries = await readdir(path.resolve(cwd, folder), { withFileTypes: true }).catch(() => []);
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const name = folder === '' ? entry.name : path.posix.join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!neverSearched.has(entry.name)) await search(name);
      } else if (isMatch(name)) {
        found.push(name);
      }
    }
  };
  await search(base === '.' ? '' : base);
  return found;
}

async function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
