import { checkOffered } from '../offered.ts';
import type { Rule } from '../rule.ts';

export const resolutionNotOffered: Rule = {
  id: 'resolution-not-offered',
  severity: 'error',
  summary: 'The model does not offer the resolution',
  why: 'Each model makes clips of a few resolutions only.',
  provider: 'Refuses the request.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    resolution: 1080p
    prompt: Neon skyline at night, slow dolly in
`,
  good: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    resolution: 720p
    prompt: Neon skyline at night, slow dolly in
`,
  check(context) {
    checkOffered(context, 'resolution');
  },
};
