import type { Rule } from '../rule.ts';
import { checkCount } from '../too-many.ts';

export const tooManyAudios: Rule = {
  id: 'too-many-audios',
  severity: 'error',
  summary: 'There are more reference audios than the model takes',
  why: 'Each model takes a number of reference audios of its own.',
  provider: 'Refuses the request: it does not leave out what is too many.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos_stable
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceImages:
      - https://cdn.example.com/mika.png
    referenceAudios:
      - https://cdn.example.com/mika-1.mp3
      - https://cdn.example.com/mika-2.mp3
`,
  good: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos_stable
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceImages:
      - https://cdn.example.com/mika.png
    referenceAudios:
      - https://cdn.example.com/mika-1.mp3
`,
  check(context) {
    checkCount(context, 'referenceAudios');
  },
};
