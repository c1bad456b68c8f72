import { video } from '../example-media.ts';
import { pixels } from '../media-words.ts';
import type { Problem, Rule } from '../rule.ts';
import { probedUses } from '../used-media.ts';

export const videoResolution: Rule = {
  id: 'video-resolution',
  severity: 'error',
  summary: 'A reference video has too few or too many pixels',
  why: "The shorter side of a reference video, as it is displayed, has to be within the model's limits. A longer side beyond them gets a warning, because the provider's documents can be read both ways. Found with `--media`.",
  provider: 'Refuses the request, or bills it and lets the task fail.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceVideos:
      - https://cdn.example.com/alley-preview.mp4
`,
  good: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceVideos:
      - https://cdn.example.com/alley.mp4
`,
  media: [
    video('https://cdn.example.com/alley-preview.mp4', { width: 640, height: 360 }),
    video('https://cdn.example.com/alley.mp4'),
  ],
  check(context) {
    for (const { medium, facts, subject } of probedUses(context)) {
      const { model, version } = subject;
      if (medium.kind !== 'video' || model === undefined) continue;
      if (facts.outcome !== 'reached' || facts.kind !== 'video') continue;
      const { width, height } = facts;
      if (width === null || height === null) continue;
      const problem = judge({ width, height }, model.id, model.referenceVideos);
      if (problem === undefined) continue;
      context.report({ ...problem, origin: medium.origin, mark: 'value', about: model.id }, version);
    }
  },
};

function judge(
  size: { readonly width: number; readonly height: number },
  model: string,
  { minPixels, maxPixels }: { readonly minPixels: number; readonly maxPixels: number },
): Pick<Problem, 'message' | 'help' | 'severity'> | undefined {
  const shorter = Math.min(size.width, size.height);
  const longer = Math.max(size.width, size.height);
  const takes = `\`${model}\` takes ${minPixels} to ${maxPixels}`;
  if (shorter < minPixels || shorter > maxPixels) {
    return {
      message: `The video is ${pixels(size)}: its shorter side has ${shorter} pixels, and ${takes}`,
      help:
        shorter < minPixels
          ? `Use a version whose shorter side has ${minPixels} pixels or more`
          : `Scale it down to ${maxPixels} pixels or less on the shorter side`,
    };
  }
  if (longer <= maxPixels) return undefined;
  return {
    message: `The video is ${pixels(size)}: its longer side has ${longer} pixels, and ${takes}, perhaps on either side`,
    help: `To be sure, scale it down to ${maxPixels} pixels on the longer side, if the shorter one keeps ${minPixels}`,
    severity: 'warning',
  };
}
