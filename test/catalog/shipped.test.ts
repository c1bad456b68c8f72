import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import type { Model } from '../../src/catalog/catalog.ts';
import { shippedCatalog } from '../../src/catalog/shipped.ts';

const megabyte = 1_048_576;

function shipped(id: string): Model {
  const model = shippedCatalog.get(id);
  if (model === undefined) throw new Error(`${id} is not shipped`);
  return model;
}

describe('the shipped catalog', () => {
  it('holds the three Videos models, each under its own id', () => {
    expect([...shippedCatalog.keys()]).toEqual(['videos', 'videos_stable', 'videos_stable_fast']);
    for (const [id, model] of shippedCatalog) expect(model.id).toBe(id);
  });

  it('knows the limits of the standard model', () => {
    expect(shipped('videos')).toEqual({
      id: 'videos',
      title: 'Videos, standard',
      createPath: '/v1/videos/videos',
      modes: ['text', 'frames', 'references'],
      prompt: { maxLength: null },
      duration: { min: 4, max: 15 },
      ratio: { values: ['21:9', '16:9', '4:3', '1:1', '3:4', '9:16'], default: '16:9' },
      resolution: { values: ['720p'], default: '720p' },
      referenceImages: { maxItems: 9, maxBytesEach: 20_971_520 },
      referenceVideos: {
        maxItems: 3,
        maxTotalSeconds: 15,
        maxTotalBytes: 200 * megabyte,
        minPixels: 720,
        maxPixels: 2160,
      },
      referenceAudios: { maxItems: 3, maxTotalSeconds: 15 },
    });
  });

  it.each(['videos_stable', 'videos_stable_fast'])('knows what %s does differently', (id) => {
    const { title: _, ...limits } = shipped(id);
    const { title: __, ...standard } = shipped('videos');
    expect(limits).toEqual({
      ...standard,
      id,
      prompt: { maxLength: 5000 },
      ratio: { values: ['16:9', '9:16', '1:1'], default: '16:9' },
      referenceImages: { maxItems: 4, maxBytesEach: 20_971_520 },
      referenceAudios: { maxItems: 1, maxTotalSeconds: 15 },
    });
  });

  it('could be written as a models file of its own', () => {
    const models = Object.fromEntries([...shippedCatalog].map(([id, { id: _, ...entry }]) => [id, entry]));
    const check = new Ajv({ strict: false }).compile(readSchema());
    expect(check({ version: 1, models }), JSON.stringify(check.errors)).toBe(true);
  });
});

describe('schemas/models.schema.json', () => {
  it('describes every key, for editors', () => {
    const undescribed: string[] = [];
    visit(readSchema(), '#', (schema, at) => {
      const described = typeof schema['description'] === 'string' || typeof schema['$ref'] === 'string';
      if (!described) undescribed.push(at);
    });
    expect(undescribed).toEqual([]);
  });
});

type Schema = Readonly<Record<string, unknown>>;

function readSchema(): Schema {
  const file = new URL('../../schemas/models.schema.json', import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Schema;
}

function visit(schema: Schema, at: string, look: (schema: Schema, at: string) => void): void {
  look(schema, at);
  for (const group of ['properties', '$defs'] as const) {
    for (const [name, child] of Object.entries((schema[group] ?? {}) as Record<string, Schema>)) {
      visit(child, `${at}/${group}/${name}`, look);
    }
  }
}
