import type { Catalog, Model } from './catalog.ts';

const megabyte = 1024 * 1024;

/** The limits that the provider's documents state for all three models. */
const shared = {
  createPath: '/v1/videos/videos',
  modes: ['text', 'frames', 'references'],
  duration: { min: 4, max: 15 },
  resolution: { values: ['720p'], default: '720p' },
  referenceVideos: {
    maxItems: 3,
    maxTotalSeconds: 15,
    maxTotalBytes: 200 * megabyte,
    minPixels: 720,
    maxPixels: 2160,
  },
} as const;

const maxImageBytes = 20 * megabyte;

/** The limits that only the two "Video2" models share. */
const video2 = {
  ...shared,
  prompt: { maxLength: 5000 },
  ratio: { values: ['16:9', '9:16', '1:1'], default: '16:9' },
  referenceImages: { maxItems: 4, maxBytesEach: maxImageBytes },
  referenceAudios: { maxItems: 1, maxTotalSeconds: 15 },
} as const;

const models: readonly Model[] = [
  {
    id: 'videos',
    title: 'Videos, standard',
    ...shared,
    prompt: { maxLength: null },
    ratio: { values: ['21:9', '16:9', '4:3', '1:1', '3:4', '9:16'], default: '16:9' },
    referenceImages: { maxItems: 9, maxBytesEach: maxImageBytes },
    referenceAudios: { maxItems: 3, maxTotalSeconds: 15 },
  },
  { id: 'videos_stable', title: 'Video2, full', ...video2 },
  { id: 'videos_stable_fast', title: 'Video2, fast', ...video2 },
];

/** The models that this release knows, by the provider's documents. Limits move: `extendCatalog` overrides them. */
export const shippedCatalog: Catalog = new Map(models.map((model) => [model.id, model]));

const notes: ReadonlyMap<string, string> = new Map([
  [
    'videos_stable_fast',
    'The provider’s documents and one of its clients say 4 to 15 s, three other clients send 10 and 15 s alone. The documents count here; where your requests are refused, state `"durations": [10, 15]` in a models file.',
  ],
]);

/** A remark for people on a shipped model's limits; undefined for one that a file has changed. */
export function noteOf(model: Model): string | undefined {
  return shippedCatalog.get(model.id) === model ? notes.get(model.id) : undefined;
}
