import { image } from '../example-media.ts';
import { nearBytes } from '../media-totals.ts';
import { exactSize, size } from '../media-words.ts';
import type { Rule } from '../rule.ts';
import { probedUses } from '../used-media.ts';

export const imageTooLarge: Rule = {
  id: 'image-too-large',
  severity: 'error',
  summary: 'An image has more bytes than the model takes',
  why: "Each model takes images up to a number of bytes. An image within 5 % of the limit gets a warning, because it is not certain how the provider counts; so does a frame beyond it, because the provider's documents state the limit for reference images alone. Found with `--media`.",
  provider: 'Refuses the request.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceImages:
      - https://cdn.example.com/mika-scan.png
`,
  good: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceImages:
      - https://cdn.example.com/mika.png
`,
  media: [
    image('https://cdn.example.com/mika-scan.png', { bytes: 31_800_000 }),
    image('https://cdn.example.com/mika.png'),
  ],
  check(context) {
    for (const { medium, facts, subject } of probedUses(context)) {
      const { model, version } = subject;
      if (medium.kind !== 'image' || model === undefined) continue;
      if (facts.outcome !== 'reached' || facts.kind !== 'image' || facts.bytes === null) continue;
      const limit = model.referenceImages.maxBytesEach;
      const isReference = medium.parameter === 'referenceImages';
      const isOver = facts.bytes > limit;
      if (!isOver && !(isReference && facts.bytes > nearBytes(limit))) continue;
      const takes = isReference
        ? `\`${model.id}\` takes at most ${exactSize(limit)}`
        : `\`${model.id}\` takes reference images of at most ${exactSize(limit)}`;
      context.report(
        {
          message: isOver
            ? `The image has ${exactSize(facts.bytes)}; ${takes}`
            : `The image has ${exactSize(facts.bytes)}, which is close to the limit; ${takes}`,
          help: `Save it smaller, as JPEG or WebP, or with fewer pixels: well under ${size(limit)}`,
          ...(isOver && isReference ? {} : { severity: 'warning' as const }),
          origin: medium.origin,
          mark: 'value',
          about: model.id,
        },
        version,
      );
    }
  },
};
