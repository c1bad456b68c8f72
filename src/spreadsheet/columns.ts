import { findMojibake } from '../core/mojibake.ts';
import { headerForm, type Meanings, meaningsOf, numberOf } from './aliases.ts';
import { cellsIn, correctedTarget, fits, holdsMedia } from './column-contents.ts';
import * as problem from './column-problems.ts';
import { importMarkKey, mediaListKeys } from './keys.ts';
import type { Mapping } from './mapping.ts';
import { TableError, type TableProblem } from './problem.ts';
import type { Table } from './table.ts';
import { areHours } from './times.ts';

/** A column that is read, and what it says. */
export interface Column {
  readonly index: number;
  readonly header: string;
  /** A key of a shot, `scene`, `shot`, or what durations are worked out from. */
  readonly target: string;
  /** True where an empty cell means the one above. */
  readonly fillDown: boolean;
  /** True where its cells are lengths that a spreadsheet took for times of day. */
  readonly hours: boolean;
}

export interface Columns {
  readonly columns: readonly Column[];
  /** Columns that no name is known for, and the keys under which they are kept. */
  readonly unknown: readonly { readonly header: string; readonly key: string }[];
}

interface GuessedColumns extends Columns {
  /** Questions that would have to be answered first, by the index of the column. */
  readonly questions: ReadonlyMap<number, string>;
}

/**
 * Finds out what each column says: by the mapping, by its name, or as data of the user's own.
 *
 * @param guess answers what would be asked about, as well as it can be.
 * @throws TableError where two columns say the same, where one has media that nothing is known to do with, or where none
 *   names the shots.
 */
export function readColumns(table: Table, mapping: Mapping, { guess = false } = {}): GuessedColumns {
  const { header } = table;
  const reader = new ColumnReader(table, mapping);
  reader.byMapping();
  reader.byName();
  reader.prompt();
  const unknown = reader.others();
  const problems = guess ? reader.problems.filter(({ severity }) => severity !== 'warning') : reader.problems;
  if (problems.length > 0) throw new TableError(problems);
  const columns = [...reader.targets]
    .filter(([, target]) => target !== 'ignore' && target !== importMarkKey)
    .map(([index, target]) => ({
      index,
      header: header[index] ?? '',
      target,
      fillDown: mapping.fillDown.has(headerForm(header[index] ?? '')),
      hours: target === 'duration' && areHours(cellsIn(table, index)),
    }));
  return { columns: columns.sort(inReadingOrder), unknown, questions: reader.questions };
}

/** Orders columns from left to right, but `image_2` before `image_10`, wherever they stand. */
function inReadingOrder(a: Column, b: Column): number {
  const numbers = mediaListKeys.has(a.target) && a.target === b.target;
  return (numbers ? numberOf(a.header) - numberOf(b.header) : 0) || a.index - b.index;
}

class ColumnReader {
  readonly problems: TableProblem[];
  /** The target of each column, by its index. */
  readonly targets = new Map<number, string>();
  readonly questions = new Map<number, string>();
  readonly #table: Table;
  readonly #mapping: Mapping;
  readonly #mapped = new Set<number>();
  /** Targets that a template or a split of the mapping says. */
  readonly #made: ReadonlySet<string>;
  /** Columns that are a part of a value, or are taken apart. */
  readonly #used: ReadonlySet<string>;

