import type { ReadBytes } from '../manifest/file-text.ts';
import { readBytes } from '../manifest/file-text.ts';
import type { Source } from '../manifest/model.ts';
import { readColumns } from './columns.ts';
import { type Change, type Comparison, compare } from './compare.ts';
import { type Drastic, drasticIn, promptsOf } from './drastic.ts';
import type { Mapping } from './mapping.ts';
import { isSkippedByImport, merge } from './merge.ts';
import { movedNotes } from './moved.ts';
import { newManifest } from './new-manifest.ts';
import { tableNotes } from './notes.ts';
import { TableError } from './problem.ts';
import { readRows } from './rows.ts';
import type { KnownIds, ShotRows } from './shot-row.ts';
import { readStoryboard, type Storyboard } from './storyboard.ts';
import type { Table } from './table.ts';

export interface ImportOptions {
  /** Absolute: what relative names are relative to. */
  readonly cwd: string;
  readonly mapping: Mapping;
  /** The table is a part of the storyboard: shots that it lacks stay as they are. */
  readonly partial: boolean;
  readonly readFile?: ReadBytes | undefined;
}

/** A file that an import changes. */
export interface ImportedFile {
  /** As the manifest names it. */
  readonly file: string;
  readonly absolutePath: string;
  /** Both without a byte-order mark. */
  readonly before: string;
  readonly after: string;
}

export interface ImportResult {
  readonly files: readonly ImportedFile[];
  readonly summary: ImportSummary;
  /** Remarks for a person: columns without a key, ids that were rewritten, durations that were rounded up. */
  readonly notes: readonly string[];
  /** The reason to look twice: most of what is there would be skipped, or become something else. */
  readonly drastic: Drastic | null;
}

/** Shot keys, by what becomes of them. */
export interface ImportSummary {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly skipped: readonly string[];
  readonly back: readonly string[];
  readonly unchanged: number;
}

/** A change can bring another to light (a mode drops what was inherited); more rounds than this find nothing new. */
const mostRounds = 3;

/**
 * Makes a manifest and its fragments say what a table says, in memory: nothing is written.
 *
 * @throws TableError where the table, or a place in the manifest, stands in the way; all places at once.
 */
export async function importTable(
  table: Table,
  manifest: string,
  options: ImportOptions,
): Promise<ImportResult> {
  const changed = new Map<string, { readonly source: Source; after: string }>();
  const { readFile = readBytes } = options;
  const read = (): Promise<Storyboard> =>
    readStoryboard(manifest, {
      cwd: options.cwd,
      readFile: async (absolutePath, limit) => {
        const bytes = await readFile(absolutePath, limit);
        const after = changed.get(absolutePath)?.after;
        return after === undefined || !('bytes' in bytes)
          ? bytes
          : { ...bytes, bytes: new TextEncoder().encode(after) };
      },
    });
  const board = await read();
  if (board.unreadable.length > 0) throw unreadable(board);
  if (board.isFragment) throw fragment(board);
  const columns = readColumns(table, options.mapping);
  const known = idsOf(board);
  const rows = readRows(table, columns, options.mapping, known);
  if (rows.rows.length === 0 && !options.partial && known.shots.size > 0) throw nothingIn(table);
  const first = comparison(board, rows, options);
  const notes = [...tableNotes(columns, rows, known), ...first.notes, ...movedNotes(first.changes, manifest)];
  let current = { board, changes: first.changes };
  for (let round = 0; current.changes.length > 0; round += 1) {
    if (round === mostRounds) throw contradiction(current.changes, table);
    const merged = merge(current.board, rows.rows, current.changes, table.file);
    if (merged.problems.length > 0) throw new TableError(merged.problems);
    for (const { source, after } of merged.files) {
      const path = source.absolutePath ?? '';
      changed.set(path, { source: changed.get(path)?.source ?? source, after });
    }
    const next = await read();
    if (next.unreadable.length > 0)
      throw new Error('a table would have broken the manifest; nothing was written');
    current = { board: next, changes: comparison(next, rows, options).changes };
  }
  return {
    files: [...changed].map(([absolutePath, { source, after }]) => ({
      file: source.file,
      absolutePath,
      before: source.text,
      after,
    })),
    summary: summaryOf(first.changes, rows),
    notes,
    drastic: drasticIn(first.changes, board, rows),
  };
}

