import type { Alias, Node, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Json } from '../core/canonical-json.ts';
import { codePoint } from '../core/characters.ts';
import { limits } from './limits.ts';
import type { TextProblem } from './problem.ts';

/** A YAML document as plain data. */
export interface Plain {
  /** Undefined where aliases lead nowhere, or make the document grow beyond all bounds. */
  readonly value: Json | undefined;
  readonly aliases: ReadonlyMap<Alias, Node> | undefined;
  readonly problems: readonly TextProblem[];
}

/**
 * Turns a parsed document into plain data in one walk, and reports what a manifest does without: duplicate keys, keys
 * that are not text, merge keys, tags, `__proto__`. The data then goes on as if the mistake had not been made (the first
 * of two keys counts, a merge is done), so that it does not lead to further findings.
 */
export function toPlain(root: Node, text: string): Plain {
  const walk = new Walk(text);
  try {
    const converted = walk.convert(root);
    const value = walk.isWhole ? converted : undefined;
    return { value, aliases: walk.aliases.size > 0 ? walk.aliases : undefined, problems: walk.problems };
  } catch (error) {
    if (!(error instanceof OutOfBounds)) throw error;
    return { value: undefined, aliases: undefined, problems: [error.problem] };
  }
}

/** An anchored node that has been converted whole. */
interface Anchored {
  readonly node: Node;
  readonly value: Json;
  readonly size: number;
  readonly height: number;
}

class OutOfBounds extends Error {
  readonly problem: TextProblem;
  constructor(problem: TextProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

class Walk {
  readonly problems: TextProblem[] = [];
  readonly aliases = new Map<Alias, Node>();
  readonly #text: string;
  /** False once an alias was met that stands for nothing. */
  isWhole = true;
  readonly #anchors = new Map<string, Anchored>();
  /** Anchors whose node is being converted: an alias to one of them would be endless. */
  readonly #open = new Set<string>();
  /** Values converted so far, what aliases stand for counted each time. */
  #size = 0;
  #aliased = 0;
  /** Nesting of the node that was converted last. */
  #height = 0;

  constructor(text: string) {
    this.#text = text;
  }

  convert(node: Node): Json {
    if (isAlias(node)) return this.#alias(node);
    this.#size += 1;
    this.#checkTag(node);
    const { anchor } = node as { anchor?: string };
    if (anchor === undefined) return this.#contents(node);
    const before = this.#size - 1;
    this.#open.add(anchor);
    const value = this.#contents(node);
    this.#open.delete(anchor);
    this.#anchors.set(anchor, { node, value, size: this.#size - before, height: this.#height });
    return value;
  }

  #contents(node: Node): Json {
    if (isMap(node)) return this.#map(node as YAMLMap<Node, Node | null>);
    if (isSeq(node)) return this.#seq(node as YAMLSeq<Node>);
    this.#height = 0;
    return this.#scalar(node as Scalar);
  }

  #map(node: YAMLMap<Node, Node | null>): Json {
    const map: Record<string, Json> = {};
    let merged: Record<string, Json> | undefined;
    let height = 0;
    let anotherItem = false;
    for (const pair of node.items) {
      const key = this.#key(pair);
      const value = pair.value === null ? null : this.convert(pair.value);
      if (this.#height > height) height = this.#height;
      if (key === undefined || anotherItem) continue;
      if (key === 'id' && Object.hasOwn(map, key)) {
        anotherItem = true;
        this.#missingDash(pair.key);
        continue;
      }
      if (key === '<<') merged = mergeInto(merged ?? {}, value);
      else if (Object.hasOwn(map, key)) this.#duplicate(pair.key, key);
      else map[key] = value;
    }
    if (merged !== undefined) mergeInto(map, merged);
    this.#height = height + 1;
    return map;
  }

  #seq(node: YAMLSeq<Node>): Json {
    const list: Json[] = [];
    let height = 0;
    for (const item of node.items) {
      list.push(this.convert(item));
      if (this.#height > height) height = this.#height;
    }
    this.#height = height + 1;
    return list;
  }

  #scalar(node: Scalar): Json {
    const { value } = node;
    if (typeof value !== 'string') return value as Json;
    // Only an escape can make half a character or a control character; decoding has refused every other.
    if (node.type !== 'QUOTE_DOUBLE' || !unwritable.test(value)) return value;
    this.#problem(node, escapedProblem(value));
    return value.replace(eachUnwritable, '\ufffd');
  }

