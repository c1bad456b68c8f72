import type { Json } from '../core/canonical-json.ts';
import type { Source } from '../manifest/model.ts';
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  pairOf,
  type YamlMap,
  type YamlNode,
  type YamlPair,
} from '../manifest/yaml-nodes.ts';
import { type Edits, type Rank, ranks } from './edits.ts';
import { rankOf } from './keys.ts';
import {
  colonAfter,
  columnOf,
  endOf,
  isFlow,
  isNothing,
  lineEndOf,
  lineStart,
  lineStop,
  startOf,
} from './yaml-place.ts';
import { type EntryList, entryText, flowEntryText, type TextStyle, valueText } from './yaml-text.ts';

/** The reason why a place cannot be written, and an order to a person. */
export interface Unwritable {
  readonly message: string;
  readonly help: string;
}

const styles: Readonly<Record<string, TextStyle>> = {
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_FOLDED: 'folded',
  BLOCK_LITERAL: 'literal',
};

/** Changes one map of a file: values, new keys, keys that go. Comments and what is beside stay as they are. */
export class MapWriter {
  readonly #edits: Edits;
  readonly #source: Source;
  readonly #map: YamlMap;

  constructor(edits: Edits, source: Source, map: YamlMap) {
    this.#edits = edits;
    this.#source = source;
    this.#map = map;
  }

  has(key: string): boolean {
    return pairOf(this.#map, key) !== undefined;
  }

  /** JSON is YAML too, and stays JSON. */
  isJson(): boolean {
    const first = this.#map.items[0]?.key;
    return isFlow(this.#map) && isScalar(first) && first.type === 'QUOTE_DOUBLE';
  }

  /** Writes a value: in place of the one that is there, in its style, or as a new key where it belongs. */
  set(key: string, value: Json): Unwritable | undefined {
    const pair = pairOf(this.#map, key);
    if (pair !== undefined) return this.#replace(pair, key, value);
    this.add(key, value, this.#before(key));
    return undefined;
  }

  /** Adds a key behind another, or at the end. */
  add(
    key: string,
    value: Json | EntryList,
    after: YamlPair | undefined,
    rank: Rank = ranks.pair,
    apart = false,
  ): void {
    const { text } = this.#source;
    const previous = after ?? this.#map.items.at(-1);
    const lineEnd = lineEndOf(text);
    if (isFlow(this.#map)) {
      const entry = flowEntryText(key, value, this.isJson());
      if (previous === undefined) {
        this.#edits.insert(this.#source, startOf(this.#map) + 1, ` ${entry} `, rank);
        return;
      }
      const start = startOf(previous.key);
      const own = text.slice(lineStart(text, start), start);
      const separator = own.trim() === '' && own !== '' ? `,${lineEnd}${own}` : ', ';
      this.#edits.insert(this.#source, endOf(text, previous), separator + entry, rank);
      return;
    }
    const column = columnOf(text, startOf(this.#map));
    const entry = entryText(key, value, column, lineEnd);
    const at = previous === undefined ? text.length : lineStop(text, endOf(text, previous));
    const gap = apart ? lineEnd : '';
    this.#edits.insert(this.#source, at, `${gap}${lineEnd}${' '.repeat(column)}${entry}`, rank);
  }

  /** Takes a key out, with its line and the comment on it. */
  remove(key: string): Unwritable | undefined {
    const { text } = this.#source;
    const index = this.#map.items.findIndex((pair) => isScalar(pair.key) && pair.key.value === key);
    const pair = this.#map.items[index];
    if (pair === undefined) return undefined;
    const start = startOf(pair.key);
    const end = endOf(text, pair);
    const next = this.#map.items[index + 1];
    const previous = this.#map.items[index - 1];
    const from = lineStart(text, start);
    if (!isFlow(this.#map) && text.slice(from, start).trim() === '') {
      if (from === 0)
        this.#edits.replace(this.#source, 0, Math.min(lineStop(text, end) + 1, text.length), '');
      else
        this.#edits.replace(this.#source, lineStop(text, lineStart(text, from - 1)), lineStop(text, end), '');
    } else if (isFlow(this.#map) && previous !== undefined) {
      this.#edits.replace(this.#source, endOf(text, previous), end, '');
    } else if (next !== undefined && !text.slice(end, startOf(next.key)).includes('#')) {
      this.#edits.replace(this.#source, start, startOf(next.key), '');
    } else {
      return byHand(`\`${key}\` stands where it cannot be taken out alone`);
    }
    return undefined;
  }

  #replace(pair: YamlPair, key: string, value: Json): Unwritable | undefined {
    const { text } = this.#source;
    const old = pair.value;
    if (old === null || isNothing(old)) {
      const at = colonAfter(text, pair.key) + 1;
      this.#edits.insert(this.#source, at, ` ${this.#plainText(value)}`, ranks.within);
      return undefined;
    }
    if (!isAlias(old) && (old as { anchor?: string }).anchor !== undefined) {
      return byHand(`\`${key}\` is shared with other places by a \`&\` anchor`);
    }
    const start = startOf(old);
    const end = endOf(text, old);
    this.#edits.replace(this.#source, start, end, this.#textInPlaceOf(old, start, end, value));
    return undefined;
  }

  #textInPlaceOf(old: YamlNode, start: number, end: number, value: Json): string {
    const { text } = this.#source;
    const lineEnd = lineEndOf(text);
    if (isSeq(old) && !isFlow(old) && Array.isArray(value) && value.length > 0) {
      const pad = lineEnd + ' '.repeat(columnOf(text, start));
      return value.map((item: Json) => `- ${this.#plainText(item)}`).join(pad);
    }
    if (isFlow(this.#map) || isMap(old) || isSeq(old) || !isScalar(old)) return this.#plainText(value);
    const style = styles[old.type ?? ''];
    const written = text.slice(start, end);
    const [, comment] = /^[|>][-+0-9]*([ \t]+#[^\r\n]*)?/.exec(written) ?? [];
    const inner = /\n([ ]+)\S/.exec(written)?.[1]?.length;
    const lines = written.split(/\r?\n/).slice(1);
    const longest = Math.max(...lines.map((line) => line.trimEnd().length));
    const isBlock = style === 'folded' || style === 'literal';
    const column = columnOf(text, startOf(this.#map));
    return valueText(value, {
      lineEnd,
      indent: Math.max(isBlock ? (inner ?? 0) : 0, column + 2),
      flow: false,
      lines: isBlock || text.slice(end, lineStop(text, end)).trim() === '',
      style: style === 'plain' && typeof old.value !== 'string' ? undefined : style,
      comment,
      // Whoever broke the lines had a limit a little further out.
      width: longest > 60 ? longest + 4 : undefined,
      before: style === 'folded' ? lines.map((line) => line.trim()) : undefined,
    });
  }

  #plainText(value: Json): string {
    if (this.isJson()) return JSON.stringify(value);
    return valueText(value, { lineEnd: '\n', indent: 0, flow: isFlow(this.#map), lines: false });
  }

  /** The key after which a new one is written: the last that comes before it in the order of a manifest. */
  #before(key: string): YamlPair | undefined {
    const rank = rankOf(key);
    let best: { readonly pair: YamlPair; readonly rank: number } | undefined;
    for (const pair of this.#map.items) {
      const own = isScalar(pair.key) ? rankOf(String(pair.key.value)) : Number.POSITIVE_INFINITY;
      if (own <= rank && own >= (best?.rank ?? own)) best = { pair, rank: own };
    }
    return best?.pair;
  }
}

export function byHand(message: string): Unwritable {
  return { message, help: 'Make this change by hand, then import again' };
}
