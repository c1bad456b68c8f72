import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { align, type Cell, type Line } from './align.ts';
import { type Messages, Phrasebook } from './phrasebook.ts';

/** A language as data. */
export interface LanguageTexts {
  readonly messages: Messages;
  /** Words that are said within a message, and are codes where they stand alone. */
  readonly nouns: Messages;
  /** What a line begins with that says what kind of line it is. */
  readonly labels: Readonly<Record<string, string>>;
  /** Names of the facts that a line tells, and what they are called. */
  readonly fields: Readonly<Record<string, string>>;
}

const escapeSign = '\u001b';
/** A color or another style, as picocolors writes it. */
const sequence = new RegExp(`${escapeSign}\\[([\\d;]*)m`);
const early = new RegExp(`((?:${escapeSign}\\[(?!0m|2[2-9]m|[34]9m)\\d+m)+)( {2,})`, 'g');
const late = new RegExp(`( {2,})((?:${escapeSign}\\[(?:0|2[2-9]|[34]9)m)+)`, 'g');

/** What may stand before a message on its line: a mark of a list or a stage. */
const mark = /^((?:[✔✖⚠❯›•·*!+~>#→–-]|\*\*)\s*)?([\s\S]*)$/;

/** Fields that hold what people wrote. */
const written = new Set(['prompt', 'body', 'title', 'notes', 'note', 'tags']);

/**
 * Says texts for people in another language, line by line. What is no message of the program (paths, keys, prompts, code)
 * stays as it is, and so do colors; columns are set anew for the width of what stands in them.
 */
export class Speaker {
  readonly #phrasebook: Phrasebook;
  readonly #labels: ReadonlyMap<string, string>;
  readonly #fields: ReadonlyMap<string, string>;

  constructor({ messages, nouns, labels, fields }: LanguageTexts) {
    this.#phrasebook = new Phrasebook(messages, nouns);
    this.#labels = new Map(Object.entries(labels));
    this.#fields = new Map(Object.entries(fields));
  }

  /** @param isHelp the names of commands and options stand in the first column, and stay. */
  speak(text: string, isHelp = false): string {
    return align(text.split('\n').map((line) => this.#line(line, isHelp)));
  }

  #line(line: string, isHelp: boolean): Line {
    // A line of somebody's file, shown with its number, or of a difference.
    if (!/[A-Za-z]{2}/.test(line) || line.includes('│') || /^(?:[+-]|@@)/.test(line)) return line;
    const cells = cellsOf(withStylesAtWords(line.trimEnd()));
    if (cells.length === 1) {
      const [, indent = '', body = '', end = ''] = /^(\s*)([\s\S]*?)(\s*)$/.exec(line) ?? [];
      return `${indent}${this.#text(body)}${end}`;
    }
    const name = isHelp ? '' : stripVTControlCharacters(cells[0]?.text ?? '');
    return cells.map((cell, index) => {
      if (isHelp && index === 0) return cell;
      return { ...cell, text: this.#cell(cell.text, index, name) };
    });
  }

  #cell(text: string, index: number, name: string): string {
    const field = this.#fields.get(name);
    if (field !== undefined && index === 0) return text.replace(name, field);
    return field !== undefined && written.has(name) ? text : this.#text(text);
  }

  #text(text: string): string {
    const pieces = piecesOf(text);
    const said = this.#marked(pieces.map((piece) => piece.text).join(''));
    if (pieces.every(({ styles }) => styles.length === 0)) return said ?? text;
    return said === null
      ? pieces.map((piece) => painted(this.#piece(piece.text), piece.styles)).join('')
      : this.#repainted(pieces, said);
  }

  /** A piece of a line that is no message as a whole. */
  #piece(text: string): string {
    const [, before = '', body = '', after = ''] = /^(\s*)([\s\S]*?)(\s*)$/.exec(text) ?? [];
    return `${before}${this.#marked(body) ?? body}${after}`;
  }

  /** Gives what was said as a whole the colors that its pieces had, as far as they can be found in it. */
  #repainted(pieces: readonly Piece[], said: string): string {
    let done = '';
    let rest = said;
    for (const { text, styles } of pieces) {
      const words = this.#piece(text).trim();
      const at = styles.length === 0 || words === '' ? -1 : rest.indexOf(words);
      if (at === -1) continue;
      done += rest.slice(0, at) + painted(words, styles);
      rest = rest.slice(at + words.length);
    }
    return done + rest;
  }

  #marked(text: string): string | null {
    const [, before = '', message = ''] = mark.exec(text) ?? [];
    if (message === '') return null;
    const labelled = this.#labelled(message);
    const said =
      labelled?.isSaid === true ? labelled.text : (this.#phrasebook.say(message) ?? labelled?.text ?? null);
    return said === null ? null : `${before}${said}`;
  }

  /** A message behind its label, said or not. */
  #labelled(message: string): { readonly text: string; readonly isSaid: boolean } | null {
    const [, word = '', rest = ''] = /^(\S+)(?: ([\s\S]*))?$/.exec(message) ?? [];
    const label = this.#labels.get(word);
    if (label === undefined) return null;
    if (rest === '') return { text: label, isSaid: true };
    const said = this.#phrasebook.say(rest);
    return { text: `${label} ${said ?? rest}`, isSaid: said !== null };
  }
}

/** A part of a line, and the colors that it has. */
interface Piece {
  readonly text: string;
  /** Numbers of SGR sequences. */
  readonly styles: readonly string[];
}

function piecesOf(text: string): readonly Piece[] {
  if (!text.includes(escapeSign)) return [{ text, styles: [] }];
  let styles: readonly string[] = [];
  return text.split(sequence).flatMap((part, index) => {
    if (index % 2 === 0) return part === '' ? [] : [{ text: part, styles }];
    const open = styles.filter((style) => endOf(style) !== part && part !== '0');
    styles = open.length < styles.length || part === '0' ? open : [...styles, part];
    return [];
  });
}

function painted(text: string, styles: readonly string[]): string {
  const sequences = (codes: readonly string[]): string =>
    codes.map((code) => `${escapeSign}[${code}m`).join('');
  return sequences(styles) + text + sequences(styles.map(endOf).reverse());
}

/** What ends a style: bold and faint end alike, and so do all colors. */
function endOf(style: string): string {
  if (style === '1' || style === '2') return '22';
  return /^[349]$/.test(style) ? `2${style}` : style.startsWith('4') || style.startsWith('10') ? '49' : '39';
}

/** Moves a style that begins before blanks, or ends behind them, to the word that it is for. */
function withStylesAtWords(line: string): string {
  return line.includes(escapeSign) ? line.replace(early, '$2$1').replace(late, '$2$1') : line;
}

/** The columns of a line, which stand two blanks apart or more; the indentation is no column. */
function cellsOf(line: string): readonly Cell[] {
  const cells: Cell[] = [];
  let at = 0;
  for (const part of line.split(/( {2,})/)) {
    const width = stringWidth(part);
    if (part.trim() !== '') cells.push({ text: part, from: at, to: at + width });
    at += width;
  }
  return cells;
}
