import type { Json } from '../../../src/core/canonical-json.ts';
import type { BailOut } from '../../../src/manifest/fast-yaml/bail-outs.ts';
import { readFast } from '../../../src/manifest/fast-yaml/read.ts';
import { treeOf } from '../../../src/manifest/fast-yaml/tree.ts';
import { toPlain } from '../../../src/manifest/plain.ts';
import { readBudget } from '../../../src/manifest/read-budget.ts';
import { parseYaml } from '../../../src/manifest/yaml-document.ts';
import { isAlias, isMap, isSeq, type YamlNode } from '../../../src/manifest/yaml-nodes.ts';

/** How the fast reader compares with the `yaml` library on one text. */
export type Comparison =
  | { readonly kind: 'same' }
  | { readonly kind: 'left'; readonly why: BailOut }
  | { readonly kind: 'different'; readonly what: string };

/** Reads a text in both ways, and names the first thing in which they differ. */
export function compare(text: string): Comparison {
  const fast = readFast(text);
  if (typeof fast === 'string') return { kind: 'left', why: fast };
  const different = (what: string): Comparison => ({ kind: 'different', what });
  const budget = readBudget();
  const before = budget.tokens;
  const { root, problems } = parseYaml(text, budget);
  if (root === null) return different(`the library reads nothing: ${problems[0]?.message}`);
  const plain = toPlain(root, text);
  const [problem] = [...problems, ...plain.problems];
  if (problem !== undefined) return different(`the library finds: ${problem.message}`);
  const tokens = before - budget.tokens;
  if (fast.tokens !== tokens) return different(`${fast.tokens} tokens, not ${tokens}`);
  const value = differentValue(fast.value, plain.value as Json, '');
  if (value !== undefined) return different(value);
  const node = differentNode(treeOf(text, fast.tape), root as YamlNode, '');
  return node === undefined ? { kind: 'same' } : different(node);
}

function differentValue(ours: Json, theirs: Json, path: string): string | undefined {
  const differs = `value at ${path}: ${JSON.stringify(ours)}, not ${JSON.stringify(theirs)}`;
  if (typeof ours !== 'object' || typeof theirs !== 'object' || ours === null || theirs === null) {
    return Object.is(ours, theirs) ? undefined : differs;
  }
  if (Array.isArray(ours) !== Array.isArray(theirs)) return differs;
  const [keys, theirKeys] = [Object.keys(ours), Object.keys(theirs)];
  if (keys.join('\0') !== theirKeys.join('\0')) return differs;
  for (const key of keys) {
    const inner = differentValue(at(ours, key), at(theirs, key), `${path}/${key}`);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

function at(value: object, key: string): Json {
  return (value as Record<string, Json>)[key] ?? null;
}

function differentNode(ours: YamlNode | null, theirs: YamlNode | null, path: string): string | undefined {
  const [shown, wanted] = [show(ours), show(theirs)];
  if (shown !== wanted) return `node at ${path}: ${shown}, not ${wanted}`;
  const [inside, theirInside] = [insideOf(ours), insideOf(theirs)];
  if (inside.length !== theirInside.length) return `node at ${path}: another number of entries`;
  for (const [index, node] of inside.entries()) {
    const inner = differentNode(node, theirInside[index] ?? null, `${path}/${index}`);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

/** Everything that anybody asks of a node, but what is inside it. */
function show(node: YamlNode | null): string {
  if (node === null) return 'nothing';
  const [start, end] = node.range ?? [];
  if (isMap(node)) return `map ${start}-${end} ${node.flow === true} ${node.anchor}`;
  if (isSeq(node)) return `list ${start}-${end} ${node.flow === true} ${node.anchor}`;
  if (isAlias(node)) return `alias ${start}-${end}`;
  const value = Object.is(node.value, -0) ? '-0' : JSON.stringify(node.value);
  return `text ${start}-${end} ${node.type} ${node.tag} ${node.anchor} ${value} ${JSON.stringify(node.source)}`;
}

function insideOf(node: YamlNode | null): readonly (YamlNode | null)[] {
  if (isMap(node)) return node.items.flatMap(({ key, value }) => [key, value]);
  return isSeq(node) ? node.items : [];
}
