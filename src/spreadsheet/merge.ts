import type { Json } from '../core/canonical-json.ts';
import type { Source } from '../manifest/model.ts';
import { isScalar, pairOf, type YamlMap, type YamlNode, type YamlPair } from '../manifest/yaml-nodes.ts';
import type { Change } from './compare.ts';
import { type ChangedFile, Edits, ranks } from './edits.ts';
import { importMarkKey, rankOf } from './keys.ts';
import { insertItems } from './list-writer.ts';
import { byHand, MapWriter, type Unwritable } from './map-writer.ts';
import { type Placement, placements } from './placement.ts';
import type { TableProblem } from './problem.ts';
import type { ShotRow } from './shot-row.ts';
import type { Storyboard, StoryShot } from './storyboard.ts';
import { endOf, isFlow, lineEndOf, lineStop, mapAt } from './yaml-place.ts';
import { type Entries, EntryList } from './yaml-text.ts';

export interface Merged {
  readonly files: readonly ChangedFile[];
  readonly problems: readonly TableProblem[];
}

/** Writes changes into the files of a storyboard, in memory. Everything else in them stays byte for byte. */
export function merge(
  board: Storyboard,
  rows: readonly ShotRow[],
  changes: readonly Change[],
  tableName: string,
): Merged {
  const merger = new Merger(tableName);
  for (const change of changes) if (change.kind !== 'add') merger.change(change);
  for (const placement of placements(board, rows, changes)) merger.place(placement);
  return { files: merger.edits.apply(), problems: merger.problems };
}

/** True where a shot is skipped because an earlier import found it gone. */
export function isSkippedByImport({ source, path, skip }: StoryShot): boolean {
  const map = skip ? mapAt(source, path) : undefined;
  const pair = map === undefined ? undefined : pairOf(map, 'skip');
  if (map === undefined || pair === undefined) return false;
  if (isFlow(map) && pairOf(map, importMarkKey) !== undefined) return true;
  return importMark.test(restOfLine(source, isFlow(map) ? map : pair));
}

const importMark = /^[ \t]*# import: /;
const markBeforeComment = /^[ \t]*# import: [^#]*any more(?=[ \t]+#)/;

const markOrAll = /^[ \t]*# import: (?:[^#]*any more(?=[ \t]+#)|.*)/;

/** Returns the rest of a line behind a node or a pair. */
function restOfLine({ text }: Source, part: YamlNode | YamlPair): string {
  const end = endOf(text, part);
  return text.slice(end, lineStop(text, end));
}

/** A shot as it is written, its values in the order of a manifest. */
export function shotEntries(id: string, values: readonly (readonly [string, Json])[]): Entries {
  const said = values.filter(([key, value]) => key !== 'skip' || value === true);
  return [['id', id], ...[...said].sort(([a], [b]) => rankOf(a) - rankOf(b))];
}

/** A scene that a table names, with its shots. */
export function sceneEntries(id: string, title: string | null, shots: readonly Entries[]): Entries {
  return [
    ['id', id],
    ...(title === null ? [] : [['title', title] as const]),
    ['shots', new EntryList(shots)],
  ];
}

class Merger {
  readonly edits = new Edits();
  readonly problems: TableProblem[] = [];
  readonly #tableName: string;

  constructor(tableName: string) {
    this.#tableName = tableName;
  }

  change(change: Exclude<Change, { kind: 'add' }>): void {
    this.#refuse('row' in change ? change.row : undefined, this.#write(change));
  }

  place(placement: Placement): void {
    const { list, after, shots, scenes } = placement;
    const items = [
      ...shots.map(({ row, values }) => shotEntries(row.shot, values)),
      ...scenes.map(({ id, title, shots: own }) =>
        sceneEntries(
          id,
          title,
          own.map(({ row, values }) => shotEntries(row.shot, values)),
        ),
      ),
    ];
    const row = shots[0]?.row ?? scenes[0]?.shots[0]?.row;
    this.#refuse(row, insertItems(this.edits, list, after, items));
  }

