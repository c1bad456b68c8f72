import { describe, expect, it } from 'vitest';
import type { Version } from '../../src/manifest/model.ts';
import { readRest, summary } from './workspace.ts';

const url = (name: string): string => `https://e.com/${name}`;

/** The only version of what `shot` says under the given defaults. */
async function version(shot: string, scene = '{}', manifest = '{}'): Promise<Version> {
  const { manifest: read, findings } = await readRest(
    `defaults: ${manifest}\nscenes:\n  - { id: s, defaults: ${scene}, shots: [{ id: a, ${shot} }] }\n`,
  );
  expect(findings).toEqual([]);
  const [only, ...others] = read.versions;
  expect(others).toEqual([]);
  if (only === undefined) throw new Error('there is no version');
  return only;
}

function values({ parameters }: Version): unknown {
  const entries = Object.entries(parameters).map(([name, { value }]) => [
    name,
    Array.isArray(value) ? value.map((item) => item.value) : value,
  ]);
  return Object.fromEntries(entries);
}

describe('a value is looked up nearest first', () => {
  it('variant, shot, scene defaults, manifest defaults', async () => {
    const read = await readRest(`
defaults: { model: m, duration: 1, ratio: m, resolution: m, tags: [m], prompt: m }
scenes:
  - id: s
    defaults: { duration: 2, ratio: s, tags: [s], prompt: s }
    shots:
      - id: a
        ratio: a
        takes: 2
        prompt: a
        variants:
          v: { prompt: v, takes: 3, tags: [v] }
          w:
`);
    expect(read.findings).toEqual([]);
    expect(read.manifest.versions.map((each) => [each.key, each.takes, each.tags, values(each)])).toEqual([
      ['s/a:v', 3, ['v'], { model: 'm', duration: 2, ratio: 'a', resolution: 'm', prompt: 'v' }],
      ['s/a:w', 2, ['s'], { model: 'm', duration: 2, ratio: 'a', resolution: 'm', prompt: 'a' }],
    ]);
  });

  it('and remembers where it was written', async () => {
    const { parameters } = await version('duration: 5', '{ ratio: "1:1" }', '{ model: m }');
    expect(parameters.model).toMatchObject({ level: 'manifest', origin: { path: ['defaults', 'model'] } });
    expect(parameters.ratio).toMatchObject({
      level: 'scene',
      origin: { path: ['scenes', 0, 'defaults', 'ratio'] },
      writtenAs: 'ratio',
    });
    expect(parameters.duration).toMatchObject({
      level: 'shot',
      origin: { path: ['scenes', 0, 'shots', 0, 'duration'] },
    });
    expect(parameters.duration?.stated).toBe(parameters.duration?.origin);
  });

  it('null takes away what would be inherited, and sends nothing', async () => {
    const read = await version(
      'first_image: null, referenceImages: null, ratio: null, resolution: null',
      '{}',
      `{ first_image: ${url('f')}, referenceImages: [${url('i')}], ratio: "1:1", resolution: 720p }`,
    );
    expect(values(read)).toEqual({});
  });

  it('an empty list replaces an inherited one, and is not sent', async () => {
    expect(values(await version('referenceImages: []', '{}', `{ referenceImages: [${url('i')}] }`))).toEqual(
      {},
    );
  });

  it('a list of media replaces the inherited one whole', async () => {
    const read = await version(
      `referenceImages: [${url('b')}]`,
      '{}',
      `{ referenceImages: [${url('a')}], referenceVideos: [${url('v')}] }`,
    );
    expect(values(read)).toEqual({ referenceImages: [url('b')], referenceVideos: [url('v')] });
  });

  it('extra counts as a whole', async () => {
    const read = await version('extra: { a: 1 }', '{ extra: { b: 2 } }', '{ extra: { c: 3 } }');
    expect(values(read)).toEqual({ extra: { a: 1 } });
  });
});

describe('the mode', () => {
  it.each([
    ['nothing', '', 'text'],
    ['a first image alone', `first_image: ${url('a')}`, 'frames'],
    ['the old spelling', `lastFrameImage: ${url('a')}`, 'frames'],
    ['a list of references', `referenceAudios: [${url('a')}]`, 'references'],
    ['an empty list', 'referenceImages: []', 'text'],
    ['frames and references', `first_image: ${url('a')}, referenceImages: [${url('b')}]`, 'frames'],
  ])('is inferred from %s', async (_, media, mode) => {
    const read = await version(`prompt: x, ${media}`);
    expect(read.mode).toBe(mode);
    expect(read.statedMode).toBeUndefined();
  });

  it('drops media of other modes that come from farther away than itself', async () => {
    const defaults = `{ first_image: ${url('f')}, last_image: ${url('l')}, referenceImages: [${url('i')}] }`;
    expect(values(await version('mode: text', '{}', defaults))).toEqual({});
    expect(values(await version('mode: frames', '{}', defaults))).toEqual({
      first_image: url('f'),
      last_image: url('l'),
    });
    expect(values(await version('mode: references', defaults))).toEqual({ referenceImages: [url('i')] });
  });

  it('keeps what stands at its own level or nearer, so that the contradiction can be judged', async () => {
    expect(values(await version(`mode: text, first_image: ${url('f')}`))).toEqual({ first_image: url('f') });
    const nearer = await version(`referenceImages: [${url('i')}]`, '{ mode: frames }');
    expect(values(nearer)).toEqual({ referenceImages: [url('i')] });
    expect(nearer).toMatchObject({ mode: 'frames', statedMode: { level: 'scene' } });
  });

  it('of a variant drops what the shot states', async () => {
    const { manifest } = await readRest(
      `shots:\n  - { id: a, first_image: ${url('f')}, variants: { v: { mode: text }, w: {} } }\n`,
    );
    expect(manifest.versions.map((each) => [each.mode, values(each)])).toEqual([
      ['text', {}],
      ['frames', { first_image: url('f') }],
    ]);
  });
});

