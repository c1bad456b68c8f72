import { video } from '../example-media.ts';
import { checkTotalDuration } from '../media-totals.ts';
import type { Rule } from '../rule.ts';

export const videoTotalDuration: Rule = {
  id: 'video-total-duration',
  severity: 'error',
  summary: 'The reference videos of a shot last too long together',
  why: 'The seconds of all reference videos of a request are added up. Half a frame more than the limit is let pass; a total within 0.1 s of it gets a warning, because the provider may measure a little differently. Found with `--media`.',
  provider: 'Refuses the request, or bills it and lets the task fail.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceVideos:
      - https://cdn.example.com/alley.mp4
      - https://cdn.example.com/walk-uncut.mp4
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
      - https://cdn.example.com/walk.mp4
`,
  media: [
    video('https://cdn.example.com/alley.mp4', { duration: 6.2 }),
    video('https://cdn.example.com/walk-uncut.mp4', { duration: 11.48 }),
    video('https://cdn.example.com/walk.mp4', { duration: 8 }),
  ],
  check(context) {
    checkTotalDuration(context, 'referenceVideos');
  },
};
