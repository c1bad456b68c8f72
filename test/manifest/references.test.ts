import { describe, expect, it } from 'vitest';
import { readFiles, readRest, summary } from './workspace.ts';

/** The body's prompt of the only request. */
async function prompt(text: string, names = ''): Promise<unknown> {
  const { requests, findings } = await readRest(
    `${names}\nshots:\n  - { id: a, model: m, duration: 5, prompt: ${JSON.stringify(text)} }\n`,
  );
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  return requests[0]?.body['prompt'];
}

describe('references are replaced', () => {
  it.each([
    ['in a text', 'a ${vars.look}, b', 'a rain, b'],
    ['several times', '${vars.look} ${vars.look}', 'rain rain'],
    ['by numbers and truths as they are written in text', '${vars.n} ${vars.yes}', '3.5 true'],
    ['by assets', 'see ${assets.mika}', 'see https://e.com/m.png'],
    ['by names in any language', '${vars.角色}', '美嘉'],
    ['once: what they stand for is not read again', '${vars.nested}', '${vars.look}'],
    ['but not after a second dollar', '$${vars.look} and $${', '${vars.look} and ${'],
    ['after a literal dollar', '$$${vars.look}', '$${vars.look}'],
    ['and dollars elsewhere are left alone', '$5 {a} $vars.look $', '$5 {a} $vars.look $'],
  ])('%s', async (_, text, expected) => {
    const names =
      'vars: { look: rain, n: 3.5, yes: true, 角色: 美嘉, nested: "${vars.look}" }\nassets: { mika: https://e.com/m.png }';
    expect(await prompt(text, names)).toBe(expected);
  });

  it('in every string of a shot, its lists and extra included', async () => {
    const { requests, findings } = await readRest(`
vars: { m: model-1, r: "16:9", tag: hero, seed: 42, key: k }
shots:
  - id: a
    model: \${vars.m}
    duration: 5
    prompt: x
    ratio: \${vars.r}
    tags: ["\${vars.tag}", "a-\${vars.tag}"]
    extra: { seed: "\${vars.seed}", deep: [{ at: "<\${vars.m}>" }], "\${vars.key}": 1 }
`);
    expect(findings).toEqual([]);
    expect(requests[0]).toMatchObject({ model: 'model-1', tags: ['hero', 'a-hero'] });
    expect(requests[0]?.body).toEqual({
      model: 'model-1',
      prompt: 'x',
      duration: 5,
      ratio: '16:9',
      seed: '42',
      deep: [{ at: '<model-1>' }],
      '${vars.key}': 1,
    });
  });

  it('by the items of a list, where an item is exactly one reference to it', async () => {
    const { requests, findings } = await readRest(`
vars: { people: [https://e.com/1.png, https://e.com/2.png], none: [], words: [a, 7] }
assets: { plates: [https://e.com/p.mp4, https://e.com/q.mp4] }
shots:
  - id: a
    model: m
    duration: 5
    prompt: x
    referenceImages: [https://e.com/0.png, "\${vars.people}", https://e.com/3.png, "\${vars.none}"]
    referenceVideos: ["\${assets.plates}"]
    tags: ["\${vars.words}"]
    extra: { list: ["\${vars.words}", 1] }
`);
    expect(findings).toEqual([]);
    expect(requests[0]?.body).toMatchObject({
      referenceImages: [0, 1, 2, 3].map((n) => `https://e.com/${n}.png`),
      referenceVideos: ['https://e.com/p.mp4', 'https://e.com/q.mp4'],
      list: ['a', '7', 1],
    });
    expect(requests[0]?.tags).toEqual(['a', '7']);
  });

  it('from the environment never', async () => {
    const { findings } = await readRest('shots:\n  - { id: a, prompt: "${env.HOME} ${HOME}" }\n');
    expect(findings.map(({ marked, help }) => [marked, help])).toEqual([
      ['${env.HOME}', 'The environment is never read into a manifest: put the value under `vars`'],
      ['${HOME}', 'Write `${vars.NAME}` or `${assets.NAME}`, or `$${` for a literal `${`'],
    ]);
  });
});