describe('old spellings are the same parameters', () => {
  it('the nearest wins, whatever the spelling', async () => {
    const old = await version(`image: ${url('near')}`, `{ first_image: ${url('far')} }`);
    expect(old.parameters.first_image).toMatchObject({
      value: url('near'),
      writtenAs: 'image',
      level: 'shot',
    });
    const current = await version(`first_image: ${url('near')}`, `{ image: ${url('far')} }`);
    expect(current.parameters.first_image).toMatchObject({ value: url('near'), writtenAs: 'first_image' });
    expect(current.legacy).toMatchObject([{ writtenAs: 'image', name: 'first_image', value: url('far') }]);
    expect(current.legacy[0]?.beside).toBeUndefined();
  });

  it('null in either spelling takes away what is inherited in the other', async () => {
    const read = await version(
      'image: null, last_image: null',
      `{ first_image: ${url('f')}, lastFrameImage: ${url('l')} }`,
    );
    expect(values(read)).toEqual({});
  });

  it('side by side the new one is used, and both are told of', async () => {
    const read = await version(
      `image: ${url('old')}, first_image: ${url('new')}, lastFrameImage: ${url('l')}, last_image: ${url('l')}`,
    );
    expect(values(read)).toEqual({ first_image: url('new'), last_image: url('l') });
    expect(read.legacy).toMatchObject([
      { writtenAs: 'image', value: url('old'), beside: { value: url('new') } },
      { writtenAs: 'lastFrameImage', value: url('l'), beside: { value: url('l') } },
    ]);
  });
});

describe('takes, variants and skipped shots', () => {
  it('a variant can do everything differently but its id', async () => {
    const { requests, findings } = await readRest(`
shots:
  - id: a
    model: m
    prompt: x
    duration: 5
    takes: 2
    variants:
      Tall-1.b: { model: n, prompt: y, duration: 6, ratio: "9:16", takes: 1, tags: [t], extra: { k: 1 }, title: T, notes: N }
      plain: {}
`);
    expect(findings).toEqual([]);
    expect(requests.map(({ key, body }) => [key, body])).toEqual([
      ['a:Tall-1.b', { model: 'n', prompt: 'y', duration: 6, ratio: '9:16', k: 1 }],
      ['a:plain', { model: 'm', prompt: 'x', duration: 5 }],
      ['a:plain@2', { model: 'm', prompt: 'x', duration: 5 }],
    ]);
  });

  it('a skipped shot counts as written and is left out; its shape is still checked', async () => {
    const read = await readRest(
      'shots:\n  - { id: a, skip: true, duration: x }\n  - { id: b, variants: { v: { skip: true }, w: {} } }\n  - { id: c, skip: true, variants: { v: { skip: false }, w: {} } }\n',
    );
    expect(summary(read)).toEqual(['schema "x"']);
    expect(read.manifest.shots).toBe(3);
    expect(read.manifest.versions.map(({ key }) => key)).toEqual(['b:w', 'c:v']);
  });

  it('takes and variants that multiply beyond all measure are one finding', async () => {
    const variants = Array.from({ length: 1_100 }, (_, n) => `v${n}: {}`).join(', ');
    const read = await readRest(
      `shots:\n  - { id: a, takes: 99, variants: { ${variants} } }\n  - { id: b, takes: 99 }\n`,
    );
    expect(read.findings.map(({ rule, key }) => [rule, key])).toEqual([['too-many-requests', 'a:v1010']]);
    expect(read.manifest.versions).toHaveLength(1010);
  });

  it('so are the texts of all requests together', async () => {
    const read = await readRest(
      `shots:\n${Array.from({ length: 40 }, (_, n) => `  - { id: s${n}, promptFile: p.md, takes: 99 }\n`).join('')}`,
      { 'p.md': 'x'.repeat(100_000) },
    );
    expect(read.findings.map(({ rule, key }) => [rule, key])).toEqual([['text-too-long', 's27']]);
  });
});

describe('extra', () => {
  it('is sent as it is, after everything else, in the order in which it is written', async () => {
    const { requests } = await readRest(
      'shots:\n  - { id: a, extra: { z: null, b: [1, { c: 0.5 }], a: false }, prompt: x, duration: 5, model: m }\n',
    );
    expect(JSON.stringify(requests[0]?.body)).toBe(
      '{"model":"m","prompt":"x","duration":5,"z":null,"b":[1,{"c":0.5}],"a":false}',
    );
  });

  it.each([
    ['a parameter that has a key of its own', '{ ratio: "1:1" }', 'ratio'],
    ['an old spelling of one', '{ image: x }', 'image'],
    ['a number that JSON does not have', '{ deep: [{ a: .inf }] }', '.inf'],
    ['a number that would lose digits', '{ seed: 9007199254740993 }', '9007199254740993'],
  ])('cannot hold %s', async (_, extra, marked) => {
    const read = await readRest(`shots:\n  - { id: a, extra: ${extra} }\n`);
    expect(summary(read)).toEqual([`extra-parameter "${marked}"`]);
    expect([...(read.manifest.versions[0]?.broken ?? [])]).toEqual(['extra']);
  });
});
