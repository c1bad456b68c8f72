import {
  type Cell,
  type CellStyle,
  formatValue,
  HucreError,
  type Sheet as Read,
  readXlsx,
  writeXlsx,
} from 'hucre';
import { guardFormula } from '../core/csv.ts';
import { columnLetters } from './records.ts';
import { numberText, type Sheet, SheetError, type SheetRow } from './sheet.ts';
import { type Archive, ArchiveError, storedArchive } from './zip.ts';

/** Parts of a workbook that are read: words and numbers, and none of its pictures, charts and comments. */
const needed =
  /^(?:\[Content_Types\]\.xml|_rels\/\.rels|xl\/(?:workbook\.xml|_rels\/workbook\.xml\.rels|sharedStrings\.xml|styles\.xml|worksheets\/(?:_rels\/)?[^/]+\.(?:xml|rels)))$/i;

/** A sheet may have that many cells for each that is filled, beyond some millions. */
const sparse = 50;
const mostCells = 3_000_000;
const mostColumns = 1024;

/**
 * The sheets of an .xlsx workbook.
 *
 * @throws ArchiveError, SheetError for a workbook that is damaged or comes to too much.
 */
export async function xlsxSheets(archive: Archive): Promise<readonly Sheet[]> {
  const parts = new Map<string, Buffer>();
  for (const name of archive.names.filter((each) => needed.test(each))) {
    const part = archive.read(name);
    if (part === undefined) continue;
    if (part.includes('<!DOCTYPE') || part.includes('<!ENTITY')) {
      throw new ArchiveError('declares entities of its own, as no spreadsheet writes them');
    }
    if (/worksheets\/[^/]+\.xml$/i.test(name)) expectDense(part);
    parts.set(name, part);
  }
  try {
    const { sheets } = await readXlsx(storedArchive(parts), { readStyles: true });
    return sheets.map(sheetOf);
  } catch (error) {
    if (!(error instanceof HucreError)) throw error;
    throw new ArchiveError(`is damaged: ${error.message}`, { cause: error });
  }
}

/** Two cells in far corners make a rectangle of billions. */
function expectDense(xml: Buffer): void {
  let cells = 0;
  let lastRow = 0;
  let lastColumn = 0;
  const reference = /<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,4})(\d{1,8})"/g;
  for (const [, letters = 'A', row = '1'] of xml.toString('latin1').matchAll(reference)) {
    cells += 1;
    lastRow = Math.max(lastRow, Number(row));
    const column = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
    lastColumn = Math.max(lastColumn, column);
  }
  const area = lastRow * lastColumn;
  if (lastColumn > mostColumns || (area > mostCells && area > cells * sparse) || area > 20_000_000) {
    throw new SheetError(
      `has cells as far as row ${lastRow.toLocaleString('en')} and column ${lastColumn.toLocaleString('en')}: that is no table of shots`,
    );
  }
}

function sheetOf(read: Read): Sheet {
  const { name, rows, cells, merges = [], rowDefs, columns = [], hidden, veryHidden } = read;
  const unvalued: { row: number; column: number }[] = [];
  const links = new Map<number, Map<number, string>>();
  const formats = new Map<string, Cell>();
  for (const [place, cell] of cells ?? []) {
    const [row = 0, column = 0] = place.split(',').map(Number);
    formats.set(place, cell);
    if (cell.type === 'formula' && cell.value === null) unvalued.push({ row: row + 1, column });
    const target = cell.hyperlink?.target;
    if (target === undefined || target === '') continue;
    const own = links.get(row) ?? new Map<number, string>();
    links.set(row, own.set(column, target));
  }
  const read1 = rows.flatMap((values, row): SheetRow[] => {
    const texts = values.map((value, column) => cellText(value, formats.get(`${row},${column}`)));
    while (texts.at(-1) === '') texts.pop();
    return texts.length === 0 ? [] : [{ row: row + 1, cells: texts, links: links.get(row) }];
  });
  return {
    name,
    isHidden: hidden === true || veryHidden === true,
    rows: read1,
    merges: merges.map(({ startRow, endRow, startCol, endCol }) => ({
      fromRow: startRow + 1,
      toRow: endRow + 1,
      fromColumn: startCol,
      toColumn: endCol,
    })),
    hiddenRows: [...(rowDefs ?? [])].flatMap(([row, definition]) =>
      definition.hidden === true ? [row + 1] : [],
    ),
    hiddenColumns: columns.flatMap((column, index) => (column?.hidden === true ? [index] : [])),
    unvalued,
  };
}

