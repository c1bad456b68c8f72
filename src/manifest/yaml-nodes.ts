import type { Json } from '../core/canonical-json.ts';

/**
 * A YAML document as it is written, with the place of everything: what rules and writers look at. The nodes of the `yaml`
 * library are such nodes, and so are those of the reader that does without it (`fast-yaml`).
 */
export type YamlNode = YamlMap | YamlSeq | YamlScalar | YamlAlias;

/** UTF-16 offsets of a node's ends; white space behind it is left out for scalars only. */
export type YamlRange = readonly [start: number, end: number, ...rest: number[]];

export interface YamlMap {
  readonly items: readonly YamlPair[];
  readonly range?: YamlRange | null | undefined;
  /** In braces. */
  readonly flow?: boolean | undefined;
  readonly anchor?: string | undefined;
}

export interface YamlPair {
  readonly key: YamlNode;
  readonly value: YamlNode | null;
}

export interface YamlSeq {
  readonly items: readonly YamlNode[];
  readonly range?: YamlRange | null | undefined;
  /** In brackets. */
  readonly flow?: boolean | undefined;
  readonly anchor?: string | undefined;
}

export interface YamlScalar {
  readonly value: Json;
  /** As it is written, without quotes. */
  readonly source?: string | undefined;
  readonly type?: string | null | undefined;
  readonly tag?: string | undefined;
  readonly range?: YamlRange | null | undefined;
  readonly anchor?: string | undefined;
}

export interface YamlAlias {
  /** The anchor that it stands for. */
  readonly source: string;
  readonly range?: YamlRange | null | undefined;
}

/** True where a text without quotes is wanted, by its first UTF-16 unit and the length of what is written. */
export type PlainScalarFilter = (first: number, length: number) => boolean;

/** A comment, from its `#` to the end of its line. */
export interface YamlComment {
  readonly text: string;
  readonly start: number;
}

/** The mark that the nodes of all copies of the `yaml` library have, by which they know each other. */
export const nodeType: unique symbol = Symbol.for('yaml.node.type') as never;

export const nodeTypes = {
  map: Symbol.for('yaml.map'),
  seq: Symbol.for('yaml.seq'),
  scalar: Symbol.for('yaml.scalar'),
  alias: Symbol.for('yaml.alias'),
  pair: Symbol.for('yaml.pair'),
} as const;

export function isMap(node: unknown): node is YamlMap {
  return typeOf(node) === nodeTypes.map;
}

export function isSeq(node: unknown): node is YamlSeq {
  return typeOf(node) === nodeTypes.seq;
}

export function isScalar(node: unknown): node is YamlScalar {
  return typeOf(node) === nodeTypes.scalar;
}

export function isAlias(node: unknown): node is YamlAlias {
  return typeOf(node) === nodeTypes.alias;
}

export function isPair(node: unknown): node is YamlPair {
  return typeOf(node) === nodeTypes.pair;
}

function typeOf(node: unknown): unknown {
  return typeof node === 'object' && node !== null ? (node as { [nodeType]?: unknown })[nodeType] : undefined;
}

/** The first pair of a map with this key. */
export function pairOf(map: YamlMap, key: string): YamlPair | undefined {
  return map.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
}
