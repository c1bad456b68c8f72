import type { MediaFacts, MediaKind, ReachedMedia } from '../media/facts.ts';

const megabyte = 1024 * 1024;

/** `20.3 MB`: of 1,048,576 bytes each, as the catalog's limits are. Small files are counted in KB, or in bytes. */
export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  const [amount, unit] = bytes < megabyte / 10 ? [bytes / 1024, 'KB'] : [bytes / megabyte, 'MB'];
  return `${amount.toLocaleString('en', { maximumFractionDigits: 1 })} ${unit}`;
}

/** `20.3 MB (21,300,000 bytes)` */
export function exactSize(bytes: number): string {
  return bytes < 1024 ? size(bytes) : `${size(bytes)} (${bytes.toLocaleString('en')} bytes)`;
}

/** `15.02 s`, to the millisecond at the most. */
export function seconds(duration: number): string {
  return `${duration.toLocaleString('en', { maximumFractionDigits: 3 })} s`;
}

/** `1280x720` */
export function pixels({ width, height }: { readonly width: number; readonly height: number }): string {
  return `${width}x${height}`;
}

const nouns = { image: 'an image', video: 'a video', audio: 'an audio file' } as const satisfies Record<
  MediaKind,
  string
>;

const otherNouns: Readonly<Record<string, string>> = {
  html: 'a web page',
  m3u8: 'a playlist',
  svg: 'a drawing',
  pdf: 'a document',
  zip: 'an archive',
  gzip: 'an archive',
};

/** `a video (mp4)`, `a web page (html)`; undefined where not even the format is known. */
export function whatItIs({ kind, format }: Pick<ReachedMedia, 'kind' | 'format'>): string | undefined {
  const noun = kind === null ? (otherNouns[format ?? ''] ?? 'no medium') : nouns[kind];
  if (format === null) return kind === null ? undefined : noun;
  return `${noun} (${format})`;
}

/** One line about what is behind a URL. */
export function describe(facts: MediaFacts): string {
  if (facts.outcome !== 'reached') return facts.message;
  const { width, height, duration, bytes, unknown } = facts;
  return [
    whatItIs(facts) ?? 'unknown',
    width === null || height === null ? '' : pixels({ width, height }),
    duration === null ? '' : seconds(duration),
    bytes === null ? '' : exactSize(bytes),
    unknown ?? '',
  ]
    .filter((part) => part !== '')
    .join(', ');
}

/** A clause of a probe's help as a sentence of its own. */
export function sentence(clause: string): string {
  return `${clause.charAt(0).toUpperCase()}${clause.slice(1)}`;
}
