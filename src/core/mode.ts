export const modes = ['text', 'frames', 'references'] as const;
/** The material of a request: words alone, a first and a last frame, or reference media beside the words. */
export type Mode = (typeof modes)[number];
