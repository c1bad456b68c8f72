import type { Mode } from '../core/mode.ts';
import type { ParameterName } from './model.ts';

/** The provider's parameters that a shot can state, in the order in which they are sent. */
export const parameterNames = [
  'model',
  'prompt',
  'duration',
  'ratio',
  'resolution',
  'first_image',
  'last_image',
  'referenceImages',
  'referenceVideos',
  'referenceAudios',
] as const satisfies readonly ParameterName[];

export const frameNames = ['first_image', 'last_image'] as const;
export const referenceNames = ['referenceImages', 'referenceVideos', 'referenceAudios'] as const;

/** The old spellings of the frames, by provider's documents. */
export const legacySpelling = { first_image: 'image', last_image: 'lastFrameImage' } as const;

/** Keys of a shot that a shot can inherit. */
export const inheritedKeys: ReadonlySet<string> = new Set([
  ...parameterNames,
  ...Object.values(legacySpelling),
  'tags',
  'mode',
  'promptFile',
  'extra',
]);

/** The mode that a media parameter belongs to. */
export const modeOfMedia: Readonly<Record<(typeof frameNames | typeof referenceNames)[number], Mode>> = {
  first_image: 'frames',
  last_image: 'frames',
  referenceImages: 'references',
  referenceVideos: 'references',
  referenceAudios: 'references',
};
