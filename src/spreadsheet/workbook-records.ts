import { nearest } from '../core/suggest.ts';
import { headerForm } from './aliases.ts';
import { headerAt } from './header.ts';
import type { Mapping } from './mapping.ts';
import { TableError, type TableProblem } from './problem.ts';
import { columnLetters, hasWords, type Records, type TableRow } from './records.ts';
import { type Merge, type Sheet, SheetError } from './sheet.ts';
import { Archive, ArchiveError } from './zip.ts';

/** True where bytes are an archive, as workbooks are. */
export function isArchive([first, second, third, fourth]: Uint8Array): boolean {
  return first === 0x50 && second === 0x4b && third === 3 && fourth === 4;
}

/**
 * The rows of a sheet of an .xlsx or .ods workbook.
 *
 * @throws TableError where it cannot be read, or where it is not clear which sheet is meant.
 */
export async function workbookRecords(file: string, bytes: Uint8Array, mapping: Mapping): Promise<Records> {
  const sheets = await readSheets(file, bytes);
  const { sheet, notes } = chosen(file, sheets, mapping);
  const filled = withMerges(sheet);
  const at = headerAt(filled, mapping) ?? filled.findIndex(hasWords);
  const records = filled.map((row, index) => (index > at ? row : { ...row, links: undefined }));
  const missing = withoutValues(sheet, filled[at], mapping);
  if (missing.length > 0) throw new TableError(missing);
  return { records, at: lastOfHeader(records, at, mapping), notes: [...notes, ...hiddenNotes(sheet)] };
}

async function readSheets(file: string, bytes: Uint8Array): Promise<readonly Sheet[]> {
  try {
    const archive = new Archive(bytes);
    const { names } = archive;
    if (names.includes('xl/workbook.xml')) return await (await import('./xlsx.ts')).xlsxSheets(archive);
    if (names.includes('content.xml')) return (await import('./ods.ts')).odsSheets(archive);
    if (names.includes('xl/workbook.bin')) throw new ArchiveError('is a binary workbook (.xlsb)');
    throw new ArchiveError('is an archive, and no .xlsx or .ods workbook');
  } catch (error) {
    if (!(error instanceof ArchiveError) && !(error instanceof SheetError)) throw error;
    const help = 'Open it in a spreadsheet and save it again as .xlsx, .ods or “CSV UTF-8”';
    const message = /^is (?:a|an) /.test(error.message)
      ? error.message
      : `is a workbook that ${error.message}`;
    throw new TableError([{ subject: file, message, help }]);
  }
}

/** The sheet that is named, or the only one that can be meant. */
function chosen(
  file: string,
  sheets: readonly Sheet[],
  mapping: Mapping,
): { readonly sheet: Sheet; readonly notes: readonly string[] } {
  const { sheet: wanted } = mapping;
  const names = sheets.map(({ name }) => name);
  const list = names.map((name) => `\`${name}\``).join(', ');
  if (wanted !== null) {
    const sheet =
      sheets.find(({ name }) => name === wanted) ??
      sheets.find(({ name }) => name.trim().toLowerCase() === wanted.trim().toLowerCase());
    if (sheet !== undefined) return { sheet, notes: [] };
    const near = nearest(wanted, names);
    const help =
      near === undefined ? `Its sheets are ${list}` : `Did you mean \`${near}\`? Its sheets are ${list}`;
    throw new TableError([{ subject: file, message: `has no sheet \`${wanted}\``, help }]);
  }
  const visible = sheets.filter(({ isHidden, rows }) => !isHidden && rows.length > 0);
  const likely = visible.filter(({ rows }) => headerAt(rows, mapping) !== undefined);
  const [sheet, second] = visible.length === 1 ? visible : likely;
  if (sheet === undefined || second !== undefined) {
    if (visible.length === 0) {
      const help = 'Save the sheet that holds the shots, with its header row';
      throw new TableError([{ subject: file, message: 'is empty', help }]);
    }
    const which = likely.length > 1 ? likely : visible;
    const [example] = which;
    throw new TableError([
      {
        subject: file,
        message: `has several sheets, and ${likely.length > 1 ? 'more than one' : 'none'} looks like a table of shots`,
        help: `Say which is meant: --sheet "${example?.name ?? ''}". Its sheets are ${list}`,
      },
    ]);
  }
  const notes = sheets.length === 1 ? [] : [`\`${sheet.name}\` is read, of the sheets ${list}`];
  return { sheet, notes };
}

