import type { Json } from '../../core/canonical-json.ts';
import { bail } from './bail-outs.ts';
import { readBlockText } from './block-text.ts';
import {
  bar,
  dash,
  doubleQuote,
  endsLine,
  greater,
  hash,
  isWhite,
  openBrace,
  openBracket,
  singleQuote,
  tab,
} from './characters.ts';
import { readFlow } from './flow.ts';
import { findKey, type KeyPlace, readKey } from './keys.ts';
import { readPlain } from './plain.ts';
import { readQuoted } from './quoted.ts';
import type { Scanner } from './scanner.ts';
import { kinds } from './tape.ts';

/** Reads the map or list whose first line begins at `pos`, in this column, and stops at the content behind it. */
export function readBlock(scanner: Scanner, column: number): Json {
  if (isItem(scanner)) return readList(scanner, column);
  return readMap(scanner, column, findKey(scanner) ?? bail('missingKey'));
}

function readList(scanner: Scanner, column: number): Json[] {
  const { tape } = scanner;
  const at = tape.add(kinds.list, scanner.pos, 0);
  const list: Json[] = [];
  scanner.enter();
  do list.push(readItem(scanner, column));
  while (scanner.indent === column && isItem(scanner));
  if (scanner.indent > column) bail('indentation');
  scanner.leave();
  close(scanner, at, column);
  return list;
}

/** Reads `- ` and what stands behind it. */
function readItem(scanner: Scanner, column: number): Json {
  const { pos: start } = scanner;
  const place = scanner.afterSpaces(start + 1);
  const unit = scanner.at(place);
  if (unit === tab) bail('tab');
  if (endsLine(unit) || unit === hash) bail('itemBelow');
  scanner.tokens += 2;
  scanner.pos = place;
  if (isItem(scanner)) bail('listInList');
  const key = findKey(scanner);
  return key === undefined ? readValue(scanner, column) : readMap(scanner, column + place - start, key);
}

function readMap(scanner: Scanner, column: number, first: KeyPlace): Json {
  const { tape } = scanner;
  const at = tape.add(kinds.map, scanner.pos, 0);
  const map: Record<string, Json> = {};
  scanner.enter();
  let place = first;
  for (;;) {
    const key = readKey(scanner, place);
    if (Object.hasOwn(map, key)) bail('duplicateKey');
    map[key] = readValueOfKey(scanner, column);
    if (scanner.indent !== column) break;
    if (isItem(scanner)) bail('itemAmongKeys');
    place = findKey(scanner) ?? bail('missingKey');
  }
  if (scanner.indent > column) bail('indentation');
  scanner.leave();
  close(scanner, at, column);
  return map;
}

/** Ends a map or list. Comments below it that are indented as it is belong to it, and so to what it stands in. */
function close(scanner: Scanner, at: number, column: number): void {
  scanner.tape.close(at, scanner.nodeEnd);
  if (column > 0 && scanner.deepestComment >= column) scanner.nodeEnd = scanner.pos;
}

/** Reads what stands behind a key and its colon: on its line, or on those below. */
function readValueOfKey(scanner: Scanner, column: number): Json {
  const { pos: start, tape } = scanner;
  const unit = scanner.at(start);
  if (unit !== hash && !endsLine(unit)) {
    if (unit === tab) bail('tab');
    if (isItem(scanner)) bail('listInList');
    return readValue(scanner, column);
  }
  scanner.endLine();
  const isLast = scanner.pos >= scanner.text.length;
  scanner.nextContent(unit === hash || isLast ? column : Number.POSITIVE_INFINITY);
  if (scanner.indent > column || (scanner.indent === column && isItem(scanner))) {
    if (scanner.shallowestComment <= column) bail('shallowComment');
    return readBelow(scanner, column);
  }
  if (unit === hash || scanner.deepestComment !== -1) bail('commentAtEmpty');
  tape.add(kinds.empty, start, start);
  scanner.nodeEnd = start;
  return null;
}

/** Reads a value that begins below its key. */
function readBelow(scanner: Scanner, column: number): Json {
  const { indent } = scanner;
  if (isItem(scanner)) return readList(scanner, indent);
  const key = findKey(scanner);
  if (key !== undefined) return readMap(scanner, indent, key);
  const unit = scanner.at(scanner.pos);
  if (unit === bar || unit === greater) bail('blockBelow');
  return readValue(scanner, column);
}

/** Reads a text or brackets in a block of this column, and goes on to the next content. */
function readValue(scanner: Scanner, column: number): Json {
  const value = readOnLine(scanner, column);
  scanner.nextContent(column);
  return value;
}

function readOnLine(scanner: Scanner, column: number): Json {
  switch (scanner.at(scanner.pos)) {
    case doubleQuote:
    case singleQuote: {
      const text = readQuoted(scanner, column);
      scanner.endLine();
      return text;
    }
    case openBrace:
    case openBracket: {
      const value = readFlow(scanner, column);
      scanner.endLine();
      return value;
    }
    case bar:
    case greater:
      return readBlockText(scanner, column);
    default:
      return readPlain(scanner, column);
  }
}

/** True where a list's item begins here. */
function isItem(scanner: Scanner): boolean {
  return scanner.at(scanner.pos) === dash && isWhite(scanner.at(scanner.pos + 1));
}
