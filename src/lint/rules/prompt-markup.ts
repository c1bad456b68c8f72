import type { Rule } from '../rule.ts';

export const promptMarkup: Rule = {
  id: 'prompt-markup',
  severity: 'warning',
  summary: 'Front matter or a comment of a prompt file would be sent as words',
  why: 'A prompt is sent as it stands. The block between `---` lines at the top of a Markdown file and `<!-- notes -->` are words for the model like any other, and nothing in them sets a parameter. Left alone: headings, lists, emphasis and a `---` further down, which people use to order a long prompt.',
  provider: 'Gets them as a part of the prompt.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: |
      Neon skyline at night, slow dolly in
      <!-- shorter? -->
`,
  good: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    # shorter?
    prompt: |
      Neon skyline at night, slow dolly in
`,
  check({ subjects, report }) {
    for (const { version, signs } of subjects) {
      const { prompt } = version.parameters;
      if (prompt === undefined || (signs === undefined && !prompt.value.startsWith('---'))) continue;
      const { value, origin } = prompt;
      const found: [token: string, what: string][] = [];
      if (value.startsWith('---') && frontMatter.test(value)) found.push(['---', 'Front matter']);
      if (value.includes('<!--'))
        found.push([/<!--[^\n]*?(?:-->|$)/m.exec(value)?.[0] ?? '<!--', 'A comment']);
      for (const [token, what] of found) {
        report(
          {
            message: `${what} is sent as words of the prompt`,
            help:
              origin.source.root === null
                ? 'Delete it from the file; what it sets belongs to the shot in the manifest'
                : 'Delete it; a comment beside the prompt begins with `#`',
            origin,
            mark: 'value',
            token: { text: token, occurrence: 0 },
          },
          version,
        );
      }
    }
  },
};

/** Lines of `key: value` between two lines of three dashes. */
const frontMatter = /^---[ \t]*\n(?:[^\n]*\n){0,200}?(?:---|\.\.\.)[ \t]*(?:\n|$)/;
