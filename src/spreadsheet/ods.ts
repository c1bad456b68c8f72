import { SaxesParser } from 'saxes';
import { guardFormula } from '../core/csv.ts';
import { type CellPlace, type Merge, numberText, type Sheet, SheetError, type SheetRow } from './sheet.ts';
import { type Archive, ArchiveError } from './zip.ts';

type Attributes = Readonly<Record<string, string>>;

const mostColumns = 1024;
const mostCells = 20_000_000;

/**
 * The sheets of an .ods workbook.
 *
 * @throws ArchiveError, SheetError for a workbook that is damaged or comes to too much.
 */
export function odsSheets(archive: Archive): readonly Sheet[] {
  const part = archive.read('content.xml');
  if (part === undefined) throw new ArchiveError('is damaged: it has no content');
  if (part.includes('<!DOCTYPE') || part.includes('<!ENTITY')) {
    throw new ArchiveError('declares entities of its own, as no spreadsheet writes them');
  }
  if (archive.read('META-INF/manifest.xml')?.includes('encryption-data') === true) {
    throw new ArchiveError('is protected by a password');
  }
  const reader = new ContentReader();
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => reader.open(name, attributes as Attributes));
  parser.on('closetag', ({ name }) => reader.close(name));
  parser.on('text', (text) => reader.text(text));
  parser.on('error', (error) => {
    throw new ArchiveError(`is damaged: ${error.message}`, { cause: error });
  });
  parser.write(part.toString('utf8')).close();
  return reader.sheets;
}

interface OpenSheet {
  readonly name: string;
  isHidden: boolean;
  readonly rows: SheetRow[];
  readonly merges: Merge[];
  readonly hiddenRows: number[];
  readonly hiddenColumns: number[];
  readonly unvalued: CellPlace[];
}

interface OpenCell {
  readonly attributes: Attributes;
  readonly paragraphs: string[];
  link: string | undefined;
}

/** Follows the elements of `content.xml`, whose names are fixed by the standard. */
class ContentReader {
  readonly sheets: OpenSheet[] = [];
  readonly #hiddenTables = new Set<string>();
  #style = '';
  #sheet: OpenSheet | undefined;
  #row = 0;
  #rowRepeated = 1;
  #cells: string[] = [];
  #links = new Map<number, string>();
  #columns = 0;
  #cell: OpenCell | undefined;
  /** Depth within something that is no text of a cell: a comment, a drawing, the reading of Japanese words. */
  #foreign = 0;
  #isParagraph = false;
  #filled = 0;

