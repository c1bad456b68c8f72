/** Lists whose items stand on their own: one that is broken leaves the others readable. */
const itemLists = /^ *(?:- +)?(?:shots|scenes):\s*(?:#.*)?$/;

/**
 * The text without the shot, or else the scene, that an offset stands in: blanks in its place, so that everything else
 * stays where it is. Undefined where the offset is in no such item, or the item is blank already.
 */
export function withoutBrokenItem(text: string, offset: number): string | undefined {
  const lines = new Lines(text);
  const at = lines.at(offset);
  for (let line = at; line >= 0; line -= 1) {
    const indent = /^( *)-(?=\s|[^-])/.exec(lines.text(line))?.[1]?.length;
    if (indent === undefined || indent > lines.indentAbove(line, at)) continue;
    if (!lines.isItemOf(line, indent)) continue;
    return blanked(text, lines, line, indent);
  }
  return undefined;
}

/** A text without the value of one of its keys. */
export interface WithoutValue {
  readonly text: string;
  readonly key: string;
}

/**
 * The text without the value of the key at its left edge that an offset stands in: blanks in its place. Undefined where no
 * such key stands above, or it has no value any more.
 */
export function withoutBrokenValue(text: string, offset: number): WithoutValue | undefined {
  const lines = new Lines(text);
  for (let line = lines.at(offset); line >= 0; line -= 1) {
    const written = lines.text(line);
    const [head, key] = /^([A-Za-z][\w-]*):(?=\s|$)/.exec(written) ?? [];
    if (head === undefined || key === undefined) {
      // What stands at the left edge and is no key is a mistake of its own.
      if (/^[^ \t#\]})-]/.test(written)) return undefined;
      continue;
    }
    const start = lines.start(line) + head.length;
    const value = text.slice(start, lines.start(lines.nextKey(line)));
    const blank = value.replace(/[^\n\r]/g, ' ');
    if (blank === value) return undefined;
    return { key, text: text.slice(0, start) + blank + text.slice(start + value.length) };
  }
  return undefined;
}

function blanked(text: string, lines: Lines, first: number, indent: number): string | undefined {
  const start = lines.start(first) + indent;
  const end = lines.start(lines.endOfItem(first, indent));
  const blank = text.slice(start, end).replace(/[^\n\r]/g, ' ');
  const without = text.slice(0, start) + blank + text.slice(end);
  if (!lines.isAlone(first, indent)) return without;
  // A list that nothing is left of is an empty list, not an empty value.
  if (!/^.[^\n\r]{3}/.test(text.slice(start))) return undefined;
  return `${without.slice(0, start + 1)} []${without.slice(start + 4)}`;
}

/** True where a line holds more than a comment. */
function isContent(line: string): boolean {
  return /^\s*[^\s#]/.test(line);
}

class Lines {
  readonly #text: string;
  readonly #starts: number[] = [0];

  constructor(text: string) {
    this.#text = text;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  at(offset: number): number {
    const after = this.#starts.findIndex((start) => start > offset);
    return (after === -1 ? this.#starts.length : after) - 1;
  }

  start(line: number): number {
    return this.#starts[line] ?? this.#text.length;
  }

  text(line: number): string {
    return this.#text.slice(this.start(line), this.start(line + 1)).trimEnd();
  }

  /** The least indentation of the lines behind `line` down to another: what a line that holds all of them can have. */
  indentAbove(line: number, last: number): number {
    let least = Number.POSITIVE_INFINITY;
    for (let at = line + 1; at <= last; at += 1) {
      const text = this.text(at);
      if (isContent(text)) least = Math.min(least, text.search(/\S/));
    }
    return least;
  }

  /** True where the list that an item belongs to is one of shots or scenes. */
  isItemOf(line: number, indent: number): boolean {
    for (let at = line - 1; at >= 0; at -= 1) {
      const text = this.text(at);
      if (!isContent(text)) continue;
      const own = text.search(/\S/);
      if (own > indent || (own === indent && text[own] === '-')) continue;
      return itemLists.test(text);
    }
    return false;
  }

  /** The line after the last of an item. */
  endOfItem(first: number, indent: number): number {
    for (let at = first + 1; at < this.#starts.length; at += 1) {
      const text = this.text(at);
      if (isContent(text) && text.search(/\S/) <= indent) return at;
    }
    return this.#starts.length;
  }

  /** The line of the next key at the left edge, or of the end of the document. */
  nextKey(line: number): number {
    for (let at = line + 1; at < this.#starts.length; at += 1) {
      if (/^(?:[A-Za-z][\w-]*:(?:\s|$)|---|\.\.\.)/.test(this.text(at))) return at;
    }
    return this.#starts.length;
  }

  /** True where no other item stands beside this one. */
  isAlone(first: number, indent: number): boolean {
    const isItem = (line: number): boolean => this.text(line).startsWith('-', indent);
    for (let at = first - 1; at >= 0; at -= 1) {
      const text = this.text(at);
      if (!isContent(text) || text.search(/\S/) > indent) continue;
      if (isItem(at) && text.search(/\S/) === indent) return false;
      break;
    }
    const next = this.endOfItem(first, indent);
    return !(this.text(next).search(/\S/) === indent && isItem(next));
  }
}
