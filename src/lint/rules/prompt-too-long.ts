import { count, number } from '../../core/count.ts';
import type { Rule } from '../rule.ts';

/** The same reference again and again, in an example. */
const repeated = (times: number): string => Array.from({ length: times }, () => '${vars.rain}').join(' ');

export const promptTooLong: Rule = {
  id: 'prompt-too-long',
  severity: 'error',
  summary: 'A prompt is longer than its model takes',
  why: 'Models take prompts up to a length of their own. Characters are counted as Unicode code points, in the text as it is sent: references put in, white space at the end removed.',
  provider: 'Refuses the request.',
  bad: `version: 1
project: demo
vars:
  rain: >-
    Rain streams down a window at night; behind the glass a neon skyline breaks into red and
    blue light, dissolves, and gathers again while the camera drifts slowly to the left,
    handheld, 35mm, shallow focus, film grain, the reflections of passing cars on every drop
shots:
  - id: sh0010
    model: videos_stable
    duration: 5
    prompt: "${repeated(20)}"
`,
  good: `version: 1
project: demo
vars:
  rain: >-
    Rain streams down a window at night; behind the glass a neon skyline breaks into red and
    blue light, dissolves, and gathers again while the camera drifts slowly to the left,
    handheld, 35mm, shallow focus, film grain, the reflections of passing cars on every drop
shots:
  - id: sh0010
    model: videos_stable
    duration: 5
    prompt: "${repeated(1)}"
`,
  check({ subjects, report }) {
    for (const { version, model } of subjects) {
      const { prompt } = version.parameters;
      const most = model?.prompt.maxLength ?? null;
      if (prompt === undefined || model === undefined || most === null) continue;
      // A code point is one or two units, so most prompts need no counting.
      if (prompt.value.length <= most) continue;
      const length = codePoints(prompt.value);
      if (length <= most) continue;
      report(
        {
          message: `The prompt has ${count(length, 'character')}; \`${model.id}\` takes at most ${number(most)}`,
          help: `Shorten it by ${count(length - most, 'character')}`,
          // In a prompt file that is its first line.
          origin: prompt.origin,
          mark: 'value',
        },
        version,
      );
    }
  },
};

function codePoints(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}
