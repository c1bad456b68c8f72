import type { Path, Source } from '../manifest/model.ts';
import {
  isAlias,
  isMap,
  isPair,
  isSeq,
  pairOf,
  type YamlMap,
  type YamlNode,
  type YamlPair,
  type YamlSeq,
} from '../manifest/yaml-nodes.ts';

/** The node at a path; undefined where an alias stands in between, so that a change there would change more than it. */
export function nodeAt(source: Source, path: Path): YamlNode | null | undefined {
  let node: YamlNode | null = source.root;
  for (const step of path) {
    if (isSeq(node) && typeof step === 'number') node = node.items[step] ?? null;
    else if (isMap(node)) node = pairOf(node, String(step))?.value ?? null;
    else return undefined;
    if (isAlias(node)) return undefined;
  }
  return node;
}

/** The map at a path. */
export function mapAt(source: Source, path: Path): YamlMap | undefined {
  const node = nodeAt(source, path);
  return isMap(node) ? node : undefined;
}

export function isFlow(node: YamlMap | YamlSeq): boolean {
  return node.flow === true;
}

/** Finds where a node begins. */
export function startOf(node: YamlNode): number {
  return node.range?.[0] ?? 0;
}

/** Finds where what is written of a node or a pair ends: white space, line ends and comments after it are not part of it. */
export function endOf(text: string, part: YamlNode | YamlPair): number {
  if (isPair(part)) {
    const { key, value } = part;
    if (value !== null && !isNothing(value)) return endOf(text, value);
    return colonAfter(text, key) + 1;
  }
  const [start, end] = part.range ?? [0, 0];
  if ((isMap(part) || isSeq(part)) && part.flow !== true) {
    const last = part.items.at(-1);
    if (last !== undefined && last !== null) {
      const inner = endOf(text, last as YamlNode | YamlPair);
      if (inner > start) return inner;
    }
  }
  return start + text.slice(start, end).trimEnd().length;
}

/** A value that is left out: `key:` and nothing. */
export function isNothing(node: YamlNode): boolean {
  return node.range == null || node.range[0] === node.range[1];
}

/** Finds where the colon behind a key is. */
export function colonAfter(text: string, key: YamlNode): number {
  const at = text.indexOf(':', key.range?.[1] ?? 0);
  return at === -1 ? text.length : at;
}

/** Finds where the line of a place begins. */
export function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

/** Finds where the line of a place ends, its line end not included. */
export function lineStop(text: string, at: number): number {
  const feed = text.indexOf('\n', at);
  if (feed === -1) return text.length;
  return feed > at && text[feed - 1] === '\r' ? feed - 1 : feed;
}

/** The column of a place, from 0. */
export function columnOf(text: string, at: number): number {
  return at - lineStart(text, at);
}

/** The line ends that a text has, going by its first. */
export function lineEndOf(text: string): string {
  return /\r?\n/.exec(text)?.[0] ?? '\n';
}

/** Finds where the lines after an item go on: comments that are indented deeper than its dash belong to it. */
export function afterItem(text: string, end: number, dash: number): number {
  let stop = lineStop(text, end);
  for (;;) {
    const next = /^\r?\n([ ]*)#[^\n]*/.exec(text.slice(stop, stop + 4096));
    if (next === null || (next[1]?.length ?? 0) <= dash) return stop;
    const line = stop + (next[0].startsWith('\r') ? 2 : 1);
    stop = lineStop(text, line);
  }
}
