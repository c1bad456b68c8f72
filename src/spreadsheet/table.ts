import { parse } from 'csv-parse/sync';
import { decodeTable } from './decode.ts';
import { headerAt } from './header.ts';
import { type Mapping, noMapping } from './mapping.ts';
import { TableError, type TableProblem } from './problem.ts';

/** A CSV file as it is written: a header and rows of text. */
export interface Table {
  /** As people know it. */
  readonly file: string;
  readonly encoding: string;
  readonly delimiter: string;
  readonly header: readonly string[];
  /** Where the header is in the file, from 1. */
  readonly headerLine: number;
  /** What a person should know of how it was read. */
  readonly notes: readonly string[];
  /** Rows that hold anything; each has as many cells as the header. */
  readonly rows: readonly TableRow[];
}

export interface TableRow {
  /** As a spreadsheet counts. */
  readonly row: number;
  /** Where it begins in the file, from 1: cells may hold line ends. */
  readonly line: number;
  readonly cells: readonly string[];
}

export interface ReadTableOptions {
  /** In place of what is detected. */
  readonly encoding?: string | undefined;
  /** Tells the header from titles above it. */
  readonly mapping?: Mapping | undefined;
}

/** Rows that are read at most: more than a manifest can hold requests. */
const mostRows = 100_000;

/**
 * Reads a CSV file: encoding and delimiter (comma, semicolon or tab) are found out.
 *
 * @throws TableError for what is no table, all places at once.
 */
export function readTable(file: string, bytes: Uint8Array, options: ReadTableOptions = {}): Table {
  const decoded = decodeTable(bytes, options.encoding);
  if (!('text' in decoded)) throw new TableError([{ ...decoded, subject: file }]);
  const { records, delimiter, at } = readRecords(
    decoded.text.replace(/^\ufeff/, ''),
    options.mapping ?? noMapping,
  );
  const named = records[at];
  const header = named?.cells.map((cell) => cell.trim());
  if (named === undefined || header === undefined) {
    throw new TableError([
      {
        message: 'is empty',
        subject: file,
        help: 'Save the sheet that holds the shots, with its header row',
      },
    ]);
  }
  while (header.at(-1) === '') header.pop();
  const rows = records.slice(at + 1).filter(hasWords);
  if (rows.length > mostRows) {
    throw new TableError([
      {
        message: `has more than ${mostRows.toLocaleString('en')} rows`,
        subject: file,
        help: 'Split it, one file for each manifest',
      },
    ]);
  }
  const problems = ragged(rows, header);
  if (problems.length > 0) throw new TableError(problems);
  const notes = records.slice(0, at).some(hasWords)
    ? [`The columns are named in row ${named.row}: what stands above it is left out`]
    : [];
  return { file, encoding: decoded.encoding, delimiter, header, headerLine: named.line, notes, rows };
}

function hasWords({ cells }: TableRow): boolean {
  return cells.some((cell) => cell.trim() !== '');
}

/** The name of a column in a spreadsheet: A, B, … Z, AA. */
export function columnLetters(index: number): string {
  const rest = Math.floor(index / 26) - 1;
  return (rest < 0 ? '' : columnLetters(rest)) + String.fromCharCode(65 + (index % 26));
}

/** The records, and which of them is the header. Titles above it may not show what the delimiter is. */
function readRecords(
  whole: string,
  mapping: Mapping,
): { readonly records: readonly TableRow[]; readonly delimiter: string; readonly at: number } {
  const { text, skipped, likely } = delimited(whole);
  let first: ReturnType<typeof parseRecords> | undefined;
  for (const delimiter of likely) {
    const { records, problem } = parseRecords(text, delimiter, skipped);
    first ??= { records, problem };
    const at = headerAt(records, mapping);
    if (at === undefined) continue;
    if (problem !== undefined) throw new TableError([problem]);
    return { records, delimiter, at };
  }
  const { records = [], problem } = first ?? {};
  if (problem !== undefined) throw new TableError([problem]);
  return { records, delimiter: likely[0] ?? ',', at: records.findIndex(hasWords) };
}

/** The records, up to the first place that cannot be read. */
function parseRecords(
  text: string,
  delimiter: string,
  skipped: number,
): { readonly records: readonly TableRow[]; readonly problem?: TableProblem | undefined } {
  const records: TableRow[] = [];
  let lines = skipped;
  try {
    parse(text, {
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      // A quote amid a cell that is not quoted is just a quote: 5" lens.
      relax_quotes: true,
      onRecord: (cells: string[], context) => {
        records.push({ row: records.length + 1 + skipped, line: lines + 1, cells });
        lines = skipped + context.lines;
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    const problem = {
      message:
        error.code === 'CSV_QUOTE_NOT_CLOSED'
          ? 'A cell that begins with a quote in this row is never closed'
          : error.message,
      help: 'Close it with a quote; a quote inside such a cell is written twice',
      line: lines + 1,
      row: records.length + 1 + skipped,
    };
    return { records, problem };
  }
  return { records };
}

/**
 * Rows that do not fit the header. One that is too short lacks empty cells, which some spreadsheets leave out at the end;
 * but not where it is a part of one that a line end tore apart, or may be.
 */
function ragged(rows: readonly TableRow[], header: readonly string[]): readonly TableProblem[] {
  const problems: TableProblem[] = [];
  let run: TableRow[] = [];
  const endRun = (): void => {
    const together = run.reduce((sum, { cells }) => sum + cells.length - 1, 1);
    const isTorn = run.length > 1 && together === header.length;
    problems.push(
      ...run.filter(({ cells }) => isTorn || cells.length === 1).map((row) => short(row, header)),
    );
    run = [];
  };
  for (const row of rows) {
    if (row.cells.length < header.length) {
      run.push(row);
      continue;
    }
    endRun();
    const extra = row.cells.findIndex((cell, index) => index >= header.length && cell.trim() !== '');
    if (extra !== -1) problems.push(long(row, extra));
  }
  endRun();
  return problems;
}

function long({ line, row }: TableRow, extra: number): TableProblem {
  return {
    line,
    row,
    message: `Column ${columnLetters(extra)} has a cell here, and no name in the header`,
    help: 'Name the column, or quote the cell before it if that holds the delimiter',
  };
}

function short({ line, row, cells }: TableRow, header: readonly string[]): TableProblem {
  return {
    line,
    row,
    message: `This row ends at column ${columnLetters(cells.length - 1)}, the header at column ${columnLetters(header.length - 1)}`,
    help: 'Add the empty cells, or look for a line end that belongs into a quoted cell',
  };
}

/**
 * The text without a `sep=;` line, as some spreadsheets write it, and the delimiters that it may have: the one that its
 * first line uses most comes first.
 */
function delimited(text: string): { text: string; skipped: number; likely: readonly string[] } {
  const said = /^"?sep=([,;\t])"?\r?\n/i.exec(text);
  if (said?.[1] !== undefined) return { text: text.slice(said[0].length), skipped: 1, likely: [said[1]] };
  const counts = new Map([
    [',', 0],
    [';', 0],
    ['\t', 0],
  ]);
  let quoted = false;
  let isEmpty = true;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    else if (!quoted && /[\r\n]/.test(character)) {
      if (!isEmpty) break;
      continue;
    } else if (!quoted && counts.has(character)) {
      counts.set(character, (counts.get(character) ?? 0) + 1);
    }
    isEmpty &&= /[\s,;"]/.test(character);
  }
  const likely = [...counts].sort(([, a], [, b]) => b - a).map(([delimiter]) => delimiter);
  return { text, skipped: 0, likely };
}
