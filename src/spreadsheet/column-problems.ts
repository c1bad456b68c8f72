import type { Mojibake } from '../core/mojibake.ts';
import { nearest } from '../core/suggest.ts';
import { headerForm } from './aliases.ts';
import { cellsIn } from './column-contents.ts';
import { mediaListKeys } from './keys.ts';
import type { Mapping } from './mapping.ts';
import type { TableProblem } from './problem.ts';
import { columnLetters } from './records.ts';
import type { Table } from './table.ts';

/** Several columns for one key are one value where a mapping says so, and media always. */
export function claimedTwice(
  table: Table,
  targets: ReadonlyMap<number, string>,
  mapped: ReadonlySet<number>,
): readonly TableProblem[] {
  const first = new Map<string, number>();
  const problems: TableProblem[] = [];
  for (const [index, target] of [...targets].sort(([a], [b]) => a - b)) {
    const before = first.get(target);
    if (before === undefined) first.set(target, index);
    const isMeant = mapped.has(index) && before !== undefined && mapped.has(before) && joined.has(target);
    if (before === undefined || isMeant || mediaListKeys.has(target) || target === 'ignore') continue;
    problems.push({
      message: `The columns \`${table.header[before]}\` (${columnLetters(before)}) and \`${table.header[index]}\` (${columnLetters(index)}) both say ${inWords(target)}`,
      help: renameOne(table.header[before] ?? '', table.header[index] ?? ''),
      ...headerPlace(table, index),
    });
  }
  return problems;
}

function renameOne(one: string, other: string): string {
  if (headerForm(one) === headerForm(other)) return 'Rename or delete one of the two';
  return `Call again with --ignore-column ${quoted(other)}, or say in a mapping file what the other is: columns: { "${other}": ignore }`;
}

/** Targets that several mapped columns make up together. */
const joined: ReadonlySet<string> = new Set(['scene', 'shot', 'title', 'prompt', 'notes', 'tags']);

function inWords(target: string): string {
  if (target === 'scene') return 'in which scene a shot is';
  return target === 'shot' ? 'what a shot is called' : `the \`${target}\``;
}

/** The question which of several columns is the prompt. That is what is paid for, so nobody guesses at it. */
export function severalPrompts(table: Table, candidates: readonly number[]): TableProblem {
  const names = candidates.map((index) => table.header[index] ?? '');
  const [first = '', second = ''] = names;
  const shown = candidates.map((index) => `\`${table.header[index]}\` (${columnLetters(index)})`);
  const others = names.filter((name) => name !== first).map((name) => `"${name}": notes`);
  return {
    message: `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)} may each be the prompt`,
    help: `Say in a mapping file which is: columns: { "${first}": prompt, ${others.join(', ')} }. Or all of them, one under the other: columns: { "${first}": prompt, "${second}": prompt }. Or leave one out: --ignore-column ${quoted(second)}`,
    ...headerPlace(table, candidates[1] ?? 0),
    severity: 'warning',
  };
}

/** A column of media that is not understood would make requests without them. */
export function unansweredMedia(table: Table, index: number): TableProblem {
  const header = table.header[index] ?? '';
  const [sample = ''] = cellsIn(table, index);
  const short = sample.length > 60 ? `${sample.slice(0, 59)}…` : sample;
  return {
    message: `The column \`${header}\` (${columnLetters(index)}) holds media, such as ${short}, and nothing says what they are for`,
    help: `Say so in a mapping file: columns: { "${header}": referenceImages }, or first_image, last_image, referenceVideos, referenceAudios, or x- and a name for data of your own; or leave it out: --ignore-column ${quoted(header)}`,
    ...headerPlace(table, index),
    severity: 'warning',
  };
}

export function misreadHeading(table: Table, name: string, { meant }: Mojibake): TableProblem {
  return {
    message: `The heading \`${name}\` was read in the wrong encoding by some program${meant === undefined ? '' : `: \`${meant}\` was in it`}`,
    help: 'Go back to the file in which the words are right, and save it as “CSV UTF-8” or .xlsx',
    ...headerPlace(table, table.header.indexOf(name)),
  };
}

export function namelessColumns(table: Table): readonly TableProblem[] {
  return table.header.flatMap((name, index) => {
    const row = name === '' ? table.rows.find(({ cells }) => cells[index]?.trim()) : undefined;
    if (row === undefined) return [];
    return [
      {
        message: `Column ${columnLetters(index)} has cells, and no name in the header`,
        help: 'Name it, or delete it',
        line: row.line,
        row: row.row,
      },
    ];
  });
}

export function wrongMappings(table: Table, mapping: Mapping): readonly TableProblem[] {
  const forms = new Set(table.header.map(headerForm));
  const parts = [...mapping.templates].flatMap(([key, { headers }]) =>
    headers.map((header) => [headerForm(header), { header, line: undefined, key }] as const),
  );
  const named = [...mapping.columns, ...mapping.fillDown, ...mapping.splits, ...parts];
  return named.flatMap(([form, { header, line }]) => {
    if (forms.has(form)) return [];
    const near = nearest(header, table.header);
    return [
      {
        subject:
          line === null
            ? '--ignore-column:'
            : line === undefined
              ? `${mapping.file}, values:`
              : `${mapping.file}, line ${line}:`,
        message: `${table.file} has no column \`${header}\``,
        help:
          near === undefined || near === ''
            ? `Its columns are ${table.header.join(', ')}`
            : `Did you mean \`${near}\`?`,
      },
    ];
  });
}

export function noShots(table: Table): TableProblem {
  const near = table.header.find((name) => nearest(name, ['shot', 'shot id', 'shot number']) !== undefined);
  return {
    message: 'No column says what the shots are called',
    help:
      near === undefined
        ? 'Name it Shot (or Name, or 镜号), or say which one it is in a mapping file: columns: { "…": shot }. A table without ids can be numbered: --number sh{0010}'
        : `Is it \`${near}\`? Name it Shot, or say so in a mapping file: columns: { "${near}": shot }`,
    line: table.headerLine,
    row: table.headerRow,
  };
}

function headerPlace(table: Table, index: number): Pick<TableProblem, 'line' | 'row' | 'column'> {
  return { line: table.headerLine, row: table.headerRow, column: table.header[index] };
}

/** Quotes a name as a shell takes it. */
function quoted(name: string): string {
  return `"${name.replace(/["\\$`]/g, '\\$&')}"`;
}
