import type { Json } from '../../core/canonical-json.ts';
import {
  nodeType,
  nodeTypes,
  type YamlNode,
  type YamlPair,
  type YamlRange,
  type YamlScalar,
} from '../yaml-nodes.ts';
import { blockTextAt } from './block-text.ts';
import { coreValue } from './core-values.ts';
import { unfolded } from './folding.ts';
import { doubleQuotedText, singleQuotedText } from './quoted.ts';
import { kinds, type Tape } from './tape.ts';

/** The nodes of a tape, each made when it is first asked for: a lint without findings asks for none. */
export function treeOf(text: string, tape: Tape): YamlNode {
  return nodeAt({ text, tape }, 0);
}

/** The text without quotes at a place of a tape. */
export function plainScalarAt(text: string, tape: Tape, at: number): YamlScalar {
  return new ScalarNode({ text, tape }, at);
}

interface Written {
  readonly text: string;
  readonly tape: Tape;
}

function nodeAt(written: Written, at: number): YamlNode {
  switch (written.tape.kind(at)) {
    case kinds.map:
    case kinds.flowMap:
      return new MapNode(written, at);
    case kinds.list:
    case kinds.flowList:
      return new SeqNode(written, at);
    default:
      return new ScalarNode(written, at);
  }
}

class TapeNode {
  readonly range: YamlRange;
  protected readonly written: Written;
  protected readonly at: number;

  constructor(written: Written, at: number) {
    this.written = written;
    this.at = at;
    this.range = [written.tape.start(at), written.tape.end(at)];
  }

  protected get kind(): number {
    return this.written.tape.kind(this.at);
  }
}

class MapNode extends TapeNode {
  readonly [nodeType] = nodeTypes.map;
  #items: readonly YamlPair[] | undefined;

  get flow(): boolean {
    return this.kind === kinds.flowMap;
  }

  get items(): readonly YamlPair[] {
    this.#items ??= this.#read();
    return this.#items;
  }

  #read(): readonly YamlPair[] {
    const { written, at } = this;
    const { tape } = written;
    const items: YamlPair[] = [];
    const end = tape.after(at);
    for (let key = tape.next(at); key < end; ) {
      const value = tape.after(key);
      items.push(new Pair(nodeAt(written, key), nodeAt(written, value)));
      key = tape.after(value);
    }
    return items;
  }
}

class Pair implements YamlPair {
  readonly [nodeType] = nodeTypes.pair;
  readonly key: YamlNode;
  readonly value: YamlNode;

  constructor(key: YamlNode, value: YamlNode) {
    this.key = key;
    this.value = value;
  }
}

class SeqNode extends TapeNode {
  readonly [nodeType] = nodeTypes.seq;
  #items: readonly YamlNode[] | undefined;

  get flow(): boolean {
    return this.kind === kinds.flowList;
  }

  get items(): readonly YamlNode[] {
    this.#items ??= this.#read();
    return this.#items;
  }

  #read(): readonly YamlNode[] {
    const { written, at } = this;
    const { tape } = written;
    const items: YamlNode[] = [];
    const end = tape.after(at);
    for (let item = tape.next(at); item < end; item = tape.after(item)) items.push(nodeAt(written, item));
    return items;
  }
}

const typesOfKinds: Readonly<Record<number, string>> = {
  [kinds.plain]: 'PLAIN',
  [kinds.empty]: 'PLAIN',
  [kinds.doubleQuoted]: 'QUOTE_DOUBLE',
  [kinds.singleQuoted]: 'QUOTE_SINGLE',
  [kinds.literal]: 'BLOCK_LITERAL',
  [kinds.folded]: 'BLOCK_FOLDED',
};

class ScalarNode extends TapeNode {
  readonly [nodeType] = nodeTypes.scalar;

  get type(): string | undefined {
    return typesOfKinds[this.kind];
  }

  get source(): string {
    const { text } = this.written;
    const [start, end] = this.range;
    switch (this.kind) {
      case kinds.doubleQuoted:
        return doubleQuotedText(text, start, end - 1);
      case kinds.singleQuoted:
        return singleQuotedText(text, start, end - 1);
      case kinds.literal:
      case kinds.folded:
        return blockTextAt(text, start, end);
      default:
        return unfolded(text.slice(start, end));
    }
  }

  get value(): Json {
    if (this.kind === kinds.empty) return null;
    return this.kind === kinds.plain ? coreValue(this.source) : this.source;
  }
}
