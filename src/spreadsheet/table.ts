import { csvRecords } from './csv-records.ts';
import { type Mapping, noMapping } from './mapping.ts';
import { TableError, type TableProblem } from './problem.ts';
import { columnLetters, hasWords, type Records, type TableRow } from './records.ts';

/** A table as it is written: a header and rows of text. */
export interface Table {
  /** As people know it. */
  readonly file: string;
  readonly header: readonly string[];
  /** Line of the header in a text file, from 1; undefined in a workbook. */
  readonly headerLine: number | undefined;
  /** The row of the header, as a spreadsheet counts. */
  readonly headerRow: number;
  /** Remarks for a person on how it was read. */
  readonly notes: readonly string[];
  /** Rows that hold anything; each has as many cells as the header, or fewer. */
  readonly rows: readonly TableRow[];
}

export interface ReadTableOptions {
  /** In place of what is detected; of a text file. */
  readonly encoding?: string | undefined;
  /** Tells the header from titles above it. */
  readonly mapping?: Mapping | undefined;
}

/** A file that is read at most, in bytes: workbooks may have pictures in them. */
export const tableBytes = 50 * 1024 * 1024;

/** Rows that are read at most: more than a manifest can hold requests. */
const mostRows = 100_000;

/**
 * Reads a table: a CSV file, of which encoding and delimiter are found out, or a sheet of an .xlsx or .ods workbook.
 *
 * @throws TableError for what is no table, all places at once.
 */
export async function readTable(
  file: string,
  bytes: Uint8Array,
  { encoding, mapping = noMapping }: ReadTableOptions = {},
): Promise<Table> {
  const { isArchive, workbookRecords } = await import('./workbook-records.ts');
  return tableOf(
    file,
    isArchive(bytes)
      ? await workbookRecords(file, bytes, mapping)
      : csvRecords(file, bytes, encoding, mapping),
  );
}

function tableOf(file: string, { records, at, notes }: Records): Table {
  const named = records[at];
  const header = named?.cells.map((cell) => textInFormula(cell).trim());
  if (named === undefined || header === undefined) {
    const help = 'Save the sheet that holds the shots, with its header row';
    throw new TableError([{ message: 'is empty', subject: file, help }]);
  }
  while (header.at(-1) === '') header.pop();
  const rows = records
    .slice(at + 1)
    .filter(hasWords)
    .map((row) => (row.cells.some((cell) => cell.startsWith('=')) ? withoutFormulas(row) : row));
  if (rows.length > mostRows) {
    const help = 'Split it, one file for each manifest';
    throw new TableError([
      { message: `has more than ${mostRows.toLocaleString('en')} rows`, subject: file, help },
    ]);
  }
  const problems = ragged(rows, header);
  if (problems.length > 0) throw new TableError(problems);
  const above = records.slice(0, at).some(hasWords)
    ? [`The columns are named in row ${named.row}: what stands above it is left out`]
    : [];
  return { file, header, headerLine: named.line, headerRow: named.row, notes: [...notes, ...above], rows };
}

function withoutFormulas(row: TableRow): TableRow {
  return { ...row, cells: row.cells.map(textInFormula) };
}

/** `="0010"` is text in the only way in which a spreadsheet leaves it alone. */
function textInFormula(cell: string): string {
  return /^="((?:[^"]|"")*)"$/.exec(cell.trim())?.[1]?.replaceAll('""', '"') ?? cell;
}

/**
 * Rows that do not fit the header. One that is too short lacks empty cells, which some spreadsheets leave out at the end;
 * but not where it is a part of one that a line end tore apart, or may be. A heading amid the rows may have one cell alone.
 */
function ragged(rows: readonly TableRow[], header: readonly string[]): readonly TableProblem[] {
  const problems: TableProblem[] = [];
  let run: TableRow[] = [];
  const endRun = (): void => {
    const together = run.reduce((sum, { cells }) => sum + cells.length - 1, 1);
    const isTorn = run.length > 1 && together === header.length;
    const isPart = ({ cells }: TableRow, index: number): boolean =>
      cells.length === 1 &&
      (header.length < 3 || !isTitle(cells[0] ?? '') || (run[index - 1]?.cells.length ?? 1) > 1);
    problems.push(
      ...run.filter((row, index) => isTorn || isPart(row, index)).map((row) => short(row, header)),
    );
    run = [];
  };
  for (const row of rows) {
    // Rows of a workbook are not torn: only their last cells are empty.
    if (row.cells.length < header.length && row.line !== undefined) {
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

/** Several words, as a heading has them, and a part of a torn cell too, but that stands below another part. */
function isTitle(cell: string): boolean {
  return /\S\s+\S|\P{ASCII}{2}/u.test(cell.trim());
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
