import { conflicts } from '../legacy.ts';
import type { Rule } from '../rule.ts';

export const legacyField: Rule = {
  id: 'legacy-field',
  severity: 'warning',
  summary: 'A frame is written with its old name',
  why: '`image` and `lastFrameImage` are the old names of `first_image` and `last_image`. They are sent under the new names, so nothing is lost; but a manifest with both spellings is hard to read and easy to get wrong.',
  provider: 'Takes the old names too; where both are given and differ, it refuses the request.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: The skyline dissolves into rain on glass
    image: https://cdn.example.com/a.png
    last_image: https://cdn.example.com/b.png
`,
  good: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: The skyline dissolves into rain on glass
    first_image: https://cdn.example.com/a.png
    last_image: https://cdn.example.com/b.png
`,
  check({ subjects, report }) {
    for (const { version } of subjects) {
      for (const use of version.legacy) {
        if (conflicts(use)) continue;
        report(
          {
            message: `\`${use.writtenAs}\` is the old name of \`${use.name}\``,
            help:
              use.beside === undefined
                ? `Write \`${use.name}\``
                : `Remove it: \`${use.name}\` beside it says the same`,
            origin: use.origin,
            mark: 'key',
          },
          version,
        );
      }
    }
  },
};
