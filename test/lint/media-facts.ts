import { file } from '../../src/lint/example-media.ts';
import type { PaidMedia } from '../../src/lint/paid-media.ts';
import type { MediaProbe } from '../../src/lint/used-media.ts';
import type { FileVersion, MediaFacts, MediaKind } from '../../src/media/facts.ts';

const usual = {
  image: { kind: 'image', format: 'png', width: 2520, height: 1080, bytes: 2_000_000 },
  video: { kind: 'video', format: 'mp4', width: 1280, height: 720, duration: 3, bytes: 9_000_000 },
  audio: { kind: 'audio', format: 'mp3', duration: 5, bytes: 200_000 },
} as const;

/** Facts of a file with nothing wrong, of the kind that its place asks for. */
export function usualFacts(url: string, expected: MediaKind, more: object = {}): MediaFacts {
  return file(url, { ...usual[expected], ...more });
}

/**
 * Facts for a fixture: nothing is wrong with any file, but for what comments say, each as
 * `# behind https://…: {"width": 640}`.
 */
export function seededProbe(text: string): MediaProbe {
  const seeded = new Map<string, object>();
  for (const [, url = '', json = ''] of text.matchAll(/^# behind (\S+): (\{.*\})$/gm)) {
    seeded.set(url, JSON.parse(json) as object);
  }
  return probeOf((url, expected) => usualFacts(url, expected, seeded.get(url)));
}

/** A probe that answers from a function, and takes no time. */
export function probeOf(factsOf: (url: string, expected: MediaKind) => MediaFacts): MediaProbe {
  return async (requests) => new Map(requests.map(({ url, expected }) => [url, factsOf(url, expected)]));
}

/** What every request of a fixture was paid with, as comments say, each as `# paid with https://…: {"etag": …}`. */
export function seededPaid(text: string): PaidMedia {
  const seeded = new Map<string, FileVersion>();
  for (const [, url = '', json = ''] of text.matchAll(/^# paid with (\S+): (\{.*\})$/gm)) {
    seeded.set(url, JSON.parse(json) as FileVersion);
  }
  return { versionOf: (_request, url) => seeded.get(url) };
}
