import { count, number } from '../core/count.ts';
import type { Columns } from './columns.ts';
import type { KnownIds, ShotRows } from './shot-row.ts';

/** Notes how a table was understood, for a person to check. */
export function tableNotes(
  { unknown, columns }: Columns,
  rows: ShotRows,
  known: KnownIds,
): readonly string[] {
  return [...columnNotes(unknown), ...hourNotes(columns), ...rowNotes(rows), ...mergedNotes(rows, known)];
}

function columnNotes(unknown: Columns['unknown']): readonly string[] {
  if (unknown.length === 0) return [];
  const kept = unknown.map(({ header, key }) => `\`${header}\` as ${key}`).join(', ');
  return [
    `No key of a shot is meant by ${unknown.length === 1 ? 'this column' : 'these columns'}, so ${unknown.length === 1 ? 'it is' : 'they are'} kept as data of your own: ${kept}`,
  ];
}

/** Merged cells are saved as one that says something and others that are empty. */
function mergedNotes({ belowScenes: { column, rows } }: ShotRows, known: KnownIds): readonly string[] {
  const added = rows.filter(({ key }) => !known.shots.has(key));
  const [first] = added;
  if (first === undefined) return [];
  const others = added.length === 1 ? '' : `, and ${added.length - 1} more below it,`;
  const is = added.length === 1 ? 'is' : 'are';
  return [
    `Row ${first.row}${others} ${is} empty in the column \`${column}\`, so ${added.length === 1 ? 'its shot is' : 'their shots are'} of no scene. If cells are merged there, say in a mapping file: fillDown: ["${column}"]`,
  ];
}

function hourNotes(columns: Columns['columns']): readonly string[] {
  return columns.flatMap(({ header, hours }) =>
    hours
      ? [
          `\`${header}\` holds hours and minutes, which is what a spreadsheet makes of 0:05: they are read as minutes and seconds`,
        ]
      : [],
  );
}

function rowNotes({ renamed, totals, headings, tasks, rows }: ShotRows): readonly string[] {
  const left = [
    ...(totals.length === 0
      ? []
      : [
          `${rowList(totals)} ${totals.length === 1 ? 'adds' : 'add'} up others, and ${totals.length === 1 ? 'is' : 'are'} left out`,
        ]),
    ...(headings.length === 0
      ? []
      : [
          `${rowList(headings)} ${headings.length === 1 ? 'has words in its first cell only: it is a heading, and is' : 'have words in their first cells only: they are headings, and are'} left out`,
        ]),
    ...(tasks === 0
      ? []
      : [
          `The table has a row for each task: ${number(tasks + rows.length)} rows are ${count(rows.length, 'shot')}`,
        ]),
  ];
  if (renamed.size === 0) return left;
  const some = [...renamed].slice(0, 5).map(([from, to]) => `\`${from}\` is ${to}`);
  const rest = renamed.size > some.length ? `, and ${renamed.size - some.length} more` : '';
  return [...left, `Ids cannot have every character: ${some.join(', ')}${rest}`];
}

const rowsShown = 10;

function rowList(rows: readonly number[]): string {
  if (rows.length === 1) return `Row ${rows[0]}`;
  const shown = rows.slice(0, rowsShown).join(', ');
  return `Rows ${shown}${rows.length > rowsShown ? ` and ${rows.length - rowsShown} more` : ''}`;
}
