import type { Explanation, FirstMistake, SyntaxMistake } from './explanation.ts';

/** Lines above a mistake in which its cause is looked for, and causes that are tried at most. */
const linesAbove = 12;
const candidatesTried = 6;

/**
 * Explains a mistake by a ` #` that was meant as text: YAML begins a comment there, so that a bracket behind it stays
 * open, or a text that goes on below breaks off. It is the cause where the mistake is gone without it; else undefined.
 */
export function cutByComment(
  text: string,
  mistake: SyntaxMistake,
  firstMistake: FirstMistake,
): Explanation | undefined {
  for (const at of hashesAbove(text, mistake.start)) {
    const without = firstMistake(`${text.slice(0, at)}_${text.slice(at + 1)}`);
    if (without !== undefined && without <= mistake.start) continue;
    const lineEnd = text.indexOf('\n', at);
    const rest = text.slice(at, lineEnd === -1 ? text.length : lineEnd).trimEnd();
    return {
      problem: {
        rule: 'yaml-syntax',
        message: /[:[{,-][ \t]+$/.test(text.slice(0, at))
          ? 'A `#` begins a comment, so that there is no text here'
          : 'A ` #` begins a comment, so that the text before it ends here',
        help: 'Put the whole text in quotes, or write it as a block: `|` after the key, the text indented below',
        start: at,
        end: at + (/^#\S*/.exec(rest)?.[0].length ?? 1),
      },
      brokenAt: at,
    };
  }
  return undefined;
}

/** Every ` #` behind other text on the lines above an offset and on its own, the nearest first. */
function hashesAbove(text: string, offset: number): readonly number[] {
  const found: number[] = [];
  let end = endOfLine(text, offset);
  for (let line = 0; line <= linesAbove && end >= 0 && found.length < candidatesTried; line += 1) {
    const start = text.lastIndexOf('\n', end - 1) + 1;
    const hash = /^(\s*[^\s#].*?[ \t])#/.exec(text.slice(start, end));
    if (hash !== null) found.push(start + (hash[1]?.length ?? 0));
    end = start - 1;
  }
  return found;
}

function endOfLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end;
}
