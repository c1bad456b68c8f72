import { keySpan, renamed, valueSpan } from '../../manifest/locate.ts';
import type { Edit, LegacyUse } from '../../manifest/model.ts';
import type { Problem, Rule } from '../rule.ts';
import { conflicts } from './legacy-conflict.ts';

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
            ...fixOf(use),
          },
          version,
        );
      }
    }
  },
};

function fixOf(use: LegacyUse): Pick<Problem, 'fix'> {
  const { source, path } = use.origin;
  const isBeside = keySpan({ source, path: [...path.slice(0, -1), use.name] }) !== undefined;
  const edit = isBeside ? removal(use) : renamed(use.origin, use.name);
  const title = isBeside ? `Remove \`${use.writtenAs}\`` : `Write \`${use.name}\``;
  return edit === undefined ? {} : { fix: { title, edits: [edit] } };
}

/** Takes out the whole line of a pair that has it to itself, and says the same as the one beside it. */
function removal({ origin, beside }: LegacyUse): Edit | undefined {
  const { text } = origin.source;
  const key = keySpan(origin);
  const value = valueSpan(origin);
  if (beside === undefined || key === undefined || value === undefined) return undefined;
  const start = text.lastIndexOf('\n', key.start - 1) + 1;
  const feed = text.indexOf('\n', value.end);
  const end = feed === -1 ? text.length : feed + 1;
  const isAlone = text.slice(start, key.start).trim() === '' && text.slice(value.end, end).trim() === '';
  return isAlone && !text.slice(key.start, value.end).includes('\n') ? { start, end, text: '' } : undefined;
}
