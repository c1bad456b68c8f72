import { nearest } from '../core/suggest.ts';
import type { Manifest, Origin } from '../manifest/model.ts';
import { isMap, isScalar, pairOf } from '../manifest/yaml-nodes.ts';
import { referenceLookAlikes } from './reference-look-alikes.ts';
import type { RuleContext } from './rule.ts';

/** Reports names of `vars` or `assets` that no text of the manifest refers to, each where it is defined. */
export function checkUnused({ manifest, report }: RuleContext, space: 'vars' | 'assets'): void {
  const defined = definedNames(manifest, space);
  if (defined.size === 0 || !isWholeRead(manifest)) return;
  const used = usedNames(manifest, space, defined.keys());
  for (const [name, origin] of defined) {
    if (used.has(name)) continue;
    report({
      message: `\`${space}.${name}\` is used by nothing`,
      help: `Use it as \`\${${space}.${name}}\`, or delete it`,
      origin,
      mark: 'key',
    });
  }
}

function definedNames({ sources }: Manifest, space: string): ReadonlyMap<string, Origin> {
  const names = new Map<string, Origin>();
  for (const source of sources) {
    const map = isMap(source.root) ? pairOf(source.root, space)?.value : undefined;
    if (!isMap(map)) continue;
    for (const { key } of map.items) {
      const name = isScalar(key) ? key.value : undefined;
      if (typeof name !== 'string' || name.startsWith('x-') || names.has(name)) continue;
      names.set(name, { source, path: [space, name] });
    }
  }
  return names;
}

/** True where every file could be read: one that could not might use anything. */
function isWholeRead({ sources, findings, isFragment }: Manifest): boolean {
  if (isFragment || findings.some(({ rule }) => unread.has(rule))) return false;
  // The prompt files of shots that are skipped are not read.
  const yaml = sources.filter(({ root }) => root !== null);
  return (
    !yaml.some(({ text }) => text.includes('promptFile')) || !yaml.some(({ text }) => /\bskip\b/.test(text))
  );
}

const unread: ReadonlySet<string> = new Set([
  'unreadable-file',
  'file-too-large',
  'encoding',
  'yaml-syntax',
  'unsupported-yaml',
  'empty-file',
  'include-cycle',
  'missing-prompt-file',
]);

/** Names that are referred to; a misspelt reference counts for the name that was meant. */
function usedNames({ sources }: Manifest, space: string, defined: Iterable<string>): ReadonlySet<string> {
  const known = [...defined];
  const used = new Set<string>();
  const near = new Set<string>();
  for (const { text } of sources) {
    for (const meant of referenceLookAlikes(text)) if (meant.space === space) used.add(meant.name);
    if (!text.includes('${')) continue;
    for (const [, inside = ''] of text.matchAll(/(?<!\$)\$\{([^{}\n]{1,200})\}/g)) {
      const [first = '', ...rest] = inside.split('.');
      const name = rest.length === 0 ? first : rest.join('.');
      if (first === space) used.add(name);
      if (first !== 'vars' && first !== 'assets') near.add(name.trim());
    }
  }
  const isKnown = new Set(known);
  for (const name of [...used, ...near]) {
    const meant = isKnown.has(name) ? name : nearest(name, known);
    if (meant !== undefined) used.add(meant);
  }
  return used;
}
