import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
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

  it('that breaks more than a shot leaves the rest to be judged', async () => {
    const { diagnostics } = await lintText(
      'version: 1\nproject: p\ntitle: a: b\nshots:\n  - id: a\n    prompt: x: y\n',
    );
    expect(diagnostics.map(({ rule, line }) => `${rule} ${line}`)).toEqual([
      'yaml-syntax 3',
      'yaml-syntax 6',
    ]);
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
      ['missing-media-file', null],
    ]);
    for (const { message } of diagnostics) expect(message).toMatch(/ \(a and 2 more\)$/);
    expect(await found('alias-repeats-findings/d.yaml')).toEqual([
      'duration-out-of-range 3:48',
      'duplicate-request 12:9 s2/a',
    ]);
  });
});

describe('what would be sent is what was written', () => {
  const prompt = async (text: string, more = ''): Promise<readonly string[]> =>
    told(
      await lintText(
        shots(
          `  - id: a\n    model: videos\n    duration: 5\n    prompt: ${text}\n${more}`,
          'vars: { look: noir }\n',
        ),
      ),
    ).filter((each) => !each.startsWith('unused-var'));

  it('a ` #` that cuts a text is found in prompts, titles, notes, tags and vars', async () => {
    expect(await found('hash-cuts-prompt/m.yaml')).toEqual(['comment-in-text 6:43', 'comment-in-text 8:20']);
    const text = shots(
      '  - id: a\n    model: videos\n    duration: 5\n    title: Take #2\n    notes: see #hero\n    tags:\n      - day #1\n    prompt: >-\n      block #3\n  - id: b\n    model: videos\n    duration: 5\n    prompt: a text of\n      two lines 雨 #夜景\n',
      'vars:\n  look: noir "x" #7\n',
    );
    const result = await lintText(text);
    expect(told(result).filter((each) => !each.startsWith('unused'))).toEqual([
      'comment-in-text: #7',
      'comment-in-text: #2',
      'comment-in-text: #hero',
      'comment-in-text: #1',
      'comment-in-text: #夜景',
    ]);
    const { files } = await fix(['-'], { cwd, stdin: async () => new TextEncoder().encode(text) });
    expect(files[0]?.after).toContain(
      'title: "Take #2"\n    notes: "see #hero"\n    tags:\n      - "day #1"\n',
    );
    expect(files[0]?.after).toContain('look: noir "x" #7');
  });

  it.each([
    'duration: 5 # seconds',
    'model: videos #fast',
    'prompt: Rain at night # to end after a space',
    'prompt: Rain at night #todo shorten',
    'prompt: Rain at night ## draft',
    'prompt: "Rain" #hero',
    'ratio: "16:9" #wide',
    'referenceImages: [https://a.example.com/l.png] #lin',
  ])('a comment is a comment: %s', async (line) => {
    const key = line.split(':')[0];
    const usual = ['model: videos', 'duration: 5', 'prompt: Rain at night'].filter(
      (each) => !each.startsWith(`${key}:`),
    );
    const { diagnostics } = await lintText(shots(`  - id: a\n    ${[...usual, line].join('\n    ')}\n`));
    expect(diagnostics).toEqual([]);
  });

  it('a text that begins with a `#` is told as one', async () => {
    const { diagnostics } = await lintText(
      shots('  - id: a\n    model: videos\n    duration: 5\n    prompt: #hero runs\n'),
    );
    expect(diagnostics.map(({ help }) => help)).toEqual([expect.stringContaining('`#`')]);
  });

  it.each([
    '$｛vars.look｝',
    '＄{vars.look}',
    '$vars.look',
    '$(vars.look)',
    '{vars.look}',
    '{{vars.look}}',
    '{ vars.look }',
  ])('%s is no reference', async (token) => {
    expect(await prompt(`"rain ${token} at night"`)).toEqual([`reference-look-alike: ${token}`]);
  });

  it('a reference in two braces is an error that says how it is written', async () => {
    const { diagnostics } = await lintText(
      shots(
        '  - { id: a, model: videos, duration: 5, prompt: "${{vars.look}} rain" }\n',
        'vars: { look: noir }\n',
      ),
    );
    expect(diagnostics.map(({ rule, help }) => [rule, help])).toEqual([
      ['unknown-reference', 'Write `${vars.look}`'],
    ]);
  });

  it('placeholders of people and programs', async () => {
    const { diagnostics } = await lint(['placeholders-not-seen/m.yaml'], { cwd });
    const keys = diagnostics.filter(({ rule }) => rule === 'prompt-placeholder').map(({ key }) => key);
    const clean = ['p17', 'p27', 'p29', 'p30'];
    expect(keys).toEqual(
      Array.from({ length: 38 }, (_, n) => `p${n + 1}`).filter((key) => !clean.includes(key)),
    );
  });

  it('front matter and comments of a prompt file', async () => {
    const { diagnostics } = await lint(['prompt-file-front-matter/m.yaml'], { cwd });
    expect(diagnostics.map(({ rule, file, line }) => [rule, file, line])).toEqual([
      ['prompt-markup', 'prompt-file-front-matter/p.md', 1],
      ['prompt-markup', 'prompt-file-front-matter/p.md', 7],
    ]);
  });

  it.each([
    ['cafÃ© at night', ['decoded-twice: Ã©']],
    ['å¤œæ™¯', ['decoded-twice: å¤œæ™¯']],
    ['ï»¿Rain', ['decoded-twice: ï»¿']],
    ['itâ€™s raining', ['decoded-twice: â€™']],
    ['ðŸŒ§ rain', ['decoded-twice: ðŸŒ§']],
    ['«CAFÉ», à Paris… «Où êtes-vous ?» MANHÃ… São João, Ärger, žluťoučký kůň, ÂNGELO', []],
    ['Ça va ? Œuvre à œil ouvert, 5€, “quoted” – naïve', []],
  ])('letters that came apart: %s', async (text, expected) => {
    expect(await prompt(text)).toEqual(expected);
  });

  const two = '    referenceImages: [https://a.example.com/1.png, https://a.example.com/2.png]\n';
  it.each([
    ['"@Image3 walks"', two, ['prompt-reference: @Image3']],
    ['"@图片3 在雨中"', two, ['prompt-reference: @图片3']],
    ['图2 站在雨中', '', ['prompt-reference: 图2']],
    ['人物参考图三', two, ['prompt-reference: 图三']],
    ['将图三的人物放入场景', two, ['prompt-reference: 图三']],
    ['the woman of image 3', two, ['prompt-reference: image 3']],
    ['"@Image1 and @Image2, 图1和图2, @图片2, image 2"', two, []],
    ['the second of image 3', '', []],
    ['地图3 上的城市，墙上有图2张', '', []],
    ['a video 16:9, image 35mm, 视频2倍速', two, []],
  ])('references by position: %s', async (text, more, expected) => {
    expect(await prompt(text, more)).toEqual(expected);
  });

  it.each([
    ['Rain at night --ar 9:16', ['prompt-ratio: --ar 9:16']],
    ['Rain at night --ar 16:9', []],
    ['Rain, aspect ratio 9:16', ['prompt-ratio: aspect ratio 9:16']],
    ['雨夜，9:16竖屏', ['prompt-ratio: 9:16竖屏']],
    ['A clock shows 9:16, models on a scale of 1:1', []],
    ['Rain at night, 10 seconds', ['prompt-duration: 10 seconds']],
    ['A 10-second video of rain', ['prompt-duration: 10-second video']],
    ['雨夜，时长10秒', ['prompt-duration: 时长10秒']],
    ['Rain at night, 5 seconds', []],
    ['She waits for 10 seconds and turns', ['prompt-duration: 10 seconds']],
    ['She waits for 2 seconds and turns', []],
    ['Retro, 90s, VHS; in her 20s; 10 seconds later', []],
    ['A countdown clock runs for 10 seconds', []],
    ['Rain at night, 4K', ['prompt-resolution: 4K']],
    ['雨夜，4K超清', ['prompt-resolution: 4K']],
    ['Rain, 1080p, sharp', ['prompt-resolution: 1080p']],
    ['Rain, 720p', []],
    ['A 4K television shows rain, $4K in cash, a 5K run, high resolution', []],
  ])('parameters in words: %s', async (text, expected) => {
    expect(await prompt(`'${text}'`)).toEqual(expected);
  });

  it('signs of another keyboard in URLs, ratios and tags', async () => {
    const result = await lintText(
      shots(
        '  - { id: a, model: videos, duration: 5, prompt: Rain, referenceImages: [https://a.example.com/1.png，https://a.example.com/2.png] }\n  - { id: b, model: videos, duration: 5, prompt: Fog, ratio: 16：9 }\n  - { id: c, model: videos, duration: 5, prompt: Snow, ratio: “16:9”, tags: [雨，夜] }\n  - { id: d, model: videos, duration: 5, prompt: Sun, referenceImages: ["https://a.example.com/角色-正面.png"] }\n',
      ),
    );
    expect(result.diagnostics.map(({ rule, message }) => [rule, /U\+[\dA-F]{4}/.exec(message)?.[0]])).toEqual(
      [
        ['media-url', 'U+FF0C'],
        ['ratio-not-offered', 'U+FF1A'],
        ['ratio-not-offered', 'U+201C'],
        ['list-separator', 'U+FF0C'],
      ],
    );
  });

  it('each warning can be suppressed', async () => {
    const text = shots(
      '  - id: a\n    model: videos\n    duration: 5\n    # shotlist-disable-next-line prompt-resolution, prompt-duration -- style words\n    prompt: Rain, 4K, 10 seconds\n',
    );
    expect((await lintText(text)).diagnostics).toEqual([]);
  });
});

