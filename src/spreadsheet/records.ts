/** A row as a file has it. */
export interface TableRow {
  /** As a spreadsheet counts. */
  readonly row: number;
  /** Line of a text file on which it begins, from 1: cells may hold line ends. Undefined in a workbook. */
  readonly line: number | undefined;
  readonly cells: readonly string[];
  /** Targets of the links in its cells, by the index of the cell. */
  readonly links?: ReadonlyMap<number, string> | undefined;
}

/** The rows of a file, with its header among them. */
export interface Records {
  readonly records: readonly TableRow[];
  /** Index of the header; -1 where nothing has words. */
  readonly at: number;
  /** Remarks for a person on how they were read. */
  readonly notes: readonly string[];
}

export function hasWords({ cells }: Pick<TableRow, 'cells'>): boolean {
  return cells.some((cell) => cell.trim() !== '');
}

/** The name of a column in a spreadsheet: A, B, … Z, AA. */
export function columnLetters(index: number): string {
  const rest = Math.floor(index / 26) - 1;
  return (rest < 0 ? '' : columnLetters(rest)) + String.fromCharCode(65 + (index % 26));
}
