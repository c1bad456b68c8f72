import { bail } from './bail-outs.ts';
import { bar, dash, digit0, digit9, endsLine, hash, plus, space, tab } from './characters.ts';
import { Scanner } from './scanner.ts';
import { kinds } from './tape.ts';

/** The lines of a block of text, and where it ends. */
interface Lines {
  /** From the first line to the last that is not blank; a blank one is ''. Without indentation and line ends. */
  readonly content: readonly string[];
  /** Number of blank lines after them. */
  readonly blankAfter: number;
  /** Behind the line end of the last content. */
  readonly contentEnd: number;
  /** Behind the blank lines too. */
  readonly end: number;
}

/** Reads `|` or `>` and the lines below it, which are indented more than `column`. Stops at the begin of a line. */
export function readBlockText(scanner: Scanner, column: number): string {
  const { pos: start, tape } = scanner;
  const isLiteral = scanner.at(start) === bar;
  const chomp = scanner.at(start + 1);
  const keepsAll = chomp === plus;
  passHeader(scanner, keepsAll || chomp === dash ? start + 2 : start + 1);
  const lines = readLines(scanner, scanner.pos, column);
  const end = keepsAll ? lines.end : lines.contentEnd;
  tape.add(isLiteral ? kinds.literal : kinds.folded, start, end);
  scanner.tokens += 2;
  scanner.pos = end;
  scanner.nodeEnd = end;
  const text = isLiteral ? lines.content.join('\n') : foldedText(lines.content);
  if (chomp === dash) return text;
  return text + '\n'.repeat(keepsAll ? lines.blankAfter + 1 : 1);
}

/** Reads the block of text between `start` and `end`. */
export function blockTextAt(text: string, start: number, end: number): string {
  return readBlockText(new Scanner(text.slice(start, end)), 0);
}

function passHeader(scanner: Scanner, after: number): void {
  const unit = scanner.at(after);
  if (unit >= digit0 && unit <= digit9) bail('blockHeader');
  let place = scanner.afterSpaces(after);
  scanner.tokens += place > after ? 2 : 1;
  if (scanner.at(place) === hash) {
    if (place === after) bail('hashWithoutSpace');
    place = scanner.lineEnd(place);
    scanner.tokens += 1;
  }
  if (Number.isNaN(scanner.at(place))) bail('blockEmpty');
  if (!endsLine(scanner.at(place))) bail('blockHeader');
  scanner.tokens += 1;
  scanner.pos = scanner.feeds.from(place) + 1;
}

function readLines(scanner: Scanner, body: number, column: number): Lines {
  const { text } = scanner;
  const indent = indentOf(scanner, body, column);
  const content: string[] = [];
  let blankAfter = 0;
  let contentEnd = body;
  let begin = body;
  while (begin < text.length) {
    const end = scanner.lineEnd(begin);
    const next = scanner.feeds.from(begin) + 1;
    let place = begin;
    while (place < begin + indent && scanner.at(place) === space) place += 1;
    if (place < begin + indent && place < end) {
      if (scanner.at(place) === tab) bail('tab');
      break;
    }
    // The library decides how a last line without a line end counts.
    if (next > text.length) bail('blockEnd');
    const line = place < end ? text.slice(place, end) : '';
    if (isSpaces(line)) {
      // More spaces than the block's own are content; between lines of content they are no matter.
      content.push(line);
      blankAfter += 1;
    } else {
      content.push(line);
      blankAfter = 0;
      contentEnd = next;
    }
    begin = next;
  }
  if (blankAfter > 0 && content.slice(-blankAfter).some((line) => line !== '')) bail('blockBlank');
  content.length -= blankAfter;
  return { content, blankAfter, contentEnd, end: begin };
}

/** The first line that is not blank says how far all are indented. */
function indentOf(scanner: Scanner, body: number, column: number): number {
  let deepestBlank = 0;
  for (let begin = body; begin < scanner.text.length; begin = scanner.feeds.from(begin) + 1) {
    const place = scanner.afterSpaces(begin);
    const unit = scanner.at(place);
    if (unit === tab) bail('tab');
    if (Number.isNaN(unit)) break;
    const indent = place - begin;
    if (endsLine(unit)) deepestBlank = Math.max(deepestBlank, indent);
    else if (indent <= Math.max(column, 0)) break;
    else if (deepestBlank > indent) bail('blockBlank');
    else return indent;
  }
  return bail('blockEmpty');
}

function isSpaces(line: string): boolean {
  for (let place = 0; place < line.length; place += 1) if (line.charCodeAt(place) !== space) return false;
  return true;
}

/** Joins the lines of a folded block: single line ends become spaces, but not around lines that are indented more. */
function foldedText(lines: readonly string[]): string {
  let text = '';
  let feeds = 0;
  let isFirst = true;
  let wasDeeper = false;
  for (const line of lines) {
    if (line === '') {
      feeds += 1;
      continue;
    }
    const isDeeper = line.charCodeAt(0) === space || line.charCodeAt(0) === tab;
    if (isFirst) text += '\n'.repeat(feeds);
    else if (isDeeper || wasDeeper) text += '\n'.repeat(feeds + 1);
    else text += feeds === 0 ? ' ' : '\n'.repeat(feeds);
    text += line;
    feeds = 0;
    isFirst = false;
    wasDeeper = isDeeper;
  }
  return text;
}
