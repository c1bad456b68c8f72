import { stringify } from 'csv-stringify/sync';
import { number } from '../core/count.ts';
import { csvFormat } from '../core/csv.ts';
import type { ReadManifestOptions } from '../manifest/files.ts';
import type { Finding } from '../manifest/model.ts';
import { cellOf } from './cells.ts';
import { fragment } from './import.ts';
import { type ShotKey, shotKeys } from './keys.ts';
import { TableError } from './problem.ts';
import { readStoryboard, type StoryShot } from './storyboard.ts';

export interface ExportOptions extends ReadManifestOptions {
  /** Write out what `${…}` references stand for. */
  readonly expand: boolean;
}

export interface ExportedTable {
  /** The header first; empty where the manifest cannot be read. */
  readonly rows: readonly (readonly string[])[];
  readonly shots: number;
  /** Files that were read, absolute. */
  readonly sources: readonly string[];
  /** Remarks for a person: what no table can hold. */
  readonly notes: readonly string[];
  /** Findings that keep the manifest from being read as a whole; the table is empty then. */
  readonly unreadable: readonly Finding[];
}

/** Columns that are there also where no shot has anything to say in them, in their order. */
const always: readonly string[] = [
  'title',
  'prompt',
  'model',
  'duration',
  'ratio',
  'resolution',
  'mode',
  'first_image',
  'last_image',
  'referenceImages',
  'referenceVideos',
  'referenceAudios',
  'takes',
  'tags',
  'skip',
  'notes',
] satisfies readonly ShotKey[];

/**
 * The shots of a manifest as a table, skipped ones too: what each says or inherits, as it is written. A
 * prompt that is in a file of its own stands in its cell like any other.
 *
 * @throws TableError for a fragment.
 */
export async function exportTable(manifest: string, options: ExportOptions): Promise<ExportedTable> {
  const board = await readStoryboard(manifest, options);
  if (board.unreadable.length > 0)
    return { rows: [], shots: 0, sources: [], notes: [], unreadable: board.unreadable };
  if (board.isFragment) throw fragment(board);
  const all = board.groups.flatMap((group) => group.shots);
  const shots = all.filter(({ key }) => key !== '');
  const columns = [...always, ...furtherKeys(shots)];
  const rows = shots.map((shot) => [
    shot.scene ?? '',
    shot.shot,
    ...columns.map((key) => cell(shot, key, options.expand)),
  ]);
  const sources = [...new Set(board.sources.flatMap(({ absolutePath }) => absolutePath ?? []))];
  return {
    rows: [['scene', 'shot', ...columns], ...rows],
    shots: shots.length,
    sources,
    notes: notesOn(shots, all.length),
    unreadable: [],
  };
}

/** White space at the end of a cell is its own only within quotes. */
export const tableFormat = { ...csvFormat, quoted_match: /[\r\n]|\s$/ } as const;

/** A table as CSV for spreadsheets, and what a person should know of it. */
export function asCsv({ rows }: Pick<ExportedTable, 'rows'>): {
  readonly csv: string;
  readonly notes: readonly string[];
} {
  const [, ...shots] = rows;
  const numbers = shots.some(([scene = '', shot = '']) => [scene, shot].some((id) => /^0\d+$/.test(id)));
  return {
    csv: stringify(
      rows.map((row) => [...row]),
      tableFormat,
    ),
    notes: numbers
      ? [
          'Ids such as 0010 lose their zeros where a spreadsheet takes them for numbers: open the file with these columns as text, or export to .xlsx',
        ]
      : [],
  };
}

/** Characters that a cell of a workbook can hold. */
const longestCell = 32_767;

/**
 * A table as an .xlsx workbook.
 *
 * @param choices what is offered in some columns, by their headers.
 * @throws TableError for a text that no cell can hold.
 */
export async function asXlsx(
  { rows }: Pick<ExportedTable, 'rows'>,
  choices: ReadonlyMap<string, readonly string[]>,
): Promise<Uint8Array> {
  const [header = []] = rows;
  for (const row of rows) {
    const long = row.findIndex((cell) => cell.length > longestCell);
    if (long === -1) continue;
    throw new TableError([
      {
        subject: `\`${row[0] === '' ? '' : `${row[0]}/`}${row[1]}\``,
        message: `has a \`${header[long]}\` of ${number(row[long]?.length ?? 0)} characters: a cell of a workbook holds ${number(longestCell)}`,
        help: 'Export to .csv',
      },
    ]);
  }
  const { xlsxOf } = await import('./xlsx.ts');
  return xlsxOf('Shots', rows, choices);
}

function cell({ values }: StoryShot, key: string, expand: boolean): string {
  const held = values.get(key);
  if (held === undefined) return '';
  const shown = expand && held.written !== '' ? held.value : held.written;
  // Files and blocks end in a line feed, cells do not.
  return (cellOf(key, shown) ?? '').trimEnd();
}

/** Keys beside the usual ones that some shot uses: `extra`, then the user's own, each where it first comes. */
function furtherKeys(shots: readonly StoryShot[]): readonly string[] {
  const used = new Set(shots.flatMap(({ values }) => [...values.keys()]));
  const own = [...used].filter((key) => key.startsWith('x-'));
  return [...shotKeys.filter((key) => key === 'extra' && used.has(key)), ...own];
}

function notesOn(shots: readonly StoryShot[], written: number): readonly string[] {
  const notes: string[] = [];
  const beyond = new Map<string, number>();
  for (const shot of shots) for (const key of shot.beyond) beyond.set(key, (beyond.get(key) ?? 0) + 1);
  for (const [key, number] of beyond) {
    notes.push(
      `${number === 1 ? 'One shot has' : `${number} shots have`} \`${key}\`, which no table can hold: an import leaves ${number === 1 ? 'it' : 'them'} as they are`,
    );
  }
  if (written > shots.length) {
    notes.push(
      `${written - shots.length} of ${written} shots are left out, since their ids are missing, wrong or there twice: \`shotlist lint\` shows them`,
    );
  }
  return notes;
}
