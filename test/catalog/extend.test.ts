import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import type { Catalog, Model } from '../../src/catalog/catalog.ts';
import type { ExtendedCatalog } from '../../src/catalog/extend.ts';
import { extendCatalog } from '../../src/catalog/extend.ts';
import { shippedCatalog } from '../../src/catalog/shipped.ts';
import { fc } from '../helpers/fast-check.ts';

const extend = (models: unknown): ExtendedCatalog => extendCatalog(shippedCatalog, { version: 1, models });

function modelOf(catalog: Catalog, id: string): Model {
  const model = catalog.get(id);
  if (model === undefined) throw new Error(`${id} is not in the catalog`);
  return model;
}

describe('extending the catalog', () => {
  it('changes of a known model only what is stated', () => {
    const { catalog, problems } = extend({ videos_stable_fast: { duration: { min: 10 } } });
    expect(problems).toEqual([]);
    const shipped = modelOf(shippedCatalog, 'videos_stable_fast');
    expect(catalog.get('videos_stable_fast')).toEqual({ ...shipped, duration: { min: 10, max: 15 } });
    expect(catalog.get('videos')).toBe(shippedCatalog.get('videos'));
  });

  it('replaces lists whole', () => {
    const { catalog } = extend({ videos: { ratio: { values: ['16:9', '2:1'] } } });
    expect(modelOf(catalog, 'videos').ratio).toEqual({ values: ['16:9', '2:1'], default: '16:9' });
  });

  it('can lift a limit with null', () => {
    const { catalog } = extend({ videos_stable: { prompt: { maxLength: null } } });
    expect(modelOf(catalog, 'videos_stable').prompt.maxLength).toBeNull();
  });

  it('takes a new model from the one that it extends, under its own name', () => {
    const { catalog, problems } = extend({
      videos_pro: { extends: 'videos', prompt: { maxLength: 1500 }, createPath: '/v1/sora/videos' },
    });
    expect(problems).toEqual([]);
    expect(catalog.get('videos_pro')).toEqual({
      ...modelOf(shippedCatalog, 'videos'),
      id: 'videos_pro',
      title: 'videos_pro',
      prompt: { maxLength: 1500 },
      createPath: '/v1/sora/videos',
    });
    expect([...catalog.keys()]).toEqual([...shippedCatalog.keys(), 'videos_pro']);
  });

  it('follows models that extend each other in a row, in whatever order they stand', () => {
    const { catalog, problems } = extend({
      c: { extends: 'b' },
      b: { extends: 'a', duration: { max: 8 } },
      a: { extends: 'videos', duration: { min: 5 } },
    });
    expect(problems).toEqual([]);
    expect(modelOf(catalog, 'c').duration).toEqual({ min: 5, max: 8 });
  });

  it('takes a new model that states everything', () => {
    const { id: _, ...entry } = modelOf(shippedCatalog, 'videos');
    const { catalog, problems } = extend({ elsewhere: entry });
    expect(problems).toEqual([]);
    expect(catalog.get('elsewhere')).toEqual({ ...entry, id: 'elsewhere' });
  });

  it('leaves keys that begin with x- to the user', () => {
    const { catalog, problems } = extend({ videos: { 'x-note': 'ours', duration: { 'x-why': 1, max: 9 } } });
    expect(problems).toEqual([]);
    expect(modelOf(catalog, 'videos').duration).toEqual({ min: 4, max: 9 });
  });

  it('never changes the shipped catalog', () => {
    const before = structuredClone([...shippedCatalog]);
    extend({ videos: { duration: { max: 9 }, ratio: { values: ['1:1'], default: '1:1' } } });
    expect([...shippedCatalog]).toEqual(before);
  });
});

