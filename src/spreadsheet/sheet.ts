/** A sheet of a workbook, as text. */
export interface Sheet {
  readonly name: string;
  readonly isHidden: boolean;
  /** Rows that hold anything, from above. */
  readonly rows: readonly SheetRow[];
  readonly merges: readonly Merge[];
  /** Rows as a spreadsheet counts, columns from 0. */
  readonly hiddenRows: readonly number[];
  readonly hiddenColumns: readonly number[];
  /** Cells with a formula that nobody has worked out. */
  readonly unvalued: readonly CellPlace[];
}

export interface CellPlace {
  readonly row: number;
  readonly column: number;
}

export interface SheetRow {
  /** As a spreadsheet counts. */
  readonly row: number;
  /** Text that begins like a formula is guarded, as in a CSV file: what stands in a text cell is no formula. */
  readonly cells: readonly string[];
  readonly links?: ReadonlyMap<number, string> | undefined;
}

/** Cells that are one, the last ones counted in. */
export interface Merge {
  readonly fromRow: number;
  readonly toRow: number;
  readonly fromColumn: number;
  readonly toColumn: number;
}

/** A sheet that comes to more than a table can hold. */
export class SheetError extends Error {}

/**
 * A number as the table means it: as it is shown where the format pads it (`0010`) or puts words around it (`SH0010`),
 * and in full where the format only rounds it or parts its thousands.
 */
export function numberText(value: number, shown: string | undefined): string {
  const plain = String(Number(value.toPrecision(15))).replace('e', 'E');
  if (shown === undefined || shown.trim() === '') return plain;
  const text = shown.trim();
  if (/^0\d/.test(text)) return Number(text) === value ? text : plain;
  if (/^[-+]?[\d.,'’\s]*\d[\d.,'’\s]*%?$|^\p{Sc}|\p{Sc}$/u.test(text)) return plain;
  // Words around a number count where the number is whole.
  const [digits] = /\d+(?:[.,]\d+)?/.exec(text) ?? [];
  return digits !== undefined && Number(digits.replace(',', '.')) === Math.abs(value) ? text : plain;
}
