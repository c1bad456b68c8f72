import pc from 'picocolors';
import stringWidth from 'string-width';
import { pixels, seconds, size } from '../../lint/media-words.ts';
import type { ProbedMedium } from '../../lint/used-media.ts';
import type { ReachedMedia } from '../../media/facts.ts';
import { code, details, table } from './markdown.ts';
import { columns, count } from './text.ts';

/** Files that are listed before the rest is only counted. */
const listed = 40;
/** Columns of a terminal that a file's name gets at the most, and at the least where the terminal is narrow. */
const fileWidth = { most: 60, least: 14 };

const header = ['kind', 'size', 'duration', 'pixels', 'used by', 'file'];

/** Shows the media behind the URLs, as a table for people at a terminal of `width` columns. */
export function renderMedia(media: readonly ProbedMedium[], color: boolean, width: number): string {
  if (media.length === 0) return '';
  const colors = pc.createColors(color);
  const rows = shown(media).map(row);
  const taken = header.slice(0, -1).map((_, index) => widest([header, ...rows], index) + gap.length);
  const left = width - taken.reduce((sum, each) => sum + each, indent.length);
  const forFile = Math.min(fileWidth.most, Math.max(fileWidth.least, left));
  const rest = media.length - rows.length;
  const cut = rows.map((cells) => [...cells.slice(0, -1), keepEnd(cells.at(-1) ?? '', forFile)]);
  return (
    `\n${colors.bold('Media')}\n` +
    columns([header.map((name) => colors.dim(name)), ...cut], indent) +
    (rest > 0
      ? colors.dim(`${indent}… and ${count(rest, 'more file')}; --format json lists every file\n`)
      : '')
  );
}

const indent = '  ';
const gap = '  ';

/** Picks the media to list, in the order of the manifest; where there are too many, the odd ones first. */
function shown(media: readonly ProbedMedium[]): readonly ProbedMedium[] {
  if (media.length <= listed) return media;
  const isOdd = ({ facts }: ProbedMedium): boolean => facts.outcome !== 'reached' || facts.unknown !== null;
  return [...media.filter(isOdd), ...media.filter((each) => !isOdd(each))].slice(0, listed);
}

function widest(rows: readonly (readonly string[])[], index: number): number {
  return Math.max(...rows.map((cells) => stringWidth(cells[index] ?? '')));
}

/** Cuts a text to a width in columns at its beginning: a file's name is at the end of its URL. */
function keepEnd(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let fitted = '';
  let used = 1;
  for (const { segment } of [...new Intl.Segmenter().segment(text)].reverse()) {
    used += stringWidth(segment);
    if (used > width) break;
    fitted = segment + fitted;
  }
  return `…${fitted}`;
}

function row({ facts, expected, usedBy }: ProbedMedium): readonly string[] {
  const [first = '', ...others] = usedBy;
  const users = others.length === 0 ? first : `${first} and ${count(others.length, 'other')}`;
  const file = readable(new URL(facts.url));
  if (facts.outcome !== 'reached') {
    const what = facts.outcome === 'unreachable' ? 'out of reach' : 'not known';
    return [`${expected}, ${what}`, '', '', '', users, file];
  }
  const { kind, format, bytes, duration, width, height } = facts;
  return [
    kind === null ? (format ?? 'not known') : `${kind}${format === null ? '' : ` (${format})`}`,
    bytes === null ? '?' : size(bytes),
    duration === null ? (kind === 'video' || kind === 'audio' ? '?' : '') : seconds(duration),
    width === null || height === null
      ? kind === 'video' || kind === 'image'
        ? '?'
        : ''
      : pixels({ width, height }),
    users,
    file,
  ];
}

/** Host and path as people write them: percent signs only where a terminal or a table would be misled. */
function readable({ host, pathname }: URL): string {
  try {
    const path = decodeURI(pathname).replace(/[\p{C}\p{Z}|`]/gu, encodeURIComponent);
    return `${host}${path}`;
  } catch {
    return `${host}${pathname}`;
  }
}

/** The same for a comment: folded, and bounded as the rest of it is. */
export function mediaMarkdown(media: readonly ProbedMedium[]): string {
  if (media.length === 0) return '';
  const rows = shown(media).map((medium) =>
    row(medium).map((cell, index, { length }) =>
      index < 4 ? cell : code(index === length - 1 ? keepEnd(cell, fileWidth.most) : cell),
    ),
  );
  const rest = media.length - listed;
  const all = rest > 0 ? [...rows, [`${rest} more`, '', '', '', '', '']] : rows;
  return `\n${details('Media', table(header, all))}\n`;
}

/** The same for scripts: `media` of `plan --format json --media`. */
export function mediaRows(media: readonly ProbedMedium[]): readonly object[] {
  return media.map(({ facts, expected, usedBy }) => ({
    url: facts.url,
    expected,
    outcome: facts.outcome,
    ...(facts.outcome === 'reached' ? readingOf(facts) : { message: facts.message }),
    usedBy,
  }));
}

function readingOf({ kind, format, bytes, duration, width, height, unknown }: ReachedMedia): object {
  return { kind, format, bytes, duration, width, height, message: unknown };
}
