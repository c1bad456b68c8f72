import pc from 'picocolors';
import { pixels, seconds, size } from '../../lint/media-words.ts';
import type { ProbedMedium } from '../../lint/used-media.ts';
import type { ReachedMedia } from '../../media/facts.ts';
import { code, details, table } from './markdown.ts';
import { columns, count, shorten } from './text.ts';

/** Files that are listed before the rest is only counted. */
const listed = 40;
/** In columns of a terminal. */
const fileWidth = 60;

const header = ['kind', 'size', 'duration', 'pixels', 'used by', 'file'];

/** What is behind the media URLs, as a table for people. */
export function renderMedia(media: readonly ProbedMedium[], color: boolean): string {
  if (media.length === 0) return '';
  const colors = pc.createColors(color);
  const rest =
    media.length > listed
      ? colors.dim(`  … and ${count(media.length - listed, 'more file')}; --format json lists every file\n`)
      : '';
  return (
    `\n${colors.bold('Media')}\n` +
    columns([header.map((name) => colors.dim(name)), ...media.slice(0, listed).map(row)]) +
    rest
  );
}

function row({ facts, expected, usedBy }: ProbedMedium): readonly string[] {
  const [first = '', ...others] = usedBy;
  const users = others.length === 0 ? first : `${first} and ${count(others.length, 'other')}`;
  const { host, pathname } = new URL(facts.url);
  const file = shorten(`${host}${pathname}`, fileWidth);
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

/** The same for a comment: folded, and bounded as the rest of it is. */
export function mediaMarkdown(media: readonly ProbedMedium[]): string {
  if (media.length === 0) return '';
  const rows = media
    .slice(0, listed)
    .map((medium) => row(medium).map((cell, index) => (index < 4 ? cell : code(cell))));
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
