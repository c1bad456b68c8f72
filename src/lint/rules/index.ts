import type { Rule } from '../rule.ts';
import { audioOnlyReferences } from './audio-only-references.ts';
import { audioTotalDuration } from './audio-total-duration.ts';
import { commentInText } from './comment-in-text.ts';
import { decodedTwice } from './decoded-twice.ts';
import { duplicateMedia } from './duplicate-media.ts';
import { duplicateRequest } from './duplicate-request.ts';
import { durationOutOfRange } from './duration-out-of-range.ts';
import { extraConflict } from './extra-conflict.ts';
import { frameMismatch } from './frame-mismatch.ts';
import { framePair } from './frame-pair.ts';
import { framesAlike } from './frames-alike.ts';
import { framesWithReferences } from './frames-with-references.ts';
import { imageTooLarge } from './image-too-large.ts';
import { legacyConflict } from './legacy-conflict.ts';
import { legacyField } from './legacy-field.ts';
import { listSeparator } from './list-separator.ts';
import { mediaChanged } from './media-changed.ts';
import { mediaKind } from './media-kind.ts';
import { mediaOutside } from './media-outside.ts';
import { mediaPointer } from './media-pointer.ts';
import { mediaSpelling } from './media-spelling.ts';
import { mediaUnknown } from './media-unknown.ts';
import { mediaUnreachable } from './media-unreachable.ts';
import { mediaUrl } from './media-url.ts';
import { missingMediaFile } from './missing-media-file.ts';
import { modeMismatch } from './mode-mismatch.ts';
import { modeNotOffered } from './mode-not-offered.ts';
import { promptDuration } from './prompt-duration.ts';
import { promptEmpty } from './prompt-empty.ts';
import { promptMarkup } from './prompt-markup.ts';
import { promptPlaceholder } from './prompt-placeholder.ts';
import { promptRatio } from './prompt-ratio.ts';
import { promptReference } from './prompt-reference.ts';
import { promptResolution } from './prompt-resolution.ts';
import { promptTooLong } from './prompt-too-long.ts';
import { promptUtf16Length } from './prompt-utf16-length.ts';
import { ratioNotOffered } from './ratio-not-offered.ts';
import { referenceLookAlikeRule } from './reference-look-alike.ts';
import { requiredBeside } from './required-beside.ts';
import { requiredParameter } from './required-parameter.ts';
import { resolutionNotOffered } from './resolution-not-offered.ts';
import { secretInManifest } from './secret-in-manifest.ts';
import { shareLink } from './share-link.ts';
import { storeExpires } from './store-expires.ts';
import { storeMissing } from './store-missing.ts';
import { tooManyAudios } from './too-many-audios.ts';
import { tooManyImages } from './too-many-images.ts';
import { tooManyVideos } from './too-many-videos.ts';
import { unknownModel } from './unknown-model.ts';
import { unpricedModel } from './unpriced-model.ts';
import { unusedAsset } from './unused-asset.ts';
import { unusedVar } from './unused-var.ts';
import { urlCharacters } from './url-characters.ts';
import { urlExpired } from './url-expired.ts';
import { urlExpiresSoon } from './url-expires-soon.ts';
import { urlExtension } from './url-extension.ts';
import { urlInsecure } from './url-insecure.ts';
import { urlNotPublic } from './url-not-public.ts';
import { urlSignatureUnknown } from './url-signature-unknown.ts';
import { videoResolution } from './video-resolution.ts';
import { videoTotalDuration } from './video-total-duration.ts';
import { videoTotalSize } from './video-total-size.ts';
import { yamlPortability } from './yaml-portability.ts';

/** Every rule; a new one is its file and a line here. */
export const rules: readonly Rule[] = [
  requiredParameter,
  unknownModel,
  unpricedModel,
  promptEmpty,
  promptTooLong,
  promptUtf16Length,
  promptPlaceholder,
  referenceLookAlikeRule,
  promptMarkup,
  promptReference,
  promptDuration,
  promptRatio,
  promptResolution,
  durationOutOfRange,
  ratioNotOffered,
  resolutionNotOffered,
  modeMismatch,
  modeNotOffered,
  framePair,
  framesAlike,
  framesWithReferences,
  audioOnlyReferences,
  requiredBeside,
  legacyField,
  legacyConflict,
  extraConflict,
  mediaUrl,
  missingMediaFile,
  mediaOutside,
  mediaPointer,
  mediaSpelling,
  storeMissing,
  storeExpires,
  urlCharacters,
  urlNotPublic,
  urlExpired,
  urlExpiresSoon,
  urlSignatureUnknown,
  urlInsecure,
  urlExtension,
  shareLink,
  tooManyImages,
  tooManyVideos,
  tooManyAudios,
  duplicateMedia,
  duplicateRequest,
  unusedAsset,
  unusedVar,
  secretInManifest,
  yamlPortability,
  commentInText,
  listSeparator,
  decodedTwice,
  mediaUnreachable,
  mediaKind,
  mediaUnknown,
  mediaChanged,
  imageTooLarge,
  videoResolution,
  videoTotalDuration,
  videoTotalSize,
  audioTotalDuration,
  frameMismatch,
];
