import { promptPlace } from '../prompt-place.ts';
import { referenceLookAlikes } from '../reference-look-alikes.ts';
import type { Rule } from '../rule.ts';
import { shown } from '../words.ts';

export const referenceLookAlikeRule: Rule = {
  id: 'reference-look-alike',
  severity: 'warning',
  summary: 'A prompt holds what looks like a reference and is none',
  why: 'Only `${vars.NAME}` and `${assets.NAME}` are put in. `$vars.look`, `$(vars.look)`, `{vars.look}` and the full-width signs of a Chinese keyboard (`$｛vars.look｝`, `＄{vars.look}`) are words like any other. Left alone: `vars.look` without a sign, and a literal `${vars.look}` that was written `$${vars.look}`.',
  provider: 'Gets the signs as they stand, and bills the clip that it makes of them.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Neon skyline at night, slow dolly in, $vars.look
`,
  good: `version: 1
project: demo
vars: { look: cinematic }
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Neon skyline at night, slow dolly in, \${vars.look}
`,
  check({ subjects, sources, report }) {
    for (const { version, signs: prompt } of subjects) {
      const [found] = prompt === undefined ? [] : referenceLookAlikes(prompt.value);
      if (prompt === undefined || found === undefined) continue;
      report(
        {
          message: `${shown(found.text)} is sent as it stands`,
          help: `Write \`${found.meant}\` for the value; or suppress this finding if the signs are meant`,
          ...promptPlace(prompt, found.text, sources),
        },
        version,
      );
    }
  },
};
