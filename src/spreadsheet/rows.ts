import type { Json } from '../core/canonical-json.ts';
import { unguardFormula } from '../core/csv.ts';
import { findMojibake } from '../core/mojibake.ts';
import { headerForm } from './aliases.ts';
import { type CellValue, readCell, wholeSeconds } from './cells.ts';
import type { Column, Columns } from './columns.ts';
import { lostZeros, readId, zerosHelp } from './ids.ts';
import { mediaListKeys } from './keys.ts';
import type { Mapping } from './mapping.ts';
import { TableError, type TableProblem } from './problem.ts';
import type { Table, TableRow } from './table.ts';
import { framesToSeconds, parseDuration, parseFps, parseInOut } from './times.ts';

/** What a row says of one key. */
export interface Said {
  readonly key: string;
  /** The cell as it stands; empty where the value was worked out from others. */
  readonly text: string;
  readonly read: CellValue;
  /** The header of its column. */
  readonly column: string;
}

/** A row: one shot. */
export interface ShotRow {
  readonly row: number;
  readonly line: number;
  readonly scene: string | null;
  readonly shot: string;
  /** As it is known in messages, and unique: `scene/shot`. */
  readonly key: string;
  /** How the table calls the scene, where that could not be its id. */
  readonly sceneTitle: string | null;
  /** Keys of which the row says something. */
  readonly says: ReadonlyMap<string, Said>;
}

/** Which ids a manifest has. */
export interface KnownIds {
  readonly scenes: ReadonlySet<string>;
  /** Shot keys, `scene/shot`. */
  readonly shots: ReadonlySet<string>;
}

export interface ShotRows {
  readonly rows: readonly ShotRow[];
  /** Ids that were written otherwise, as the table has them. */
  readonly renamed: ReadonlyMap<string, string>;
  /** Rows that add up the others, and are no shots. */
  readonly totals: readonly number[];
  /** The column of scenes, and rows that are empty there, below others that are not. */
  readonly belowScenes: { readonly column: string; readonly rows: readonly ShotRow[] };
  /** What every row calls the project; null where they disagree or say nothing. */
  readonly project: string | null;
}

/**
 * Reads what each row says.
 *
 * @throws TableError for ids that are missing, twice there or no ids.
 */
export function readRows(table: Table, { columns }: Columns, mapping: Mapping, known: KnownIds): ShotRows {
  const reader = new RowReader(table, columns, mapping, known);
  const rows = reader.read();
  if (reader.problems.length > 0) throw new TableError(reader.problems);
  const projects = new Set(reader.projects);
  const [project = null] = projects;
  const { renamed, totals } = reader;
  const begin = rows.findIndex(({ scene }) => scene !== null);
  const belowScenes = {
    column: columns.find(({ target }) => target === 'scene')?.header ?? '',
    rows: begin === -1 ? [] : rows.slice(begin).filter(({ scene }) => scene === null),
  };
  return { rows, renamed, totals, belowScenes, project: projects.size === 1 ? project : null };
}

class RowReader {
  readonly problems: TableProblem[] = [];
  readonly renamed = new Map<string, string>();
  readonly totals: number[] = [];
  readonly projects: string[] = [];
  readonly #table: Table;
  readonly #columns: readonly Column[];
  readonly #mapping: Mapping;
  readonly #known: KnownIds;
  readonly #seen = new Map<string, TableRow>();
  readonly #above = new Map<number, string>();

  constructor(table: Table, columns: readonly Column[], mapping: Mapping, known: KnownIds) {
    this.#table = table;
    this.#columns = columns;
    this.#mapping = mapping;
    this.#known = known;
  }

