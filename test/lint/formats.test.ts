import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../src/core/diagnostic.ts';
import { formats } from '../../src/lint/formats/index.ts';
import { pretty } from '../../src/lint/formats/pretty.ts';
import { lintText, shots } from './linting.ts';

const plain = { color: false, width: 80, strict: false };

/** What `pretty` makes of one finding in a text: its lines. */
function framed(text: string, place: Partial<Diagnostic>, width = 80): readonly string[] {
  const diagnostic: Diagnostic = {
    rule: 'some-rule',
    severity: 'error',
    message: 'Something is wrong',
    help: null,
    file: 'a.yaml',
    line: 1,
    column: 1,
    endLine: place.line ?? 1,
    endColumn: 2,
    key: null,
    fixable: false,
    ...place,
  };
  return pretty(
    {
      diagnostics: [diagnostic],
      summary: { files: 1, shots: 0, requests: 0, errors: 1, warnings: 0 },
      sources: new Map([['a.yaml', text]]),
    },
    { color: false, width },
  ).split('\n');
}

/** Columns of a terminal that the caret line marks, relative to the line above: [start, end). */
function caretColumns(lines: readonly string[]): readonly [code: string, start: number, end: number] {
  const [code = '', mark = ''] = lines.slice(2, 4);
  const body = code.slice(code.indexOf('│') + 2);
  const carets = mark.slice(mark.indexOf('│') + 2);
  return [body, carets.indexOf('^'), carets.length];
}

/** The part of a text that takes these columns of a terminal. */
function columnsOf(text: string, start: number, end: number): string {
  let at = 0;
  let part = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (at >= start && at < end) part += segment;
    at += stringWidth(segment);
  }
  return part;
}

