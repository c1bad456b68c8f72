import { bail } from './bail-outs.ts';
import { backslash, carriageReturn, doubleQuote, endsLine, feed, singleQuote, tab } from './characters.ts';
import { isBlank, passFold, unfolded } from './folding.ts';
import type { Scanner } from './scanner.ts';
import { kinds } from './tape.ts';

/** Reads a quoted text and stops behind its quote. Its further lines are indented more than `column`. */
export function readQuoted(scanner: Scanner, column: number): string {
  const { text, pos: start, tape } = scanner;
  const end = closingQuote(scanner, start);
  const isDouble = scanner.at(start) === doubleQuote;
  const feedAt = scanner.feeds.from(start);
  if (feedAt < end) checkLines(scanner, feedAt, end, column);
  tape.add(isDouble ? kinds.doubleQuoted : kinds.singleQuoted, start, end + 1);
  scanner.tokens += 1;
  scanner.pos = end + 1;
  if (!isDouble) return singleQuotedText(text, start, end);
  if (feedAt >= end && scanner.backslashes.from(start) >= end) return text.slice(start + 1, end);
  return doubleQuotedText(text, start, end);
}

/** Finds where the quote that opens at `start` closes. */
export function closingQuote(scanner: Scanner, start: number): number {
  const { text } = scanner;
  let end: number;
  if (scanner.at(start) === singleQuote) {
    end = text.indexOf("'", start + 1);
    while (end !== -1 && scanner.at(end + 1) === singleQuote) end = text.indexOf("'", end + 2);
  } else {
    end = text.indexOf('"', start + 1);
    while (end !== -1 && isEscaped(scanner, end)) end = text.indexOf('"', end + 1);
  }
  return end === -1 ? bail('openQuote') : end;
}

function isEscaped(scanner: Scanner, place: number): boolean {
  let before = place - 1;
  while (scanner.at(before) === backslash) before -= 1;
  return (place - before) % 2 === 0;
}

/** Every further line is blank, or indented more than the column of what the text stands in. */
function checkLines(scanner: Scanner, firstFeed: number, end: number, column: number): void {
  for (let begin = firstFeed + 1; begin <= end; begin = scanner.feeds.from(begin) + 1) {
    const place = scanner.afterSpaces(begin);
    const unit = scanner.at(place);
    if (unit === tab) bail('tab');
    if (!endsLine(unit) && place - begin <= Math.max(column, 0)) bail('lessIndented');
  }
}

/** Reads the text between the single quotes at `start` and `end`. */
export function singleQuotedText(text: string, start: number, end: number): string {
  const written = text.slice(start + 1, end);
  const unquoted = written.includes('\n') ? unfolded(written) : written;
  return unquoted.includes("'") ? unquoted.replaceAll("''", "'") : unquoted;
}

/** Reads the text between the double quotes at `start` and `end`, with its escapes and folded lines. */
export function doubleQuotedText(text: string, start: number, end: number): string {
  let read = '';
  let from = start + 1;
  let place = from;
  while (place < end) {
    const unit = text.charCodeAt(place);
    if (unit === backslash) {
      read += text.slice(from, place);
      const escaped = readEscape(text, place + 1, end);
      read += escaped.text;
      place = from = escaped.after;
    } else if (unit === feed) {
      read += text.slice(from, beforeBlanks(text, from, place));
      const fold = passFold(text, place + 1, end);
      read += fold.feeds === 0 ? ' ' : '\n'.repeat(fold.feeds);
      place = from = fold.place;
    } else place += 1;
  }
  return read + text.slice(from, end);
}

/** White space before a line end is no part of the text, but what an escape made of it stays. */
function beforeBlanks(text: string, from: number, place: number): number {
  let end = place;
  if (end > from && text.charCodeAt(end - 1) === carriageReturn) end -= 1;
  while (end > from && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return end;
}

/** Reads what stands behind a backslash. */
function readEscape(text: string, place: number, end: number): { text: string; after: number } {
  const escaped = text.charAt(place);
  const simple = simpleEscapes.get(escaped);
  if (simple !== undefined) return { text: simple, after: place + 1 };
  const digits = digitsOf.get(escaped);
  if (digits === undefined) return bail('escape');
  const after = place + 1 + digits;
  const written = text.slice(place + 1, after);
  if (after > end || !/^[0-9a-fA-F]+$/.test(written)) bail('escape');
  const point = Number.parseInt(written, 16);
  if (point < 0x20 || (point >= 0x7f && point < 0xa0) || point > 0x10ffff) bail('escape');
  if (point >= 0xd800 && point <= 0xdfff) bail('escape');
  return { text: String.fromCodePoint(point), after };
}

const digitsOf: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

/**
 * Escapes of YAML 1.2, chapter 5.7. Those for control characters are left to the library, which judges them, and so is
 * an escaped line end.
 */
const simpleEscapes: ReadonlyMap<string, string> = new Map([
  ['t', '\t'],
  ['n', '\n'],
  [' ', ' '],
  ['"', '"'],
  ['/', '/'],
  ['\\', '\\'],
  ['N', '\x85'],
  ['_', '\xa0'],
  ['L', '\u2028'],
  ['P', '\u2029'],
]);
