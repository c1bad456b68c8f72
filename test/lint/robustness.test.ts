import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formats } from '../../src/lint/formats/index.ts';
import type { LintResult } from '../../src/lint/lint.ts';
import { lint } from '../../src/lint/lint.ts';

const folder = new URL('../fixtures/lint/', import.meta.url);
const storyboards = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml') && name !== 'prompt-too-long.yaml')
  .map((name) => readFileSync(new URL(name, folder), 'utf8'));

const lintBytes = (text: string): Promise<LintResult> =>
  lint(['-'], { cwd: '/nowhere', stdin: async () => new TextEncoder().encode(text) });

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
      fc.asyncProperty(mutated, async (text) => expectSound(await lintBytes(text))),
      { numRuns: 400 },
    );
  });

  it('gives the same findings each time', async () => {
    await fc.assert(
      fc.asyncProperty(mutated, async (text) => {
        expect((await lintBytes(text)).diagnostics).toEqual((await lintBytes(text)).diagnostics);
      }),
      { numRuns: 50 },
    );
  });

  it('lets lines be taken out without an exception', async () => {
    for (const text of storyboards) {
      const lines = text.split('\n');
      for (let at = 0; at < lines.length; at += 3) {
        expectSound(await lintBytes(lines.filter((_, index) => index !== at).join('\n')));
      }
    }
  });
});
