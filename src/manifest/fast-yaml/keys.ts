import { bail } from './bail-outs.ts';
import { colon, doubleQuote, isIndicator, isWhite, singleQuote, space, tab } from './characters.ts';
import { coreValue } from './core-values.ts';
import { checkBegin } from './plain.ts';
import { closingQuote, doubleQuotedText, singleQuotedText } from './quoted.ts';
import type { Scanner } from './scanner.ts';
import { kinds } from './tape.ts';

/** UTF-16 units of a key and of what is before its colon: a little less than what the library takes. */
export const longestKey = 1000;

/** Offsets of a key's end and of its colon. */
export interface KeyPlace {
  readonly end: number;
  readonly colon: number;
}

/** The key that begins at `pos`; undefined where its line has none. */
export function findKey(scanner: Scanner): KeyPlace | undefined {
  const { pos: start } = scanner;
  const unit = scanner.at(start);
  if (unit === doubleQuote || unit === singleQuote) return findQuotedKey(scanner, start);
  if (isIndicator(unit)) return undefined;
  checkKeyBegin(scanner, start);
  const line = scanner.lineEnd(start);
  let place = scanner.colons.from(start);
  while (place < line && !isWhite(scanner.at(place + 1))) place = scanner.colons.from(place + 1);
  if (place >= line || hasComment(scanner, start, place)) return undefined;
  if (scanner.tabs.from(start) < place) bail('tab');
  let end = place;
  while (scanner.at(end - 1) === space) end -= 1;
  return { end, colon: place };
}

/** Refuses what a key without quotes does not begin with: a space that is none for YAML looks like indentation. */
export function checkKeyBegin(scanner: Scanner, start: number): void {
  checkBegin(scanner, start);
  if (scanner.at(start) >= 0x80 && !letter.test(scanner.text.slice(start, start + 2))) bail('oddKey');
}

const letter = /^\p{L}/u;

function findQuotedKey(scanner: Scanner, start: number): KeyPlace | undefined {
  const quote = closingQuote(scanner, start);
  const place = scanner.afterSpaces(quote + 1);
  if (scanner.at(place) !== colon) return undefined;
  if (!isWhite(scanner.at(place + 1))) bail('afterValue');
  if (scanner.feeds.from(start) < quote) bail('keyBelowQuote');
  return { end: quote + 1, colon: place };
}

function hasComment(scanner: Scanner, start: number, end: number): boolean {
  let place = scanner.hashes.from(start);
  while (place < end) {
    const before = scanner.at(place - 1);
    if (place > start && (before === space || before === tab)) return true;
    place = scanner.hashes.from(place + 1);
  }
  return false;
}

/** Reads a key that was found, with its colon and the spaces behind it. */
export function readKey(scanner: Scanner, { end, colon: place }: KeyPlace): string {
  const { pos: start } = scanner;
  if (place - start > longestKey) bail('longKey');
  const key = keyText(scanner, start, end);
  checkKey(key);
  const after = scanner.afterSpaces(place + 1);
  scanner.tokens += 1 + (place > end ? 1 : 0) + (after > place + 1 ? 1 : 0);
  scanner.pos = after;
  return key;
}

function keyText(scanner: Scanner, start: number, end: number): string {
  const { text, tape } = scanner;
  const unit = scanner.at(start);
  if (unit === doubleQuote) {
    tape.add(kinds.doubleQuoted, start, end);
    scanner.tokens += 1;
    return doubleQuotedText(text, start, end - 1);
  }
  if (unit === singleQuote) {
    tape.add(kinds.singleQuoted, start, end);
    scanner.tokens += 1;
    return singleQuotedText(text, start, end - 1);
  }
  tape.add(kinds.plain, start, end);
  scanner.tokens += 2;
  const key = text.slice(start, end);
  return typeof coreValue(key) === 'string' ? key : bail('keyNotText');
}

/** Keys that a manifest may not have are reported by those who know how. */
export function checkKey(key: string): void {
  if (key === '<<' || key === '__proto__') bail('specialKey');
}
