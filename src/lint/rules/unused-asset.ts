import type { Rule } from '../rule.ts';
import { checkUnused } from '../unused.ts';

export const unusedAsset: Rule = {
  id: 'unused-asset',
  severity: 'warning',
  summary: 'An asset is used by nothing',
  why: 'Perhaps a shot that should show it states something else. What is in skipped shots and in comments counts as used.',
  provider: 'Never sees it.',
  bad: `version: 1
project: demo
assets:
  mika: https://cdn.example.com/mika.png
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
`,
  good: `version: 1
project: demo
assets:
  mika: https://cdn.example.com/mika.png
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceImages: ["\${assets.mika}"]
`,
  check(context) {
    checkUnused(context, 'assets');
  },
};
