import type { Node } from 'yaml';
import { isMap, isScalar, isSeq } from 'yaml';
import { namedCharacter, oddBlanks } from '../core/characters.ts';
import type { Explanation } from './explanation.ts';
import type { TextProblem } from './problem.ts';

const odd = new RegExp(`[${oddBlanks}]`);
const oddRun = new RegExp(`[${oddBlanks}][ ${oddBlanks}]*`);
/** A key behind odd blanks, a key with an odd blank behind its colon, a dash with one behind it. */
const oddIndent = new RegExp(`^ *(?:- +)?(?=[${oddBlanks}])[ ${oddBlanks}]*(?=(?:- |["'\\w][^:\\n]*:))`);
const oddAfter = new RegExp(`^(?<before>[ ${oddBlanks}]*(?:- +)?(?:-|["'\\w][\\w "'-]*:))(?=[${oddBlanks}])`);
const wideColon = /^(?<before> *(?:- +)?["'\w][\w "'-]*)：/;

/**
 * Finds a character that looks like a space or a colon on the line of a mistake and is none for YAML. Undefined where
 * the line has nothing of the kind in the place of one.
 */
export function lookAlike(text: string, offset: number): Explanation | undefined {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', start);
  const line = text.slice(start, end === -1 ? text.length : end);
  const colon = wideColon.exec(line)?.groups?.['before'];
  if (colon !== undefined) return wide(start + colon.length);
  if (!odd.test(line)) return undefined;
  const before = oddIndent.test(line) ? '' : oddAfter.exec(line)?.groups?.['before'];
  if (before === undefined) return undefined;
  return blanks(text, start + before.length);
}

/** Keys that begin with a blank that is no space for YAML, so that they stand elsewhere than they seem to. */
export function keysBehindOddBlanks(root: Node, text: string): readonly Explanation[] {
  return odd.test(text) ? [...oddKeys(root)].map((at) => blanks(text, at)) : [];
}

function* oddKeys(node: Node | null): Generator<number> {
  if (isMap<Node, Node | null>(node)) {
    for (const { key, value } of node.items) {
      const isOdd = isScalar(key) && key.type === 'PLAIN' && odd.test(String(key.value)[0] ?? '');
      if (isOdd && key.range != null) yield key.range[0];
      yield* oddKeys(value);
    }
  } else if (isSeq<Node>(node)) {
    for (const item of node.items) yield* oddKeys(item);
  }
}

/** The odd blanks at or behind an offset of a line, and the text with spaces in their place. */
function blanks(text: string, from: number): Explanation {
  const run = oddRun.exec(text.slice(from));
  const start = from + (run?.index ?? 0);
  const end = start + (run?.[0].length ?? 1);
  const spaces = ' '.repeat(end - start);
  const problem: TextProblem = {
    rule: 'yaml-syntax',
    message: `Here stands ${namedCharacter(text[start] ?? '')}, which is not a space for YAML`,
    help: 'Replace it with spaces; it is often left behind by copying from a web page or a word processor',
    start,
    end,
    fix: { title: 'Write spaces', edits: [{ start, end, text: spaces }] },
  };
  return { problem, brokenAt: start, meant: text.slice(0, start) + spaces + text.slice(end) };
}

function wide(start: number): Explanation {
  const problem: TextProblem = {
    rule: 'yaml-syntax',
    message: `Here stands ${namedCharacter('：')}, which is not a colon for YAML`,
    help: 'Write `: `, a colon and a space',
    start,
    end: start + 1,
    fix: { title: 'Write `: `', edits: [{ start, end: start + 1, text: ': ' }] },
  };
  return { problem, brokenAt: start };
}
