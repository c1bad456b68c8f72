import type { Json } from '../core/canonical-json.ts';
import { isTask } from './aliases.ts';
import { type CellValue, readCell } from './cells.ts';
import type { Columns } from './columns.ts';
import { readId } from './ids.ts';
import { mediaListKeys } from './keys.ts';
import type { Mapping } from './mapping.ts';
import { type NumberedShot, numberRows, parseNumbering } from './numbering.ts';
import { TableError, type TableProblem } from './problem.ts';
import type { TableRow } from './records.ts';
import { CellReader, type RowCells } from './row-cells.ts';
import { IdReader } from './row-ids.ts';
import { lengthOf } from './row-length.ts';
import type { KnownIds, Said, ShotRow, ShotRows } from './shot-row.ts';
import type { Table } from './table.ts';
import { addTask } from './tasks.ts';
import { parseDuration, parseFps } from './times.ts';

/**
 * Reads what each row says.
 *
 * @throws TableError for ids that are missing, twice there or no ids, and for cells that say something else than they seem to.
 */
export function readRows(table: Table, columns: Columns, mapping: Mapping, known: KnownIds): ShotRows {
  const reader = new RowReader(table, columns, mapping, known);
  // Ids that are all numbers make every row wrong: it is said once.
  if (reader.problems.length > 0) throw new TableError(reader.problems);
  const rows = reader.read();
  if (reader.problems.length > 0) throw new TableError(reader.problems);
  const projects = new Set(reader.projects);
  const [project = null] = projects;
  const { renamed, totals, headings, tasks } = reader;
  const begin = rows.findIndex(({ scene }) => scene !== null);
  const belowScenes = {
    column: columns.columns.find(({ target }) => target === 'scene')?.header ?? '',
    rows: begin === -1 ? [] : rows.slice(begin).filter(({ scene }) => scene === null),
  };
  return {
    rows,
    renamed,
    totals,
    headings,
    tasks,
    belowScenes,
    project: projects.size === 1 ? project : null,
  };
}

type Draft = Omit<ShotRow, 'says'> & { readonly says: Map<string, Said> };

class RowReader {
  readonly totals: number[] = [];
  readonly headings: number[] = [];
  readonly projects: string[] = [];
  tasks = 0;
  readonly #own: TableProblem[] = [];
  readonly #table: Table;
  readonly #columns: Columns;
  readonly #mapping: Mapping;
  readonly #known: KnownIds;
  readonly #cells: CellReader;
  readonly #ids: IdReader;
  readonly #seen = new Map<string, Draft>();
  readonly #hasTasks: boolean;

  constructor(table: Table, columns: Columns, mapping: Mapping, known: KnownIds) {
    this.#table = table;
    this.#columns = columns;
    this.#mapping = mapping;
    this.#known = known;
    this.#cells = new CellReader(table, columns, mapping);
    this.#ids = new IdReader(table, columns, mapping, known);
    this.#hasTasks = table.header.some(isTask);
  }

  /** All problems, by the rows that they are in. */
  get problems(): readonly TableProblem[] {
    return [...this.#ids.problems, ...this.#cells.problems, ...this.#own].sort(
      (a, b) => (a.row ?? 0) - (b.row ?? 0),
    );
  }

  get renamed(): ReadonlyMap<string, string> {
    return this.#ids.renamed;
  }

