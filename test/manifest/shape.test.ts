import { describe, expect, it } from 'vitest';
import { readFiles, readRest, summary } from './workspace.ts';

const shot = (keys: string): string => `shots:\n  - id: a\n    ${keys}\n`;

describe('a value of the wrong shape is one finding at the value, that says what to write', () => {
  it.each([
    [
      'duration: "5"',
      '"5"',
      '`duration` must be a whole number, not text',
      'Write duration: 5 without quotes',
    ],
    [
      'duration: 5s',
      '5s',
      '`duration` must be a whole number, not text',
      'Write the number alone: duration: 5',
    ],
    ['duration: 5.5', '5.5', '`duration` must be a whole number, not 5.5', 'Write duration: 6'],
    [
      'duration: five',
      'five',
      '`duration` must be a whole number, not text',
      'Write a number, for example duration: 5',
    ],
    ['duration: .nan', '.nan', '`duration` must be a whole number, not NaN', 'Write a number'],
    [
      'duration: "${vars.d}"',
      '"${vars.d}"',
      '`duration` must be a whole number, not text',
      'A reference makes text: write the number here, or under `defaults`',
    ],
    ['prompt: 2049', '2049', '`prompt` must be text, not a number', 'Put it in quotes: prompt: "2049"'],
    ['prompt: 007', '007', '`prompt` must be text, not a number', 'Put it in quotes: prompt: "007"'],
    [
      'prompt: true',
      'true',
      '`prompt` must be text, not a yes-or-no value',
      'Put it in quotes: prompt: "true"',
    ],
    ['prompt:', 'prompt', '`prompt` must be text, not empty', 'Write a value, or delete the key'],
    ['takes: 0', '0', '`takes` is `0`, but must be at least 1', 'Write a number from 1 to 99'],
    ['takes: 100', '100', '`takes` is `100`, but must be at most 99', 'Write a number from 1 to 99'],
    ['skip: "yes"', '"yes"', '`skip` must be true or false, not text', 'Write true or false, without quotes'],
    ['tags: hero', 'hero', '`tags` must be a list, not text', 'Write a list: tags: [hero]'],
    ['tags: [hero, 5]', '5', 'Item 2 of `tags` must be text, not a number', 'Put it in quotes: - "5"'],
    [
      'mode: frame',
      'frame',
      '`mode` must be one of `text`, `frames`, `references`, not `frame`',
      'Write `frames`',
    ],
    [
      'referenceImages: https://example.com/a.png',
      'https://example.com/a.png',
      '`referenceImages` must be a list, not text',
      'Write a list: referenceImages: [https://example.com/a.png]',
    ],
    [
      'variants: [tall]',
      '[tall]',
      '`variants` must be a map of keys and values, not a list',
      'Write `key: value` lines, indented below',
    ],
    ['variants: {}', '{}', '`variants` is empty', 'Add an entry, or delete the key'],
    [
      'extra: seed',
      'seed',
      '`extra` must be a map of keys and values, not text',
      'Write `key: value` lines, indented below',
    ],
  ])('%s', async (keys, marked, message, help) => {
    const read = await readRest(shot(keys));
    expect(read.findings).toHaveLength(1);
    expect(read.findings[0]).toMatchObject({
      rule: 'schema',
      severity: 'error',
      marked,
      message,
      help,
      key: 'a',
    });
  });

  it.each([
    ['version: 2\nproject: p\n', '2', '`version` must be `1`, not `2`'],
    ['version: "1"\nproject: p\n', '"1"', '`version` must be the number 1, and in quotes it is text'],
    ['version: 1\nproject: Neon Alley\n', 'Neon Alley', '`project` is `Neon Alley`, which does not fit'],
    ['version: 1\nproject: p\nrun: { rate: 30 }\n', '30', '`rate` must be text, not a number'],
    ['version: 1\nproject: p\nrun: { rate: 30/m }\n', '30/m', '`rate` is `30/m`, which does not fit'],
    ['version: 1\nproject: p\nbudget: { maxCost: -1 }\n', '-1', '`maxCost` is `-1`, but must be at least 0'],
    ['version: 1\nproject: p\nbudget: { prices: { m: free } }\n', 'free', '`m` must be a number, not text'],
    [
      'version: 1\nproject: p\nvars: { a: { b: c } }\n',
      '{ b: c }',
      '`a` must be text, a number, true or false or a list, not a map',
    ],
    ['version: 1\nproject: p\nvars: { "a b": c }\n', '"a b"', '`a b` cannot be a name here'],
    ['version: 1\nproject: p\nscenes: { id: a }\n', '{ id: a }', '`scenes` must be a list, not a map'],
    [
      'version: 1\nproject: p\nshots: [a]\n',
      'a',
      'Item 1 of `shots` must be a map of keys and values, not text',
    ],
    [
      'version: 1\nproject: p\nshots: [{ id: a, variants: { "a b": {} } }]\n',
      '"a b"',
      '`a b` cannot be a name here',
    ],
    ['version: 1\nproject: p\nshots: [{ id: a/b }]\n', 'a/b', '`id` is `a/b`, which does not fit'],
  ])('%j', async (text, marked, message) => {
    const read = await readFiles(text);
    expect(read.findings.map((finding) => [finding.rule, finding.marked, finding.message])).toEqual([
      ['schema', marked, message],
    ]);
  });

  it('marks the item that lacks something, to the end of its first line', async () => {
    const read = await readFiles(
      'version: 1 # the first\nshots:\n  - title: One # not the id\n    prompt: x\n  - { title: Two }\nscenes:\n  - title: S\n',
    );
    expect(summary(read)).toEqual([
      'schema "version: 1"',
      'schema "title: S"',
      'schema "title: One"',
      'schema "{ title: Two }"',
    ]);
    expect(read.findings[0]?.message).toBe('`project` is missing from the manifest');
    expect(read.findings[2]).toMatchObject({
      message: '`id` is missing from this shot',
      help: 'Write for example `id: sh0010`',
    });
  });
});