/**
 * Merged cells say in each of them what they say in the first: down, and across as far as they do not span most of the
 * table, as a heading does.
 */
function withMerges({ rows, merges }: Sheet): readonly TableRow[] {
  const width = Math.max(0, ...rows.map(({ cells }) => cells.length));
  const byRow = new Map(rows.map((row) => [row.row, row]));
  const changed = new Map<number, { cells: string[]; links: Map<number, string> }>();
  for (const merge of merges) {
    const first = byRow.get(merge.fromRow);
    const text = first?.cells[merge.fromColumn] ?? '';
    if (first === undefined || text === '') continue;
    const across = isHeading(merge, width) ? merge.fromColumn : merge.toColumn;
    const link = first.links?.get(merge.fromColumn);
    // Only rows that hold anything of their own are rows.
    for (const { row, cells, links } of rows) {
      if (row < merge.fromRow || row > merge.toRow) continue;
      const after = changed.get(row) ?? { cells: [...cells], links: new Map(links) };
      for (let column = merge.fromColumn; column <= Math.min(across, 1023); column += 1) {
        while (after.cells.length <= column) after.cells.push('');
        after.cells[column] = text;
        if (link !== undefined) after.links.set(column, link);
      }
      changed.set(row, after);
    }
  }
  return rows.map((row) => ({ ...row, line: undefined, ...changed.get(row.row) }));
}

function isHeading({ fromRow, toRow, fromColumn, toColumn }: Merge, width: number): boolean {
  return fromRow === toRow && toColumn - fromColumn + 1 > width / 2;
}

/** A header of two rows, where cells are merged down: the second one says more. */
function lastOfHeader(records: readonly TableRow[], at: number, mapping: Mapping): number {
  const [first, second] = [records[at], records[at + 1]];
  if (first === undefined || second === undefined || headerAt([second], mapping) === undefined) return at;
  return first.cells.some((cell, index) => cell !== '' && second.cells[index] === cell) ? at + 1 : at;
}

const shown = 10;

/** Formulas below the header, in columns that are read. */
function withoutValues(
  { unvalued, name }: Sheet,
  header: TableRow | undefined,
  mapping: Mapping,
): readonly TableProblem[] {
  return unvalued.flatMap(({ row, column }) => {
    const heading = header?.cells[column] ?? '';
    const isRead = heading !== '' && mapping.columns.get(headerForm(heading))?.target !== 'ignore';
    if (header === undefined || row <= header.row || !isRead) return [];
    return [
      {
        message: `The cell ${columnLetters(column)}${row} of \`${name}\` is a formula that nobody has worked out: the file has no value for it`,
        help: 'Open the workbook in a spreadsheet and save it, or save the values in place of the formulas',
        row,
        column: heading,
      },
    ];
  });
}

function hiddenNotes({ hiddenRows, hiddenColumns, rows, name }: Sheet): readonly string[] {
  const filled = new Set(rows.map(({ row }) => row));
  const within = hiddenRows.filter((row) => filled.has(row));
  const columns = hiddenColumns.filter((column) => rows.some(({ cells }) => (cells[column] ?? '') !== ''));
  return [
    ...(within.length === 0
      ? []
      : [
          `${within.length === 1 ? `Row ${within[0]} is` : `Rows ${listed(within)} are`} hidden in \`${name}\`, and read like the others`,
        ]),
    ...(columns.length === 0
      ? []
      : [
          `${columns.length === 1 ? 'Column' : 'Columns'} ${listed(columns.map(columnLetters))} ${columns.length === 1 ? 'is' : 'are'} hidden in \`${name}\`, and read like the others`,
        ]),
  ];
}

function listed(parts: readonly (string | number)[]): string {
  const more = parts.length - shown;
  return `${parts.slice(0, shown).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
