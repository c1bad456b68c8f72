import { findMojibake } from '../core/mojibake.ts';
import { nearest } from '../core/suggest.ts';
import { headerForm, meaningsOf, numberOf } from './aliases.ts';
import { importMarkKey, mediaListKeys } from './keys.ts';
import type { Mapping } from './mapping.ts';
import { TableError, type TableProblem } from './problem.ts';
import { columnLetters, type Table } from './table.ts';

/** A column that is read, and what it says. */
export interface Column {
  readonly index: number;
  readonly header: string;
  /** A key of a shot, `scene`, `shot`, or what durations are worked out from. */
  readonly target: string;
  /** Whether an empty cell means the one above. */
  readonly fillDown: boolean;
}

export interface Columns {
  readonly columns: readonly Column[];
  /** Columns that no name is known for, and the keys under which they are kept. */
  readonly unknown: readonly { readonly header: string; readonly key: string }[];
}

/**
 * Finds out what each column says: by the mapping, by its name, or as data of the user's own.
 *
 * @throws TableError where two columns say the same, or none names the shots.
 */
export function readColumns(table: Table, mapping: Mapping): Columns {
  const { header } = table;
  const problems: TableProblem[] = [
    ...wrongMappings(table, mapping),
    ...namelessColumns(table),
    ...misread(table),
  ];
  const targets = new Map<number, string>();
  const mapped = new Set<number>();
  for (const [index, name] of header.entries()) {
    const said = mapping.columns.get(headerForm(name))?.target;
    if (said !== undefined) mapped.add(index);
    const target = said ?? (/^x-./i.test(name) ? `x-${name.slice(2)}` : meaningsOf(name).sure);
    if (target !== undefined && name !== '') targets.set(index, target);
  }
  withoutPixelSizes(table, targets, mapped);
  withoutWords(table, targets, mapped);
  problems.push(...claimedTwice(table, targets, mapped));
  const unknown = guess(table, targets);
  if (problems.length === 0 && ![...targets.values()].includes('shot')) problems.push(noShots(table));
  if (problems.length > 0) throw new TableError(problems);
  const columns = [...targets]
    .filter(([, target]) => target !== 'ignore' && target !== importMarkKey)
    .map(([index, target]) => ({
      index,
      header: header[index] ?? '',
      target,
      fillDown: mapping.fillDown.has(headerForm(header[index] ?? '')),
    }));
  return { columns: columns.sort(inReadingOrder), unknown };
}

/** From left to right, but `image_2` before `image_10`, wherever they stand. */
function inReadingOrder(a: Column, b: Column): number {
  const numbers = mediaListKeys.has(a.target) && a.target === b.target;
  return (numbers ? numberOf(a.header) - numberOf(b.header) : 0) || a.index - b.index;
}

/** A size in pixels is that of the finished picture, not the `720p` of a request. */
function withoutPixelSizes(table: Table, targets: Map<number, string>, mapped: ReadonlySet<number>): void {
  for (const [index, target] of targets) {
    if (target !== 'resolution' || mapped.has(index)) continue;
    if (table.rows.some(({ cells }) => /^\s*\d+\s*[x×*]\s*\d+\s*$/i.test(cells[index] ?? ''))) {
      targets.delete(index);
    }
  }
}

/** A shot list's `Audio` says `Sync` or what is spoken, where another names files: words alone are no media. */
function withoutWords(table: Table, targets: Map<number, string>, mapped: ReadonlySet<number>): void {
  for (const [index, target] of targets) {
    if (!mediaListKeys.has(target) || mapped.has(index) || table.header[index] === target) continue;
    const cells = table.rows.map(({ cells }) => cells[index]?.trim() ?? '').filter((cell) => cell !== '');
    if (cells.length > 0 && !cells.some((cell) => medium.test(cell))) targets.delete(index);
  }
}

