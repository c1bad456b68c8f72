import { promptPlace } from '../prompt-place.ts';
import type { Rule } from '../rule.ts';
import { shown } from '../words.ts';

export const promptDuration: Rule = {
  id: 'prompt-duration',
  severity: 'warning',
  summary: 'A prompt states another length than `duration`',
  why: 'The length of a clip is `duration`, whatever the prompt says; one of the two was forgotten when the other was changed. Reported are a length that stands alone (`…, 10 seconds`), one of the clip (`a 10-second video`, `时长10秒`), and one that does not fit into the clip. Left alone: shorter times inside it (`after 2 seconds`), `10 seconds later`, timetables (`0-3 s: …`), decades (`90s`), and prompts about clocks, countdowns and time-lapses.',
  provider: 'Makes a clip of `duration` seconds.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Neon skyline at night, slow dolly in, 10 seconds
`,
  good: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 10
    prompt: Neon skyline at night, slow dolly in
`,
  check({ subjects, sources, report }) {
    for (const { version, signs: prompt } of subjects) {
      const { duration } = version.parameters;
      if (prompt === undefined || duration === undefined || !hint.test(prompt.value)) continue;
      const token = statedOtherwise(prompt.value, duration.value);
      if (token === undefined) continue;
      report(
        {
          message: `The prompt says ${shown(token)}, and the duration is ${duration.value} s`,
          help: 'Change `duration`, or take the length out of the prompt',
          ...promptPlace(prompt, token, sources),
        },
        version,
      );
    }
  },
};

const hint = /\d[ -]?(?:s\b|sec|秒)/i;
const aboutTime =
  /time-?lapse|hyper-?lapse|slow[- ]motion|clock|countdown|timer|stopwatch|延时|延時|慢动作|慢動作|倒计时|倒計時|时钟|秒表/i;

const unit = '(?:s|secs?|seconds?|秒钟?|秒鐘?)';
/** A length on its own, between commas, brackets or the ends of a line. Decades are none. */
const alone = new RegExp(
  `(?:^|[\\n,;.，。；、(（|])[ \\t]*(?<token>(?![2-9]0s)(?<n>\\d{1,3})[ -]?${unit})[ \\t]*(?=$|[\\n,;.，。；、)）|])`,
  'giu',
);
const ofTheClip = new RegExp(
  `(?<![\\d.:–-])(?<token>(?<n>\\d{1,3})[ -]?${unit}[ -]?(?:long\\b|(?:video|clip|film|footage|animation)\\b|长?的?(?:视频|短片|片段|影片)))`,
  'giu',
);
const named = new RegExp(
  `(?<token>\\b(?:duration|length|runtime)\\b(?: of| is)?[ :=]{1,3}(?<n>\\d{1,3})[ -]?${unit}|(?:时长|時長|片长|片長|总长)[为為是约約:： ]{0,2}(?<n2>\\d{1,3})[ -]?${unit})`,
  'giu',
);
/** A span of time inside the clip, which only has to fit. */
const inside =
  /(?<![\d.:–~-])(?<token>(?<n>\d{1,3})[ -]?(?:seconds?|secs?|秒钟?|秒鐘?))(?!\s?(?:later|ago|after|before|earlier|from|后|後|前|之后|之前))(?![a-z])/giu;

function statedOtherwise(prompt: string, duration: number): string | undefined {
  for (const pattern of [alone, ofTheClip, named]) {
    for (const { groups = {} } of prompt.matchAll(pattern)) {
      if (Number(groups['n'] ?? groups['n2']) !== duration) return groups['token'];
    }
  }
  if (aboutTime.test(prompt)) return undefined;
  for (const { groups = {} } of prompt.matchAll(inside)) {
    if (Number(groups['n']) > duration) return groups['token'];
  }
  return undefined;
}
