import { video } from '../example-media.ts';
import { nearBytes, readLists } from '../media-totals.ts';
import { exactSize } from '../media-words.ts';
import type { Rule } from '../rule.ts';

export const videoTotalSize: Rule = {
  id: 'video-total-size',
  severity: 'error',
  summary: 'The reference videos of a shot have too many bytes together',
  why: 'The bytes of all reference videos of a request are added up. A total within 5 % of the limit gets a warning, because it is not certain how the provider counts. Found with `--media`.',
  provider: 'Refuses the request, or bills it and lets the task fail.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceVideos:
      - https://cdn.example.com/alley-prores.mov
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
    video('https://cdn.example.com/alley-prores.mov', { format: 'mov', bytes: 412_000_000 }),
    video('https://cdn.example.com/alley.mp4', { bytes: 24_000_000 }),
  ],
  check(context) {
    for (const { subject, list, files, isWhole } of readLists(context, 'referenceVideos')) {
      const { model, version } = subject;
      if (model === undefined) continue;
      const { maxTotalBytes } = model.referenceVideos;
      const total = files.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);
      if (total <= nearBytes(maxTotalBytes)) continue;
      const isOver = total > maxTotalBytes;
      const isOne = list.value.length === 1;
      const atLeast = isWhole && files.every(({ bytes }) => bytes !== null) ? '' : 'at least ';
      const have = isOne
        ? `The reference video has ${atLeast}${exactSize(total)}`
        : `The reference videos have ${atLeast}${exactSize(total)} together`;
      const limit = `\`${model.id}\` takes at most ${exactSize(maxTotalBytes)}`;
      context.report(
        {
          message: isOver ? `${have}; ${limit}` : `${have}, which is close to the limit; ${limit}`,
          help: `Compress ${isOne ? 'it' : 'them'} more${isOne ? '' : ', or leave one out'}`,
          ...(isOver ? {} : { severity: 'warning' as const }),
          origin: list.stated,
          mark: 'value',
          about: model.id,
        },
        version,
      );
    }
  },
};
