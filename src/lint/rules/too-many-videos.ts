import type { Rule } from '../rule.ts';
import { checkCount } from '../too-many.ts';

export const tooManyVideos: Rule = {
  id: 'too-many-videos',
  severity: 'error',
  summary: 'There are more reference videos than the model takes',
  why: 'Each model takes a number of reference videos of its own.',
  provider: 'Refuses the request: it does not leave out what is too many.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceVideos:
      - https://cdn.example.com/mika-1.mp4
      - https://cdn.example.com/mika-2.mp4
      - https://cdn.example.com/mika-3.mp4
      - https://cdn.example.com/mika-4.mp4
`,
  good: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceVideos:
      - https://cdn.example.com/mika-1.mp4
      - https://cdn.example.com/mika-2.mp4
      - https://cdn.example.com/mika-3.mp4
`,
  check(context) {
    checkCount(context, 'referenceVideos');
  },
};
