import { describe, expect, it } from 'vitest';
import schema from '../../schemas/manifest.schema.json' with { type: 'json' };
import { lint } from '../../src/lint/lint.ts';

/** Everything that a manifest can say, at every level. */
const whole = {
  version: 1,
  project: 'demo',
  title: 'Demo',
  vars: { look: 'rain', list: ['a', 'b'] },
  assets: { mika: 'https://cdn.example.com/mika.png', all: ['https://cdn.example.com/a.png'] },
  defaults: { model: 'videos', duration: 5, ratio: '16:9', tags: ['day'], extra: { seed: 4 } },
  run: { concurrency: 4, rate: '30/min' },
  budget: { currency: 'CNY', prices: { videos: 7 }, maxCost: 200, maxRequests: 60 },
  scenes: [
    {
      id: 'sc010',
      title: 'Roof',
      defaults: { model: 'videos_stable', resolution: '720p' },
      shots: [
        { id: 'sh0010', prompt: 'Rain, ${vars.look}', notes: 'x', title: 'y', takes: 2, skip: false },
        {
          id: 'sh0020',
          prompt: 'Fog',
          mode: 'references',
          referenceImages: ['${assets.mika}'],
          referenceVideos: ['https://cdn.example.com/a.mp4'],
          referenceAudios: ['https://cdn.example.com/a.mp3'],
          variants: { tall: { ratio: '9:16' }, wide: {} },
        },
      ],
    },
  ],
  shots: [
    {
      id: 'sh0030',
      prompt: 'Snow',
      first_image: 'https://cdn.example.com/a.png',
      last_image: 'https://cdn.example.com/b.png',
    },
    { id: 'sh0040', promptFile: 'p.md', image: 'https://cdn.example.com/a.png', lastFrameImage: null },
  ],
};

const wrong: readonly unknown[] = [null, true, 5, -1.5, 'x', [5], [{ y: 1 }], { x: 1 }];

type Step = string | number;

/** Where the maps of each kind stand. */
const places: readonly (readonly Step[])[] = [
  [],
  ['vars'],
  ['defaults'],
  ['run'],
  ['budget'],
  ['scenes', 0],
  ['scenes', 0, 'defaults'],
  ['scenes', 0, 'shots', 0],
  ['scenes', 0, 'shots', 1, 'variants', 'tall'],
];

function withValue(path: readonly Step[], key: Step, value: unknown): unknown {
  const copy: unknown = structuredClone(whole);
  const holder = path.reduce<unknown>((at, step) => (at as Record<Step, unknown>)[step], copy);
  (holder as Record<Step, unknown>)[key] = value;
  return copy;
}

/** Every key that the schema knows, wherever it stands. */
const keys: readonly string[] = [
  ...new Set(
    [...JSON.stringify(schema).matchAll(/"([A-Za-z_]\w*)":\{"(?:description|\$ref|title|type)"/g)].map(
      ([, key = '']) => key,
    ),
  ),
];

async function lintWhole(manifest: unknown): Promise<void> {
  const text = JSON.stringify(manifest);
  const read = async () => new TextEncoder().encode(text);
  const { manifests } = await lint(['-'], {
    cwd: '/nowhere',
    stdin: read,
    readFile: async () => ({ bytes: new TextEncoder().encode('Rain'), identity: 'p' }),
  });
  for (const { requests } of manifests)
    for (const { fingerprint } of requests) expect(fingerprint).toMatch(/^sha256:/);
}

/**
 * Gives every key of the schema every wrong type, at every level, and lints what comes out.
 *
 * @param stride takes every nth combination: 1 takes all.
 */
export function describeWrongTypes(stride: number): void {
  describe('whatever type a value has, lint says what is wrong and goes on', () => {
    it('knows the keys of the schema', () => {
      expect(keys).toEqual(
        expect.arrayContaining(['project', 'notes', 'variants', 'maxCost', 'concurrency']),
      );
    });

    it.each(places.map((path) => [path.join('.') || 'the manifest', path] as const))(
      'in %s',
      async (_, path) => {
        const all = keys.flatMap((key) => wrong.map((value) => ({ key, value })));
        // The prime spreads a stride over keys and values alike.
        const some = all.filter((_each, index) => (index * 7) % stride === 0);
        for (const { key, value } of some) await lintWhole(withValue(path, key, value));
      },
      60_000,
    );

    it('for every item of every list', async () => {
      for (const value of wrong) {
        for (const list of ['scenes', 'shots', 'include'] as const)
          await lintWhole({ ...whole, [list]: [value] });
        await lintWhole(withValue(['scenes', 0], 'shots', [value]));
        await lintWhole(withValue(['scenes', 0, 'shots', 1], 'referenceImages', [value]));
        await lintWhole(withValue(['scenes', 0, 'shots', 1], 'variants', { tall: value }));
        await lintWhole(withValue(['defaults'], 'extra', { seed: value }));
        await lintWhole(value);
      }
    });
  });
}
