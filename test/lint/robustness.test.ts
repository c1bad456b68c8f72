import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fix } from '../../src/lint/fix.ts';
import { formatNames } from '../../src/lint/formats/format.ts';
import { formats } from '../../src/lint/formats/index.ts';
import type { LintResult } from '../../src/lint/lint.ts';
import { lint } from '../../src/lint/lint.ts';
import { fc } from '../helpers/fast-check.ts';

const folder = new URL('../fixtures/lint/', import.meta.url);
const examples = new URL('../../examples/manifests/', import.meta.url);
const long: ReadonlySet<string> = new Set(['prompt-too-long.yaml', 'prompt-utf16-length.yaml']);
const storyboards = [
  ...readdirSync(folder)
    .filter((name) => name.endsWith('.yaml') && !long.has(name))
    .map((name) => new URL(name, folder)),
  new URL('neon-alley/neon-alley.yaml', examples),
  new URL('neon-alley/scenes/act-3.yaml', examples),
].map((file) => readFileSync(file, 'utf8'));

const lintBytes = (text: string, isFragment = false): Promise<LintResult> =>
  lint(['-'], {
    cwd: '/nowhere',
    stdin: async () => new TextEncoder().encode(text),
    fragments: isFragment ? new Map([['-', 'alone']]) : undefined,
  });

/** Every position inside its file, everything sorted, every format able to show it. */
async function expectSound(result: LintResult): Promise<void> {
  let before = { file: '', line: 0, column: 0 };
  for (const each of result.diagnostics) {
    const lines = (result.sources.get(each.file) ?? '').split('\n');
    expect(each.line).toBeGreaterThanOrEqual(1);
    expect(each.endLine).toBeLessThanOrEqual(lines.length);
    expect(each.column).toBeGreaterThanOrEqual(1);
    expect(each.column).toBeLessThanOrEqual((lines[each.line - 1]?.length ?? 0) + 1);
    expect(each.endColumn).toBeLessThanOrEqual((lines[each.endLine - 1]?.length ?? 0) + 1);
    expect(each.endLine * 1e6 + each.endColumn).toBeGreaterThanOrEqual(each.line * 1e6 + each.column);
    expect(each.message).not.toBe('');
    expect(each.message).not.toMatch(/undefined|NaN|\[object/);
    if (each.file === before.file) {
      expect(each.line * 1e6 + each.column).toBeGreaterThanOrEqual(before.line * 1e6 + before.column);
    }
    before = each;
  }
  for (const name of formatNames) {
    expect(typeof (await formats[name](result, { color: false, width: 40, strict: true }))).toBe('string');
  }
  expect(JSON.parse(await formats.json(result, { color: false, width: 40, strict: false }))).toHaveProperty(
    'version',
    1,
  );
  expect(await formats.pretty(result, { color: true, width: 40, strict: false })).toMatch(/\n$/);
}

/** A storyboard with pieces of itself, or of others, put where they do not belong. */
const mutated = fc
  .record({
    text: fc.constantFrom(...storyboards),
    donor: fc.constantFrom(...storyboards),
    edits: fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        remove: fc.nat({ max: 40 }),
        from: fc.double({ min: 0, max: 1, noNaN: true }),
        take: fc.nat({ max: 60 }),
        insert: fc.constantFrom(
          '',
          '\n',
          ' ',
          '"',
          '[',
          '{',
          '&a ',
          '*a',
          ': ',
          '- ',
          '${',
          'null',
          '雨',
          '\t',
          '9e9',
          '-1',
          '# shotlist-disable-next-line url-insecure -- x\n',
          '# shotlist-disable-file ',
          ' -- ',
          '16:9',
          'Bearer 4f9d2c7b81e6a05398',
          'image: ',
          'promt: ',
          '\r\n',
        ),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map(({ text, donor, edits }) =>
    edits.reduce((now, { at, remove, from, take, insert }) => {
      const start = Math.floor(at * now.length);
      const source = Math.floor(from * donor.length);
      return now.slice(0, start) + insert + donor.slice(source, source + take) + now.slice(start + remove);
    }, text),
  );

describe('whatever a manifest holds', () => {
  it('gives findings or success, in place and in order, never an exception', async () => {
    await fc.assert(
      fc.asyncProperty(mutated, fc.boolean(), async (text, isFragment) =>
        expectSound(await lintBytes(text, isFragment)),
      ),
      { numRuns: 150 },
    );
  });

  it('of any characters gives findings or success', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), async (text) =>
        expectSound(await lintBytes(text)),
      ),
      { numRuns: 120 },
    );
  });

  it('of any bytes gives findings or success', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) =>
        expectSound(await lint(['-'], { cwd: '/nowhere', stdin: async () => bytes })),
      ),
      { numRuns: 80 },
    );
  });

  it('can be mended without an exception, and then needs no more of it', async () => {
    await fc.assert(
      fc.asyncProperty(mutated, async (text) => {
        const { files, result } = await fix(['-'], {
          cwd: '/nowhere',
          stdin: async () => new TextEncoder().encode(text),
        });
        await expectSound(result);
        const mended = files[0]?.after ?? text;
        expect((await lintBytes(mended)).diagnostics.filter(({ fixable }) => fixable)).toEqual([]);
      }),
      { numRuns: 80 },
    );
  });

  it('is judged in time that grows with its length, however many comments and secrets it holds', async () => {
    const heavy = [
      '# shotlist-disable-next-line url-insecure -- x\n'.repeat(40_000),
      `version: 1\n# ${'shotlist-disable-file '.repeat(40_000)}\n`,
      `version: 1\nproject: demo\nx-a: "${'-----BEGIN PRIVATE KEY-----'.repeat(20_000)}"\n`,
      `x-a: "${'api_key'.repeat(60_000)}"\n`,
      `x-a: "${'://a:'.repeat(60_000)}"\n`,
      `x-a: ${'1_'.repeat(200_000)}\n`,
    ];
    for (const text of heavy) {
      const started = performance.now();
      await lintBytes(text);
      expect(performance.now() - started, text.slice(0, 60)).toBeLessThan(8000);
    }
  });

  it('gives the same findings each time', async () => {
    await fc.assert(
      fc.asyncProperty(mutated, async (text) => {
        expect((await lintBytes(text)).diagnostics).toEqual((await lintBytes(text)).diagnostics);
      }),
      { numRuns: 25 },
    );
  });

  it('lets lines be taken out without an exception', async () => {
    for (const text of storyboards) {
      const lines = text.split('\n');
      for (let at = 0; at < lines.length; at += 3) {
        await expectSound(await lintBytes(lines.filter((_, index) => index !== at).join('\n')));
      }
    }
  });
});
