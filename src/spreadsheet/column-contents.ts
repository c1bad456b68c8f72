import { mayBePlace } from './aliases.ts';
import { readCell } from './cells.ts';
import { readId } from './ids.ts';
import { mediaListKeys } from './keys.ts';
import type { Table } from './table.ts';

/** A picture, a clip or a sound by its name. */
const mediaFile =
  /^[^\n]*\.(?:png|jpe?g|webp|gif|bmp|tiff?|heic|heif|avif|exr|dpx|psd|mp4|mov|webm|mkv|avi|m4v|mp3|wav|m4a|aac|ogg|flac)(?:[?#]\S*)?$/i;
const address = /^(?:https?|s3|gs|oss|cos|file|data|ftp):\S+$/i;
const reference = /^\$\{\s*assets\.[^}]+\}$/;

/** True where a cell is nothing but URLs, paths of media or references to assets. */
function isMedia(cell: string): boolean {
  const parts = cell
    .split(/\s*\n\s*|\s*[,;，；、|]\s*(?=https?:|\$\{)|\s+(?=https?:)/)
    .filter((part) => part !== '');
  return (
    parts.length > 0 &&
    parts.every((part) => address.test(part) || mediaFile.test(part) || reference.test(part))
  );
}

/** Matches a cell of words that has something like a path, a URL or a list in it. */
const likeMedia = /:\/\/|\$\{|[/\\]|\.\w{2,5}(?:$|[\s,;])|^\[|^null$|^#/i;
const likeFrames = /^(?:\d+|\d{1,2}:\d{2}(?::\d{2})?(?:[:;.]\d{1,3})?)$/;

const oneMedium: ReadonlySet<string> = new Set(['first_image', 'last_image']);

/** Lists the cells of a column, empty ones left out. */
export function cellsIn({ rows }: Table, index: number): readonly string[] {
  return rows.flatMap(({ cells }) => {
    const cell = cells[index]?.trim() ?? '';
    return cell === '' ? [] : [cell];
  });
}

/** True where any cell of a column is media, or links to a file that is. */
export function holdsMedia(table: Table, index: number): boolean {
  return (
    cellsIn(table, index).some(isMedia) ||
    table.rows.some(({ links }) => mediaFile.test(links?.get(index)?.replace(/[?#].*$/, '') ?? ''))
  );
}

/**
 * Judges a column by its cells, where its name alone says otherwise: `Start Frame` with URLs is the first
 * image, `First Frame` with numbers an in point; words alone are no media, a size in pixels is no resolution, and a scene
 * called `办公室` is a place. Undefined where it is nothing of the kind.
 */
export function correctedTarget(table: Table, index: number, target: string): string | undefined {
  const header = table.header[index] ?? '';
  if (header === target) return target;
  const cells = cellsIn(table, index);
  const links = table.rows.some((row) => row.links?.has(index));
  if (cells.length === 0) return target;
  const isAll = (test: (cell: string) => boolean): boolean => cells.every(test);
  const is = (pattern: RegExp) => (cell: string) => pattern.test(cell);
  switch (target) {
    case 'in':
    case 'out':
      return cells.some(isMedia) ? (target === 'in' ? 'first_image' : 'last_image') : target;
    case 'first_image':
    case 'last_image':
      if (isAll(is(likeFrames))) return target === 'first_image' ? 'in' : 'out';
      break;
    case 'resolution':
      // A size in pixels is that of the finished picture, and a bare 1 some program's own code.
      return isAll(is(/^(?:\d{3,4}[pi]?|\d(?:\.\d)?k|u?hd|fhd|null)$/i)) ? target : undefined;
    case 'scene':
      return mayBePlace(header) && !isAll(isSceneId) ? undefined : target;
    default:
  }
  if (!mediaListKeys.has(target) && !oneMedium.has(target)) return target;
  return links || cells.some(is(likeMedia)) ? target : undefined;
}

/** True where a cell is an id, and no word that would lose letters as one. */
function isSceneId(cell: string): boolean {
  const read = readId(cell, 'scene', () => false);
  return 'id' in read && (!read.changed || /\d/.test(cell) || !/[^\P{L}A-Za-z]/u.test(cell));
}

/** True where a column can be what it is likely called: `Time` is a duration where its cells are. */
export function fits(table: Table, index: number, target: string): boolean {
  if (target === 'duration') {
    return cellsIn(table, index).every((cell) => 'value' in readCell('duration', cell, 24));
  }
  return correctedTarget(table, index, target) === target;
}
