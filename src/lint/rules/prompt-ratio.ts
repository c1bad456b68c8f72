import { promptPlace } from '../prompt-place.ts';
import type { Rule } from '../rule.ts';
import { shown } from '../words.ts';

export const promptRatio: Rule = {
  id: 'prompt-ratio',
  severity: 'warning',
  summary: 'A prompt states another ratio than `ratio`',
  why: 'The shape of a clip is `ratio`, whatever the prompt says: `--ar 9:16` is a habit of other tools and sets nothing here. Reported are `--ar` and `--aspect`, `aspect ratio 9:16`, `9:16 vertical`, `画幅9:16`, where they differ from the ratio in force, stated or by default. Left alone: times (`at 9:16`), scales, and ratios that no word calls one.',
  provider: 'Makes a clip of the stated ratio, or of the model’s default.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Neon skyline at night, slow dolly in --ar 9:16
`,
  good: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    ratio: "9:16"
    prompt: Neon skyline at night, slow dolly in
`,
  check({ subjects, sources, report }) {
    for (const { version, model, signs: prompt } of subjects) {
      const { ratio } = version.parameters;
      if (prompt === undefined || !hint.test(prompt.value) || version.broken.has('ratio')) continue;
      const inForce = ratio?.value ?? model?.ratio.default;
      const found = inForce === undefined ? undefined : statedOtherwise(prompt.value, inForce);
      if (found === undefined) continue;
      report(
        {
          message: `The prompt says ${shown(found.token)}, and the ratio is \`${inForce}\`${ratio === undefined ? ' by default' : ''}`,
          help: `State \`ratio: "${found.ratio}"\` if that is meant, and take it out of the prompt`,
          ...promptPlace(prompt, found.token, sources),
        },
        version,
      );
    }
  },
};

const hint = /\d ?[:：x×] ?\d/;
const flag = /(?:--|—|–)(?:ar|aspect(?:[_-]?ratio)?)[ =]+(?<w>\d{1,2}) ?[:：x×] ?(?<h>\d{1,2})\b/giu;
const behindWord =
  /(?:\baspect(?:[ _-]ratio)?|画幅|畫幅|宽高比|寬高比|画面比例|长宽比)[^\d\n]{0,6}?(?<w>\d{1,2}) ?[:：] ?(?<h>\d{1,2})(?!\d)/giu;
const beforeWord =
  /(?<![\d:])(?<w>\d{1,2}) ?[:：] ?(?<h>\d{1,2}) ?(?:aspect\b|ratio\b|vertical\b|portrait\b|horizontal\b|landscape\b|widescreen\b|format\b|竖屏|豎屏|横屏|橫屏|画幅|畫幅|竖版|横版)/giu;

function statedOtherwise(prompt: string, inForce: string): { token: string; ratio: string } | undefined {
  for (const pattern of [flag, behindWord, beforeWord]) {
    for (const { 0: token, groups = {} } of prompt.matchAll(pattern)) {
      const ratio = `${groups['w']}:${groups['h']}`;
      if (ratio !== inForce) return { token, ratio };
    }
  }
  return undefined;
}
