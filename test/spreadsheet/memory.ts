import { asCsv, asXlsx, exportTable } from '../../src/spreadsheet/export.ts';
import { type ImportResult, importTable, manifestFrom } from '../../src/spreadsheet/import.ts';
import { type Mapping, noMapping } from '../../src/spreadsheet/mapping.ts';
import { readTable } from '../../src/spreadsheet/table.ts';

/** Files that are in memory alone: name to text. */
export type Files = Readonly<Record<string, string>>;

const cwd = '/storyboards';

/** Reads files of memory as if they were on the disk. */
function reader(files: Files) {
  return async (absolutePath: string) => {
    const text = files[absolutePath.slice(cwd.length + 1)];
    if (text === undefined) {
      return { rule: 'unreadable-file' as const, message: 'does not exist', help: 'Check the path' };
    }
    return { bytes: new TextEncoder().encode(text), identity: absolutePath };
  };
}

export interface InMemory {
  readonly partial?: boolean;
  readonly mapping?: Partial<Mapping>;
}

/** The files as they are once a table is imported, and what the import says of it. */
export async function importInto(
  files: Files,
  csv: string | Uint8Array,
  { partial = false, mapping = {} }: InMemory = {},
): Promise<{ readonly files: Files; readonly result: ImportResult }> {
  const [manifest = ''] = Object.keys(files);
  const table = await readTable('shots.csv', typeof csv === 'string' ? new TextEncoder().encode(csv) : csv);
  const result = await importTable(table, manifest, {
    cwd,
    mapping: { ...noMapping, ...mapping },
    partial,
    readFile: reader(files),
  });
  const changed = result.files.map(({ absolutePath, after }) => [absolutePath.slice(cwd.length + 1), after]);
  return { files: { ...files, ...Object.fromEntries(changed) }, result };
}

/** The manifest that a table begins. */
export async function begin(csv: string | Uint8Array, mapping: Partial<Mapping> = {}): Promise<string> {
  const table = await readTable('shots.csv', typeof csv === 'string' ? new TextEncoder().encode(csv) : csv);
  return manifestFrom(table, 'project', { mapping: { ...noMapping, ...mapping } }).text;
}

export async function exported(files: Files, expand = false): Promise<string> {
  const [manifest = ''] = Object.keys(files);
  return asCsv(await exportTable(manifest, { cwd, expand, readFile: reader(files) })).csv;
}

export async function exportedWorkbook(files: Files): Promise<Uint8Array> {
  const [manifest = ''] = Object.keys(files);
  const choices = new Map([['ratio', ['16:9', '9:16']]]);
  return asXlsx(await exportTable(manifest, { cwd, expand: false, readFile: reader(files) }), choices);
}
