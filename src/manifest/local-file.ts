import path from 'node:path';
import type { LocalFile, Origin } from './model.ts';
import { resolveName } from './source.ts';

/** The file that a media value names; undefined for a URL, and for what was meant to be one. */
export function localFileOf(value: string, { source }: Origin, cwd: string): LocalFile | undefined {
  return isLocalPath(value) ? resolveName(source, cwd, value) : undefined;
}

/**
 * True for a path: a media value without a scheme. What was meant to be a URL or a reference, and is none for a slip of the
 * hand, is no path, and gets told what is wrong with it.
 */
export function isLocalPath(value: string): boolean {
  if (value === '' || value !== value.trim()) return false;
  // A drive has one letter; a host with a port is no scheme.
  if (/^[a-z][a-z0-9+.-]+:(?!\d+\/)/i.test(value)) return false;
  if (value.startsWith('//') || value.includes('://')) return false;
  return !meantOtherwise.test(value);
}

/** Control characters, quotes and full-width signs, and the signs of a reference that is none: `{{assets.mika}}`. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const meantOtherwise = /[\0-\x1f\x7f“”‘’「」：／]|[{｛$＄][^/]*(?:vars|assets)[.．。]/;

/** The key of all that is known of a medium: of a file on a disk its place, of any other its URL as written. */
export function mediaKey({
  value,
  file,
}: {
  readonly value: string;
  readonly file?: LocalFile | undefined;
}): string {
  return file?.absolutePath ?? value;
}

/** A file as a plan names it: from the folder of its manifest, with slashes. */
export function pathFrom(folder: string, { absolutePath }: LocalFile): string {
  return path.relative(folder, absolutePath).split(path.sep).join('/');
}