  #write(change: Exclude<Change, { kind: 'add' }>): Unwritable | undefined {
    const { shot } = change;
    const map = mapAt(shot.source, shot.path);
    if (map === undefined) {
      return byHand(`\`${shot.key}\` is written by an alias (\`*\`), so it has no lines of its own`);
    }
    const writer = new MapWriter(this.edits, shot.source, map);
    switch (change.kind) {
      case 'set':
        return this.#set(shot, writer, change.key, change.value);
      case 'remove':
        return writer.remove(change.key);
      case 'skip':
        return this.#skip(shot, writer);
      case 'unskip':
        return this.#unskip(shot, writer);
    }
  }

  #set(shot: StoryShot, writer: MapWriter, key: string, value: Json): Unwritable | undefined {
    const held = shot.values.get(key);
    if (
      key === 'prompt' &&
      held?.own === true &&
      held.promptFile !== undefined &&
      typeof value === 'string'
    ) {
      rewrite(this.edits, held.promptFile, value);
      return undefined;
    }
    return writer.set(held?.own === true && held.writtenAs !== '' ? held.writtenAs : key, value);
  }

  #skip(shot: StoryShot, writer: MapWriter): Unwritable | undefined {
    const { source, path } = shot;
    const map = mapAt(source, path);
    if (map === undefined) return undefined;
    const why = `not in ${this.#tableName} any more`;
    const pair = pairOf(map, 'skip');
    if (isFlow(map)) {
      const refused = writer.set('skip', true);
      if (refused !== undefined) return refused;
      // JSON has no comments, and one amid a line would hide the rest of it.
      if (writer.isJson() || !/^[ \t]*(?:#|$)/.test(restOfLine(source, map)))
        writer.add(importMarkKey, why, pair);
      else this.edits.insert(source, endOf(source.text, map), ` # import: ${why}`, ranks.pair);
      return undefined;
    }
    if (pair === undefined) {
      const id = pairOf(map, 'id');
      const end = id === undefined ? source.text.length : lineStop(source.text, endOf(source.text, id));
      const column = map.range === undefined || map.range === null ? 0 : columnIn(source, map.range[0]);
      const line = `${lineEndOf(source.text)}${' '.repeat(column)}skip: true # import: ${why}`;
      this.edits.insert(source, end, line, 0);
      return undefined;
    }
    if (!isScalar(pair.value)) return byHand(`\`skip\` of \`${shot.key}\` is not written plainly`);
    const end = endOf(source.text, pair);
    const start = pair.value.range?.[0] ?? end;
    const gap = source.text[start - 1] === ':' ? ' ' : '';
    this.edits.replace(source, Math.min(start, end), end, `${gap}true # import: ${why}`);
    return undefined;
  }

  #unskip({ source, path }: StoryShot, writer: MapWriter): Unwritable | undefined {
    const map = mapAt(source, path);
    if (map !== undefined && isFlow(map)) return this.#unskipFlow(source, writer, map);
    const skip = map === undefined ? undefined : pairOf(map, 'skip');
    const start = skip?.value?.range?.[0];
    if (skip === undefined || start === undefined) return writer.remove('skip');
    const end = endOf(source.text, skip);
    const line = source.text.slice(end, lineStop(source.text, end));
    const mark = markBeforeComment.exec(line)?.[0];
    // A comment that was there before the mark is somebody's.
    if (mark === undefined) return writer.remove('skip');
    this.edits.replace(source, start, end + mark.length, 'false');
    return undefined;
  }

  #unskipFlow(source: Source, writer: MapWriter, map: YamlMap): Unwritable | undefined {
    writer.remove(importMarkKey);
    const mark = markOrAll.exec(restOfLine(source, map))?.[0];
    const end = endOf(source.text, map);
    if (mark !== undefined) this.edits.replace(source, end, end + mark.length, '');
    return writer.remove('skip');
  }

  #refuse(row: ShotRow | undefined, refused: Unwritable | undefined): void {
    if (refused === undefined) return;
    this.problems.push({ ...refused, line: row?.line, row: row?.row });
  }
}

function columnIn(source: Source, at: number): number {
  return at - (source.text.lastIndexOf('\n', at - 1) + 1);
}

/** A prompt file with another text: its line ends and its last ones stay. */
function rewrite(edits: Edits, source: Source, text: string): void {
  const { length } = source.text.trimEnd();
  edits.replace(source, 0, length, text.replaceAll('\n', lineEndOf(source.text)));
}
