import type { Rule } from '../rule.ts';
import { audioTotalDuration } from './audio-total-duration.ts';
import { durationOutOfRange } from './duration-out-of-range.ts';
import { frameMismatch } from './frame-mismatch.ts';
import { framePair } from './frame-pair.ts';
import { framesWithReferences } from './frames-with-references.ts';
import { imageTooLarge } from './image-too-large.ts';
import { legacyConflict } from './legacy-conflict.ts';
import { legacyField } from './legacy-field.ts';
import { mediaKind } from './media-kind.ts';
import { mediaUnknown } from './media-unknown.ts';
import { mediaUnreachable } from './media-unreachable.ts';
import { mediaUrl } from './media-url.ts';
import { modeMismatch } from './mode-mismatch.ts';
import { modeNotOffered } from './mode-not-offered.ts';
import { promptEmpty } from './prompt-empty.ts';
import { promptTooLong } from './prompt-too-long.ts';
import { ratioNotOffered } from './ratio-not-offered.ts';
import { requiredParameter } from './required-parameter.ts';
import { resolutionNotOffered } from './resolution-not-offered.ts';
import { tooManyAudios } from './too-many-audios.ts';
import { tooManyImages } from './too-many-images.ts';
import { tooManyVideos } from './too-many-videos.ts';
import { unknownModel } from './unknown-model.ts';
import { unpricedModel } from './unpriced-model.ts';
import { videoResolution } from './video-resolution.ts';
import { videoTotalDuration } from './video-total-duration.ts';
import { videoTotalSize } from './video-total-size.ts';

/** Every rule; a new one is its file and a line here. */
export const rules: readonly Rule[] = [
  requiredParameter,
  unknownModel,
  unpricedModel,
  promptEmpty,
  promptTooLong,
  durationOutOfRange,
  ratioNotOffered,
  resolutionNotOffered,
  modeMismatch,
  modeNotOffered,
  framePair,
  framesWithReferences,
  legacyField,
  legacyConflict,
  mediaUrl,
  tooManyImages,
  tooManyVideos,
  tooManyAudios,
  mediaUnreachable,
  mediaKind,
  mediaUnknown,
  imageTooLarge,
  videoResolution,
  videoTotalDuration,
  videoTotalSize,
  audioTotalDuration,
  frameMismatch,
];