function cellText(value: Read['rows'][number][number] | undefined, cell: Cell | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return guardFormula(value);
  if (typeof value === 'boolean') return String(value);
  const format = cell?.style?.numFmt;
  if (typeof value !== 'number') return formatValue(value, format ?? 'yyyy-mm-dd hh:mm:ss');
  if (format === undefined || format === 'General' || format === '@') return numberText(value, undefined);
  // The library takes the word General apart.
  const plain = Number.isInteger(value) ? '0' : '0.##########';
  return numberText(value, formatValue(value, format.replace(/General/gi, plain)));
}

/** Values that are offered in a column, by its header. */
export type Choices = ReadonlyMap<string, readonly string[]>;

const widths: Readonly<Record<string, number>> = {
  scene: 12,
  shot: 12,
  title: 24,
  prompt: 70,
  notes: 40,
  model: 22,
  duration: 10,
  ratio: 9,
  resolution: 11,
  mode: 12,
  takes: 8,
  skip: 8,
};
const otherWidth = 28;
/** Rows below the last one in which a choice is offered too, for shots to come. */
const roomBelow = 500;
const lists = 'Choices';

/**
 * A workbook of one table, every cell text: ids keep their zeros, and 16:9 stays 16:9. The header stays in sight, long
 * texts are wrapped, and what can be chosen is offered, though anything can be typed.
 *
 * @param rows the header first.
 */
export async function xlsxOf(
  name: string,
  rows: readonly (readonly string[])[],
  choices: Choices,
): Promise<Uint8Array> {
  const [header = [], ...body] = rows;
  const text: CellStyle = { numFmt: '@', alignment: { vertical: 'top' } };
  const wrapped: CellStyle = { numFmt: '@', alignment: { vertical: 'top', wrapText: true } };
  const bold: CellStyle = { numFmt: '@', font: { bold: true }, alignment: { vertical: 'top' } };
  const cells = new Map<string, Partial<Cell>>();
  for (const [row, values] of rows.entries()) {
    for (const [column, value] of values.entries()) {
      const style = row === 0 ? bold : isLong(header[column] ?? '') ? wrapped : text;
      cells.set(`${row},${column}`, { value: literal(value), type: 'string', style });
    }
  }
  const offered = [...choices].filter(([column, values]) => header.includes(column) && values.length > 0);
  return writeXlsx({
    sheets: [
      {
        name,
        rows: rows.map((row) => row.map(literal)),
        cells,
        columns: header.map((column) => ({
          width: widths[column] ?? otherWidth,
          style: isLong(column) ? wrapped : text,
        })),
        freezePane: { rows: 1, columns: 2 },
        dataValidations: offered.map(([column], index) => {
          const letter = columnLetters(header.indexOf(column));
          const list = columnLetters(index);
          return {
            type: 'list' as const,
            range: `${letter}2:${letter}${body.length + 1 + roomBelow}`,
            formula1: `${lists}!$${list}$1:$${list}$${offered[index]?.[1].length ?? 1}`,
            allowBlank: true,
            showErrorMessage: true,
            errorStyle: 'warning' as const,
            errorTitle: column,
            errorMessage: 'This is none of the known ones. Keep it all the same?',
          };
        }),
      },
      ...(offered.length === 0
        ? []
        : [{ name: lists, hidden: true, rows: columnsAsRows(offered.map(([, values]) => values)) }]),
    ],
  });
}

/** A text that would be read as an escaped character, `_x000D_`, has its own underscore escaped. */
function literal(text: string): string {
  return text.replace(/_x(?=[0-9A-Fa-f]{4}_)/g, '_x005F_x');
}

function isLong(column: string): boolean {
  return column === 'prompt' || column === 'notes';
}

function columnsAsRows(columns: readonly (readonly string[])[]): (string | null)[][] {
  const height = Math.max(...columns.map(({ length }) => length));
  return Array.from({ length: height }, (_, row) => columns.map((values) => values[row] ?? null));
}
