import type { Json } from '../../core/canonical-json.ts';
import { type BailOut, bail, Unusual } from './bail-outs.ts';
import { readBlock } from './block.ts';
import { dash, isWhite, openBrace, openBracket, percent } from './characters.ts';
import { readFlow } from './flow.ts';
import { Scanner } from './scanner.ts';
import type { Tape } from './tape.ts';

/*
 * A reader for the YAML that people write, in one pass. What it takes, it reads exactly as the `yaml` library does: the same
 * values, the same places, the same count of tokens. Anything else, whether rare or wrong, it gives up, and the library reads
 * the whole text from its begin: so every finding about YAML itself is the library's.
 *
 *   document  := (blank | comment)* ['---' (blank | comment)*] (block(0) | flow) (blank | comment)*
 *   block(n)  := map(n) | list(n)                   n: the column in which its lines begin
 *   map(n)    := (key ':' (value(n) | below(n) | nothing))+
 *   list(n)   := ('- ' (map(n + 2 or more) | value(n)))+
 *   below(n)  := line end, then block(m) with m > n, a list(n), or a plain, quoted or flow value
 *   value(n)  := plain(n) | quoted(n) | flow(n) | ('|' | '>') ['-' | '+'] lines that are indented more than n
 *   plain(n)  := text without quotes, with lines below it that are indented more than n
 *   quoted(n) := "text" | 'text', with lines below it that are indented more than n
 *   flow(n)   := '[' value, ... ']' | '{' key: value, ... '}', with lines that are indented more than n, and comments
 *   key       := plain or quoted text on one line, that is no number, no boolean, not null
 *   comment   := '#' at the begin of a line or behind white space, indented as what it stands in or less
 *
 * Line ends are LF or CRLF; the caller has made sure that no carriage return stands alone, and that there is no byte-order
 * mark. Everything that is left to the library has a name in `bail-outs.ts`.
 */

/** A document that was read. */
export interface FastDocument {
  readonly value: Json;
  readonly tape: Tape;
  /** As many lexical tokens as the library's lexer would have given. */
  readonly tokens: number;
}

/** Reads a text, or says why it is left to the library. */
export function readFast(text: string): FastDocument | BailOut {
  const scanner = new Scanner(text);
  try {
    const value = readDocument(scanner);
    return { value, tape: scanner.tape, tokens: scanner.tokens };
  } catch (error) {
    if (error instanceof Unusual) return error.why;
    throw error;
  }
}

function readDocument(scanner: Scanner): Json {
  passHead(scanner);
  if (scanner.indent > 0) bail('rootIndented');
  const unit = scanner.at(scanner.pos);
  let value: Json;
  if (unit === openBrace || unit === openBracket) {
    value = readFlow(scanner, -1);
    scanner.endLine();
    scanner.nextContent(0);
  } else value = readBlock(scanner, 0);
  if (scanner.indent !== -1) bail('contentAfterRoot');
  return value;
}

/** Passes comments and blank lines before the content, with one `---` among them. */
function passHead(scanner: Scanner): void {
  scanner.tokens += 1;
  scanner.passLines(Number.POSITIVE_INFINITY);
  if (scanner.indent === 0 && scanner.isMarker()) {
    if (scanner.at(scanner.pos) !== dash) bail('marker');
    scanner.pos += '---'.length;
    scanner.tokens += 1;
    if (!isWhite(scanner.at(scanner.pos))) bail('marker');
    scanner.endLine();
    scanner.nextContent(0);
  }
  if (scanner.indent === -1) bail('nothing');
  if (scanner.at(scanner.pos) === percent) bail('directive');
}
