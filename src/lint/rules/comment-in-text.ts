import { writtenIn } from '../quoted.ts';
import type { Rule } from '../rule.ts';
import type { ScalarPlace } from '../scalars.ts';
import { forEachScalar } from '../scalars.ts';

export const commentInText: Rule = {
  id: 'comment-in-text',
  severity: 'warning',
  summary: 'A ` #` in a text without quotes cuts off the rest of it',
  why: 'Without quotes, YAML begins a comment at a ` #`: of `bib #42 crosses the line` only `bib` is read, and sent. Looked at are prompts, titles, notes, tags and `vars`, where the `#` is followed by a letter, a digit or a quote, as in `#42`, `#hero`, `#夜景`. A comment as people write them is left alone: `# to end`, with a blank behind the `#`; one behind a number, an id, a model, a ratio or a URL; one on a line of its own; and `#todo`, `#fixme`, `#noqa` and their like. In titles, notes and tags, which are not sent, `lint --fix` writes the quotes.',
  provider: 'Gets what is left of the prompt, and bills the clip that it makes of it.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: A marathon runner wearing bib #42 crosses the line, slow motion
`,
  good: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5 # seconds
    prompt: "A marathon runner wearing bib #42 crosses the line, slow motion"
`,
  check({ sources, report }) {
    for (const source of sources) {
      const { root, text } = source;
      if (root === null || !suspect.test(text)) continue;
      forEachScalar(root, (scalar, place) => {
        if (scalar.type !== 'PLAIN' || typeof scalar.value !== 'string' || !isText(place)) return;
        const [start, end] = scalar.range ?? [0, 0];
        const comment = cut.exec(restOfLine(text, end));
        if (comment === null || start === end) return;
        const at = end + comment[0].indexOf('#');
        const lineEnd = end + restOfLine(text, end).trimEnd().length;
        const whole = writtenIn(`${scalar.value}${text.slice(end, lineEnd)}`);
        const isSent = place.keys.at(-1) === 'prompt' || place.keys[0] === 'vars';
        const canMend = !isSent && !place.flow && !text.slice(start, end).includes('\n');
        report({
          message: 'This text ends before the ` #`, which begins a comment',
          help: `Put the text in quotes: ${shortened(whole)}. If it is a comment, write a space behind the \`#\``,
          origin: { source, path: [] },
          mark: 'value',
          range: { start: at, end: at + (comment[1]?.length ?? 1) },
          ...(canMend
            ? { fix: { title: 'Put the text in quotes', edits: [{ start, end: lineEnd, text: whole }] } }
            : {}),
        });
      });
    }
  },
};

const suspect = /[ \t]#[^\s#!]/;
/** The rest of a line behind a text, where it looks like more of the text. */
const cut =
  /^[ \t]+(?!#(?:todo|fixme|xxx|hack|tbd|note|nb|shotlist|yaml|yamllint|noqa|nosec|nosonar|prettier|biome|eslint|cspell|spell|spellcheck|region|endregion|lint)(?![\p{L}\p{N}]))(#[\p{L}\p{N}"'“(（][^\s]*)/iu;

function isText({ keys, isKey }: ScalarPlace): boolean {
  if (isKey) return false;
  const last = keys.at(-1);
  return last === 'prompt' || last === 'title' || last === 'notes' || last === 'tags' || keys[0] === 'vars';
}

function restOfLine(text: string, from: number): string {
  const end = text.indexOf('\n', from);
  return text.slice(from, end === -1 ? text.length : end);
}

function shortened(written: string): string {
  const points = [...written.replace(/\s+/g, ' ')];
  return points.length > 70 ? `${points.slice(0, 68).join('')}…${points.at(-1)}` : points.join('');
}
