import { unguardFormula } from '../core/csv.ts';
import { findMojibake } from '../core/mojibake.ts';
import { headerForm } from './aliases.ts';
import type { Columns } from './columns.ts';
import { mediaListKeys } from './keys.ts';
import type { Mapping } from './mapping.ts';
import type { TableProblem } from './problem.ts';
import type { TableRow } from './records.ts';
import type { FoundCell } from './row-length.ts';
import type { Table } from './table.ts';
import { build, takeApart } from './templates.ts';
import { minutesOf } from './times.ts';

/** The cells of a row, by target: cells that are empty are not there. */
export type RowCells = Map<string, FoundCell[]>;

/** A function call or a reference to a cell behind an equals sign. */
const formula =
  /^[=＝]\s*(?:[-+(]*\s*(?:[\p{L}_][\p{L}\p{N}_.]*\(|(?:'[^'\n]+'|[\p{L}_][\p{L}\p{N}_.]*)!\$?[A-Za-z]|\[?\$?[A-Za-z]{1,3}\$?\d{1,7}(?![\p{L}\p{N}]))|"[^"\n]*"\s*&|\{=|of:)/u;

/** True where a cell is a formula, and not words that begin with an equals sign. */
export function isFormula(cell: string): boolean {
  return formula.test(cell.trim());
}

/** Reads the cells of rows as the columns and the mapping say. */
export class CellReader {
  readonly problems: TableProblem[] = [];
  readonly #columns: Columns;
  readonly #mapping: Mapping;
  /** Index of each header, by its form. */
  readonly #places: ReadonlyMap<string, number>;
  readonly #above = new Map<number, string>();

  constructor(table: Table, columns: Columns, mapping: Mapping) {
    this.#columns = columns;
    this.#mapping = mapping;
    this.#places = new Map(
      table.header.map((name, index) => [headerForm(name), index]).reverse() as [string, number][],
    );
  }

  read(row: TableRow): RowCells {
    const cells: RowCells = new Map();
    const put = (target: string, text: string, header: string): void => {
      if (text.trim() === '' || target === 'ignore') return;
      const all = cells.get(target) ?? [];
      all.push({ text, header });
      cells.set(target, all);
    };
    for (const { index, header, target, fillDown, hours } of this.#columns.columns) {
      const cell = this.#text(row, index, header, fillDown);
      const text = hours ? minutesOf(cell) : cell;
      put(target, mediaTargets.has(target) ? linked(row, index, text) : text, header);
    }
    for (const { header, split } of this.#mapping.splits.values()) this.#split(row, header, split, put);
    this.#build(row, cells);
    this.#translate(cells);
    return cells;
  }

  #split(
    row: TableRow,
    header: string,
    split: Parameters<typeof takeApart>[0],
    put: (target: string, text: string, header: string) => void,
  ): void {
    const text = this.#named(row, header);
    if (text.trim() === '') return;
    const parts = takeApart(split, text);
    if (parts === undefined) {
      this.problems.push({
        message: `\`${text.trim()}\` does not look like \`${split.text}\`, by which the mapping takes it apart`,
        help: 'Correct the cell, or the line in the mapping file',
        line: row.line,
        row: row.row,
        column: header,
      });
      return;
    }
    for (const [index, target] of split.targets.entries()) put(target, parts[index] ?? '', header);
  }

  #build(row: TableRow, cells: RowCells): void {
    for (const [key, template] of this.#mapping.templates) {
      const text = build(
        template,
        template.headers.map((header) => this.#named(row, header)),
      );
      if (text === '') cells.delete(key);
      else cells.set(key, [{ text, header: template.headers.join(', ') }]);
    }
  }

  #translate(cells: RowCells): void {
    for (const [key, words] of this.#mapping.translations) {
      const found = cells.get(key);
      if (found === undefined) continue;
      cells.set(
        key,
        found.map(({ text, header }) => ({ text: words.get(text.trim().toLowerCase()) ?? text, header })),
      );
    }
  }

  #named(row: TableRow, header: string): string {
    const index = this.#places.get(headerForm(header));
    if (index === undefined) return '';
    return this.#text(row, index, header, this.#mapping.fillDown.has(headerForm(header)));
  }

  #text(row: TableRow, index: number, header: string, fillDown: boolean): string {
    const cell = row.cells[index] ?? '';
    const text = unguardFormula(cell);
    const place = { line: row.line, row: row.row, column: header };
    if (text === cell && isFormula(text)) {
      this.problems.push({
        message: `\`${shortened(text)}\` is a formula, and not what it comes to`,
        help: 'Save the values, not the formulas: copy the column and paste it as values; or write an apostrophe before the text',
        ...place,
      });
    }
    const mojibake = findMojibake(text);
    if (mojibake !== undefined) {
      const { found, meant } = mojibake;
      this.problems.push({
        message: `\`${shortened(found)}\` is text that a program read in the wrong encoding${meant === undefined ? '' : `: it was \`${shortened(meant)}\` once`}`,
        help: 'Go back to the file in which the words are right, and save it as “CSV UTF-8” or .xlsx',
        ...place,
      });
    }
    if (!fillDown) return text;
    if (text.trim() !== '') this.#above.set(index, text);
    return this.#above.get(index) ?? text;
  }
}

const mediaTargets: ReadonlySet<string> = new Set([...mediaListKeys, 'first_image', 'last_image']);

/** Follows the link of a cell whose text is only a name for it. */
function linked({ links }: TableRow, index: number, text: string): string {
  const link = links?.get(index);
  return link === undefined || /:\/\/|\$\{/.test(text) ? text : link;
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
