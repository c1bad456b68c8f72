import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nearest } from '../../src/core/suggest.ts';
import { locate } from '../../src/manifest/locate.ts';
import type { Manifest } from '../../src/manifest/model.ts';
import { readManifest } from '../../src/manifest/read.ts';
import { expandRequests } from '../../src/manifest/requests.ts';
import { manifestRules } from '../../src/manifest/rules.ts';
import { fc } from '../helpers/fast-check.ts';
import { Workspace } from './workspace.ts';

const valid = `# a comment
version: 1
project: neon-alley
title: "Neon \\u00e9"
vars: { look: &look "cinematic, 35mm", list: [a, b] }
assets:
  mika: https://cdn.example.com/mika.png
defaults: { model: videos, duration: 5, ratio: "16:9" }
run: { concurrency: 4, rate: 30/min }
budget: { currency: CNY, prices: { videos: 7 }, maxCost: 200 }
include: [part.yaml]
x-own: { anything: [1, *look] }
scenes:
  - id: sc010
    defaults: { mode: references, referenceImages: ["\${assets.mika}"] }
    shots:
      - id: sh0010
        prompt: >-
          Neon skyline, \${vars.look}
          and 雨 🎬
        takes: 3
        variants: { tall: { ratio: "9:16" }, wide: {} }
        tags: ["\${vars.list}"]
      - id: sh0020
        promptFile: p.md
        mode: frames
        first_image: https://e.com/a
        lastFrameImage: https://e.com/b
        extra: { seed: 1, deep: [{ a: null }] }
shots: []
`;

/** The same cases on every machine: a failure is of the change at hand. */
const seed = 20260101;

let workspace: Workspace;
beforeAll(() => {
  workspace = new Workspace().write({
    'part.yaml': 'vars: { more: x }\nshots: [{ id: z, prompt: "${vars.more}" }]\n',
    'p.md': 'A prompt with ${vars.look}\n',
  });
});
afterAll(() => workspace[Symbol.dispose]());

/** What must hold whatever a manifest holds. */
function check(manifest: Manifest): void {
  const known = new Set<string>(manifestRules.map(({ id }) => id));
  for (const finding of manifest.findings) {
    const { rule, message, help, line, column, endLine, endColumn } = locate(finding);
    const lines = finding.origin.source.text.split('\n');
    expect(known).toContain(rule);
    expect(message).not.toMatch(/undefined|\[object|\.$/);
    expect(help).not.toMatch(/undefined|\[object/);
    expect(help).toMatch(/\S/);
    expect(line).toBeGreaterThan(0);
    expect(endLine).toBeLessThanOrEqual(lines.length);
    expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
    expect(endColumn).toBeLessThanOrEqual((lines[endLine - 1]?.length ?? 0) + 1);
    expect(endLine > line || (endLine === line && endColumn >= column)).toBe(true);
  }
  const requests = expandRequests(manifest);
  expect(new Set(requests.map(({ key }) => key)).size).toBe(requests.length);
  for (const { fingerprint } of requests) expect(fingerprint).toMatch(/^sha256:[0-9a-f]{64}$/);
}

async function readBytes(bytes: Uint8Array): Promise<Manifest> {
  return readManifest('-', { cwd: workspace.directory, stdin: async () => bytes });
}

const pieces = fc.constantFrom(
  ...[
    '\n',
    ' ',
    '  ',
    '\t',
    '\r\n',
    ':',
    ': ',
    '- ',
    '{',
    '}',
    '[',
    ']',
    ',',
    '"',
    "'",
    '|',
    '>',
    '&a',
    '*a',
    '!t',
    '#',
    '%',
  ],
  ...[
    '---',
    '...',
    '<<',
    '__proto__',
    '${',
    '$${',
    '}',
    '${vars.look}',
    '${vars.x}',
    'null',
    '~',
    '5',
    '0x1F',
    '.nan',
    '\\ud800',
  ],
  ...[
    'id',
    'shots',
    'scenes',
    'variants',
    'prompt',
    'extra',
    'takes',
    'constructor',
    'x-',
    '\0',
    '\ufeff',
    '🎬',
    '\u2028',
  ],
);

describe('whatever a manifest holds', () => {
  it('the valid one that the others are made from has no findings', async () => {
    const manifest = await readBytes(Buffer.from(valid));
    expect(manifest.findings.map((finding) => locate(finding))).toEqual([]);
    expect(expandRequests(manifest)).toHaveLength(8);
  });

  it('any bytes give findings, never an exception', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (bytes) => check(await readBytes(bytes))),
      { numRuns: 300, seed },
    );
  });

  it('so does anything that looks like YAML', async () => {
    const text = fc.array(fc.oneof(pieces, fc.string({ maxLength: 4 })), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(text, async (parts) => check(await readBytes(Buffer.from(parts.join(''))))),
      { numRuns: 600, seed },
    );
  });

  it('so does a valid manifest with pieces put in, taken out or repeated', async () => {
    const edit = fc.record({
      at: fc.nat(valid.length),
      remove: fc.nat(12),
      insert: fc.array(pieces, { maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 3 }), async (edits) => {
        let text = valid;
        for (const { at, remove, insert } of edits)
          text = text.slice(0, at) + insert.join('') + text.slice(at + remove);
        check(await readBytes(Buffer.from(text)));
      }),
      { numRuns: 600, seed },
    );
  });

  it('so does a manifest of the right YAML and any values', async () => {
    const key = fc.oneof(
      fc.constantFrom('id', 'prompt', 'takes', 'variants', 'extra', 'tags', 'mode', 'first_image'),
      fc.string({ maxLength: 5 }),
    );
    const shot = fc.dictionary(key, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 6 });
    const file = fc.record(
      {
        version: fc.oneof(fc.constant(1), fc.jsonValue({ maxDepth: 1 })),
        project: fc.oneof(fc.constant('p'), fc.jsonValue({ maxDepth: 1 })),
        vars: fc.jsonValue({ maxDepth: 2 }),
        defaults: fc.oneof(shot, fc.jsonValue({ maxDepth: 2 })),
        shots: fc.oneof(fc.array(shot, { maxLength: 3 }), fc.jsonValue({ maxDepth: 2 })),
        scenes: fc.array(
          fc.oneof(
            fc.record({ id: fc.string(), shots: fc.array(shot, { maxLength: 2 }) }),
            fc.jsonValue({ maxDepth: 2 }),
          ),
          { maxLength: 3 },
        ),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(file, async (value) => check(await readBytes(Buffer.from(JSON.stringify(value))))),
      { numRuns: 400, seed },
    );
  });

  it('a misspelt key is one finding at the key, and its nearest name is found', async () => {
    const keys = ['prompt', 'duration', 'resolution', 'referenceImages', 'variants'];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...keys), fc.nat(20), async (key, at) => {
        const misspelt = key.slice(0, at % key.length) + key.slice((at % key.length) + 1);
        const manifest = await readBytes(
          Buffer.from(`version: 1\nproject: p\nshots:\n  - id: a\n    ${misspelt}: x\n`),
        );
        expect(manifest.findings.map(locate)).toMatchObject([
          {
            rule: 'unknown-key',
            line: 5,
            column: 5,
            endColumn: 5 + misspelt.length,
            help: `Did you mean \`${nearest(misspelt, keys)}\`?`,
          },
        ]);
      }),
      { numRuns: 50, seed },
    );
  });
});