describe('a reference that is wrong is marked at the token itself', () => {
  it.each([
    ['${vars.lok}', '${vars.lok}', '`${vars.lok}` is not defined', 'Did you mean `${vars.look}`?'],
    ['${vars.mika}', '${vars.mika}', '`${vars.mika}` is not defined', 'Did you mean `${assets.mika}`?'],
    [
      '${assets.zzzzzz}',
      '${assets.zzzzzz}',
      '`${assets.zzzzzz}` is not defined',
      'Define `zzzzzz` under `assets`, or write `$${` for a literal `${`',
    ],
    ['${look}', '${look}', '`${look}` is no reference that is known', 'Write `${vars.look}`'],
    [
      '${ vars.look }',
      '${ vars.look }',
      '`${ vars.look }` is no reference that is known',
      'Write `${vars.look}`',
    ],
    ['${var.look}', '${var.look}', '`${var.look}` is no reference that is known', 'Write `${vars.look}`'],
    [
      'a ${vars.look',
      '${vars.look',
      '`${` is never closed',
      'Write `${vars.NAME}` or `${assets.NAME}`, or `$${` for a literal `${`',
    ],
  ])('%s', async (text, marked, message, help) => {
    const { findings } = await readRest(
      `vars: { look: rain }\nassets: { mika: x }\nshots:\n  - { id: a, prompt: "before ${text}" }\n`,
    );
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      rule: 'unknown-reference',
      marked,
      message,
      help,
      key: 'a',
      line: 6,
    });
  });

  it.each([
    [
      'the second of two',
      'prompt: ok ${vars.look} ${vars.x} ${vars.x}',
      [
        [4, 29],
        [4, 39],
      ],
    ],
    ['after an escaped one', "prompt: '$${vars.x} ${vars.x}'", [[4, 25]]],
    ['in a block', 'prompt: |\n      one\n      two ${vars.x}', [[6, 11]]],
    ['in a folded block', 'prompt: >-\n      one\n      two ${vars.x}', [[6, 11]]],
    ['in double quotes with escapes before it', 'prompt: "\\"\\u00e9 ${vars.x}"', [[4, 23]]],
  ])('%s', async (_, key, places) => {
    const read = await readFiles(
      `version: 1\nproject: p\nshots:\n  - ${key}\n    id: a\nvars: { look: rain }\n`,
    );
    expect(read.findings.map(({ line, column }) => [line, column])).toEqual(places);
    expect(read.findings.every(({ marked }) => marked === '${vars.x}')).toBe(true);
  });

  it('a token that is written with escapes marks the whole value', async () => {
    expect(summary(await readRest('shots:\n  - { id: a, prompt: "\\x24{vars.x}" }\n'))).toEqual([
      'unknown-reference ""\\x24{vars.x}""',
    ]);
  });

  it('a list inside a text, or where one value belongs', async () => {
    const read = await readRest(
      'vars: { l: [a, b] }\nshots:\n  - { id: a, prompt: "x ${vars.l}", first_image: "${vars.l}", tags: ["t ${vars.l}"] }\n',
    );
    expect(summary(read)).toEqual([
      'list-reference "${vars.l}"',
      'list-reference "${vars.l}"',
      'list-reference "${vars.l}"',
    ]);
  });

  it('in titles, notes and tags too', async () => {
    const read = await readRest(
      'shots:\n  - { id: a, title: "${vars.a}", notes: "${vars.b}", tags: ["${vars.c}"], variants: { v: { notes: "${vars.d}" } } }\n',
    );
    expect(read.findings.map(({ marked, key }) => [marked, key])).toEqual([
      ['${vars.a}', 'a'],
      ['${vars.b}', 'a'],
      ['${vars.c}', 'a'],
      ['${vars.d}', 'a:v'],
    ]);
  });

  it('in defaults once, however many shots inherit it', async () => {
    const shots = Array.from({ length: 20 }, (_, n) => `  - { id: s${n} }`).join('\n');
    const read = await readRest(
      `defaults: { prompt: "\${vars.x}", extra: { a: "\${vars.y}" } }\nshots:\n${shots}\n`,
    );
    expect(read.findings.map(({ marked, key, line }) => [marked, key, line])).toEqual([
      ['${vars.x}', null, 3],
      ['${vars.y}', null, 3],
    ]);
    expect(read.manifest.versions.every(({ broken }) => broken.has('prompt') && broken.has('extra'))).toBe(
      true,
    );
  });

  it('not in a shot that is skipped', async () => {
    expect(summary(await readRest('shots:\n  - { id: a, skip: true, prompt: "${vars.x}" }\n'))).toEqual([]);
  });

  it('not where the file that may define it could not be read', async () => {
    const read = await readRest('include: [gone.yaml]\nshots:\n  - { id: a, prompt: "${vars.x}" }\n');
    expect(summary(read)).toEqual(['unreadable-file "gone.yaml"']);
  });

  it('a reference inside a value of vars is a warning: it is sent as it stands', async () => {
    const { findings } = await readRest('vars: { a: "x ${vars.b}", b: [y, "${assets.c}"], c: "${d}" }\n');
    expect(findings.map(({ rule, severity, marked }) => [rule, severity, marked])).toEqual([
      ['nested-reference', 'warning', '${vars.b}'],
      ['nested-reference', 'warning', '${assets.c}'],
    ]);
  });
});

describe('a media URL that is exactly one reference is known by where it is defined', () => {
  it('so that one bad asset is one finding, however many shots use it', async () => {
    const { manifest } = await readRest(`
assets: { a: bad-a, list: [bad-b, bad-c] }
vars: { v: bad-d }
shots:
  - id: a
    first_image: \${assets.a}
    image: x-\${assets.a}
    referenceImages: ["\${assets.a}", "\${assets.list}", "\${vars.v}", plain, "x-\${vars.v}"]
`);
    const { first_image, referenceImages } = manifest.versions[0]?.parameters ?? {};
    expect(first_image).toMatchObject({
      value: 'bad-a',
      origin: { path: ['assets', 'a'] },
      stated: { path: ['shots', 0, 'first_image'] },
      level: 'shot',
    });
    expect(
      referenceImages?.value.map(({ value, origin, stated }) => [value, origin.path, stated.path.at(-1)]),
    ).toEqual([
      ['bad-a', ['assets', 'a'], 0],
      ['bad-b', ['assets', 'list', 0], 1],
      ['bad-c', ['assets', 'list', 1], 1],
      ['bad-d', ['vars', 'v'], 2],
      ['plain', ['shots', 0, 'referenceImages', 3], 3],
      ['x-bad-d', ['shots', 0, 'referenceImages', 4], 4],
    ]);
    expect(manifest.assets.get('list')?.map(({ value }) => value)).toEqual(['bad-b', 'bad-c']);
  });
});
