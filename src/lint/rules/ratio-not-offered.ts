import { checkOffered } from '../offered.ts';
import type { Rule } from '../rule.ts';

export const ratioNotOffered: Rule = {
  id: 'ratio-not-offered',
  severity: 'error',
  summary: 'The model does not offer the ratio',
  why: 'Each model makes clips of a few ratios of width to height only.',
  provider: 'Refuses the request.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos_stable
    duration: 5
    ratio: "21:9"
    prompt: Neon skyline at night, slow dolly in
`,
  good: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    ratio: "21:9"
    prompt: Neon skyline at night, slow dolly in
`,
  check(context) {
    checkOffered(context, 'ratio');
  },
};
