import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../src/core/diagnostic.ts';
import { fix } from '../../src/lint/fix.ts';
import { lint } from '../../src/lint/lint.ts';
import { lintText, shots, told } from './linting.ts';

const cwd = fileURLToPath(new URL('../fixtures/field', import.meta.url));

/** What is found in a file that somebody wrote, as `rule line:column key`. */
async function found(file: string): Promise<readonly string[]> {
  return (await lint([file], { cwd })).diagnostics.map(placed);
}

function placed({ rule, line, column, key }: Diagnostic): string {
  return `${rule} ${line}:${column}${key === null ? '' : ` ${key}`}`;
}

describe('what stands where nobody sees it is found where it stands', () => {
  it('an empty item of a list at its dash', async () => {
    expect(await found('empty-list-item-at-1-1/m.yaml')).toEqual([
      'schema 9:7 a',
      'schema 12:7 a',
      'schema 13:3',
    ]);
    expect(await found('empty-list-item-at-1-1/n.yaml')).toEqual([
      'schema 4:3',
      'unused-var 6:3',
      'schema 8:5',
      'schema 10:3',
    ]);
  });

  it('a control character that an escape makes', async () => {
    expect(await found('escaped-control-characters/m.yaml')).toEqual(['encoding 6:13', 'encoding 8:13']);
    const { diagnostics } = await lintText(
      shots('  - { id: a, model: videos, duration: 5, prompt: "C:\\rain\\new" }\n'),
    );
    expect(diagnostics[0]?.message).toContain('U+000D');
    expect(
      (
        await lintText(
          shots('  - { id: a, model: videos, duration: 5, prompt: "Rain\\tat\\nnight\\r\\n" }\n'),
        )
      ).diagnostics,
    ).toEqual([]);
  });

  it.each([
    ['nbsp', 'yaml-syntax 6:1', 'U+00A0'],
    ['nbsp3', 'yaml-syntax 6:12', 'U+00A0'],
    ['fwcolon', 'yaml-syntax 6:11', 'U+FF1A'],
    ['q', 'yaml-syntax 6:13', '`? `'],
    ['bar', 'yaml-syntax 6:15', '`|`'],
  ])('%s', async (name, place, word) => {
    const { diagnostics } = await lint([`invisible-and-wide-characters/${name}.yaml`], { cwd });
    expect(diagnostics.map((each) => placed({ ...each, key: null }))).toEqual([place]);
    expect(diagnostics[0]?.message).toContain(word);
  });

  it('a tag where it is written, a merge key without a false duplicate', async () => {
    expect(await found('invisible-and-wide-characters/tag.yaml')).toEqual([
      'unsupported-yaml 6:13',
      'unsupported-yaml 10:13',
    ]);
    expect(await found('invisible-and-wide-characters/merge.yaml')).toEqual([
      'unsupported-yaml 10:5',
      'unsupported-yaml 11:5',
      'unsupported-yaml 14:5',
    ]);
  });

  it.each([
    [
      'an ideographic space as indentation',
      shots('  - id: a\n\u3000\u3000prompt: Rain\n    model: videos\n    duration: 5\n'),
      'U+3000',
    ],
    [
      'a byte-order mark amid a file',
      shots('  - id: a\n    prompt: Rain\n    model: videos\n\ufeff   duration: 5\n'),
      'U+FEFF',
    ],
    [
      'a no-break space behind a dash',
      shots('  -\u00a0id: a\n    prompt: Rain\n    model: videos\n    duration: 5\n'),
      'U+00A0',
    ],
    [
      'an ideographic space behind a colon',
      shots('  - id: a\n    prompt: Rain\n    model:\u3000videos\n    duration: 5\n'),
      'U+3000',
    ],
    [
      'a full-width colon inside braces',
      shots('  - { id: a, model: videos, duration: 5, prompt：Rain }\n'),
      'U+FF1A',
    ],
    ['a full-width digit', shots('  - { id: a, model: videos, duration: "５", prompt: Rain }\n'), 'U+FF15'],
  ])('%s', async (_, text, point) => {
    const { diagnostics } = await lintText(text);
    expect(diagnostics).toHaveLength(1);
    expect(`${diagnostics[0]?.message} ${diagnostics[0]?.help}`).toContain(point);
  });
});

