import { isScalar, type YamlMap, type YamlPair } from './yaml-nodes.ts';

/**
 * Finds things in a source: lines and columns of offsets, pairs of maps. Its tables are made at the first question, since
 * most sources are never asked, and kept, since a source with many mistakes is asked often.
 */
export class SourceIndex {
  readonly #text: string;
  readonly #pairs = new Map<YamlMap, ReadonlyMap<unknown, YamlPair>>();
  #starts: readonly number[] | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** Line and column of a UTF-16 offset, both from 1; columns count UTF-16 units. */
  position(offset: number): { readonly line: number; readonly column: number } {
    const starts = this.#lineStarts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  }

  /** The first pair of a map with this key. */
  pair(map: YamlMap, key: string | number): YamlPair | undefined {
    const known =
      this.#pairs.get(map) ?? new Map(map.items.map((pair) => [keyOf(pair), pair] as const).reverse());
    this.#pairs.set(map, known);
    return known.get(key);
  }

  #lineStarts(): readonly number[] {
    if (this.#starts !== undefined) return this.#starts;
    const starts = [0];
    for (let at = this.#text.indexOf('\n'); at !== -1; at = this.#text.indexOf('\n', at + 1))
      starts.push(at + 1);
    this.#starts = starts;
    return starts;
  }
}

function keyOf({ key }: YamlPair): unknown {
  return isScalar(key) ? key.value : undefined;
}
