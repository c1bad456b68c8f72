import { stringify } from 'csv-stringify/sync';
import { csvFormat } from '../core/csv.ts';
import type { ReadManifestOptions } from '../manifest/files.ts';
import type { Finding } from '../manifest/model.ts';
import { cellOf } from './cells.ts';
import { fragment } from './import.ts';
import { type ShotKey, shotKeys } from './keys.ts';
import { readStoryboard, type StoryShot } from './storyboard.ts';

export interface ExportOptions extends ReadManifestOptions {
  /** Write out what `${…}` references stand for. */
  readonly expand: boolean;
}

export interface ExportedTable {
  readonly csv: string;
  readonly shots: number;
  /** Files that were read, absolute. */
  readonly sources: readonly string[];
  /** What a person should know: what no table can hold. */
  readonly notes: readonly string[];
  /** What keeps the manifest from being read as a whole; the table is empty then. */
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
 * The shots of a manifest as CSV for spreadsheets, skipped ones too: what each says or inherits, as it is written. A
 * prompt that is in a file of its own stands in its cell like any other.
 *
 * @throws TableError for a fragment.
 */
export async function exportTable(manifest: string, options: ExportOptions): Promise<ExportedTable> {
  const board = await readStoryboard(manifest, options);
  if (board.unreadable.length > 0)
    return { csv: '', shots: 0, sources: [], notes: [], unreadable: board.unreadable };
  if (board.isFragment) throw fragment(board);
  const all = board.groups.flatMap((group) => group.shots);
  const shots = all.filter(({ key }) => key !== '');
  const columns = [...always, ...furtherKeys(shots)];
  const rows = shots.map((shot) => [
    shot.scene ?? '',
    shot.shot,
    ...columns.map((key) => cell(shot, key, options.expand)),
  ]);
  const csv = stringify([['scene', 'shot', ...columns], ...rows], csvFormat);
  const sources = [...new Set(board.sources.flatMap(({ absolutePath }) => absolutePath ?? []))];
  return { csv, shots: shots.length, sources, notes: notesOn(shots, all.length), unreadable: [] };
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
  const numbers = shots.some(({ scene, shot }) => [scene ?? '', shot].some((id) => /^0\d+$/.test(id)));
  if (numbers) {
    notes.push(
      'Ids such as 0010 lose their zeros where a spreadsheet takes them for numbers: open the file with these columns as text',
    );
  }
  return notes;
}