describe('an unknown key is marked at the key, with the nearest known name', () => {
  it.each([
    [shot('firstImage: x'), 'firstImage', 'Did you mean `first_image`?'],
    [shot('promt: x'), 'promt', 'Did you mean `prompt`?'],
    ['project_: p\n', 'project_', 'Did you mean `project`?'],
    ['model: m\n', 'model', 'Put `model` under `defaults`, for every shot that does not state its own'],
    [
      'scenes: [{ id: s, ratio: "1:1" }]\n',
      'ratio',
      'Put `ratio` under `defaults`, for every shot that does not state its own',
    ],
    ['defaults: { takes: 2 }\n', 'takes', '`takes` belongs to one shot and has no default'],
    [shot('variants: { tall: { variants: {} } }'), 'variants', 'A variant has no variants of its own'],
    [shot('variants: { tall: { id: b } }'), 'id', 'A variant is named by its key'],
    [
      'run: { parallel: 4 }\n',
      'parallel',
      'The keys here are `concurrency`, `rate`; keys of your own begin with `x-`',
    ],
  ])('%j', async (rest, marked, help) => {
    const { findings } = await readRest(rest);
    expect(findings.map((finding) => [finding.rule, finding.marked, finding.help])).toEqual([
      ['unknown-key', marked, help],
    ]);
  });

  it('says what a fragment cannot have', async () => {
    const { findings } = await readRest('include: [f.yaml]\n', {
      'f.yaml': 'version: 1\nvars: {}\nmodel: m\n',
    });
    expect(findings.map(({ file, marked, help }) => [file, marked, help])).toEqual([
      [
        'f.yaml',
        'version',
        'Only the manifest itself has `version`; a fragment has `vars`, `assets`, `include`, `scenes` and `shots`',
      ],
      ['f.yaml', 'model', 'Put `model` under `defaults` of a scene or of the manifest'],
    ]);
  });

  it('leaves keys that begin with x- alone, wherever a key can be unknown', async () => {
    const read = await readRest(
      'x-a: 1\ndefaults: { x-b: 2 }\nrun: { x-c: {} }\nbudget: { x-d: [] }\nscenes: [{ id: s, x-e: 1, shots: [{ id: a, x-f: "${nothing}", variants: { v: { x-g: 1 } } }] }]\n',
    );
    expect(read.findings).toEqual([]);
  });
});

describe('a mistake never hides the others', () => {
  it('other values of the shot and other shots are still resolved', async () => {
    const read = await readRest(
      'defaults: { model: m, duration: 5 }\nshots:\n  - { id: a, prompt: 5, ratio: "9:16", title: "${vars.x}" }\n  - 7\n  - { id: b, prompt: fine }\n  - { prompt: "${vars.y}" }\n',
    );
    expect(summary(read)).toEqual([
      'schema "5"',
      'schema "7"',
      'schema "{ prompt: "${vars.y}" }"',
      'unknown-reference "${vars.x}"',
      'unknown-reference "${vars.y}"',
    ]);
    expect(read.manifest.shots).toBe(4);
    expect(read.manifest.versions.map(({ key, broken }) => [key, [...broken]])).toEqual([
      ['a', ['prompt']],
      ['b', []],
      ['', ['prompt']],
    ]);
    expect(read.manifest.versions[0]?.parameters.ratio?.value).toBe('9:16');
    expect(read.requests.map(({ key }) => key)).toEqual(['b']);
  });

  it('a broken value counts as stated, and is not looked up farther away', async () => {
    const read = await readRest(
      'defaults: { model: m, duration: 5, mode: text, referenceImages: [https://e.com/a.png] }\nshots:\n  - { id: a, prompt: x, duration: 5s, mode: no, referenceImages: [5], first_image: 5 }\n',
    );
    expect(read.findings).toHaveLength(4);
    const version = read.manifest.versions[0];
    expect([...(version?.broken ?? [])].sort()).toEqual([
      'duration',
      'first_image',
      'mode',
      'referenceImages',
    ]);
    expect(version?.parameters.duration).toBeUndefined();
    expect(version?.parameters.referenceImages).toBeUndefined();
  });

  it('a name with a broken value is not unknown', async () => {
    const read = await readRest('vars: { look: {} }\nshots: [{ id: a, prompt: "${vars.look}" }]\n');
    expect(summary(read)).toEqual(['schema "{}"']);
    expect([...(read.manifest.versions[0]?.broken ?? [])]).toEqual(['prompt']);
  });
});
