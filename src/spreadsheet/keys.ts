/** Keys of a shot that a table can state, in the order in which they are exported and written into a manifest. */
export const shotKeys = [
  'title',
  'skip',
  'mode',
  'model',
  'prompt',
  'promptFile',
  'duration',
  'ratio',
  'resolution',
  'first_image',
  'last_image',
  'referenceImages',
  'referenceVideos',
  'referenceAudios',
  'takes',
  'tags',
  'notes',
  'extra',
] as const;

export type ShotKey = (typeof shotKeys)[number];

export const mediaListKeys: ReadonlySet<string> = new Set([
  'referenceImages',
  'referenceVideos',
  'referenceAudios',
]);

/** Keys that `null` can take away from what a shot inherits. */
export const nullableKeys: ReadonlySet<string> = new Set([
  ...mediaListKeys,
  'ratio',
  'resolution',
  'first_image',
  'last_image',
]);

/** Columns that are no key of a shot: ids, what a duration is worked out from, and nothing at all. */
export const otherTargets = [
  'scene',
  'shot',
  'project',
  'frames',
  'plusFrames',
  'fps',
  'in',
  'out',
  'ignore',
] as const;

/** Marks a shot that the import skipped where no comment can stand: in JSON, and amid a line. Elsewhere a comment does. */
export const importMarkKey = 'x-import';

/** Finds where a key stands among others; the user's own come last. */
export function rankOf(key: string): number {
  if (key === 'id') return -1;
  const known = key === 'image' ? 'first_image' : key === 'lastFrameImage' ? 'last_image' : key;
  const rank = (shotKeys as readonly string[]).indexOf(known);
  if (rank !== -1) return rank;
  return key === 'variants' ? shotKeys.length : shotKeys.length + 1;
}
