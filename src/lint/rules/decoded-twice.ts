import type { Rule } from '../rule.ts';
import { shown } from '../words.ts';

export const decodedTwice: Rule = {
  id: 'decoded-twice',
  severity: 'warning',
  summary: 'A text was decoded twice, so that its letters came apart',
  why: 'When UTF-8 is opened as a Western encoding and saved again, `é` becomes `Ã©`, `’` becomes `â€™` and `夜` becomes `å¤œ`. Such a prompt is valid text, and garbage. Only sequences that no language writes are reported, the first of each file; accented letters, quotes and symbols in their usual places are left alone.',
  provider: 'Gets the garbage, and bills the clip that it makes of it.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: A cafÃ© at night, slow dolly in
`,
  good: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: A café at night, slow dolly in
`,
  check({ sources, report }) {
    for (const source of sources) {
      const found = suspects.exec(source.text);
      if (found === null) continue;
      const [broken] = found;
      const whole = repaired(broken);
      report({
        message: `${shown(broken)} is a text that was decoded twice`,
        help: `${whole === undefined ? '' : `It was ${shown(whole)}. `}Open the original as UTF-8 and copy it again, or let your editor reopen this file with the right encoding`,
        origin: { source, path: [] },
        mark: 'value',
        range: { start: found.index, end: found.index + broken.length },
      });
    }
  },
};

/** Characters that Windows-1252 has in the place of the bytes 0x80 to 0x9f. */
const windows = '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ';
const bytes = '80 82 83 84 85 86 87 88 89 8a 8b 8c 8e 91 92 93 94 95 96 97 98 99 9a 9b 9c 9e 9f'.split(' ');
const byteOf: ReadonlyMap<string, number> = new Map(
  [...windows].map((character, index) => [character, Number.parseInt(bytes[index] ?? '0', 16)]),
);
/** Continuation bytes as they look; those of the second list are no punctuation that follows a letter. */
const any = `\\u0080-\\u00bf${windows}`;
const odd = '¡-ª¬-¶¸-º¼-¿€‚ƒ„†‡ˆ‰Š‹ŒŽ˜™š›œžŸ';
/** Two bytes (`Ã©`), or three of which one cannot follow a letter (`å¤œ`, `â€™`), or four (`ðŸŒ§`). */
const suspects = new RegExp(
  `(?:[ÂÃ][${odd}]|[à-ï](?:[${odd}][${any}]|[${any}][${odd}])|ð[Ÿ\\u009f][${any}]{2})+`,
  'u',
);

/** The text as it was; undefined where its bytes are no UTF-8. */
function repaired(broken: string): string | undefined {
  const codes = [...broken].map((character) => byteOf.get(character) ?? character.charCodeAt(0));
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(codes));
  } catch {
    return undefined;
  }
}
