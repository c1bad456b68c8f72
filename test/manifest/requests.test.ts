import { describe, expect, it } from 'vitest';
import { readRest } from './workspace.ts';

describe('the key of a request', () => {
  it('is scene/shot, plus :variant, plus @take from the second take on', async () => {
    const { requests } = await readRest(`
defaults: { model: m, prompt: x, duration: 5 }
scenes:
  - id: sc010
    shots:
      - { id: sh0010 }
      - { id: sh0030, takes: 3, variants: { tall: {}, wide: { takes: 1 } } }
shots:
  - { id: sh0010, takes: 2 }
`);
    expect(requests.map(({ key, scene, shot, variant, take }) => [key, scene, shot, variant, take])).toEqual([
      ['sc010/sh0010', 'sc010', 'sh0010', null, 1],
      ['sc010/sh0030:tall', 'sc010', 'sh0030', 'tall', 1],
      ['sc010/sh0030:tall@2', 'sc010', 'sh0030', 'tall', 2],
      ['sc010/sh0030:tall@3', 'sc010', 'sh0030', 'tall', 3],
      ['sc010/sh0030:wide', 'sc010', 'sh0030', 'wide', 1],
      ['sh0010', null, 'sh0010', null, 1],
      ['sh0010@2', null, 'sh0010', null, 2],
    ]);
  });
});

describe('the body of a request', () => {
  it('is what the manifest states, legacy spellings as the new ones, in one order', async () => {
    const { requests } = await readRest(`
shots:
  - id: a
    extra: { autoFace: true }
    lastFrameImage: https://e.com/l.png
    image: https://e.com/f.png
    resolution: 720p
    ratio: "16:9"
    duration: 5
    prompt: x
    model: m
  - { id: b, model: m, duration: 5, prompt: y, referenceAudios: [https://e.com/1], referenceVideos: [https://e.com/2], referenceImages: [https://e.com/3] }
`);
    expect(requests.map(({ body }) => JSON.stringify(body))).toEqual([
      '{"model":"m","prompt":"x","duration":5,"ratio":"16:9","resolution":"720p","first_image":"https://e.com/f.png","last_image":"https://e.com/l.png","autoFace":true}',
      '{"model":"m","prompt":"y","duration":5,"referenceImages":["https://e.com/3"],"referenceVideos":["https://e.com/2"],"referenceAudios":["https://e.com/1"]}',
    ]);
  });

  it('has no title, notes, tags or defaults of the catalog in it', async () => {
    const { requests } = await readRest(
      'shots:\n  - { id: a, model: m, duration: 5, prompt: y, title: T, notes: N, tags: [t], mode: text }\n',
    );
    expect(Object.keys(requests[0]?.body ?? {})).toEqual(['model', 'prompt', 'duration']);
  });

  it('is not made for a version that lacks model, prompt or duration', async () => {
    const { requests, manifest } = await readRest(
      'shots:\n  - { id: a, duration: 5, prompt: y }\n  - { id: b, model: m, prompt: y }\n  - { id: c, model: m, duration: 5 }\n',
    );
    expect(requests).toEqual([]);
    expect(manifest.versions.map(({ key }) => key)).toEqual(['a', 'b', 'c']);
  });
});

describe('the settings of a manifest', () => {
  it('are what it states, and null where it says nothing', async () => {
    const full = await readRest(
      'title: T\nmodels: m.json\nrun: { concurrency: 8, rate: 30/min }\nbudget: { currency: CNY, prices: { m: 7, n: 0.5 }, maxCost: 200, maxRequests: 0 }\n',
    );
    expect(full.manifest).toMatchObject({
      project: 'p',
      title: 'T',
      run: { concurrency: 8, rate: '30/min' },
      budget: { currency: 'CNY', prices: { m: 7, n: 0.5 }, maxCost: 200, maxRequests: 0 },
      models: { origin: { path: ['models'] } },
    });
    expect(full.manifest.models?.absolutePath).toMatch(/shotlist-manifest-[^/\\]+[/\\]m\.json$/);
    const empty = await readRest('');
    expect(empty.manifest).toMatchObject({
      title: null,
      run: { concurrency: null, rate: null },
      budget: { currency: null, prices: {}, maxCost: null, maxRequests: null },
      models: null,
      findings: [],
    });
  });
});
