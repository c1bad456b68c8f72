import { namedCharacter } from '../../core/characters.ts';
import type { Rule } from '../rule.ts';
import { forEachScalar } from '../scalars.ts';

export const listSeparator: Rule = {
  id: 'list-separator',
  severity: 'warning',
  summary: 'A full-width comma makes one tag of two',
  why: 'Items of a list are parted by `,`. The full-width `，` and the `、` of a Chinese keyboard are letters for YAML, so that `[rain，night]` is one tag, and `--tag night` finds nothing. Looked at are tags alone: in prompts, titles and notes these signs are where they belong.',
  provider: 'Never sees tags.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Neon skyline at night, slow dolly in
    tags: [rain，night]
`,
  good: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Neon skyline at night, slow dolly in
    tags: [rain, night]
`,
  check({ sources, report }) {
    for (const source of sources) {
      if (!/[，、]/.test(source.text) || !source.text.includes('tags')) continue;
      forEachScalar(source.root, (scalar, { keys, isKey }) => {
        if (isKey || scalar.type !== 'PLAIN' || keys.at(-1) !== 'tags') return;
        const [start, end] = scalar.range ?? [0, 0];
        const at = source.text.slice(start, end).search(/[，、]/);
        if (at === -1) return;
        report({
          message: `${sentence(namedCharacter(source.text[start + at] ?? ''))} is part of this tag`,
          help: 'Write `, ` to part two tags; or put a tag that holds the sign in quotes',
          origin: { source, path: [] },
          mark: 'value',
          range: { start: start + at, end: start + at + 1 },
        });
      });
    }
  },
};

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