  read(): readonly ShotRow[] {
    const rows = this.#table.rows.flatMap((row) => {
      const read = this.#row(row);
      return read === undefined ? [] : [read];
    });
    return this.#mapping.number === null || this.#ids.hasIds()
      ? rows
      : this.#numbered(rows, this.#mapping.number);
  }

  #row(row: TableRow): Draft | undefined {
    const cells = this.#cells.read(row);
    const together = (target: string, separator: string): string =>
      (cells.get(target) ?? []).map(({ text }) => text.trim()).join(separator);
    if (this.#isTotal(row, together('shot', ''), cells.has('prompt'))) {
      this.totals.push(row.row);
      return undefined;
    }
    if (this.#isHeading(row)) {
      this.headings.push(row.row);
      return undefined;
    }
    const project = together('project', ' ');
    if (project !== '') this.projects.push(project);
    const says = this.#says(row, cells);
    const ids = this.#ids.read(row, together('scene', '_'), together('shot', '_'));
    if (ids === undefined) return undefined;
    const draft = { row: row.row, line: row.line, ...ids, says };
    const before = ids.shot === '' ? undefined : this.#seen.get(ids.key);
    if (before === undefined) {
      this.#seen.set(ids.key, draft);
      return draft;
    }
    if (this.#hasTasks) {
      this.tasks += 1;
      this.#own.push(...addTask(before, draft));
    } else this.#ids.twice(row, ids.key, before);
    return undefined;
  }

  #says(row: TableRow, cells: RowCells): Map<string, Said> {
    const says = new Map<string, Said>();
    const fps = this.#fps(row, cells.get('fps')?.[0]?.text ?? '', needsRate(cells));
    for (const [key, found] of cells) {
      const [first] = found;
      if (first === undefined || notOfAShot.has(key)) continue;
      const { header } = first;
      const text =
        found.length === 1
          ? first.text
          : found.map((each) => each.text.trim()).join(key === 'tags' ? ', ' : '\n');
      const read =
        mediaListKeys.has(key) && found.length > 1
          ? allOf(found.map((each) => readCell(key, each.text, fps)))
          : readCell(key, text, fps);
      says.set(key, { key, text, read, column: header });
    }
    const said = says.get('duration');
    const isTakenAway = said !== undefined && 'value' in said.read && said.read.value === null;
    const length = isTakenAway ? undefined : lengthOf((target) => cells.get(target)?.[0], fps);
    if (length !== undefined) {
      says.set('duration', { key: 'duration', text: length.text, read: length.read, column: length.header });
    }
    for (const [key, text] of this.#mapping.constants) {
      if (!says.has(key)) says.set(key, { key, text, read: readCell(key, text, fps), column: key });
    }
    return says;
  }

  /** `Total` in front, and no shot: the sum of a column, as tables have it at their end. */
  #isTotal({ cells }: TableRow, shot: string, hasPrompt: boolean): boolean {
    const first = cells.find((cell) => cell.trim() !== '')?.trim() ?? '';
    return (
      total.test(first) && (shot === '' || (shot === first && !hasPrompt && !this.#known.shots.has(shot)))
    );
  }

  /** Words in the first cell and nothing beside them: `SCENE 1 - INT. KITCHEN - DAY`. An id alone is a shot. */
  #isHeading({ cells }: TableRow): boolean {
    const [first = '', ...others] = cells;
    if (first.trim() === '' || this.#table.header.length < 3 || others.some((cell) => cell.trim() !== '')) {
      return false;
    }
    const target = this.#columns.columns.find(({ index }) => index === 0)?.target;
    if (target === 'prompt') return false;
    return target !== 'shot' || !('id' in readId(first, 'shot', () => false)) || /\s/.test(first.trim());
  }

  #fps(row: TableRow, cell: string, isNeeded: boolean): number | null {
    if (cell === '') return this.#mapping.fps;
    const fps = parseFps(cell);
    if (fps === undefined && isNeeded) {
      this.#problem(row, 'fps', { message: `\`${cell}\` is no rate of frames`, help: 'For example 24' });
    }
    return fps ?? this.#mapping.fps;
  }

  /** Gives each row of a table without ids its number, scene by scene. */
  #numbered(rows: readonly Draft[], template: string): readonly ShotRow[] {
    const numbering = parseNumbering(template);
    if (numbering === undefined) throw new Error(`${template} is no numbering`);
    const scenes = new Map<string, Draft[]>();
    for (const row of rows) scenes.set(row.key, [...(scenes.get(row.key) ?? []), row]);
    const ids = new Map<Draft, string>();
    for (const [prefix, own] of scenes) {
      const known = [...this.#known.shots].flatMap(([key, prompts]): NumberedShot[] => {
        const id = key.startsWith(prefix) ? key.slice(prefix.length) : '/';
        return id.includes('/') ? [] : [{ id, prompts }];
      });
      const numbers = numberRows(
        own.map(({ says }) => says.get('prompt')?.text ?? ''),
        numbering,
        known,
      );
      for (const [index, row] of own.entries()) ids.set(row, numbers[index] ?? '');
    }
    return rows.map((row) => {
      const shot = ids.get(row) ?? '';
      return { ...row, shot, key: `${row.key}${shot}` };
    });
  }

  #problem(row: TableRow, target: string, said: { readonly message: string; readonly help: string }): void {
    const column = this.#columns.columns.find((each) => each.target === target)?.header;
    this.#own.push({ ...said, line: row.line, row: row.row, column });
  }
}

const total =
  /^(?:(?:sub|grand)?[ -]?totals?|sum|合计|总计|小计|共计|总时长|合計|합계|summe|gesamt)\s*[:：]?$/i;

const notOfAShot: ReadonlySet<string> = new Set([
  'scene',
  'shot',
  'project',
  'frames',
  'plusFrames',
  'fps',
  'in',
  'out',
]);

/** True where frames are counted: for a camera, a rate may say `slow motion` as well. */
function needsRate(cells: RowCells): boolean {
  const duration = cells.get('duration')?.[0]?.text ?? '0';
  return (
    ['frames', 'plusFrames', 'in', 'out'].some((key) => cells.has(key)) ||
    !('seconds' in parseDuration(duration, null))
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
