import type { Json } from '../core/canonical-json.ts';

/** A map that is written key by key, in this order; lists of such maps are written item by item. */
export type Entries = readonly (readonly [key: string, value: Json | EntryList])[];

export class EntryList {
  readonly items: readonly Entries[];

  constructor(items: readonly Entries[]) {
    this.items = items;
  }
}

/** The style in which a text is written: as it was before, or as fits it best. */
export type TextStyle = 'plain' | 'single' | 'double' | 'folded' | 'literal';

export interface Layout {
  /** "\n" or "\r\n". */
  readonly lineEnd: string;
  /** Columns before the lines of a text of several lines. */
  readonly indent: number;
  /** Within `{…}` or `[…]`. */
  readonly flow: boolean;
  /** True where a text may take several lines: not where something follows on the line. */
  readonly lines: boolean;
  readonly style?: TextStyle | undefined;
  /** A comment to keep beside the sign of a text of several lines. */
  readonly comment?: string | undefined;
  /** Columns that a folded text fills, its indentation included. */
  readonly width?: number | undefined;
  /** The lines of the folded text that this one replaces: those that say the same stay. */
  readonly before?: readonly string[] | undefined;
}

/** Columns that a folded text fills, its indentation included. */
const textWidth = 120;
/** Texts that are shorter than this stay on their line. */
const longText = 100;

const reservedWords = /^(?:y|n|yes|no|on|off|true|false|null)$/i;

