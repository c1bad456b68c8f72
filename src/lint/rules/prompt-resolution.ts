import { promptPlace } from '../prompt-place.ts';
import type { Rule } from '../rule.ts';
import { shown } from '../words.ts';

export const promptResolution: Rule = {
  id: 'prompt-resolution',
  severity: 'warning',
  summary: 'A prompt states another resolution than `resolution`',
  why: 'The size of a clip is `resolution`, whatever the prompt says: `4K` or `1080p` in it sets nothing. Where such words are meant as a style, suppress this finding once for the file: `# shotlist-disable-file prompt-resolution -- a style word`. Left alone: things that have the word for a name (`a 4K television`), amounts (`$4K`), and words such as `high resolution` that name no size.',
  provider: 'Makes a clip of the stated resolution, or of the model’s default.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Neon skyline at night, slow dolly in, 4K
`,
  good: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Neon skyline at night, slow dolly in, crisp detail
`,
  check({ subjects, sources, report }) {
    for (const { version, model, signs: prompt } of subjects) {
      const { resolution } = version.parameters;
      if (prompt === undefined || !hint.test(prompt.value) || version.broken.has('resolution')) continue;
      const inForce = resolution?.value ?? model?.resolution.default;
      const token = inForce === undefined ? undefined : statedOtherwise(prompt.value, inForce);
      if (token === undefined) continue;
      report(
        {
          message: `The prompt says ${shown(token)}, and the resolution is \`${inForce}\`${resolution === undefined ? ' by default' : ''}`,
          help: 'Take it out of the prompt, or state `resolution` where the model offers it; suppress this finding if it is meant as a style',
          ...promptPlace(prompt, token, sources),
        },
        version,
      );
    }
  },
};

const hint = /\d[Kkp](?![a-z])|UHD/;
const words =
  /(?<![A-Za-z\d$€£¥.])(?<token>(?<k>[248])K|(?<lines>360|480|540|720|1080|1440|2160|4320)p|UHD)(?![A-Za-z\d])(?![ -](?:tv|television|telly|monitor|screen|display|camera|projector|run|race|words|followers|subscribers)\b)(?!\s?(?:电视|屏幕|显示器|摄像机|摄影机|相机|投影))/giu;
/** Lines of a picture, by what people call it. */
const linesOf: Readonly<Record<string, number>> = { 2: 1440, 4: 2160, 8: 4320 };

function statedOtherwise(prompt: string, inForce: string): string | undefined {
  const lines = Number(/^(\d+)p$/i.exec(inForce)?.[1] ?? linesOf[/^([248])k$/i.exec(inForce)?.[1] ?? '']);
  for (const { groups = {} } of prompt.matchAll(words)) {
    const said = groups['lines'] === undefined ? (linesOf[groups['k'] ?? '4'] ?? 0) : Number(groups['lines']);
    if (said !== lines) return groups['token'];
  }
  return undefined;
}
