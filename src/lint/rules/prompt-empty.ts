import type { Rule } from '../rule.ts';

export const promptEmpty: Rule = {
  id: 'prompt-empty',
  severity: 'error',
  summary: 'A prompt holds no words',
  why: 'The prompt is the only parameter that says what to show. An empty one is most often a paragraph that was never written, or a file that lost its text.',
  provider: 'Refuses the request, or bills a clip of nothing in particular.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: ""
`,
  good: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Neon skyline at night, slow dolly in
`,
  check({ subjects, report }) {
    for (const { version } of subjects) {
      const { prompt } = version.parameters;
      if (prompt === undefined || visible.test(prompt.value)) continue;
      const fromFile = prompt.writtenAs === 'promptFile';
      report(
        {
          message: fromFile ? 'The prompt file holds no words' : 'The prompt holds no words',
          help: 'Write what is to be seen: scene, subject, motion, camera and style',
          origin: prompt.stated,
          mark: 'value',
        },
        version,
      );
    }
  },
};

/** Anything that is seen: neither white space nor an invisible format or control character. */
const visible = /[^\s\p{Cf}\p{Cc}]/u;