/** A value as it stands behind `key: `. */
export function valueText(value: Json, layout: Layout): string {
  if (typeof value === 'string') return scalarText(value, layout);
  if (value === null || typeof value !== 'object') return String(value);
  const inner: Layout = { ...layout, flow: true, lines: false, style: undefined };
  if (Array.isArray(value)) return `[${value.map((item: Json) => valueText(item, inner)).join(', ')}]`;
  const members = Object.entries(value).map(
    ([key, member]) => `${keyText(key, true)}: ${valueText(member, inner)}`,
  );
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

/** A map with a line for each key, without the indentation of the first and the end of the last. */
export function blockText(entries: Entries, column: number, lineEnd: string): string {
  const pad = ' '.repeat(column);
  return entries.map(([key, value]) => entryText(key, value, column, lineEnd)).join(`${lineEnd}${pad}`);
}

/** One key with its value, as `blockText` writes it. */
export function entryText(key: string, value: Json | EntryList, column: number, lineEnd: string): string {
  if (value instanceof EntryList) {
    return `${keyText(key, false)}:${lineEnd}${listText(value.items, column + 2, lineEnd, false)}`;
  }
  const layout = { lineEnd, indent: column + 2, flow: false, lines: true };
  return `${keyText(key, false)}: ${valueText(value, layout)}`;
}

/** Items of a list of maps, the indentation of the first included. `apart`: with an empty line between. */
export function listText(items: readonly Entries[], column: number, lineEnd: string, apart: boolean): string {
  const pad = ' '.repeat(column);
  return items
    .map((item) => `${pad}- ${blockText(item, column + 2, lineEnd)}`)
    .join(apart ? lineEnd + lineEnd : lineEnd);
}

/** A map on one line. `quoted`: with all names in quotes, as JSON wants them. */
export function flowText(entries: Entries, quoted: boolean): string {
  const members = entries.map(([key, value]) => `${flowEntryText(key, value, quoted)}`);
  return `{ ${members.join(', ')} }`;
}

export function flowEntryText(key: string, value: Json | EntryList, quoted: boolean): string {
  const name = quoted ? JSON.stringify(key) : keyText(key, true);
  if (value instanceof EntryList) {
    return `${name}: [${value.items.map((item) => flowText(item, quoted)).join(', ')}]`;
  }
  if (quoted) return `${name}: ${jsonText(value)}`;
  return `${name}: ${valueText(value, { lineEnd: '\n', indent: 0, flow: true, lines: false })}`;
}

function keyText(key: string, flow: boolean): string {
  return isPlain(key, flow) && !key.includes(':') ? key : jsonText(key);
}

function scalarText(text: string, layout: Layout): string {
  const { flow, style } = layout;
  const mayTakeLines = layout.lines && !flow;
  if (mayTakeLines && isForLines(text)) {
    if (text.includes('\n'))
      return style === 'folded' && foldsWell(text) ? folded(text, layout) : literal(text, layout);
    if (style === 'folded' || style === 'literal') return folded(text, layout);
    if (style === undefined && text.length > longText && / \S/.test(text)) return folded(text, layout);
  }
  if (style === 'double' || /[\n\r]/.test(text)) return jsonText(text);
  if (style === 'single' && isPrintable(text)) return `'${text.replaceAll("'", "''")}'`;
  return isPlain(text, flow) ? text : jsonText(text);
}

/** True where every reader of YAML, old ones too, takes the text for itself without quotes. */
function isPlain(text: string, flow: boolean): boolean {
  if (!/^[\p{L}_]/u.test(text) || reservedWords.test(text) || !isPrintable(text)) return false;
  if (/: |\s#|:$|\s$|\t/.test(text)) return false;
  return !flow || !/[,[\]{}]|:(?!\/\/)/.test(text);
}

/** True for text without line ends, control characters and what YAML takes for one of them. */
function isPrintable(text: string): boolean {
  return !/[\p{Cc}\p{Surrogate}\u2028\u2029\ufeff\ufffe\uffff]/u.test(text);
}

/** Text in double quotes, in which everything can be written. */
function jsonText(value: Json): string {
  return JSON.stringify(value).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** True where a text stands in indented lines without being changed. */
function isForLines(text: string): boolean {
  const lines = text.split('\n');
  return (
    lines.every((line) => isPrintable(line) && !/\s$/.test(line)) && /^\S/.test(text) && lines.at(-1) !== ''
  );
}

/** Lines that begin with white space do not fold, and empty ones fold otherwise. */
function foldsWell(text: string): boolean {
  return text.split('\n').every((line) => /^\S/.test(line));
}

function literal(text: string, layout: Layout): string {
  return inLines('|-', text.split('\n'), layout);
}

function folded(text: string, layout: Layout): string {
  const width = Math.max((layout.width ?? textWidth) - layout.indent, 40);
  const paragraphs = text.split('\n').map((paragraph) => wrappedLike(layout.before ?? [], paragraph, width));
  const lines = paragraphs.flatMap((paragraph, index) => (index === 0 ? paragraph : ['', ...paragraph]));
  return inLines('>-', lines, layout);
}

/** Breaks where it was broken before, as far as the text is the same from its beginning and from its end. */
function wrappedLike(before: readonly string[], text: string, width: number): readonly string[] {
  let rest = text;
  const head: string[] = [];
  for (const line of before) {
    if (!rest.startsWith(`${line} `) || !/^\S.*\S $/.test(`${line} `) || rest[line.length + 1] === ' ') break;
    head.push(line);
    rest = rest.slice(line.length + 1);
  }
  const tail: string[] = [];
  for (const line of before.slice(head.length).toReversed()) {
    if (!/^\S/.test(line) || !rest.endsWith(` ${line}`) || rest.at(-line.length - 2) === ' ') break;
    tail.unshift(line);
    rest = rest.slice(0, -line.length - 1);
  }
  return [...head, ...wrapped(rest, width), ...tail];
}

/** Breaks only where a single space can come back for the break. */
function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line: string | undefined;
  for (const word of text.split(/(?<=\S) (?=\S)/)) {
    if (line === undefined) line = word;
    else if (line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line += ` ${word}`;
  }
  return [...lines, line ?? ''];
}

function inLines(sign: string, lines: readonly string[], { lineEnd, indent, comment = '' }: Layout): string {
  const pad = ' '.repeat(indent);
  return [sign + comment, ...lines.map((line) => (line === '' ? '' : pad + line))].join(lineEnd);
}
