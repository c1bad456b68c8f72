import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inheritedKeys } from '../../src/manifest/parameters.ts';
import type { ManifestRuleId } from '../../src/manifest/rules.ts';
import { manifestRules } from '../../src/manifest/rules.ts';
import { Workspace } from './workspace.ts';

const head = 'version: 1\nproject: p\n';

/** The smallest manifest that each rule has something to say about. */
const examples: Readonly<Record<ManifestRuleId, string>> = {
  'unreadable-file': `${head}include: [gone.yaml]\n`,
  'file-too-large': '['.repeat(1_000),
  encoding: `${head}title: a\u0007\n`,
  'yaml-syntax': `${head}title: [\n`,
  'unsupported-yaml': `${head}title: !secret x\n`,
  'duplicate-key': `${head}project: q\n`,
  'empty-file': '',
  schema: 'version: 1\n',
  'unknown-key': `${head}titel: x\n`,
  'include-cycle': `${head}include: [a.yaml]\n`,
  'duplicate-name': `${head}scenes: [{ id: s }, { id: s }]\n`,
  'duplicate-shot': `${head}shots: [{ id: s }, { id: s }]\n`,
  'unknown-reference': `${head}defaults: { prompt: "\${vars.x}" }\n`,
  'list-reference': `${head}vars: { x: [] }\ndefaults: { prompt: "\${vars.x}" }\n`,
  'nested-reference': `${head}vars: { x: "\${vars.y}", y: z }\n`,
  'text-too-long': `${head}vars: { x: ${'x'.repeat(50_000)} }\ndefaults: { prompt: "${'${vars.x}'.repeat(50)}" }\n`,
  'missing-prompt-file': `${head}shots: [{ id: s, promptFile: gone.md }]\n`,
  'outside-work-tree': `${head}shots: [{ id: s, promptFile: ../../gone.md }]\n`,
  'prompt-file-outside': `${head}shots: [{ id: s, promptFile: ../rain.md }]\n`,
  'prompt-twice': `${head}shots: [{ id: s, prompt: x, promptFile: a.yaml }]\n`,
  'extra-parameter': `${head}defaults: { extra: { model: x } }\n`,
  'too-many-requests': `${head}shots:\n${Array.from({ length: 1_011 }, (_, n) => `  - { id: s${n}, takes: 99 }\n`).join('')}`,
};

describe('every rule of reading', () => {
  it.each(manifestRules)(
    '$id: finds its mistake and nothing else',
    async ({ id, severity, summary, why }) => {
      using workspace = new Workspace().write({
        '.git/HEAD': '',
        'rain.md': 'Rain',
        'film/a.yaml': examples[id],
      });
      const { findings } = await workspace.read('film/a.yaml');
      expect(findings.map((finding) => [finding.rule, finding.severity])).toEqual([[id, severity]]);
      expect(summary).toMatch(/^[A-Z`].*[^.]$/);
      expect(why).toMatch(/^[A-Z`].*\.$/s);
    },
  );
});

interface Schema {
  readonly $ref?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

const schema = JSON.parse(
  readFileSync(new URL('../../schemas/manifest.schema.json', import.meta.url), 'utf8'),
) as Schema;

describe('the published schema', () => {
  const maps = [schema, ...Object.values(schema.$defs ?? {})].filter(
    ({ properties }) => properties !== undefined,
  );

  it('describes every key', () => {
    const described = maps.flatMap(({ properties }) =>
      Object.entries(properties ?? {}).map(([key, property]) => {
        const target = property.$ref?.replace('#/$defs/', '');
        return [key, (target === undefined ? property : schema.$defs?.[target])?.description];
      }),
    );
    expect(described.length).toBeGreaterThan(70);
    expect(described.filter(([, description]) => !description)).toEqual([]);
  });

  it('defines nothing that is not used', () => {
    const text = JSON.stringify(schema);
    const unused = Object.keys(schema.$defs ?? {}).filter((name) => !text.includes(`"#/$defs/${name}"`));
    // Fragments are read against this one.
    expect(unused).toEqual(['fragment']);
  });

  it('lets the same keys be inherited, varied and stated as the resolving does', () => {
    const keysOf = (name: string): readonly string[] => Object.keys(schema.$defs?.[name]?.properties ?? {});
    expect(new Set(keysOf('defaults'))).toEqual(inheritedKeys);
    const own = ['title', 'notes', 'skip', 'takes'];
    expect(new Set(keysOf('variant'))).toEqual(new Set([...inheritedKeys, ...own]));
    expect(new Set(keysOf('shot'))).toEqual(new Set([...inheritedKeys, ...own, 'id', 'variants']));
  });
});