describe('the same missing value in many shots', () => {
  const many = (n: number, defaults = 'defaults: { model: videos }\n'): string =>
    shots(Array.from({ length: n }, (_, k) => `  - { id: s${k}, prompt: Rain ${k} }\n`).join(''), defaults);

  it('is one finding with a count and the line that mends all', async () => {
    const { diagnostics } = await lintText(many(39));
    expect(diagnostics.map(({ rule, message, help }) => [rule, message, help])).toEqual([
      [
        'required-parameter',
        '39 shots have no `duration` (s0 and 38 more)',
        'One line mends all: `duration: 5` under `defaults` of the manifest, in a.yaml, line 3',
      ],
    ]);
  });

  it('names the scene where it alone lacks the value', async () => {
    const text = `version: 1\nproject: p\nscenes:\n  - id: s1\n    defaults: { model: videos, duration: 5 }\n    shots: [{ id: a, prompt: Rain }]\n  - id: s2\n    defaults: { duration: 5 }\n    shots: [{ id: a, prompt: Fog }, { id: b, prompt: Sun }]\n`;
    const { diagnostics } = await lintText(text);
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]?.help).toContain('of the scene `s2`, in a.yaml, line 8');
  });

  it('of one shot stays a finding of the shot', async () => {
    const { diagnostics } = await lintText(many(1));
    expect(diagnostics.map(({ message, key }) => [message, key])).toEqual([
      ['The shot has no `duration`', 's0'],
    ]);
  });
});

describe('real prompts', () => {
  const data = fileURLToPath(new URL('../../../shared/data', import.meta.url));

  it.skipIf(!existsSync(data))('give no finding at any length of clip', async () => {
    const chinese = readFileSync(path.join(data, 'vbench-prompts-zh.txt'), 'utf8')
      .split('\n')
      .filter(Boolean);
    const english = readFileSync(path.join(data, 'vbench2-prompts.jsonl'), 'utf8')
      .split('\n')
      .filter(Boolean)
      .flatMap((line) => Object.values(JSON.parse(line) as Record<string, unknown>))
      .filter((value): value is string => typeof value === 'string' && value.length > 20);
    const prompts = [...new Set([...chinese, ...english].map((each) => each.trimEnd()))];
    expect(prompts.length).toBeGreaterThan(1_500);
    for (const duration of [4, 5, 15]) {
      const all = prompts.map((each, n) => `  - id: s${n}\n    prompt: ${JSON.stringify(each)}\n`);
      const text = shots(all.join(''), `defaults: { model: videos, duration: ${duration} }\n`);
      const result = await lint(['-'], { cwd, stdin: async () => new TextEncoder().encode(text) });
      expect(told(result)).toEqual([]);
    }
  });
});