const medium = /:\/\/|\$\{|[/\\]|\.\w{2,5}(?:$|[\s,;])|^\[|^null$|^#/i;

/** Gives likely names their meaning where nobody else has it, and the rest a key of the user's own. */
function guess(table: Table, targets: Map<number, string>): Columns['unknown'] {
  const taken = new Set(targets.values());
  const unknown: { header: string; key: string }[] = [];
  for (const [index, header] of table.header.entries()) {
    if (header === '' || targets.has(index)) continue;
    const target = meaningsOf(header).likely.find((each) => !taken.has(each));
    if (target !== undefined) {
      targets.set(index, target);
      taken.add(target);
    } else if (table.rows.some(({ cells }) => cells[index]?.trim())) {
      const key = freeKey(header, taken);
      targets.set(index, key);
      taken.add(key);
      unknown.push({ header, key });
    }
  }
  return unknown;
}

function freeKey(header: string, taken: ReadonlySet<string>): string {
  const words = header
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  const key = `x-${words === '' ? 'column' : words}`;
  for (let number = 1; ; number += 1) {
    const free = number === 1 ? key : `${key}-${number}`;
    if (!taken.has(free) && free !== importMarkKey) return free;
  }
}

/** Several columns for one key are one value where a mapping says so, and media always. */
function claimedTwice(
  table: Table,
  targets: ReadonlyMap<number, string>,
  mapped: ReadonlySet<number>,
): readonly TableProblem[] {
  const first = new Map<string, number>();
  const problems: TableProblem[] = [];
  for (const [index, target] of targets) {
    const before = first.get(target);
    if (before === undefined) first.set(target, index);
    const isMeant = mapped.has(index) && before !== undefined && mapped.has(before) && joined.has(target);
    if (before === undefined || isMeant || mediaListKeys.has(target) || target === 'ignore') continue;
    problems.push({
      message: `The columns \`${table.header[before]}\` (${columnLetters(before)}) and \`${table.header[index]}\` (${columnLetters(index)}) both say ${inWords(target)}`,
      help: renameOne(table.header[before] ?? '', table.header[index] ?? ''),
      line: table.headerLine,
      column: table.header[index],
    });
  }
  return problems;
}

function renameOne(one: string, other: string): string {
  if (headerForm(one) === headerForm(other)) return 'Rename or delete one of the two';
  return `Rename or delete one, or say in a mapping file what the other is: columns: { "${other}": ignore }`;
}

/** Targets that several mapped columns make up together. */
const joined: ReadonlySet<string> = new Set(['scene', 'shot', 'title', 'prompt', 'notes', 'tags']);

function inWords(target: string): string {
  if (target === 'scene') return 'in which scene a shot is';
  return target === 'shot' ? 'what a shot is called' : `the \`${target}\``;
}

function namelessColumns(table: Table): readonly TableProblem[] {
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

function misread(table: Table): readonly TableProblem[] {
  return table.header.flatMap((name) => {
    const mojibake = findMojibake(name);
    if (mojibake === undefined) return [];
    return [
      {
        message: `The heading \`${name}\` was read in the wrong encoding by some program`,
        help: 'Go back to the file in which the words are right, and save it as “CSV UTF-8” or .xlsx',
        line: table.headerLine,
        column: name,
      },
    ];
  });
}

function wrongMappings(table: Table, mapping: Mapping): readonly TableProblem[] {
  const forms = new Set(table.header.map(headerForm));
  return [...mapping.columns, ...mapping.fillDown].flatMap(([form, { header, line }]) => {
    if (forms.has(form)) return [];
    const near = nearest(header, table.header);
    return [
      {
        subject: `${mapping.file}, line ${line}:`,
        message: `${table.file} has no column \`${header}\``,
        help:
          near === undefined || near === ''
            ? `Its columns are ${table.header.join(', ')}`
            : `Did you mean \`${near}\`?`,
      },
    ];
  });
}

function noShots(table: Table): TableProblem {
  const near = table.header.find((name) => nearest(name, ['shot', 'shot id', 'shot number']) !== undefined);
  return {
    message: 'No column says what the shots are called',
    help:
      near === undefined
        ? 'Name it Shot (or Name, or 镜号), or say which one it is in a mapping file: columns: { "…": shot }'
        : `Is it \`${near}\`? Name it Shot, or say so in a mapping file: columns: { "${near}": shot }`,
    line: table.headerLine,
  };
}
