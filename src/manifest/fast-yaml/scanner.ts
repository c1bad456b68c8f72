import { bail } from './bail-outs.ts';
import { carriageReturn, dash, dot, endsLine, feed, hash, isWhite, space, tab } from './characters.ts';
import { Finder } from './finder.ts';
import { Tape } from './tape.ts';

/** Deeper than this no manifest nests, and the library counts its own depth otherwise. */
const mostOpen = 24;

/**
 * A text, how far it has been read, and what was met on the way. Everything here keeps three counts that the `yaml`
 * library keeps too: where nodes stand, where what belongs to a node ends, and how many lexical tokens were passed.
 */
export class Scanner {
  readonly text: string;
  readonly tape: Tape;
  readonly feeds: Finder;
  readonly hashes: Finder;
  readonly colons: Finder;
  readonly backslashes: Finder;
  readonly tabs: Finder;
  /** Offset at which reading goes on. */
  pos = 0;
  /** The column of the content at `pos`, once the lines before it were skipped; -1 at the end of the text. */
  indent = 0;
  /** End of what belongs to the node that was read last: its comment and its line end are part of it. */
  nodeEnd = 0;
  /** The columns of the outermost and innermost comment on the lines that were skipped last. */
  shallowestComment = Number.POSITIVE_INFINITY;
  deepestComment = -1;
  /** Number of tokens so far, as the library's lexer would give them. */
  tokens = 0;
  #open = 0;

  constructor(text: string) {
    this.text = text;
    this.tape = new Tape(text.length);
    this.feeds = new Finder(text, '\n');
    this.hashes = new Finder(text, '#');
    this.colons = new Finder(text, ':');
    this.backslashes = new Finder(text, '\\');
    this.tabs = new Finder(text, '\t');
  }

  /** The UTF-16 unit at a place; NaN behind the end. */
  at(place: number): number {
    return this.text.charCodeAt(place);
  }

  /** End of the content of the line at `from`: before its line end. */
  lineEnd(from: number): number {
    const end = this.feeds.from(from);
    return end > from && this.text.charCodeAt(end - 1) === carriageReturn ? end - 1 : end;
  }

  /** The first place from `from` on that holds no space. */
  afterSpaces(from: number): number {
    const { text } = this;
    let place = from;
    while (text.charCodeAt(place) === space) place += 1;
    return place;
  }

  enter(): void {
    this.#open += 1;
    if (this.#open > mostOpen) bail('tooDeep');
  }

  leave(): void {
    this.#open -= 1;
  }

  /** Passes what may stand behind a value: spaces, a comment, the line end. */
  endLine(): void {
    const { pos } = this;
    let place = this.afterSpaces(pos);
    if (place > pos) this.tokens += 1;
    const unit = this.at(place);
    if (unit === hash) {
      if (this.at(place - 1) !== space) bail('hashWithoutSpace');
      place = this.lineEnd(place);
      this.tokens += 1;
    } else if (unit === tab) bail('tab');
    else if (!endsLine(unit)) bail('afterValue');
    this.pos = this.#passLineEnd(place);
    this.nodeEnd = this.pos;
  }

  /**
   * Passes blank lines and comments, from the begin of a line to the next content of this document, and says in `indent`
   * where that stands. @param deepest the column behind which a comment would belong to what was read before.
   */
  nextContent(deepest: number): void {
    this.passLines(deepest);
    if (this.indent === 0 && this.isMarker()) bail('marker');
  }

  /** The same, without a look at what the content is. */
  passLines(deepest: number): void {
    this.shallowestComment = Number.POSITIVE_INFINITY;
    this.deepestComment = -1;
    for (;;) {
      const begin = this.pos;
      const place = this.afterSpaces(begin);
      if (place > begin) this.tokens += 1;
      const unit = this.at(place);
      this.pos = place;
      this.indent = place - begin;
      if (unit === hash) this.#passComment(place, deepest);
      else if (unit === tab) bail('tab');
      else if (endsLine(unit)) this.pos = this.#passLineEnd(place);
      else return;
      if (this.pos >= this.text.length) {
        this.indent = -1;
        return;
      }
    }
  }

  /** True where `---` or `...` stands here, which begin and end documents. */
  isMarker(): boolean {
    const { pos } = this;
    const unit = this.at(pos);
    if (unit !== dash && unit !== dot) return false;
    return this.at(pos + 1) === unit && this.at(pos + 2) === unit && isWhite(this.at(pos + 3));
  }

  #passComment(place: number, deepest: number): void {
    const { indent } = this;
    if (indent > deepest) bail('deepComment');
    if (indent > this.deepestComment) this.deepestComment = indent;
    if (indent < this.shallowestComment) this.shallowestComment = indent;
    this.tokens += 1;
    this.pos = this.#passLineEnd(this.lineEnd(place));
  }

  #passLineEnd(place: number): number {
    const unit = this.at(place);
    if (Number.isNaN(unit)) return place;
    this.tokens += 1;
    return unit === feed ? place + 1 : place + 2;
  }
}
