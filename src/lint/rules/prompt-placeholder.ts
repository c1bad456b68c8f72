import type { Rule } from '../rule.ts';
import { shown } from '../words.ts';

export const promptPlaceholder: Rule = {
  id: 'prompt-placeholder',
  severity: 'warning',
  summary: 'A prompt holds a placeholder',
  why: '`TODO`, `lorem ipsum`, an unfilled `{{name}}` or `<name>`: what was meant to be replaced would be sent, and the clip billed. Names of the manifest are put in with `${vars.NAME}`.',
  provider: 'Makes a clip of the words as they stand.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: "{{hero}} crosses the alley, handheld camera, rain"
`,
  good: `version: 1
project: demo
vars: { hero: Mika }
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: "\${vars.hero} crosses the alley, handheld camera, rain"
`,
  check({ subjects, report }) {
    for (const { version } of subjects) {
      const { prompt } = version.parameters;
      const token = prompt === undefined ? undefined : placeholder.exec(prompt.value)?.[0];
      if (prompt === undefined || token === undefined) continue;
      report(
        {
          message: `The prompt holds the placeholder ${shown(token)}`,
          help: 'Write what is to be seen in its place; `${vars.NAME}` puts in a value of `vars`',
          origin: prompt.origin,
          mark: 'value',
          token: { text: token, occurrence: 0 },
        },
        version,
      );
    }
  },
};

const placeholder =
  /\b(?:TODO|FIXME|TBD)\b|\b[Ll]orem [Ii]psum\b|\{\{[^{}\n]{0,80}\}\}|<[A-Za-z][\w .-]{0,60}>|\[(?:[Ii]nsert|[Pp]laceholder|[Yy]our)\b[^\]\n]{0,60}\]/;
