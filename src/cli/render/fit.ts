import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import type { Output } from '../io.ts';

/** Characters between which a line may be broken, since their languages have no spaces. */
const wide = String.raw`\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60`;
/** Signs that begin no line, and those that end none. */
const closing = '，。、：；！？）】》”’…';
const opening = '（【《“‘';

/** A word with the spaces before it. A command, a path, or what stands in backticks, is one word: people copy it. */
const wordPattern = new RegExp(
  `( *)(shotlist [a-z].*?(?= {2}|$)|[${opening}]*(?:${[
    String.raw`\x60[^\x60]*\x60[^\s${wide}${opening}]*`,
    String.raw`[^\s\x60${opening}${closing}]*[/.\\][\w\-][^\s\x60${opening}${closing}]*`,
    String.raw`[^\s\x60${wide}${opening}]+`,
    String.raw`\S`,
  ].join('|')})(?:[${closing}]|\u001b\\[[\\d;]*m)*)`,
  'gu',
);

/**
 * Breaks the lines that are too long for a terminal at spaces, where the terminal would break them amid words. What goes
 * on stands under the text that it belongs to. What is piped away is nobody's terminal: there every line stays whole.
 */
export function fitLines(
  text: string,
  { isTTY, columns, say }: Pick<Output, 'isTTY' | 'columns' | 'say'>,
): string {
  // What is said in another language is fitted once it is.
  if (!isTTY || say !== undefined) return text;
  return text
    .split('\n')
    .map((line) => (stringWidth(line) <= columns ? line : fitLine(line, columns)))
    .join('\n');
}

/** An output whose texts are fitted, line by line, to the terminal that it may be. */
export function fitting(output: Output): Output {
  return Object.create(output, { write: { value: (text: string) => output.write(fitLines(text, output)) } });
}

function fitLine(line: string, columns: number): string {
  const words = [...line.matchAll(wordPattern)].map(([, gap = '', word = '']) => ({ gap, word }));
  const lastColumn = words.findLastIndex(({ gap }, index) => index > 0 && gap.length > 1);
  const { indent, isUnderColumn } = hangingIndent(line, columns);
  const lines: string[] = [];
  let current = '';
  for (const [index, { gap, word }] of words.entries()) {
    const isCut = index === lastColumn && !isUnderColumn;
    const fits = stringWidth(current + gap + word) <= columns && !isCut;
    if (index === 0 || fits || current.trim() === '') {
      current += gap + word;
      continue;
    }
    lines.push(current);
    current = ' '.repeat(word.startsWith('shotlist ') ? Math.max(indent, 2) : indent) + word;
  }
  const end = / *$/.exec(line)?.[0] ?? '';
  return [...lines, current + end].join('\n');
}

/** Finds the column where a line's text begins: behind its label, or in its last column unless that is far to the right. */
function hangingIndent(
  line: string,
  columns: number,
): { readonly indent: number; readonly isUnderColumn: boolean } {
  const plain = stripVTControlCharacters(line);
  const label =
    /^ *(?:(?:error|warning|stopped|note:|help:?|错误|警告|已停止|注意：?|建议：?) )?/.exec(plain)?.[0] ?? '';
  if (label.trim() !== '') return { indent: stringWidth(label), isUnderColumn: true };
  const before = stringWidth(/^.*\S {2,}(?=\S)/.exec(plain)?.[0] ?? label);
  const isUnderColumn = before <= columns / 2;
  return { indent: isUnderColumn ? before : label.length + 2, isUnderColumn };
}
