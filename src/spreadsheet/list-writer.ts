import type { Path, Source } from '../manifest/model.ts';
import { isMap, isSeq, pairOf, type YamlSeq } from '../manifest/yaml-nodes.ts';
import { type Edits, type Rank, ranks } from './edits.ts';
import { byHand, MapWriter, type Unwritable } from './map-writer.ts';
import {
  afterItem,
  colonAfter,
  columnOf,
  endOf,
  isFlow,
  isNothing,
  lineEndOf,
  lineStart,
  lineStop,
  mapAt,
  startOf,
} from './yaml-place.ts';
import { type Entries, EntryList, flowText, listText } from './yaml-text.ts';

/** A list of maps in a file, which need not be there yet. */
export interface ListPlace {
  readonly source: Source;
  /** The map that has it. */
  readonly owner: Path;
  readonly key: 'scenes' | 'shots';
}

/**
 * Writes new items into a list: behind the item with this index, -1 for before the first.
 */
export function insertItems(
  edits: Edits,
  { source, owner, key }: ListPlace,
  after: number,
  items: readonly Entries[],
): Unwritable | undefined {
  const map = mapAt(source, owner);
  if (map === undefined) return byHand(`\`${key}\` stands behind an alias or is no list`);
  const { text } = source;
  const pair = pairOf(map, key);
  const rank: Rank =
    key === 'scenes' ? ranks.scene : pair === undefined && owner.length === 0 ? ranks.top : ranks.shot;
  if (pair === undefined) {
    new MapWriter(edits, source, map).add(key, new EntryList(items), undefined, rank, owner.length === 0);
    return undefined;
  }
  const list = pair.value;
  const lineEnd = lineEndOf(text);
  if (list === null || isNothing(list) || (isSeq(list) && list.items.length === 0 && !isFlow(map))) {
    if (list !== null && !isNothing(list))
      edits.replace(source, colonAfter(text, pair.key) + 1, endOf(text, list), '');
    const column = columnOf(text, startOf(map)) + 2;
    edits.insert(
      source,
      lineStop(text, endOf(text, pair)),
      lineEnd + listText(items, column, lineEnd, false),
      rank,
    );
    return undefined;
  }
  if (!isSeq(list)) return byHand(`\`${key}\` is no list`);
  if (isFlow(list)) insertInFlow(edits, source, list, after, items, rank);
  else insertInBlock(edits, source, { list, keyEnd: colonAfter(text, pair.key) }, after, items, rank);
  return undefined;
}

function insertInBlock(
  edits: Edits,
  source: Source,
  { list, keyEnd }: { readonly list: YamlSeq; readonly keyEnd: number },
  after: number,
  items: readonly Entries[],
  rank: Rank,
): void {
  const { text } = source;
  const lineEnd = lineEndOf(text);
  const first = list.items[0];
  const second = list.items[1];
  const column = columnOf(text, startOf(list));
  const apart =
    first !== undefined && second !== undefined
      ? /\n[ \t]*\r?\n/.test(text.slice(endOf(text, first), startOf(second)))
      : rank === ranks.scene;
  const written = listText(items, column, lineEnd, apart);
  const gap = apart ? lineEnd : '';
  const before = list.items[after];
  if (before === undefined) {
    // Comments over the first item are that item's.
    edits.insert(source, lineStop(text, keyEnd), `${lineEnd}${written}${gap}`, rank);
    return;
  }
  const at = afterItem(text, endOf(text, before), column);
  edits.insert(source, at, `${gap}${lineEnd}${written}`, rank);
}

function insertInFlow(
  edits: Edits,
  source: Source,
  list: YamlSeq,
  after: number,
  items: readonly Entries[],
  rank: Rank,
): void {
  const { text } = source;
  const [first] = list.items;
  const key = isMap(first) ? first.items[0]?.key : undefined;
  const quoted = key !== undefined && text[startOf(key)] === '"';
  const before = list.items[after] ?? first;
  const start = before === undefined ? 0 : startOf(before);
  const own = text.slice(lineStart(text, start), start);
  const separator = own.trim() === '' && own !== '' ? `,${lineEndOf(text)}${own}` : ', ';
  const written = items.map((item) => flowText(item, quoted));
  if (before === undefined) edits.insert(source, startOf(list) + 1, written.join(', '), rank);
  else if (list.items[after] === undefined)
    edits.insert(source, start, written.map((each) => each + separator).join(''), rank);
  else edits.insert(source, endOf(text, before), written.map((each) => separator + each).join(''), rank);
}
