import stringWidth from 'string-width';
import type { Diagnostic } from '../../core/diagnostic.ts';
import { harmless } from './harmless.ts';

/** The line that a diagnostic marks, cut to fit, and the mark below it. */
export interface CodeFrame {
  readonly code: string;
  /** Spaces, then carets under the marked text; both count columns of a terminal, where wide characters take two. */
  readonly mark: string;
}

/** One character, as people see it, and the columns that it takes on the screen. */
interface Cell {
  readonly text: string;
  readonly width: number;
  readonly marked: boolean;
}

/**
 * Shows `line`, the first of what a diagnostic marks, in at most `columns` columns of a terminal. Characters that would
 * steer the terminal or turn the reading direction are replaced.
 */
export function codeFrame(line: string, diagnostic: Diagnostic, columns: number): CodeFrame {
  const start = diagnostic.column - 1;
  const end = diagnostic.endLine === diagnostic.line ? diagnostic.endColumn - 1 : line.trimEnd().length;
  const { code, mark } = drawn(window(cellsOf(line, start, Math.max(end, start + 1), columns), columns));
  // Text that is missing at the end of a line is marked behind it.
  return mark.includes('^') ? { code, mark } : { code, mark: `${' '.repeat(stringWidth(code))}^` };
}

/** The characters of a line around its mark: of a very long line, no more than can ever be shown. */
function cellsOf(line: string, start: number, end: number, columns: number): readonly Cell[] {
  // A character of many units (a family of faces) still takes a column or two.
  const reach = columns * 8;
  const from = wholeCharacter(line, Math.max(0, start - reach));
  const to = wholeCharacter(line, Math.min(line.length, start + reach));
  const cells: Cell[] = [];
  if (from > 0) cells.push(cut);
  for (const { segment, index } of charactersOf(line.slice(from, to))) {
    const text = harmless(segment);
    const at = from + index;
    cells.push({ text, width: widthOfCharacter(text), marked: at < end && at + segment.length > start });
  }
  if (to < line.length) cells.push(cut);
  return cells;
}

/** The characters of a text as people see them; in plain ASCII each is one unit, which needs no segmenter to be started. */
function charactersOf(text: string): Iterable<{ readonly segment: string; readonly index: number }> {
  if (!/^[ -~]*$/.test(text)) return new Intl.Segmenter().segment(text);
  return Array.from(text, (segment, index) => ({ segment, index }));
}

/** Measures a character, in columns; nearly all are ASCII, and need no measuring. */
function widthOfCharacter(text: string): number {
  return text.length === 1 && text >= ' ' && text <= '~' ? 1 : stringWidth(text);
}

const cut: Cell = { text: '…', width: 1, marked: false };

function wholeCharacter(line: string, at: number): number {
  const unit = line.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff ? at - 1 : at;
}

/** Picks as many cells as fit, with some of what comes before the mark, and a sign where the line goes on. */
function window(cells: readonly Cell[], columns: number): readonly Cell[] {
  if (widthOf(cells) <= columns) return cells;
  const first = Math.max(
    0,
    cells.findIndex(({ marked }) => marked),
  );
  const marked = widthOf(cells.filter((cell) => cell.marked));
  let before = Math.max(Math.floor(columns / 4), columns - marked - 2);
  let from = first;
  while (from > 0 && before >= (cells[from - 1]?.width ?? 0)) {
    from -= 1;
    before -= cells[from]?.width ?? 0;
  }
  const shown: Cell[] = from > 0 ? [cut] : [];
  let room = columns - 1 - shown.length;
  for (const cell of cells.slice(from === 0 ? 0 : from + 1)) {
    if (cell.width > room) return [...shown, cut];
    shown.push(cell);
    room -= cell.width;
  }
  return shown;
}

function drawn(cells: readonly Cell[]): CodeFrame {
  const mark = cells.map(({ width, marked }) => (marked ? '^' : ' ').repeat(width)).join('');
  return {
    code: cells
      .map(({ text }) => text)
      .join('')
      .trimEnd(),
    mark: mark.trimEnd(),
  };
}

function widthOf(cells: readonly Cell[]): number {
  return cells.reduce((sum, { width }) => sum + width, 0);
}
