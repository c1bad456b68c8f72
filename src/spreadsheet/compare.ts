import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../core/canonical-json.ts';
import { type CellValue, cellOf, readCell, sameCell, tidy } from './cells.ts';
import { mediaListKeys, nullableKeys } from './keys.ts';
import type { TableProblem } from './problem.ts';
import type { Said, ShotRow, ShotRows } from './shot-row.ts';
import type { Held, Storyboard, StoryShot } from './storyboard.ts';

/** One thing in which a storyboard and a table differ, and how the storyboard comes to say what the table says. */
export type Change =
  | {
      readonly kind: 'set';
      readonly shot: StoryShot;
      readonly row: ShotRow;
      readonly key: string;
      readonly value: Json;
    }
  | { readonly kind: 'remove'; readonly shot: StoryShot; readonly row: ShotRow; readonly key: string }
  | { readonly kind: 'add'; readonly row: ShotRow; readonly values: readonly (readonly [string, Json])[] }
  | { readonly kind: 'skip'; readonly shot: StoryShot }
  | { readonly kind: 'unskip'; readonly shot: StoryShot; readonly row: ShotRow };

export interface Comparison {
  readonly changes: readonly Change[];
  readonly problems: readonly TableProblem[];
  /** Remarks for a person about changes that are made. */
  readonly notes: readonly string[];
}

export interface CompareOptions {
  /** The table is a part of the storyboard: shots that it lacks stay as they are. */
  readonly partial: boolean;
  /** True where a shot was skipped by an earlier import. */
  readonly isSkippedByImport: (shot: StoryShot) => boolean;
  /** Values, by key, for a new shot that would have none, not even by inheritance. */
  readonly defaults: ReadonlyMap<string, string>;
}

/** Finds out what a table says otherwise than a storyboard. Cells that are empty say nothing. */
export function compare(board: Storyboard, { rows }: ShotRows, options: CompareOptions): Comparison {
  const comparer = new Comparer(board, options);
  for (const row of rows) comparer.row(row);
  if (!options.partial) comparer.vanished(new Set(rows.map(({ key }) => key)));
  return comparer;
}

class Comparer implements Comparison {
  readonly changes: Change[] = [];
  readonly problems: TableProblem[] = [];
  readonly notes: string[] = [];
  readonly #board: Storyboard;
  readonly #options: CompareOptions;
  readonly #shots: ReadonlyMap<string, StoryShot>;

  constructor(board: Storyboard, options: CompareOptions) {
    this.#board = board;
    this.#options = options;
    const shots = board.groups.flatMap((group) => group.shots);
    this.#shots = new Map(shots.filter(({ key }) => key !== '').map((shot) => [shot.key, shot]));
  }

  row(row: ShotRow): void {
    const shot = this.#shots.get(row.key);
    if (shot === undefined) {
      this.#add(row);
      return;
    }
    for (const said of row.says.values()) this.#key(shot, row, said);
    if (!row.says.has('skip') && this.#options.isSkippedByImport(shot)) {
      this.changes.push({ kind: 'unskip', shot, row });
    }
  }

  vanished(keys: ReadonlySet<string>): void {
    for (const [key, shot] of this.#shots) {
      if (keys.has(key)) continue;
      const [stubborn] = shot.stubborn;
      if (stubborn !== undefined) {
        this.problems.push({
          message: `The table has no \`${key}\`, and its variant \`${stubborn}\` says \`skip: false\``,
          help: 'Decide by hand whether it is still wanted',
        });
      } else if (!shot.skip) this.changes.push({ kind: 'skip', shot });
    }
  }