describe('a mistake of the hand in YAML', () => {
  it.each([
    [
      'a reference without quotes in a list',
      shots(
        '  - { id: a, model: videos, duration: 5, prompt: Rain, referenceImages: [${assets.lin}] }\n',
        'assets: { lin: https://a.example.com/l.png }\n',
      ),
      'yaml-syntax: ${assets.lin}',
    ],
    [
      'a dash without its space',
      shots(
        '  - id: a\n    model: videos\n    duration: 5\n    prompt: Rain\n    referenceImages:\n      - https://a.example.com/1.png\n      -https://a.example.com/2.png\n',
      ),
      'yaml-syntax: -',
    ],
    [
      'a text that is not indented below its bar',
      shots('  - id: a\n    prompt: |\n    Rain at night\n    model: videos\n    duration: 5\n'),
      'yaml-syntax: Rain at night',
    ],
    [
      'a missing dash before an id',
      shots(
        '  - id: a\n    model: videos\n    duration: 5\n    prompt: Rain\n    id: b\n    model: videos\n    prompt: Snow\n',
      ),
      'duplicate-key: id',
    ],
    [
      'a curly quote before a text with a colon',
      shots('  - id: a\n    model: videos\n    duration: 5\n    prompt: “Rain: at night”\n'),
      'yaml-syntax: “Rain: at night”',
    ],
  ])('is one finding with what to do: %s', async (_, text, expected) => {
    const result = await lintText(text);
    expect(told(result)).toEqual([expected]);
  });

  it('is mended where there is one right answer', async () => {
    const text = shots(
      '  - { id: a, model: videos, duration: 5, prompt: Rain, referenceImages: [${assets.lin}] }\n  - id: b\n    model:\u00a0videos\n    duration: 5\n    aspect_ratio: "9:16"\n    prompt：Snow\n',
      'assets: { lin: https://a.example.com/l.png }\n',
    );
    const stdin = async () => new TextEncoder().encode(text);
    const { result, files } = await fix(['-'], { cwd, stdin });
    expect(result.diagnostics).toEqual([]);
    expect(files[0]?.after).toContain('["${assets.lin}"]');
    expect(files[0]?.after).toContain(
      '    model: videos\n    duration: 5\n    ratio: "9:16"\n    prompt: Snow\n',
    );
  });

  it('in one shot leaves the others judged', async () => {
    const text = shots(
      '  - id: a\n    prompt: Rain: at night\n\n  # The second one.\n  - id: b\n    prompt: Snow\n    model: videos\n    duration: 50\n  - { id: c, prompt: Bib #42 wins, duration: 6 }\n  - id: d\n    prompt: Fog\n    model: vidoes\n    duration: 5\n',
    );
    expect(told(await lintText(text))).toEqual([
      'yaml-syntax: Rain: at night',
      'duration-out-of-range: 50',
      'yaml-syntax: #42',
      'unknown-model: vidoes',
    ]);
  });

  it('that breaks more than a shot leaves nothing to be judged', async () => {
    const { diagnostics } = await lintText(
      'version: 1\nproject: p\ntitle: a: b\nshots:\n  - id: a\n    prompt: x: y\n',
    );
    expect(diagnostics.map(({ rule, line }) => `${rule} ${line}`)).toEqual(['yaml-syntax 3']);
  });
});

describe('a key of another tool', () => {
  it.each([
    ['aspect_ratio: "9:16"', '`ratio`'],
    ['seconds: 6', '`duration`'],
    ['image_url: https://a.example.com/x.png', '`first_image`'],
    ['seed: 4', '`extra`'],
    ['glorp: 4', '`extra`'],
    ['resolution: 720', '"720p"'],
  ])('%s', async (line, help) => {
    const { diagnostics } = await lintText(
      shots(
        `  - id: a\n    prompt: Rain\n    model: videos\n${line.startsWith('seconds') ? '' : '    duration: 5\n'}    ${line}\n`,
      ),
    );
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]?.help).toContain(help);
    expect(diagnostics[0]?.help?.length).toBeLessThan(160);
  });

  it('a duration in the words of a clock is told in seconds', async () => {
    const { diagnostics } = await lint(['duration-help/m.yaml'], { cwd });
    expect(diagnostics.map(({ help }) => help)).toEqual([
      'Write seconds: duration: 5',
      'Write seconds: duration: 90',
      'Write one whole number, not a range',
    ]);
  });
});

describe('one mistake through an alias', () => {
  it('is one finding that names the first and counts the others', async () => {
    const { diagnostics } = await lint(['alias-repeats-findings/m.yaml'], { cwd });
    expect(diagnostics.map(({ rule, key }) => [rule, key])).toEqual([
      ['media-url', null],
      ['media-url', null],
    ]);
    for (const { message } of diagnostics) expect(message).toMatch(/ \(a and 2 more\)$/);
    expect(await found('alias-repeats-findings/d.yaml')).toEqual([
      'duration-out-of-range 3:48',
      'duplicate-request 12:9 s2/a',
    ]);
  });
});