describe('a mistake in a models file', () => {
  it.each<
    [what: string, models: unknown, path: (string | number)[], mark: string, message: RegExp, help: RegExp]
  >([
    [
      'a misspelt key',
      { videos: { duratoin: { max: 9 } } },
      ['models', 'videos', 'duratoin'],
      'key',
      /`duratoin` is not known/,
      /Did you mean `duration`/,
    ],
    [
      'a number in quotes',
      { videos: { duration: { max: '9' } } },
      ['models', 'videos', 'duration', 'max'],
      'value',
      /`max` must be a whole number, not text/,
      /Write 9 without quotes/,
    ],
    [
      'a mode that does not exist',
      { videos: { modes: ['text', 'frame'] } },
      ['models', 'videos', 'modes', 1],
      'value',
      /`frame` is not known/,
      /Did you mean `frames`/,
    ],
    [
      'a value listed twice',
      { videos: { ratio: { values: ['16:9', '1:1', '16:9'] } } },
      ['models', 'videos', 'ratio', 'values', 2],
      'value',
      /lists the same twice/,
      /Remove one/,
    ],
    [
      'an empty list',
      { videos: { modes: [] } },
      ['models', 'videos', 'modes'],
      'value',
      /`modes` is empty/,
      /List at least one/,
    ],
    [
      'a create path with a host',
      { videos: { createPath: 'https://example.com/v1' } },
      ['models', 'videos', 'createPath'],
      'value',
      /does not fit/,
      /begins with `\/`/,
    ],
    [
      'a create path that climbs out of the base URL',
      { videos: { createPath: '/v1/../../admin' } },
      ['models', 'videos', 'createPath'],
      'value',
      /does not fit/,
      /below the base URL/,
    ],
    [
      'an id that no model can have',
      { 'my model': { extends: 'videos' } },
      ['models', 'my model'],
      'key',
      /`my model` cannot be the id/,
      /letters, digits/,
    ],
    [
      'an unknown model to extend',
      { pro: { extends: 'video' } },
      ['models', 'pro', 'extends'],
      'value',
      /no model `video` to extend/,
      /Did you mean `videos`/,
    ],
    [
      'a new model that extends itself',
      { pro: { extends: 'pro' } },
      ['models', 'pro', 'extends'],
      'value',
      /extends itself/,
      /Name another/,
    ],
    [
      'a new model with something missing',
      { videos_pro: { duration: { min: 4, max: 8 } } },
      ['models', 'videos_pro'],
      'key',
      /new model, and `createPath`, `modes`, `prompt.maxLength`, `ratio.values`/,
      /add `extends`/,
    ],
    [
      'a longest duration below the inherited shortest',
      { videos: { duration: { max: 3 } } },
      ['models', 'videos', 'duration', 'max'],
      'value',
      /4 s, is longer than the longest, 3 s/,
      /both `min` and `max`/,
    ],
    [
      'more pixels at least than at most',
      { videos: { referenceVideos: { minPixels: 4000 } } },
      ['models', 'videos', 'referenceVideos', 'minPixels'],
      'value',
      /4000, is more than `maxPixels`, 2160/,
      /State both/,
    ],
    [
      'ratios without the inherited default',
      { videos: { ratio: { values: ['1:1'] } } },
      ['models', 'videos', 'ratio', 'values'],
      'value',
      /default `16:9` is not among the values `1:1`/,
      /State `default`/,
    ],
  ])('%s is one problem, at its place', (_, models, path, mark, message, help) => {
    const { problems, catalog, uncertain } = extend(models);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ path, mark });
    expect(problems[0]?.message).toMatch(message);
    expect(problems[0]?.help).toMatch(help);
    expect(catalog).toEqual(shippedCatalog);
    expect([...uncertain]).toEqual([path[1]]);
  });

  it('is told once where others build on it', () => {
    const { problems, uncertain } = extend({ a: { extends: 'b' }, b: { extends: 'nowhere-at-all' } });
    expect(problems.map(({ path }) => path)).toEqual([['models', 'b', 'extends']]);
    expect([...uncertain].sort()).toEqual(['a', 'b']);
  });

  it('is told once for models that extend each other in a circle', () => {
    const { problems, uncertain } = extend({ a: { extends: 'b' }, b: { extends: 'c' }, c: { extends: 'a' } });
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toMatch(/extend each other/);
    expect([...uncertain].sort()).toEqual(['a', 'b', 'c']);
  });

  it('leaves the other entries in force', () => {
    const { catalog, problems } = extend({
      videos: { duration: 5 },
      videos_stable: { duration: { max: 8 } },
    });
    expect(problems).toHaveLength(1);
    expect(modelOf(catalog, 'videos_stable').duration.max).toBe(8);
    expect(catalog.get('videos')).toBe(shippedCatalog.get('videos'));
  });

  it('makes everything uncertain where there is no map of models', () => {
    for (const data of [null, [], 'videos', {}, { version: 1 }, { version: 1, models: [] }]) {
      const { catalog, problems, uncertain } = extendCatalog(shippedCatalog, data);
      expect(problems.length).toBeGreaterThan(0);
      expect(uncertain).toBe('all');
      expect(catalog).toBe(shippedCatalog);
    }
  });

  it('of the version is told, and the entries still hold', () => {
    const data = { version: 2, models: { videos: { duration: { max: 9 } } } };
    const { catalog, problems } = extendCatalog(shippedCatalog, data);
    expect(problems).toMatchObject([{ path: ['version'], mark: 'value' }]);
    expect(modelOf(catalog, 'videos').duration.max).toBe(9);
  });

  it('bounds how far models build on each other', () => {
    const models: Record<string, unknown> = { last: { extends: 'm0' } };
    for (let n = 0; n < 50_000; n += 1) models[`m${n}`] = { extends: n === 49_999 ? 'videos' : `m${n + 1}` };
    const { problems } = extend(models);
    expect(problems[0]?.message).toMatch(/more than 20 models/);
  });
});

describe('whatever a models file holds', () => {
  const ids = fc.constantFrom('videos', 'videos_stable', 'new', 'constructor', '__proto__', 'a/b', '');
  const entry = fc.dictionary(
    fc.constantFrom(
      'extends',
      'title',
      'modes',
      'prompt',
      'duration',
      'ratio',
      'referenceVideos',
      'x-y',
      'no',
    ),
    fc.oneof(
      ids,
      fc.jsonValue(),
      fc.record({ min: fc.jsonValue(), max: fc.integer() }, { requiredKeys: [] }),
      fc.record({ values: fc.array(fc.string()), default: fc.string() }, { requiredKeys: [] }),
    ),
  );

  it('gives problems or models, and every model that it gives is whole', () => {
    const schema = JSON.parse(
      readFileSync(new URL('../../schemas/models.schema.json', import.meta.url), 'utf8'),
    ) as object;
    const fits = new Ajv({ strict: false }).compile(schema);
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.dictionary(ids, entry)), (models) => {
        const { catalog, problems } = extend(models);
        if (!fits({ version: 1, models })) expect(problems).not.toEqual([]);
        for (const [id, { id: own, ...model }] of catalog) {
          expect(own).toBe(id);
          expect(fits({ version: 1, models: { [id]: model } }), JSON.stringify(fits.errors)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