  open(name: string, attributes: Attributes): void {
    if (this.#foreign > 0 || foreign.test(name)) {
      this.#foreign += 1;
      return;
    }
    switch (name) {
      case 'style:style':
        this.#style = attributes['style:name'] ?? '';
        break;
      case 'style:table-properties':
        if (attributes['table:display'] === 'false') this.#hiddenTables.add(this.#style);
        break;
      case 'table:table':
        this.#openSheet(attributes);
        break;
      case 'table:table-column':
        this.#column(attributes);
        break;
      case 'table:table-row':
        this.#openRow(attributes);
        break;
      case 'table:table-cell':
      case 'table:covered-table-cell':
        this.#cell = { attributes, paragraphs: [], link: undefined };
        break;
      case 'text:p':
        if (this.#cell !== undefined) this.#cell.paragraphs.push('');
        this.#isParagraph = this.#cell !== undefined;
        break;
      case 'text:a':
        if (this.#cell !== undefined) this.#cell.link ??= attributes['xlink:href'];
        break;
      case 'text:s':
        this.#add(' '.repeat(Math.min(Number(attributes['text:c'] ?? 1), 1000)));
        break;
      case 'text:tab':
        this.#add('\t');
        break;
      case 'text:line-break':
        this.#add('\n');
        break;
      default:
    }
  }

  text(text: string): void {
    if (this.#foreign === 0 && this.#isParagraph) this.#add(text.replace(/[\t\r\n]+/g, ' '));
  }

  close(name: string): void {
    if (this.#foreign > 0) {
      this.#foreign -= 1;
      return;
    }
    if (name === 'text:p') this.#isParagraph = false;
    else if (name === 'table:table-cell' || name === 'table:covered-table-cell') this.#closeCell();
    else if (name === 'table:table-row') this.#closeRow();
    else if (name === 'table:table') this.#sheet = undefined;
  }

  #add(text: string): void {
    const paragraphs = this.#cell?.paragraphs;
    if (paragraphs !== undefined && this.#isParagraph) paragraphs[paragraphs.length - 1] += text;
  }

  #openSheet(attributes: Attributes): void {
    const style = attributes['table:style-name'] ?? '';
    this.#sheet = {
      name: attributes['table:name'] ?? '',
      isHidden: this.#hiddenTables.has(style),
      rows: [],
      merges: [],
      hiddenRows: [],
      hiddenColumns: [],
      unvalued: [],
    };
    this.sheets.push(this.#sheet);
    this.#row = 0;
    this.#columns = 0;
  }

  #column(attributes: Attributes): void {
    const repeated = countOf(attributes['table:number-columns-repeated']);
    if (isHidden(attributes)) {
      const last = Math.min(this.#columns + repeated, mostColumns);
      for (let column = this.#columns; column < last; column += 1) this.#sheet?.hiddenColumns.push(column);
    }
    this.#columns += repeated;
  }

  #openRow(attributes: Attributes): void {
    this.#rowRepeated = countOf(attributes['table:number-rows-repeated']);
    this.#row += 1;
    this.#cells = [];
    this.#links = new Map();
    if (isHidden(attributes) && this.#rowRepeated < 1000) {
      for (let row = 0; row < this.#rowRepeated; row += 1) this.#sheet?.hiddenRows.push(this.#row + row);
    }
  }

  #closeCell(): void {
    const cell = this.#cell;
    const sheet = this.#sheet;
    this.#cell = undefined;
    if (cell === undefined || sheet === undefined) return;
    const column = this.#cells.length;
    const { attributes, link } = cell;
    const text = textOf(cell);
    const repeated = countOf(attributes['table:number-columns-repeated']);
    if (text !== '' && column + repeated > mostColumns) {
      throw new SheetError(`has cells as far as column ${column + repeated}: that is no table of shots`);
    }
    if (attributes['table:formula'] !== undefined && attributes['office:value-type'] === undefined) {
      sheet.unvalued.push({ row: this.#row, column });
    }
    const [rows, columns] = ['rows', 'columns'].map((way) =>
      countOf(attributes[`table:number-${way}-spanned`]),
    );
    if (rows !== undefined && columns !== undefined && (rows > 1 || columns > 1)) {
      sheet.merges.push({
        fromRow: this.#row,
        toRow: this.#row + rows - 1,
        fromColumn: column,
        toColumn: column + columns - 1,
      });
    }
    for (let index = 0; index < Math.min(repeated, mostColumns - column); index += 1) {
      this.#cells.push(text);
      if (link !== undefined && text !== '') this.#links.set(column + index, link);
    }
  }

  #closeRow(): void {
    while (this.#cells.at(-1) === '') this.#cells.pop();
    const { length } = this.#cells;
    if (length > 0) {
      this.#filled += length * this.#rowRepeated;
      if (this.#filled > mostCells) throw new SheetError('repeats its rows more often than a table can hold');
      for (let row = 0; row < this.#rowRepeated; row += 1) {
        this.#sheet?.rows.push({
          row: this.#row + row,
          cells: this.#cells,
          links: this.#links.size === 0 ? undefined : this.#links,
        });
      }
    }
    this.#row += this.#rowRepeated - 1;
  }
}

const foreign = /^(?:office:annotation|draw:.*|text:ruby-text|table:shapes|text:note)$/;

function isHidden(attributes: Attributes): boolean {
  return /^(?:collapse|filter)$/.test(attributes['table:visibility'] ?? '');
}

function countOf(text: string | undefined): number {
  const count = Number(text ?? 1);
  return Number.isInteger(count) && count > 0 ? count : 1;
}

function textOf({ attributes, paragraphs }: OpenCell): string {
  const shown = paragraphs.join('\n');
  const value = attributes['office:value'];
  switch (attributes['office:value-type']) {
    case 'float':
    case 'percentage':
    case 'currency':
      return value === undefined ? shown : numberText(Number(value), shown);
    case 'boolean':
      return attributes['office:boolean-value'] ?? shown;
    case 'date':
    case 'time':
      return shown === ''
        ? (attributes['office:date-value'] ?? attributes['office:time-value'] ?? '')
        : shown;
    default: {
      // Err:502 and its like are errors of the spreadsheet.
      if (attributes['calcext:value-type'] === 'error') return shown.startsWith('#') ? shown : '#VALUE!';
      return guardFormula(shown === '' ? (attributes['office:string-value'] ?? '') : shown);
    }
  }
}