/** A new manifest that says what a table says. */
export interface NewManifest {
  readonly text: string;
  readonly summary: ImportSummary;
  readonly notes: readonly string[];
}

/**
 * @param project what it is called where neither the mapping nor the table says so.
 * @throws TableError for what is wrong in the table, all places at once.
 */
export function manifestFrom(
  table: Table,
  project: string,
  { mapping }: Pick<ImportOptions, 'mapping'>,
): NewManifest {
  const columns = readColumns(table, mapping);
  const nothing: KnownIds = { scenes: new Set(), shots: new Map() };
  const rows = readRows(table, columns, mapping, nothing);
  const { text, notes } = newManifest(rows, mapping, project);
  return {
    text,
    summary: { added: rows.rows.map(({ key }) => key), changed: [], skipped: [], back: [], unchanged: 0 },
    notes: [...tableNotes(columns, rows, nothing), ...notes],
  };
}

function comparison(board: Storyboard, rows: ShotRows, { partial, mapping }: ImportOptions): Comparison {
  const result = compare(board, rows, { partial, isSkippedByImport, defaults: mapping.defaults });
  if (result.problems.length > 0) throw new TableError(result.problems);
  return result;
}

function idsOf({ groups }: Storyboard): KnownIds {
  return {
    scenes: new Set(groups.flatMap(({ scene }) => (scene === null ? [] : scene))),
    shots: new Map(
      groups.flatMap(({ shots }) =>
        shots.flatMap(({ key, values }) => (key === '' ? [] : [[key, promptsOf(values)] as const])),
      ),
    ),
  };
}

function summaryOf(changes: readonly Change[], { rows }: ShotRows): ImportSummary {
  const keys = (...kinds: readonly Change['kind'][]): readonly string[] => [
    ...new Set(
      changes
        .filter(({ kind }) => kinds.includes(kind))
        .map((change) => (change.kind === 'add' ? change.row.key : change.shot.key)),
    ),
  ];
  const back = keys('unskip');
  const changed = keys('set', 'remove').filter((key) => !back.includes(key));
  const added = keys('add');
  return {
    added,
    changed,
    skipped: keys('skip'),
    back,
    unchanged: rows.length - added.length - changed.length - back.length,
  };
}

/** A table without shots is another sheet sooner than the end of all of them. */
function nothingIn(table: Table): TableError {
  return new TableError([
    {
      subject: table.file,
      message: 'has a header and no shots below it',
      help: 'Check that it is the right sheet: every shot of the storyboard would be skipped',
    },
  ]);
}

export function fragment({ source }: Pick<Storyboard, 'source'>): TableError {
  return new TableError([
    {
      subject: source.file,
      message: 'is a fragment: what its shots inherit is in the manifest that includes it',
      help: 'Name that manifest: each shot is read and written in its own file',
    },
  ]);
}

const inTheWay: ReadonlySet<string> = new Set([
  'unreadable-file',
  'yaml-syntax',
  'encoding',
  'empty-file',
  'file-too-large',
  'include-cycle',
]);

function unreadable({ unreadable: findings, source }: Storyboard): TableError {
  const first = findings.find(({ rule }) => inTheWay.has(rule)) ?? findings[0];
  return new TableError([
    {
      subject: source.file,
      message: `cannot be read as a whole: ${first?.message ?? 'it is no manifest'}`,
      help: 'Run `shotlist lint` on it, and mend what it shows first',
    },
  ]);
}

/** Makes the problem of a table whose wishes exclude each other, for the first key that would still differ. */
function contradiction(changes: readonly Change[], table: Table): TableError {
  const [first] = changes;
  const key = first === undefined ? '' : first.kind === 'add' ? first.row.key : first.shot.key;
  const what = first !== undefined && 'key' in first ? `\`${first.key}\`` : 'something';
  const row = first !== undefined && 'row' in first ? first.row : undefined;
  return new TableError([
    {
      message: `\`${key}\` would still say another ${what} than ${table.file}: its cells contradict each other`,
      help: 'A mode and media of another mode do not go together; correct the row, or make this change by hand',
      line: row?.line,
      row: row?.row,
    },
  ]);
}
