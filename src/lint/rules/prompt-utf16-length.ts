import { count, number } from '../../core/count.ts';
import type { Rule } from '../rule.ts';

/** The same reference again and again, in an example. */
const repeated = (times: number): string => Array.from({ length: times }, () => '${vars.rain}').join('');

export const promptUtf16Length: Rule = {
  id: 'prompt-utf16-length',
  severity: 'warning',
  summary: 'A prompt is within the limit in characters, and over it as some servers count',
  why: 'Emoji and rare characters are one character and two UTF-16 units. The limit is documented in characters; a server that counts units would find the prompt too long.',
  provider: 'May refuse the request.',
  bad: `version: 1
project: demo
vars:
  rain: 🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧
shots:
  - id: sh0010
    model: videos_stable
    duration: 5
    prompt: "Rain ${repeated(26)}"
`,
  good: `version: 1
project: demo
vars:
  rain: 🌧🌧🌧🌧🌧🌧🌧🌧🌧🌧
shots:
  - id: sh0010
    model: videos_stable
    duration: 5
    prompt: "Rain ${repeated(2)}"
`,
  check({ subjects, report }) {
    for (const { version, model } of subjects) {
      const { prompt } = version.parameters;
      const most = model?.prompt.maxLength ?? null;
      if (prompt === undefined || most === null || prompt.value.length <= most) continue;
      const units = prompt.value.length;
      const pairs = prompt.value.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0;
      if (units - pairs > most) continue;
      report(
        {
          message: `The prompt has ${count(units - pairs, 'character')}, within the ${number(most)} that \`${model?.id}\` takes, and ${count(units, 'UTF-16 unit')}, which some servers count`,
          help: `Replace emoji and rare characters by words, or shorten it by ${count(units - most, 'UTF-16 unit')}`,
          origin: prompt.origin,
          mark: 'value',
        },
        version,
      );
    }
  },
};
