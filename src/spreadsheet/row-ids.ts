import { shotKey } from '../core/request-key.ts';
import { headerForm, isEpisode } from './aliases.ts';
import type { Columns } from './columns.ts';
import { floatIds, lostZeros, readId, zerosHelp } from './ids.ts';
import type { Mapping } from './mapping.ts';
import type { TableProblem } from './problem.ts';
import type { TableRow } from './records.ts';
import type { KnownIds, ShotRow } from './shot-row.ts';
import type { Table } from './table.ts';

/** Reads the ids of rows, and says what is wrong with them. */
export class IdReader {
  /** Ids that were written otherwise, as the table has them. */
  readonly renamed = new Map<string, string>();
  readonly problems: TableProblem[] = [];
  readonly #table: Table;
  readonly #columns: Columns;
  readonly #mapping: Mapping;
  readonly #known: KnownIds;

  constructor(table: Table, columns: Columns, mapping: Mapping, known: KnownIds) {
    this.#table = table;
    this.#columns = columns;
    this.#mapping = mapping;
    this.#known = known;
    for (const { index, header, target } of columns.columns) {
      if (target === 'scene' || target === 'shot')
        this.problems.push(...floatIds(table, index, header, target));
    }
  }

  /** True where something says what the shots are called. */
  hasIds(): boolean {
    const isShot = (target: string): boolean => target === 'shot';
    return (
      this.#columns.columns.some(({ target }) => isShot(target)) ||
      this.#mapping.templates.has('shot') ||
      [...this.#mapping.splits.values()].some(({ split }) => split.targets.some(isShot))
    );
  }

  /** True where rows are numbered, since nothing says what the shots are called. */
  isNumbered(): boolean {
    return this.#mapping.number !== null && !this.hasIds();
  }

  read(
    row: TableRow,
    sceneCell: string,
    shotCell: string,
  ): Pick<ShotRow, 'scene' | 'shot' | 'key' | 'sceneTitle'> | undefined {
    if (shotCell === '' && !this.isNumbered()) {
      this.#problem(row, 'shot', {
        message: 'This row names no shot',
        help: 'Give it an id, or delete the row',
      });
      return undefined;
    }
    const { scenes, shots } = this.#known;
    const scene = sceneCell === '' ? null : this.#id(row, 'scene', sceneCell, scenes, '');
    const prefix = scene === null ? '' : `${scene}/`;
    const shot =
      scene === undefined || shotCell === ''
        ? ''
        : this.#id(row, 'shot', shotCell, { has: (key) => shots.has(key) }, prefix);
    if (scene === undefined || shot === undefined) return undefined;
    const sceneTitle = scene !== null && scene !== sceneCell ? sceneCell : null;
    return { scene, shot, key: shotKey({ scene, shot }), sceneTitle };
  }

  twice(row: TableRow, key: string, before: Pick<ShotRow, 'row'>): void {
    this.#problem(row, 'shot', {
      message: `\`${key}\` is in row ${before.row} already`,
      help: this.#tellApart(),
    });
  }

  /** Episodes count their scenes and shots anew, and only a mapping can say that they are a part of the scene. */
  #tellApart(): string {
    const episode = this.#table.header.find(isEpisode);
    const scene = this.#columns.columns.find(({ target }) => target === 'scene')?.header;
    const keep = 'Keep one of the two rows, or give one another id';
    if (episode === undefined || this.#mapping.columns.has(headerForm(episode))) {
      return `${keep}; a column for the scene tells apart shots of the same name`;
    }
    return scene === undefined
      ? `${keep}. Where episodes count their shots anew, make the episode the scene in a mapping file: columns: { "${episode}": scene }`
      : `${keep}. Where episodes have scenes of the same name, put both together in a mapping file: columns: { "${episode}": scene, "${scene}": scene }`;
  }

  #id(
    row: TableRow,
    what: 'scene' | 'shot',
    cell: string,
    known: Pick<ReadonlySet<string>, 'has'>,
    prefix: string,
  ): string | undefined {
    const read = readId(cell, what, (id) => known.has(prefix + id));
    if ('message' in read) {
      this.#problem(row, what, read);
      return undefined;
    }
    const { id, changed } = read;
    if (changed) this.renamed.set(cell, id);
    if (known.has(prefix + id)) return id;
    const zeros = lostZeros(id, (padded) => known.has(prefix + padded));
    if (zeros === undefined) return id;
    this.#problem(row, what, {
      message: `The ${what} \`${id}\` is \`${zeros}\` in the storyboard: ${/\.0+$/.test(id) ? 'a program turned the id into a number' : 'a spreadsheet dropped its zeros'}`,
      help: zerosHelp,
    });
    return undefined;
  }

  #problem(row: TableRow, target: string, said: { readonly message: string; readonly help: string }): void {
    const column = this.#columns.columns.find((each) => each.target === target)?.header;
    this.problems.push({ ...said, line: row.line, row: row.row, column });
  }
}
