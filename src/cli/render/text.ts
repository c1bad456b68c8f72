import stringWidth from 'string-width';
import { wrapBy } from './wrap.ts';

export { duration } from '../../core/clock.ts';
export { count, number } from '../../core/count.ts';
export { money } from '../../core/money.ts';

/** The reader of a text: his colors and his clock. */
export interface TextView {
  readonly color: boolean;
  readonly timeZone: string;
}

/** An amount of data for people: `7 kB`, `34.2 MB`, `1.1 GB`. */
export function dataSize(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`;
  return bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.ceil(bytes / 1e3)} kB`;
}

/**
 * A moment for people, by their clock and with its zone: `2026-01-01 08:00:00 GMT+8`. Scripts get UTC.
 *
 * @param moment milliseconds since the epoch, or ISO 8601.
 */
export function localTime(moment: number | string, timeZone: string): string {
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'short' },
  });
  const parts = new Map(format.formatToParts(new Date(moment)).map(({ type, value }) => [type, value]));
  const of = (...types: readonly Intl.DateTimeFormatPartTypes[]) => types.map((type) => parts.get(type));
  return `${of('year', 'month', 'day').join('-')} ${of('hour', 'minute', 'second').join(':')} ${parts.get('timeZoneName')}`;
}

/** The same, with UTC beside it where the reader's clock shows another time: consoles and bills have clocks of their own. */
export function localAndUtc(moment: number | string, timeZone: string): string {
  const [local, utc] = [localTime(moment, timeZone), localTime(moment, 'UTC')];
  return local === utc ? utc : `${local} (${utc})`;
}

/** Cuts a text to a width in columns, where a Chinese character takes two, and marks the cut. */
export function shorten(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let fitted = '';
  let used = 1;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    used += stringWidth(segment);
    if (used > width) break;
    fitted += segment;
  }
  return `${fitted}…`;
}

/** Pads a text, which may hold colors and wide characters, to a width in columns. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
}

/** Rows as left-aligned columns, two spaces apart; the last column is not padded. */
export function columns(rows: readonly (readonly string[])[], indent = '  '): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, stringWidth(cell));
    });
  }
  return rows
    .map((row) => `${indent}${row.map((cell, index) => pad(cell, widths[index] ?? 0)).join('  ')}`.trimEnd())
    .map((line) => `${line}\n`)
    .join('');
}

/** Breaks a text at spaces to lines of at most `width` columns. */
export function wrap(text: string, width: number): readonly string[] {
  return wrapBy(text, width, stringWidth);
}
