import stringWidth from 'string-width';

/** One column's text on a line of a table. */
export interface Cell {
  /** What it says now; colors take no width. */
  readonly text: string;
  /** Where it began and ended on the line that was laid out for other words, in columns of a terminal. */
  readonly from: number;
  readonly to: number;
}

/** A line of a table, or any other line as it is. */
export type Line = string | readonly Cell[];

/** Sets tables anew: columns that stood under each other do so again, as far apart as they were. Lines are joined. */
export function align(lines: readonly Line[]): string {
  const done: string[] = [];
  let table: Line[] = [];
  const endTable = (): void => {
    done.push(...setTable(table));
    table = [];
  };
  for (const line of lines) {
    // A heading, or a blank line, stands between two tables; what is indented may be a row with one cell.
    if (typeof line === 'string' && !/^ +\S/.test(line)) {
      endTable();
      done.push(line);
    } else {
      table.push(line);
    }
  }
  endTable();
  return done.join('\n');
}

function setTable(lines: readonly Line[]): readonly string[] {
  const rows = lines.filter((line) => typeof line !== 'string');
  const starts = newStarts(rows);
  return lines.map((line) => {
    if (typeof line === 'string') {
      // What goes on in a column stands under it.
      const indent = line.length - line.trimStart().length;
      return ' '.repeat(starts.get(indent) ?? indent) + line.trimStart();
    }
    return line.reduce((set, { text, from }) => {
      const start = starts.get(from) ?? from;
      return `${set}${' '.repeat(Math.max(0, start - stringWidth(set)))}${text}`;
    }, '');
  });
}

/** Where each column begins once its cells say something else, by where it began before. */
function newStarts(rows: readonly (readonly Cell[])[]): ReadonlyMap<number, number> {
  const columns = [...new Set(rows.flatMap((row) => row.map(({ from }) => from)))].sort((a, b) => a - b);
  const starts = new Map<number, number>();
  for (const column of columns) {
    const before = rows.flatMap((row) => {
      const index = row.findIndex(({ from }) => from === column);
      const previous = row[index - 1];
      return index < 1 || previous === undefined ? [] : [previous];
    });
    if (before.length === 0) {
      starts.set(column, column);
      continue;
    }
    const gap = Math.min(...before.map(({ to }) => column - to));
    const end = Math.max(...before.map(({ text, from }) => (starts.get(from) ?? from) + stringWidth(text)));
    starts.set(column, end + gap);
  }
  return starts;
}
