import type { Json } from '../../core/canonical-json.ts';
import { bail } from './bail-outs.ts';
import { colon, dash, hash, isIndicator, isWhite, question, space, tab } from './characters.ts';
import { coreValue } from './core-values.ts';
import { unfolded } from './folding.ts';
import type { Scanner } from './scanner.ts';
import { kinds } from './tape.ts';

/** Reads a text without quotes, which goes on in lines that are indented more than `column`, and passes its last line. */
export function readPlain(scanner: Scanner, column: number): Json {
  const { text, pos: start, tape } = scanner;
  checkBegin(scanner, start);
  let line = scanner.lineEnd(start);
  let end = endOnLine(scanner, start, line);
  let lines = 1;
  // A comment ends a text: the next line would be something else.
  while (scanner.afterSpaces(end) === line) {
    const more = continuation(scanner, column, line);
    if (more === -1) break;
    line = scanner.lineEnd(more);
    end = endOnLine(scanner, more, line);
    lines += 1;
  }
  tape.add(kinds.plain, start, end);
  scanner.tokens += 2;
  scanner.pos = end;
  scanner.endLine();
  const written = text.slice(start, end);
  return coreValue(lines === 1 ? written : unfolded(written));
}

/** Refuses what a text without quotes cannot begin with. */
export function checkBegin(scanner: Scanner, start: number): void {
  const unit = scanner.at(start);
  if (isIndicator(unit)) bail('indicator');
  if ((unit === dash || unit === question || unit === colon) && isWhite(scanner.at(start + 1))) {
    bail('explicitKey');
  }
}

/** Finds where the text that stands at `start` ends, on a line that ends at `line`. */
function endOnLine(scanner: Scanner, start: number, line: number): number {
  let end = line;
  for (let place = scanner.hashes.from(start); place < end; place = scanner.hashes.from(place + 1)) {
    const before = scanner.at(place - 1);
    if (place > start && (before === space || before === tab)) end = place;
  }
  for (let place = scanner.colons.from(start); place < end; place = scanner.colons.from(place + 1)) {
    if (isWhite(scanner.at(place + 1))) bail('keyInText');
  }
  while (end > start && scanner.at(end - 1) === space) end -= 1;
  if (end > start && scanner.at(end - 1) === tab) bail('tab');
  return end;
}

/** Finds where a text goes on below the line that ends at `line`; -1 where it does not. */
function continuation(scanner: Scanner, column: number, line: number): number {
  const { text } = scanner;
  let begin = scanner.feeds.from(line) + 1;
  while (begin < text.length) {
    const place = scanner.afterSpaces(begin);
    const end = scanner.lineEnd(begin);
    if (place < end) {
      const unit = scanner.at(place);
      if (unit === tab) bail('tab');
      return place - begin > column && unit !== hash ? place : -1;
    }
    begin = scanner.feeds.from(end) + 1;
  }
  return -1;
}
