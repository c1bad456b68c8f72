import type { Json } from '../../core/canonical-json.ts';
import { bail } from './bail-outs.ts';
import {
  closeBrace,
  closeBracket,
  colon,
  comma,
  dash,
  dot,
  doubleQuote,
  endsLine,
  hash,
  isFlowIndicator,
  isIndicator,
  isWhite,
  openBrace,
  openBracket,
  question,
  singleQuote,
  space,
  tab,
} from './characters.ts';
import { coreValue } from './core-values.ts';
import { checkKey, checkKeyBegin, longestKey } from './keys.ts';
import { readQuoted } from './quoted.ts';
import type { Scanner } from './scanner.ts';
import { kinds } from './tape.ts';

/**
 * Reads a list or map in brackets, and stops behind it. Its further lines are indented more than `column`; the bracket
 * that closes the outermost may stand at it.
 */
export function readFlow(scanner: Scanner, column: number, level = 1): Json {
  return scanner.at(scanner.pos) === openBrace
    ? readMap(scanner, column, level)
    : readList(scanner, column, level);
}

function readList(scanner: Scanner, column: number, level: number): Json[] {
  const { tape } = scanner;
  const at = tape.add(kinds.flowList, scanner.pos, 0);
  const list: Json[] = [];
  scanner.enter();
  passOne(scanner);
  let unit = passGap(scanner, column, level);
  while (unit !== closeBracket) {
    list.push(readValue(scanner, column, level));
    unit = passComma(scanner, column, level, closeBracket);
  }
  passOne(scanner);
  scanner.leave();
  tape.close(at, scanner.pos);
  return list;
}

function readMap(scanner: Scanner, column: number, level: number): Json {
  const { tape } = scanner;
  const at = tape.add(kinds.flowMap, scanner.pos, 0);
  const map: Record<string, Json> = {};
  scanner.enter();
  passOne(scanner);
  let unit = passGap(scanner, column, level);
  while (unit !== closeBrace) {
    const key = readKey(scanner, column);
    if (Object.hasOwn(map, key)) bail('duplicateKey');
    unit = passGap(scanner, column, level);
    if (unit === comma || unit === closeBrace) bail('flowEmpty');
    map[key] = readValue(scanner, column, level);
    unit = passComma(scanner, column, level, closeBrace);
  }
  passOne(scanner);
  scanner.leave();
  tape.close(at, scanner.pos);
  return map;
}

function readValue(scanner: Scanner, column: number, level: number): Json {
  const unit = scanner.at(scanner.pos);
  if (unit === openBracket || unit === openBrace) return readFlow(scanner, column, level + 1);
  if (unit === doubleQuote || unit === singleQuote) {
    const value = readQuoted(scanner, column);
    const after = scanner.at(scanner.pos);
    if (!isWhite(after) && !isFlowIndicator(after)) bail('flowEntry');
    return value;
  }
  return readText(scanner);
}

/** Reads a key with the colon behind it. */
function readKey(scanner: Scanner, column: number): string {
  const { pos: start } = scanner;
  const unit = scanner.at(start);
  const isQuoted = unit === doubleQuote || unit === singleQuote;
  if (!isQuoted) checkKeyBegin(scanner, start);
  const key = isQuoted ? readQuoted(scanner, column) : readText(scanner);
  if (typeof key !== 'string') return bail('keyNotText');
  if (isQuoted && scanner.feeds.from(start) < scanner.pos) bail('keyBelowQuote');
  checkKey(key);
  const place = scanner.afterSpaces(scanner.pos);
  if (place > scanner.pos) scanner.tokens += 1;
  if (scanner.at(place) !== colon || (!isQuoted && !isWhite(scanner.at(place + 1)))) bail('flowEntry');
  if (place - start > longestKey) bail('longKey');
  scanner.pos = place;
  passOne(scanner);
  return key;
}

/** Reads a text without quotes, which is on one line. */
function readText(scanner: Scanner): Json {
  const { text, pos: start, tape } = scanner;
  checkTextBegin(scanner, start);
  let end = start;
  let place = start;
  for (;;) {
    const unit = scanner.at(place);
    if (isFlowIndicator(unit) || endsLine(unit)) break;
    if (unit === tab) bail('tab');
    if (unit === colon && endsKey(scanner.at(place + 1))) break;
    if (unit === hash && scanner.at(place - 1) === space) break;
    place += 1;
    if (unit !== space) end = place;
  }
  if (endsLine(scanner.at(place))) checkNextLine(scanner, place);
  tape.add(kinds.plain, start, end);
  scanner.tokens += 2;
  scanner.pos = end;
  return coreValue(text.slice(start, end));
}

function checkTextBegin(scanner: Scanner, start: number): void {
  const unit = scanner.at(start);
  if (isIndicator(unit) || Number.isNaN(unit)) bail('indicator');
  if (unit === question || unit === colon) bail('explicitKey');
  if (unit === dash && endsKey(scanner.at(start + 1))) bail('explicitKey');
}

function endsKey(unit: number): boolean {
  return isWhite(unit) || isFlowIndicator(unit);
}

/** A text that ends with its line is followed by a comma or a bracket: else it would go on. */
function checkNextLine(scanner: Scanner, line: number): void {
  let place = line;
  while (isWhite(scanner.at(place)) && place < scanner.text.length) place += 1;
  const unit = scanner.at(place);
  if (unit !== comma && unit !== closeBracket && unit !== closeBrace) bail('flowLines');
}

/** Passes what stands behind a value: a comma, or nothing before the closing bracket. Gives the next unit. */
function passComma(scanner: Scanner, column: number, level: number, closing: number): number {
  const unit = passGap(scanner, column, level);
  if (unit !== comma) return unit === closing ? unit : bail('flowEntry');
  passOne(scanner);
  const next = passGap(scanner, column, level);
  return next === comma ? bail('flowEmpty') : next;
}

/** Passes spaces, line ends and comments inside brackets. Gives the unit at which it stops. */
function passGap(scanner: Scanner, column: number, level: number): number {
  let begin = -1;
  for (;;) {
    const place = scanner.afterSpaces(scanner.pos);
    if (place > scanner.pos) scanner.tokens += 1;
    const unit = scanner.at(place);
    if (unit === tab) bail('tab');
    if (Number.isNaN(unit)) bail('flowOpen');
    if (unit === hash) {
      // At the begin of a line the library takes it in some brackets, and not in others.
      if (place === scanner.pos) bail('hashWithoutSpace');
      scanner.pos = scanner.lineEnd(place);
      scanner.tokens += 1;
    } else if (endsLine(unit)) {
      begin = scanner.feeds.from(place) + 1;
      scanner.pos = begin;
      scanner.tokens += 1;
    } else {
      scanner.pos = place;
      if (begin !== -1) checkIndent(place - begin, unit, column, level);
      return unit;
    }
  }
}

function checkIndent(indent: number, unit: number, column: number, level: number): void {
  const closes = unit === closeBracket || unit === closeBrace;
  if (indent <= column && !(closes && indent === column && level === 1)) bail('lessIndented');
  if (indent === 0 && (unit === dash || unit === dot)) bail('marker');
}

function passOne(scanner: Scanner): void {
  scanner.pos += 1;
  scanner.tokens += 1;
}