describe('the pretty format', () => {
  it('shows each finding with its line, a caret, the rule and what to do, and sums up', async () => {
    const text = shots(
      '  - id: one\n    model: videos_stable\n    duration: 5\n    ratio: "21:9"\n    prompt: Rain\n    first_image: https://x.example/a.png\n',
    );
    expect(pretty(await lintText(text), plain)).toBe(`\
error frame-pair  \`first_image\` is there without \`last_image\`
   a.yaml:4:5  one
 4 │   - id: one
   │     ^^^^^^^
   help: Add \`last_image\`, or move the image to \`referenceImages\`

error ratio-not-offered  \`videos_stable\` does not offer the ratio \`21:9\`
   a.yaml:7:12  one
 7 │     ratio: "21:9"
   │            ^^^^^^
   help: Use \`16:9\`, \`9:16\` or \`1:1\`, or the model \`videos\`, which offers it

2 errors in 1 file, 1 shot, 1 request. \`shotlist rules <id>\` explains a rule
`);
  });

  it('says so when there is nothing to say', async () => {
    const text = shots('  - { id: one, model: videos, duration: 5, prompt: Rain, takes: 2 }\n');
    expect(await formats.pretty(await lintText(text), plain)).toBe(
      'No problems in 1 file, 1 shot, 2 requests\n',
    );
  });

  it('uses color only when it is told to', async () => {
    const result = await lintText(shots('  - id: one\n'));
    const control = '\u001b[';
    expect(pretty(result, plain)).not.toContain(control);
    expect(pretty(result, { ...plain, color: true })).toContain(control);
  });

  it.each([
    ['wide characters before the mark', '提示：霓虹灯 "21:9"', '"21:9"'],
    ['wide characters in the mark', 'prompt: "霓虹"', '"霓虹"'],
    ['emoji of several code points before the mark', '👩‍👩‍👧‍👦 👍🏽 x', 'x'],
    ['letters with marks of their own', 'e\u0301te\u0301: x', 'x'],
    ['half-width kana', 'ｶﾅ: x', 'x'],
  ])('puts the caret under the exact token: %s', (_, line, token) => {
    const start = line.indexOf(token);
    const lines = framed(line, { column: start + 1, endColumn: start + token.length + 1 });
    const [code, from, to] = caretColumns(lines);
    expect(columnsOf(code, from, to)).toBe(token);
  });

  it('puts the caret under a whole character when the mark begins inside it', () => {
    const [code, from, to] = caretColumns(framed('a \u0301${x}', { column: 3, endColumn: 4 }));
    expect(columnsOf(code, from, to)).toBe(' \u0301');
  });

  it('puts the caret behind the line where something is missing at its end', () => {
    const [, from, to] = caretColumns(framed('prompt:', { column: 8, endColumn: 8 }));
    expect([from, to]).toEqual([7, 8]);
  });

  it('marks the rest of the first line of what goes on for several', () => {
    const [code, from, to] = caretColumns(
      framed('prompt: >-\n  Rain\n', { column: 9, endLine: 2, endColumn: 7 }),
    );
    expect(columnsOf(code, from, to)).toBe('>-');
  });

  it.each([20, 40, 80, 200])(
    'cuts a long line to a terminal of %d columns and keeps the mark in view',
    (width) => {
      const line = `${'雨'.repeat(300)}"21:9"${'x'.repeat(300)}`;
      const lines = framed(line, { column: 301, endColumn: 307 }, width);
      const [code, from, to] = caretColumns(lines);
      for (const each of lines.slice(2, 4))
        expect(stringWidth(each)).toBeLessThanOrEqual(Math.max(width, 25));
      expect(code.startsWith('…')).toBe(true);
      expect(code.endsWith('…')).toBe(true);
      expect(columnsOf(code, from, to)).toBe('"21:9"');
    },
  );

  it('is quick with a line of ten million characters', () => {
    const line = `${'雨'.repeat(5_000_000)}"21:9"${'👩‍👩‍👧‍👦'.repeat(500_000)}`;
    const started = performance.now();
    const [code, from, to] = caretColumns(framed(line, { column: 5_000_001, endColumn: 5_000_007 }));
    expect(columnsOf(code, from, to)).toBe('"21:9"');
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it('never lets a manifest steer the terminal', () => {
    const hostile = 'prompt: "\u001b]0;owned\u0007\u009b31m\u202egnp.exe"';
    const output = framed(hostile, {
      message: `bad \u001b[31m\u202e value`,
      help: 'try\u0007',
      file: 'a.yaml',
      key: 'k\u001b[2J',
      endColumn: 60,
    }).join('\n');
    expect(output.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
  });

  it('shows tabs as spaces and leaves carriage returns out', () => {
    const [code, from, to] = caretColumns(framed('a:\tb\r\nc', { column: 4, endColumn: 5 }));
    expect([code, from, to]).toEqual(['a:  b', 4, 5]);
  });

  it('shows no line where the file has none', () => {
    const lines = framed('', { help: 'Write something' });
    expect(lines.slice(0, 3)).toEqual([
      'error some-rule  Something is wrong',
      '   a.yaml:1:1',
      '   help: Write something',
    ]);
  });
});

describe('the json format', () => {
  it('is one document of the published shape', async () => {
    const text = shots('  - { id: one, model: videos, duration: 3, prompt: Rain }\n');
    expect(JSON.parse(await formats.json(await lintText(text), plain))).toEqual({
      version: 1,
      diagnostics: [
        {
          rule: 'duration-out-of-range',
          severity: 'error',
          message: 'A duration of 3 s is 1 s too short for `videos`, which makes 4 to 15 s',
          help: 'State `duration: 4` or more, in whole seconds',
          file: 'a.yaml',
          line: 4,
          column: 41,
          endLine: 4,
          endColumn: 42,
          key: 'one',
          fixable: false,
        },
      ],
      summary: { files: 1, shots: 1, requests: 1, errors: 1, warnings: 0 },
    });
  });

  it('ends its last line', async () => {
    expect(await formats.json(await lintText(shots('  - id: one\n')), plain)).toMatch(/\}\n$/);
  });
});
