import { promptPlace } from '../prompt-place.ts';
import type { Rule } from '../rule.ts';
import { shown } from '../words.ts';

export const promptPlaceholder: Rule = {
  id: 'prompt-placeholder',
  severity: 'warning',
  summary: 'A prompt holds a placeholder',
  why: "What was meant to be replaced would be sent, and the clip billed: `TODO`, `lorem ipsum`, an unfilled `{name}`, `{{name}}`, `<name>`, `%s` or `a [SUBJECT]`, a program's `[object Object]`; and a whole prompt that is `nan`, `N/A`, `None`, `null`, `-`, `...`, `ditto`, `same as above`, `待定`, `同上` and the like. Names of the manifest are put in with `${vars.NAME}`. Left alone: such a word inside a sentence, a heading in brackets (`[Wide shot]`), and a prompt of one short word that may be meant.",
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
  check({ subjects, sources, report }) {
    for (const { version, signs } of subjects) {
      const { prompt } = version.parameters;
      const token = prompt === undefined ? undefined : placeholderIn(prompt.value, signs !== undefined);
      if (prompt === undefined || token === undefined) continue;
      report(
        {
          message: `The prompt holds the placeholder ${shown(token)}`,
          help: 'Write what is to be seen in its place; `${vars.NAME}` puts in a value of `vars`',
          ...promptPlace(prompt, token, sources),
        },
        version,
      );
    }
  },
};

function placeholderIn(prompt: string, signs: boolean): string | undefined {
  if (prompt.length <= longestWhole) {
    const whole = prompt.trim();
    if (
      wholePlaceholders.has(whole.toLowerCase().replace(/[.。!！]+$/, '')) ||
      /^[\p{P}\p{Sm}\p{Sk}]+$/u.test(whole)
    ) {
      return whole === '' ? undefined : whole;
    }
  }
  if (!signs || !hint.test(prompt)) return undefined;
  return placeholder.exec(prompt)?.[0] ?? percent.exec(prompt)?.[1] ?? capitals.exec(prompt)?.[1];
}

/** Words that people and programs leave where a prompt belongs. */
const wholePlaceholders: ReadonlySet<string> = new Set([
  ...[
    'nan',
    'null',
    'none',
    'undefined',
    'nil',
    'n/a',
    '#n/a',
    'na',
    '#ref!',
    '#value!',
    '#name?',
    'tbd',
    'tbc',
    'tba',
  ],
  ...[
    'todo',
    'fixme',
    'xxx',
    'placeholder',
    'empty',
    '(empty)',
    '(none)',
    'ditto',
    'same',
    'same as above',
    'see above',
  ],
  ...[
    'as above',
    'same as before',
    'same as previous',
    'idem',
    'prompt',
    'prompt here',
    'prompt goes here',
    'your prompt',
  ],
  ...['your prompt here', 'insert prompt here', 'enter prompt', 'test', 'asdf', 'lorem ipsum'],
  ...[
    '待定',
    '待补',
    '待补充',
    '待填',
    '待填写',
    '待写',
    '未定',
    '同上',
    '如上',
    '见上',
    '无',
    '暂无',
    '空',
    '略',
    '占位',
    '占位符',
  ],
  ...[
    '〃',
    '々',
    '仝',
    '提示词',
    '測試',
    '测试',
    '待確認',
    '待确认',
    '未設定',
    '同前',
    '未填',
    '前と同じ',
    '上と同じ',
    '미정',
  ],
]);
const longestWhole = 24;

/** Matches every text that one of the patterns below could match. */
const hint = /[[{<%]|TODO|FIXME|TB[DCA]|orem /;
const placeholder =
  /\b(?:TODO|FIXME|TB[DCA])\b|\b[Ll]orem [Ii]psum\b|\{\{(?!\s*(?:vars|assets)[.．])[^{}\n]{0,80}\}\}|(?<![\w$＄{])\{(?!\s*(?:vars|assets)[.．])[A-Za-z_][\w .-]{0,40}\}(?!\})|<[A-Za-z][\w .-]{0,60}>|\[object [A-Z]\w*\]|\[(?:[Ii]nsert|[Pp]laceholder|[Yy]our)\b[^\]\n]{0,60}\]/;
/** `50%s` and `100% sure` are percentages. */
const percent = /(?:^|[^\d%\w])(%(?:\(\w+\))?[sd])(?!\w)/;
/** `A [SUBJECT] walks`, where `[CUT TO]` at the start of a sentence is a heading. */
const capitals = /\b(?:[Aa]n?|[Tt]he|of|with|in|by|for|and)\s(\[[A-Z][A-Z _-]{2,30}\])/;