  read(): readonly ShotRow[] {
    return this.#table.rows.flatMap((row) => {
      const read = this.#row(row);
      return read === undefined ? [] : [read];
    });
  }

  #row(row: TableRow): ShotRow | undefined {
    const cells = new Map<string, { text: string; column: Column }[]>();
    for (const column of this.#columns) {
      const text = this.#cell(row, column);
      if (text.trim() === '') continue;
      this.#expectDecodedOnce(row, column, text);
      const all = cells.get(column.target) ?? [];
      all.push({ text, column });
      cells.set(column.target, all);
    }
    const together = (target: string, separator: string): string =>
      (cells.get(target) ?? []).map(({ text }) => text.trim()).join(separator);
    if (this.#isTotal(row, together('shot', ''), cells.has('prompt'))) {
      this.totals.push(row.row);
      return undefined;
    }
    const project = together('project', ' ');
    if (project !== '') this.projects.push(project);
    const ids = this.#ids(row, together('scene', '_'), together('shot', '_'));
    if (ids === undefined) return undefined;
    const says = new Map<string, Said>();
    const fps = this.#fps(row, together('fps', ''), needsRate(cells));
    for (const [key, found] of cells) {
      const [first] = found;
      if (first === undefined || notOfAShot.has(key)) continue;
      const { header } = first.column;
      const text = found.length === 1 ? first.text : together(key, key === 'tags' ? ', ' : '\n');
      const read =
        mediaListKeys.has(key) && found.length > 1
          ? allOf(found.map((each) => readCell(key, each.text, fps)))
          : readCell(key, text, fps);
      says.set(key, { key, text, read, column: header });
    }
    const length = says.has('duration') ? undefined : this.#worked(cells, fps);
    if (length !== undefined) says.set('duration', length);
    for (const [key, text] of this.#mapping.constants) {
      if (!says.has(key)) says.set(key, { key, text, read: readCell(key, text, fps), column: key });
    }
    return { row: row.row, line: row.line, ...ids, says };
  }

  /** `Total` in front, and no shot: the sum of a column, as tables have it at their end. */
  #isTotal({ cells }: TableRow, shot: string, hasPrompt: boolean): boolean {
    const first = cells.find((cell) => cell.trim() !== '')?.trim() ?? '';
    return (
      total.test(first) && (shot === '' || (shot === first && !hasPrompt && !this.#known.shots.has(shot)))
    );
  }

  #cell(row: TableRow, column: Column): string {
    const text = unguardFormula(row.cells[column.index] ?? '');
    if (!column.fillDown) return text;
    if (text.trim() !== '') this.#above.set(column.index, text);
    return this.#above.get(column.index) ?? text;
  }

  /** Prompts that were decoded twice are paid like others. */
  #expectDecodedOnce({ line, row }: TableRow, column: Column, text: string): void {
    const mojibake = findMojibake(text);
    if (mojibake === undefined) return;
    const { found, meant } = mojibake;
    this.problems.push({
      message: `\`${found}\` is text that a program read in the wrong encoding${meant === undefined ? '' : `: it was \`${meant}\` once`}`,
      help: 'Go back to the file in which the words are right, and save it as “CSV UTF-8” or .xlsx',
      line,
      row,
      column: column.header,
    });
  }

  #ids(
    row: TableRow,
    sceneCell: string,
    shotCell: string,
  ): Pick<ShotRow, 'scene' | 'shot' | 'key' | 'sceneTitle'> | undefined {
    if (shotCell === '') {
      this.#problem(row, 'shot', {
        message: 'This row names no shot',
        help: 'Give it an id, or delete the row',
      });
      return undefined;
    }
    const scene = sceneCell === '' ? null : this.#id(row, 'scene', sceneCell, this.#known.scenes, '');
    const prefix = scene === null ? '' : `${scene}/`;
    const shot = scene === undefined ? undefined : this.#id(row, 'shot', shotCell, this.#known.shots, prefix);
    if (scene === undefined || shot === undefined) return undefined;
    const key = `${prefix}${shot}`;
    const before = this.#seen.get(key);
    if (before !== undefined) {
      this.#problem(row, 'shot', {
        message: `\`${key}\` is in row ${before.row} already`,
        help: this.#tellApart(),
      });
      return undefined;
    }
    this.#seen.set(key, row);
    return { scene, shot, key, sceneTitle: scene !== null && scene !== sceneCell ? sceneCell : null };
  }

  /** Episodes count their scenes anew, and only a mapping can say that both make up the scene. */
  #tellApart(): string {
    const episode = this.#table.header.find((name) => /^(?:episode|ep|集|集数|集号)$/.test(headerForm(name)));
    const scene = this.#columns.find(({ target }) => target === 'scene')?.header;
    if (episode === undefined || scene === undefined || this.#mapping.columns.has(headerForm(episode))) {
      return 'Keep one of the two rows, or give one another id; a column for the scene tells apart shots of the same name';
    }
    return `Keep one of the two rows, or give one another id. Where episodes have scenes of the same name, put both together in a mapping file: columns: { "${episode}": scene, "${scene}": scene }`;
  }

  #id(
    row: TableRow,
    what: 'scene' | 'shot',
    cell: string,
    known: ReadonlySet<string>,
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
      message: `The ${what} \`${id}\` is \`${zeros}\` in the storyboard: a spreadsheet dropped its zeros`,
      help: zerosHelp,
    });
    return undefined;
  }

  #fps(row: TableRow, cell: string, isNeeded: boolean): number | null {
    if (cell === '') return this.#mapping.fps;
    const fps = parseFps(cell);
    if (fps === undefined && isNeeded) {
      this.#problem(row, 'fps', { message: `\`${cell}\` is no rate of frames`, help: 'For example 24' });
    }
    return fps ?? this.#mapping.fps;
  }

  /** A duration that is worked out from frames, or from in and out. */
  #worked(
    cells: ReadonlyMap<string, readonly { readonly text: string; readonly column: Column }[]>,
    fps: number | null,
  ): Said | undefined {
    const frames = cells.get('frames')?.[0];
    if (frames !== undefined) {
      const count = /^(\d+)(?:[.,]0+)?$/.exec(frames.text.trim())?.[1];
      if (count !== undefined && Number(count) === 0) return undefined;
      const read: CellValue =
        count === undefined
          ? { message: `\`${frames.text.trim()}\` is no number of frames`, help: 'Write a whole number' }
          : wholeSeconds(framesToSeconds(Number(count), fps), `${count} frames at ${fps} fps`);
      return { key: 'duration', text: '', read, column: frames.column.header };
    }
    const from = cells.get('in')?.[0];
    const to = cells.get('out')?.[0];
    if (from === undefined || to === undefined) return undefined;
    const [start, end] = [from.text.trim(), to.text.trim()];
    const read = wholeSeconds(parseInOut(start, end, fps), `${start} to ${end}`);
    return { key: 'duration', text: '', read, column: to.column.header };
  }

  #problem(
    row: TableRow,
    target: string,
    problem: { readonly message: string; readonly help: string },
  ): void {
    const column = this.#columns.find((each) => each.target === target)?.header;
    this.problems.push({ ...problem, line: row.line, row: row.row, column });
  }
}

const total = /^(?:(?:sub|grand)?[ -]?totals?|sum|合计|总计|小计|共计|总时长)\s*[:：]?$/i;

const notOfAShot: ReadonlySet<string> = new Set(['scene', 'shot', 'project', 'frames', 'fps', 'in', 'out']);

/** Whether frames are counted: for a camera, a rate may say `slow motion` as well. */
function needsRate(cells: ReadonlyMap<string, readonly { readonly text: string }[]>): boolean {
  const duration = cells.get('duration')?.[0]?.text ?? '0';
  return (
    ['frames', 'in', 'out'].some((key) => cells.has(key)) || !('seconds' in parseDuration(duration, null))
  );
}

/** Lists from several columns as one; the first that is wrong stands for all. */
function allOf(parts: readonly CellValue[]): CellValue {
  const values: Json[] = [];
  for (const part of parts) {
    if ('message' in part) return part;
    if (Array.isArray(part.value)) values.push(...part.value);
  }
  return { value: values };
}
