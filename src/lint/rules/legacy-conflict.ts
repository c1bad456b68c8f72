import type { LegacyUse } from '../../manifest/model.ts';
import type { Rule } from '../rule.ts';

export const legacyConflict: Rule = {
  id: 'legacy-conflict',
  severity: 'error',
  summary: 'The old and the new name of a frame hold different images',
  why: '`image` is the old name of `first_image`, and `lastFrameImage` that of `last_image`. Side by side with different values, only one of the two images can be meant.',
  provider: 'Answers with a parameter conflict.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: The skyline dissolves into rain on glass
    first_image: https://cdn.example.com/a.png
    image: https://cdn.example.com/other.png
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
        if (!conflicts(use)) continue;
        report(
          {
            message: `\`${use.writtenAs}\` and \`${use.name}\` mean the same frame, and hold different images`,
            help: `Keep the right image under \`${use.name}\`, and remove \`${use.writtenAs}\``,
            origin: use.origin,
            mark: 'value',
          },
          version,
        );
      }
    }
  },
};

/** True where the new spelling beside a legacy one says something else. */
export function conflicts({ beside, value }: LegacyUse): boolean {
  return beside !== undefined && beside.value !== value;
}