  constructor(table: Table, mapping: Mapping) {
    this.#table = table;
    this.#mapping = mapping;
    const splits = [...mapping.splits];
    this.#made = new Set([...mapping.templates.keys(), ...splits.flatMap(([, { split }]) => split.targets)]);
    this.#used = new Set([
      ...[...mapping.templates.values()].flatMap(({ headers }) => headers.map(headerForm)),
      ...splits.map(([form]) => form),
    ]);
    this.problems = [...problem.wrongMappings(table, mapping), ...problem.namelessColumns(table)];
  }

  byMapping(): void {
    for (const [index, name] of this.#table.header.entries()) {
      const said = this.#mapping.columns.get(headerForm(name))?.target;
      if (said === undefined) continue;
      this.#mapped.add(index);
      this.targets.set(index, said);
    }
  }

  /** Takes what names surely say, as far as the cells bear it out. */
  byName(): void {
    for (const [index, name] of this.#table.header.entries()) {
      if (name === '' || this.targets.has(index)) continue;
      const target = /^x-./i.test(name) ? `x-${name.slice(2)}` : meaningsOf(name).sure;
      const mojibake = findMojibake(name);
      if (mojibake !== undefined) this.problems.push(problem.misreadHeading(this.#table, name, mojibake));
      if (target === undefined || target === 'prompt' || this.#made.has(target)) continue;
      if (this.#mapping.splits.has(headerForm(name))) continue;
      const corrected = correctedTarget(this.#table, index, target);
      if (corrected !== undefined) this.targets.set(index, corrected);
    }
    this.problems.push(...problem.claimedTwice(this.#table, this.targets, this.#mapped));
  }

  /** A heading that holds the word is the prompt, else one that describes; two of them are asked about. */
  prompt(): void {
    if (this.#made.has('prompt') || [...this.targets.values()].includes('prompt')) return;
    const candidates =
      this.#candidates(({ sure }) => sure === 'prompt') ??
      this.#candidates(({ likely }) => likely.includes('prompt')) ??
      [];
    const [first, second] = candidates;
    if (first === undefined) return;
    this.targets.set(first, 'prompt');
    if (second === undefined) return;
    this.problems.push(problem.severalPrompts(this.#table, candidates));
    for (const index of candidates) this.questions.set(index, 'ANSWER: prompt, notes or ignore');
  }

  /** Columns with words in them, or else the first that is there at all. */
  #candidates(isMeant: (meanings: Meanings) => boolean): readonly number[] | undefined {
    const named = this.#open().filter(
      (index) => isMeant(this.#meanings(index)) && !holdsMedia(this.#table, index),
    );
    const said = named.filter((index) => cellsIn(this.#table, index).length > 0);
    if (said.length > 0) return said;
    return named.length > 0 ? named.slice(0, 1) : undefined;
  }

  /** Gives likely names their meaning where nobody else has it, and the rest a key of the user's own. */
  others(): Columns['unknown'] {
    const taken = new Set([...this.targets.values(), ...this.#made]);
    const unknown: { header: string; key: string }[] = [];
    for (const index of this.#open()) {
      const header = this.#table.header[index] ?? '';
      const { likely } = this.#meanings(index);
      const meant = likely.includes('prompt') ? [...likely, 'notes'] : likely;
      const target = meant.find(
        (each) => each !== 'prompt' && !taken.has(each) && fits(this.#table, index, each),
      );
      if (target !== undefined) {
        this.targets.set(index, target);
        taken.add(target);
      } else if (cellsIn(this.#table, index).length > 0) {
        const key = freeKey(header, taken);
        this.targets.set(index, key);
        taken.add(key);
        unknown.push({ header, key });
        if (!holdsMedia(this.#table, index)) continue;
        this.problems.push(problem.unansweredMedia(this.#table, index));
        this.questions.set(index, 'ANSWER: first_image, last_image, referenceImages, … or ignore');
      }
    }
    if (this.problems.length === 0 && !taken.has('shot') && this.#mapping.number === null) {
      this.problems.push(problem.noShots(this.#table));
    }
    return unknown;
  }

  #open(): readonly number[] {
    return [...this.#table.header.keys()].filter((index) => {
      const name = this.#table.header[index] ?? '';
      return name !== '' && !this.targets.has(index) && !this.#used.has(headerForm(name));
    });
  }

  #meanings(index: number): Meanings {
    return meaningsOf(this.#table.header[index] ?? '');
  }
}

/** A key of the user's own that nobody has yet. */
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
