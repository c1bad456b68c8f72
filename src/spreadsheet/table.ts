import { parse } from 'csv-parse/sync';
import { decodeTable } from './decode.ts';
import { TableError, type TableProblem } from './problem.ts';

/** A CSV file as it is written: a header and rows of text. */
export interface Table {
  /** As people know it. */
  readonly file: string;
  readonly encoding: string;
  readonly delimiter: string;
  readonly header: readonly string[];
  /** Rows that hold anything; each has as many cells as the header. */
  readonly rows: readonly TableRow[];
}

export interface TableRow {
  /** As a spreadsheet counts, the header being row 1. */
  readonly row: number;
  /** Where it begins in the file, from 1: cells may hold line ends. */
  readonly line: number;
  readonly cells: readonly string[];
}

export interface ReadTableOptions {
  /** In place of what is detected. */
  readonly encoding?: string | undefined;
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
  const { text, delimiter, skipped } = delimited(decoded.text.replace(/^\ufeff/, ''));
  const records = parseRecords(text, delimiter, skipped);
  const at = records.findIndex(({ cells }) => cells.some((cell) => cell.trim() !== ''));
  const header = records[at]?.cells.map((cell) => cell.trim());
  if (header === undefined) {
    throw new TableError([
      {
        message: 'is empty',
        subject: file,
        help: 'Save the sheet that holds the shots, with its header row',
      },
    ]);
  }
  while (header.at(-1) === '') header.pop();
  const rows = records.slice(at + 1).filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
  if (rows.length > mostRows) {
    throw new TableError([
      {
        message: `has more than ${mostRows.toLocaleString('en')} rows`,
        subject: file,
        help: 'Split it, one file for each manifest',
      },
    ]);
  }
  const problems = rows.flatMap((row) => ragged(row, header));
  if (problems.length > 0) throw new TableError(problems);
  return { file, encoding: decoded.encoding, delimiter, header, rows };
}

/** The name of a column in a spreadsheet: A, B, … Z, AA. */
export function columnLetters(index: number): string {
  const rest = Math.floor(index / 26) - 1;
  return (rest < 0 ? '' : columnLetters(rest)) + String.fromCharCode(65 + (index % 26));
}

function parseRecords(text: string, delimiter: string, skipped: number): readonly TableRow[] {
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
    throw new TableError([
      {
        message:
          error.code === 'CSV_QUOTE_NOT_CLOSED'
            ? 'A cell that begins with a quote in this row is never closed'
            : error.message,
        help: 'Close it with a quote; a quote inside such a cell is written twice',
        line: lines + 1,
        row: records.length + 1 + skipped,
      },
    ]);
  }
  return records;
}

function ragged(row: TableRow, header: readonly string[]): readonly TableProblem[] {
  const { cells } = row;
  const extra = cells.findIndex((cell, index) => index >= header.length && cell.trim() !== '');
  const place = { line: row.line, row: row.row };
  if (extra !== -1) {
    return [
      {
        ...place,
        message: `Column ${columnLetters(extra)} has a cell here, and no name in the header`,
        help: 'Name the column, or quote the cell before it if that holds the delimiter',
      },
    ];
  }
  if (cells.length >= header.length) return [];
  return [
    {
      ...place,
      message: `This row ends at column ${columnLetters(cells.length - 1)}, the header at column ${columnLetters(header.length - 1)}`,
      help: 'Add the empty cells, or look for a line end that belongs into a quoted cell',
    },
  ];
}

/** The text without a `sep=;` line, as some spreadsheets write it, and the delimiter that its header uses most. */
function delimited(text: string): { text: string; delimiter: string; skipped: number } {
  const said = /^"?sep=([,;\t])"?\r?\n/i.exec(text);
  if (said?.[1] !== undefined) return { text: text.slice(said[0].length), delimiter: said[1], skipped: 1 };
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
  const [best] = [...counts].sort(([, a], [, b]) => b - a);
  return { text, delimiter: best?.[0] ?? ',', skipped: 0 };
}