  #key(shot: StoryShot, row: ShotRow, said: Said): void {
    const { key, read } = said;
    const held = shot.values.get(key);
    if (held !== undefined && isSameText(key, held, said.text)) return;
    if ('value' in read && read.value === null) {
      this.#takeAway(shot, row, said, held);
      return;
    }
    if (held !== undefined && 'value' in read && isSameValue(held, read.value)) return;
    if (held !== undefined && key.startsWith('x-') && isSameNumber(held, said.text)) return;
    const wrong = this.#wrong(row, key, read, held);
    if (wrong !== undefined) this.#problem(row, said, wrong);
    else if ('value' in read) this.#set(shot, row, key, read);
  }

  #set(shot: StoryShot, row: ShotRow, key: string, { value, rounded }: ReadValue): void {
    if (key === 'skip' && value === false && this.#options.isSkippedByImport(shot)) {
      this.changes.push({ kind: 'unskip', shot, row });
      return;
    }
    const held = shot.values.get(key);
    if (rounded !== undefined) this.notes.push(`row ${row.row}, ${row.key}: ${rounded}`);
    if (losesReferences(held, value)) {
      this.notes.push(
        `row ${row.row}, ${row.key}: \`${key}\` was written with \`\${…}\` references, and the table has them written out`,
      );
    }
    this.changes.push({ kind: 'set', shot, row, key, value: asWritten(key, held, value) });
  }

  /** The reason why what a cell says cannot be written. */
  #wrong(row: ShotRow, key: string, read: CellValue, held: Held | undefined): Wrong | undefined {
    if ('message' in read) return read;
    const file = key === 'prompt' && held?.own === true ? held.promptFile : undefined;
    if (file !== undefined && (this.#board.promptFiles.get(file) ?? 0) > 1) {
      return {
        message: `The prompt of \`${row.key}\` is in ${file.file}, which other shots use too`,
        help: 'Change that file, or give this shot a `prompt` of its own in place of its `promptFile`',
      };
    }
    return key === 'promptFile' && row.says.has('prompt') ? promptAndFile : undefined;
  }

  #takeAway(shot: StoryShot, row: ShotRow, said: Said, held: Held | undefined): void {
    const { key } = said;
    if (held === undefined || held.written === '') return;
    const inherited = shot.inherited.get(key);
    const isLeft = inherited !== undefined && inherited.written !== '';
    if (!isLeft) this.changes.push({ kind: 'remove', shot, row, key: held.writtenAs });
    else if (nullableKeys.has(key)) this.changes.push({ kind: 'set', shot, row, key, value: null });
    else {
      this.#problem(row, said, {
        message: `\`${row.key}\` inherits its \`${key}\`, and nothing can take that away`,
        help: 'Write another value, or empty the cell to leave it as it is',
      });
    }
  }

  #add(row: ShotRow): void {
    const group = this.#board.groups.find(({ scene }) => scene === row.scene);
    const inherited = group?.inherited ?? this.#board.inherited;
    const values: [string, Json][] = [];
    const isBoth = row.says.has('prompt') && row.says.has('promptFile');
    for (const said of row.says.values()) {
      const { key, read } = said;
      if ('message' in read) this.#problem(row, said, read);
      else if (key === 'promptFile' && isBoth) {
        this.#problem(row, said, promptAndFile);
      } else if (read.value !== null && !isInherited(key, read.value, inherited.get(key), row)) {
        if (read.rounded !== undefined) this.notes.push(`row ${row.row}, ${row.key}: ${read.rounded}`);
        values.push([key, read.value]);
      }
    }
    for (const [key, text] of this.#options.defaults) {
      const read = readCell(key, text, null);
      if (row.says.has(key) || inherited.has(key) || !('value' in read) || read.value === null) continue;
      values.push([key, read.value]);
    }
    this.changes.push({ kind: 'add', row, values });
  }

  #problem(row: ShotRow, said: Said, { message, help }: Wrong): void {
    this.problems.push({ message, help, line: row.line, row: row.row, column: said.column });
  }
}

type ReadValue = Extract<CellValue, { readonly value: Json }>;
type Wrong = Pick<TableProblem, 'message' | 'help'>;

export const promptAndFile: Wrong = {
  message: 'This row has a prompt and a file for it',
  help: 'Empty one of the two cells',
};

/** True where a cell is what an export would write, with references or with what they stand for. */
function isSameText(key: string, held: Held, text: string): boolean {
  if (text === '') return false;
  return [held.written, held.value].some((value) => {
    const cell = cellOf(key, value);
    return cell !== null && cell !== '' && sameCell(cell, text);
  });
}

function isSameValue(held: Held, value: Json): boolean {
  return [held.written, held.value].some(
    (each) =>
      isDeepStrictEqual(each, value) ||
      (typeof value === 'string' && typeof each !== 'object' && tidy(String(each)) === value),
  );
}

/** Data of the user's own that a spreadsheet took for a number, and wrote in another way: `0.50` is 0.5. */
function isSameNumber(held: Held, text: string): boolean {
  const plain = /^-?\d+(?:\.\d+)?$/;
  const cell = text.trim();
  return plain.test(cell) && plain.test(String(held.written)) && Number(cell) === Number(held.written);
}

/** True where a new shot inherits the same value, and need not state it; for media only where no mode drops them. */
function isInherited(key: string, value: Json, inherited: Held | undefined, row: ShotRow): boolean {
  if (inherited === undefined) return false;
  if (row.says.has('mode') && (mediaListKeys.has(key) || key.endsWith('_image'))) return false;
  if (key === 'mode' && inherited.written === '') return false;
  return isSameValue(inherited, value);
}

function losesReferences(held: Held | undefined, value: Json): boolean {
  if (held === undefined || typeof held.written !== 'string' || typeof value !== 'string') return false;
  return /(?<!\$)\$\{/.test(held.written) && held.written !== held.value && !value.includes('${');
}

/**
 * A value in the way in which it was written before: a number stays one, and in a list of media what was a reference, and
 * is still meant, is a reference again.
 */
function asWritten(key: string, held: Held | undefined, value: Json): Json {
  if (key.startsWith('x-') && typeof value === 'string') return asData(held?.written, value);
  if (!mediaListKeys.has(key) || held === undefined || !Array.isArray(value)) return value;
  if (!Array.isArray(held.written) || !Array.isArray(held.value)) return value;
  // One reference can stand for several items, so this is told only where each stands for one.
  if (held.written.length !== held.value.length) return value;
  const byValue = new Map(
    held.value.map((item: Json, index) => [item, (held.written as readonly Json[])[index]]),
  );
  return value.map((item: Json) => byValue.get(item) ?? item);
}

function asData(before: Json | undefined, text: string): Json {
  if (typeof before === 'number' && String(Number(text)) === text) return Number(text);
  if (typeof before === 'boolean' && /^(?:true|false)$/.test(text)) return text === 'true';
  return text;
}
