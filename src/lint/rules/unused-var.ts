import type { Rule } from '../rule.ts';
import { checkUnused } from '../unused.ts';

export const unusedVar: Rule = {
  id: 'unused-var',
  severity: 'warning',
  summary: 'A value of `vars` is used by nothing',
  why: 'Perhaps a prompt that should hold it says something else. What is in skipped shots and in comments counts as used.',
  provider: 'Never sees it.',
  bad: `version: 1
project: demo
vars:
  look: cinematic, 35mm, rain-soaked
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Neon skyline at night, slow dolly in
`,
  good: `version: 1
project: demo
vars:
  look: cinematic, 35mm, rain-soaked
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Neon skyline at night, slow dolly in, \${vars.look}
`,
  check(context) {
    checkUnused(context, 'vars');
  },
};
