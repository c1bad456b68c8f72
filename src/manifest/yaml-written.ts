import type { Alias, Node } from 'yaml';
import { CST, Lexer } from 'yaml';
import type { Source } from './model.ts';
import {
  isMap,
  isScalar,
  isSeq,
  type PlainScalarFilter,
  type YamlAlias,
  type YamlComment,
  type YamlNode,
  type YamlScalar,
} from './yaml-nodes.ts';

/** Collects the written forms in a source that the `yaml` library has read. */
export function writtenIn(
  text: string,
  contents: Node,
  aliases: ReadonlyMap<Alias, Node> | undefined,
): Pick<Source, 'root' | 'aliases' | 'comments' | 'plainScalars'> {
  const root = contents as YamlNode;
  return {
    root,
    aliases: aliases as ReadonlyMap<YamlAlias, YamlNode> | undefined,
    comments: () => commentsOf(text),
    plainScalars: (isWanted) => plainScalars(root, isWanted),
  };
}

/** Finds the comments. What looks like one inside a block of text is none. */
function commentsOf(text: string): readonly YamlComment[] {
  const comments: YamlComment[] = [];
  let start = 0;
  let inScalar = false;
  for (const lexeme of new Lexer().lex(text)) {
    const isText = inScalar;
    inScalar = lexeme === CST.SCALAR;
    if (markers.has(lexeme)) continue;
    if (!isText && lexeme.startsWith('#')) comments.push({ text: lexeme, start });
    start += lexeme.length;
  }
  return comments;
}

/** Tokens that the lexer puts in between, without text of their own. */
const markers: ReadonlySet<string> = new Set([CST.DOCUMENT, CST.FLOW_END, CST.SCALAR]);

/** Keys included; what aliases stand for is written elsewhere. */
function plainScalars(root: YamlNode, isWanted: PlainScalarFilter): readonly YamlScalar[] {
  const found: YamlScalar[] = [];
  const look = (node: YamlNode | null): void => {
    if (isScalar(node)) {
      const [start = 0, end = 0] = node.range ?? [];
      if (node.type === 'PLAIN' && isWanted(node.source?.charCodeAt(0) ?? 0, end - start)) found.push(node);
    } else if (isMap(node)) {
      for (const { key, value } of node.items) {
        look(key);
        look(value);
      }
    } else if (isSeq(node)) for (const item of node.items) look(item);
  };
  look(root);
  return found;
}
