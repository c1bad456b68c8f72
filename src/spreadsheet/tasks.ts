import { sameCell } from './cells.ts';
import type { TableProblem } from './problem.ts';
import type { Said, ShotRow } from './shot-row.ts';

/**
 * Adds what a second row says of a shot, in a table that has a row for each task: what only one of them says counts, and
 * what is data of the user's own is put together. They cannot say two things of the same key.
 */
export function addTask(
  before: Pick<ShotRow, 'row' | 'key'> & { readonly says: Map<string, Said> },
  { row, line, says }: ShotRow,
): readonly TableProblem[] {
  const problems: TableProblem[] = [];
  for (const [key, said] of says) {
    const first = before.says.get(key);
    if (first === undefined) before.says.set(key, said);
    else if (key.startsWith('x-')) before.says.set(key, together(first, said));
    else if (!isSame(first, said)) {
      problems.push({
        message: `\`${before.key}\` says another \`${key}\` here than in row ${before.row}, though both rows are tasks of one shot`,
        help: 'Correct one of the two, or leave the column out with --ignore-column',
        line,
        row,
        column: said.column,
      });
    }
  }
  return problems;
}

function isSame(one: Said, other: Said): boolean {
  if ('value' in one.read && 'value' in other.read) {
    return JSON.stringify(one.read.value) === JSON.stringify(other.read.value);
  }
  return sameCell(one.text, other.text);
}

function together(one: Said, other: Said): Said {
  const parts = one.text.split(', ');
  if (parts.includes(other.text.trim())) return one;
  const text = [...parts, other.text.trim()].join(', ');
  return { ...one, text, read: { value: text } };
}
