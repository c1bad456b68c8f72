import type { Rule } from '../rule.ts';
import { checkCount } from '../too-many.ts';

export const tooManyImages: Rule = {
  id: 'too-many-images',
  severity: 'error',
  summary: 'There are more reference images than the model takes',
  why: 'Each model takes a number of reference images of its own.',
  provider: 'Refuses the request: it does not leave out what is too many.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos_stable
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceImages:
      - https://cdn.example.com/mika-1.png
      - https://cdn.example.com/mika-2.png
      - https://cdn.example.com/mika-3.png
      - https://cdn.example.com/mika-4.png
      - https://cdn.example.com/mika-5.png
`,
  good: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos_stable
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceImages:
      - https://cdn.example.com/mika-1.png
      - https://cdn.example.com/mika-2.png
      - https://cdn.example.com/mika-3.png
      - https://cdn.example.com/mika-4.png
`,
  check(context) {
    checkCount(context, 'referenceImages');
  },
};
