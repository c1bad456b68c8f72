import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../core/canonical-json.ts';
import { readCell } from './cells.ts';
import { promptAndFile } from './compare.ts';
import type { Mapping } from './mapping.ts';
import { sceneEntries, shotEntries } from './merge.ts';
import { TableError, type TableProblem } from './problem.ts';
import type { ShotRow, ShotRows } from './shot-row.ts';
import { blockText, type Entries, EntryList, listText } from './yaml-text.ts';

/** Keys that are written once, for all shots, where all say the same. */
const shared = ['model', 'ratio', 'resolution'] as const;
/** Every request needs a model, and tables of other programs know none. */
const proposedModel = 'videos_stable';
/** Every request needs a duration too, and shot lists for a camera know none. All models of the catalog make it. */
const proposedSeconds = 5;

type Values = readonly (readonly [string, Json])[];

/**
 * A manifest with the shots of a table, scenes in the order in which they come first.
 *
 * @param otherwise the project's name where neither the mapping nor the table has one.
 * @throws TableError for cells that say nothing that can be used.
 */
export function newManifest(
  { rows, project: title }: ShotRows,
  mapping: Pick<Mapping, 'project' | 'defaults'>,
  otherwise: string,
): { readonly text: string; readonly notes: readonly string[] } {
  const notes: string[] = [];
  const problems: TableProblem[] = [];
  const values = new Map(rows.map((row) => [row, valuesOf(row, problems, notes)]));
  if (problems.length > 0) throw new TableError(problems);
  const defaults = defaultsOf([...values.values()], mapping.defaults, notes);
  const left = (row: ShotRow): Values =>
    (values.get(row) ?? []).filter(
      ([key, value]) => !defaults.some((each) => isDeepStrictEqual(each, [key, value])),
    );
  const head: Entries = [
    ['version', 1],
    ['project', mapping.project ?? projectFrom(title) ?? otherwise],
    ...(title === null ? [] : [['title', title] as const]),
  ];
  const scenes = new Map<string | null, ShotRow[]>();
  for (const row of rows) {
    const own = scenes.get(row.scene);
    if (own === undefined) scenes.set(row.scene, [row]);
    else own.push(row);
  }
  const inScenes = [...scenes].flatMap(([id, own]) => {
    if (id === null) return [];
    const shots = own.map((row) => shotEntries(row.shot, left(row)));
    return [sceneEntries(id, own[0]?.sceneTitle ?? null, shots)];
  });
  const single = (scenes.get(null) ?? []).map((row) => shotEntries(row.shot, left(row)));
  const parts = [
    blockText(head, 0, '\n'),
    ...(defaults.length === 0 ? [] : [`defaults:\n  ${blockText(defaults, 2, '\n')}`]),
    ...(inScenes.length === 0 ? [] : [`scenes:\n${listText(inScenes, 2, '\n', true)}`]),
    ...(single.length === 0 ? [] : [blockText([['shots', new EntryList(single)]], 0, '\n')]),
  ];
  return { text: `${parts.join('\n\n')}\n`, notes };
}

function valuesOf(row: ShotRow, problems: TableProblem[], notes: string[]): Values {
  const values: [string, Json][] = [];
  const isBoth = row.says.has('prompt') && row.says.has('promptFile');
  for (const { key, read, column } of row.says.values()) {
    const place = { line: row.line, row: row.row, column };
    if ('message' in read) problems.push({ message: read.message, help: read.help, ...place });
    else if (key === 'promptFile' && isBoth) {
      problems.push({ ...promptAndFile, ...place });
    } else if (read.value !== null) {
      if (read.rounded !== undefined) notes.push(`row ${row.row}, ${row.key}: ${read.rounded}`);
      values.push([key, read.value]);
    }
  }
  return values;
}

function defaultsOf(all: readonly Values[], mapped: Mapping['defaults'], notes: string[]): Values {
  const maps = all.map((values) => new Map(values));
  const said = [...mapped].flatMap(([key, text]): Values => {
    const read = readCell(key, text, null);
    return 'value' in read && read.value !== null ? [[key, read.value]] : [];
  });
  const defaults = shared.flatMap((key): Values => {
    if (mapped.has(key)) return [];
    const first = maps[0]?.get(key);
    const isShared = first !== undefined && maps.every((map) => isDeepStrictEqual(map.get(key), first));
    return isShared ? [[key, first]] : [];
  });
  const nobodySays = (key: string): boolean =>
    maps.length > 0 && !mapped.has(key) && !maps.some((map) => map.has(key));
  const lacksModel = nobodySays('model');
  const lacksDuration = nobodySays('duration');
  if (lacksModel) {
    notes.push(
      `The table names no model: \`defaults\` begin with ${proposedModel}; \`shotlist models\` lists the others`,
    );
  }
  if (lacksDuration) {
    notes.push(
      `The table says of no shot how long it is: \`defaults\` begin with ${proposedSeconds} seconds; change them there, or in shots`,
    );
  }
  return [
    ...(lacksModel ? [['model', proposedModel] as const] : []),
    ...(lacksDuration ? [['duration', proposedSeconds] as const] : []),
    ...said,
    ...defaults,
  ];
}

function projectFrom(title: string | null): string | undefined {
  const name = (title ?? '')
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^[^a-z0-9]+|-+$/g, '')
    .slice(0, 64);
  return name === '' ? undefined : name;
}