  #halves(node: Scalar, value: string): string {
    if (node.type !== 'QUOTE_DOUBLE' || !/\p{Surrogate}/u.test(value)) return value;
    this.#problem(node, escapedProblem('\ud800'));
    return value.replace(/\p{Surrogate}/gu, '\ufffd');
  }

  #alias(node: Alias): Json {
    this.#height = 0;
    const anchored = this.#anchors.get(node.source);
    if (anchored === undefined || this.#open.has(node.source)) {
      this.#problem(node, this.#badAlias(node));
      this.isWhole = false;
      return null;
    }
    this.aliases.set(node, anchored.node);
    this.#size += anchored.size;
    this.#aliased += anchored.size;
    this.#height = anchored.height;
    if (this.#aliased > limits.aliasedValues || anchored.height > limits.depth) {
      throw new OutOfBounds({
        rule: 'file-too-large',
        message: 'Aliases that stand for aliases grow beyond all bounds here',
        help: 'Write the values out, or use `vars`, `assets` and `defaults`',
        ...spanOf(node),
      });
    }
    return anchored.value;
  }

  #badAlias(node: Alias) {
    const endless = this.#open.has(node.source);
    return {
      rule: 'yaml-syntax',
      message: endless
        ? `\`*${node.source}\` stands inside what it stands for`
        : `There is no \`&${node.source}\` above for this alias`,
      help: 'Put text that begins with `*` in quotes',
    } as const;
  }

  /** The key as text; undefined where the pair cannot be kept. */
  #key(pair: Pair<Node, Node | null>): string | undefined {
    const { key } = pair;
    if (!isScalar(key) || typeof key.value !== 'string') {
      const written = isScalar(key) ? key.source : undefined;
      this.#problem(key, {
        rule: 'unsupported-yaml',
        message: written ? `The key \`${written}\` is not text` : 'A key must be text',
        help: written ? `Put it in quotes: "${written}"` : 'Write a name before the `:`',
      });
      return undefined;
    }
    this.#checkTag(key);
    if (key.value === '__proto__') {
      this.#problem(key, {
        rule: 'unsupported-yaml',
        message: '`__proto__` cannot be used as a key',
        help: 'Choose another name',
      });
      return undefined;
    }
    if (key.value === '<<') {
      this.#problem(key, {
        rule: 'unsupported-yaml',
        message: 'Merge keys (`<<`) are not part of YAML 1.2, and not read',
        help: 'Put what shots share under `defaults` of the manifest or of a scene',
      });
    }
    return this.#halves(key, key.value);
  }

  /** Reports a second `id` in a map: another item follows it, whose keys would all be written twice. */
  #missingDash(node: Node): void {
    this.#problem(node, {
      rule: 'duplicate-key',
      message: '`id` is written twice in this map',
      help: 'If another item begins here, write `- ` before this `id` and indent what follows like it; or keep one of the two',
    });
  }

  #duplicate(node: Node, key: string): void {
    this.#problem(node, {
      rule: 'duplicate-key',
      message: `\`${key}\` is written twice in this map`,
      help: 'Keep one of the two',
    });
  }

  #checkTag(node: Node): void {
    const { tag } = node as { tag?: string };
    if (tag === undefined || tag === '!' || knownTags.test(tag)) return;
    this.problems.push({
      rule: 'unsupported-yaml',
      message: `The tag \`${tag}\` is not known`,
      help: 'Delete the tag; put text that begins with `!` in quotes',
      ...(this.#tagSpan(node) ?? spanOf(node)),
    });
  }

  /** The offsets of a node's tag: before the node, with perhaps an anchor between. */
  #tagSpan(node: Node): { start: number; end: number } | undefined {
    const before = this.#text.slice(Math.max(0, spanOf(node).start - 400), spanOf(node).start);
    const at = /(![^\s]*)(?:\s+&\S+)?\s*$/.exec(before);
    if (at === null) return undefined;
    const start = spanOf(node).start - before.length + at.index;
    return { start, end: start + (at[1]?.length ?? 1) };
  }

  #problem(node: Node, problem: Omit<TextProblem, 'start' | 'end'>): void {
    this.problems.push({ ...problem, ...spanOf(node) });
  }
}

/**
 * Half a character, or a control character that no text file may hold as itself. A carriage return ends a line, but behind
 * a drive's colon it is the `\r` of a path.
 */
const unwritable = /\p{Surrogate}|[^\P{Cc}\t\n\r\u0085]|(?<=[A-Za-z]:)\r(?!\n)/u;
const eachUnwritable = new RegExp(unwritable.source, 'gu');

function escapedProblem(value: string): Omit<TextProblem, 'start' | 'end'> {
  const found = unwritable.exec(value)?.[0] ?? '';
  const code = found.codePointAt(0) ?? 0;
  if (code > 0x9f) {
    return {
      rule: 'encoding',
      message: 'A `\\u` escape in this text stands for half a character',
      help: 'Write the character itself, or both halves of it, or `\\U` with all its digits',
    };
  }
  return {
    rule: 'encoding',
    message: `An escape in this text stands for the control character ${codePoint(found)}, which is not text`,
    help: 'In double quotes `\\` begins an escape: write `\\\\` for a backslash, or use single quotes, where nothing is an escape',
  };
}

const knownTags = /^tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq)$/;

function spanOf(node: Node): { start: number; end: number } {
  const [start, end] = node.range ?? [0, 0];
  return { start, end };
}

/** Adds what `map` does not have yet. */
function mergeInto(map: Record<string, Json>, merged: Json): Record<string, Json> {
  const sources: readonly Json[] = Array.isArray(merged) ? merged : [merged];
  for (const source of sources) {
    if (source === null || typeof source !== 'object' || Array.isArray(source)) continue;
    for (const [key, value] of Object.entries(source)) {
      if (!Object.hasOwn(map, key)) map[key] = value;
    }
  }
  return map;
}
