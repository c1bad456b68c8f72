import { count } from '../core/count.ts';
import type { ParameterName } from '../manifest/model.ts';

/** A length of time in the largest unit that it fills: `45 minutes`, `3 days`. */
export function span(ms: number): string {
  const minutes = ms / 60_000;
  if (minutes < 1) return 'less than a minute';
  if (minutes < 60) return count(Math.floor(minutes), 'minute');
  if (minutes < 24 * 60) return count(Math.floor(minutes / 60), 'hour');
  return count(Math.floor(minutes / (24 * 60)), 'day');
}

/** `a`, `a` and `b`, `a`, `b` and `c`; in backquotes. */
export function names(words: readonly string[], last: 'and' | 'or' = 'and'): string {
  const quoted = words.map((word) => `\`${word}\``);
  if (quoted.length < 2) return quoted.join('');
  return `${quoted.slice(0, -1).join(', ')} ${last} ${quoted.at(-1)}`;
}

/**
 * A value as a message shows it: one line, not too long, and without the query of a URL, which may hold a signature or
 * a key.
 */
export function shown(value: string): string {
  const line = value.replace(/\s+/g, ' ').replace(/(:\/\/[^?\s]*)\?.*/, '$1?…');
  const points = [...line.slice(0, 200)];
  return `\`${points.length > 60 ? `${points.slice(0, 59).join('')}…` : line}\``;
}

/** One item of each list of reference media, for people. */
export const listNouns = {
  referenceImages: 'reference image',
  referenceVideos: 'reference video',
  referenceAudios: 'reference audio',
} as const satisfies Partial<Record<ParameterName, string>>;

/** The lists of reference media, in the order in which they are sent. */
export const referenceLists = ['referenceImages', 'referenceVideos', 'referenceAudios'] as const;

export type ReferenceList = (typeof referenceLists)[number];
