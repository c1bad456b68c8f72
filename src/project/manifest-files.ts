import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Diagnostic } from '../core/diagnostic.ts';
import { UsageError } from '../core/errors.ts';
import { nearest } from '../core/suggest.ts';
import type { LintResult } from '../lint/lint.ts';

/** Folders that a pattern never looks into unless it names them itself. */
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
    const matches =
      word === '-' || (await isThere(path.resolve(cwd, word))) ? undefined : await matching(pattern, cwd);
    if (matches === undefined) {
      files.push(word);
      continue;
    }
    if (matches.length === 0) {
      throw new UsageError(`no file matches '${word}'`, {
        help: 'check the pattern; `**` stands for any number of folders',
      });
    }
    files.push(...matches);
  }
  return files;
}

/** Characters of the longest pattern: as many as a path can have. */
const longestPattern = 4096;

/** Finds the files that match a pattern; undefined for a word that is none. */
async function matching(pattern: string, cwd: string): Promise<readonly string[] | undefined> {
  if (pattern.length > longestPattern) {
    throw new UsageError(`'${pattern.slice(0, 20)}…' has ${pattern.length} characters: no path has so many`, {
      help: 'name fewer files, or a folder with `**`',
    });
  }
  const { default: picomatch } = await import('picomatch');
  const { base, isGlob } = picomatch.scan(pattern);
  if (!isGlob) return undefined;
  const isMatch = picomatch(pattern.replace(/^\.\//, ''));
  const found: string[] = [];
  for await (const name of filesBelow(cwd, base === '.' ? '' : base)) if (isMatch(name)) found.push(name);
  return found;
}

/** Every file below a folder of `cwd`, in alphabetical order: names with slashes, seen from `cwd`. */
export async function* filesBelow(cwd: string, folder: string): AsyncGenerator<string> {
  const entries = await readdir(path.resolve(cwd, folder), { withFileTypes: true }).catch(() => []);
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = folder === '' ? entry.name : path.posix.join(folder, entry.name);
    if (!entry.isDirectory()) yield name;
    else if (!neverSearched.has(entry.name)) yield* filesBelow(cwd, name);
  }
}

/** A manifest beside the one that was named and is not there, with nearly its name; as it would be named. */
export async function similarFile(cwd: string, file: string): Promise<string | undefined> {
  const folder = path.dirname(path.resolve(cwd, file));
  const names = await readdir(folder).catch(() => []);
  const manifests = names.filter((name) => /\.(ya?ml|json)$/i.test(name));
  if (manifests.includes(path.basename(file))) return undefined;
  const meant = nearest(path.basename(file), manifests);
  return meant === undefined ? undefined : path.join(path.dirname(file), meant);
}

async function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

/** Finds the finding of a manifest that could not be read at all. An unreadable fragment is a mistake in the manifest. */
export function unreadableManifest({ manifests, diagnostics }: LintResult): Diagnostic | undefined {
  const unread = manifests.filter(({ manifest }) => manifest.source.text === '');
  const named = new Set(unread.map(({ manifest }) => manifest.source.file));
  return diagnostics.find(({ rule, file }) => rule === 'unreadable-file' && named.has(file));
}
