import { namedCharacter } from '../core/characters.ts';
import { cutByComment } from './cut-by-comment.ts';
import type { Explanation, FirstMistake, SyntaxMistake } from './explanation.ts';
import { lookAlike } from './look-alikes.ts';
import type { TextProblem } from './problem.ts';

/**
 * The mistakes of a text that are clearly mistakes of their own, in plain words: the first one, since most that follow
 * are its consequences, and every line that is indented with a tab.
 */
export function explainMistakes(
  text: string,
  mistakes: readonly SyntaxMistake[],
  firstMistake: FirstMistake,
): readonly Explanation[] {
  const inOrder = [...mistakes].sort((a, b) => a.start - b.start);
  const first = inOrder[0];
  if (first === undefined) return [];
  if (first.code !== 'TAB_AS_INDENT') {
    return [lookAlike(text, first.start) ?? cutByComment(text, first, firstMistake) ?? explain(text, first)];
  }
  const lines = new Map<number, SyntaxMistake>();
  for (const mistake of inOrder) {
    if (mistake.code !== 'TAB_AS_INDENT') continue;
    const line = text.lastIndexOf('\n', mistake.start - 1);
    if (!lines.has(line)) lines.set(line, mistake);
  }
  return [...lines.values()].map((mistake) => explain(text, mistake));
}

function explain(text: string, mistake: SyntaxMistake): Explanation {
  const written = characteristic(text, mistake);
  if (written !== undefined) return written;
  const [message, help] = words(text, mistake);
  const start = startOf(text, mistake);
  const lineEnd = endOfLine(text, start);
  const wholeLine = mistake.code === 'BLOCK_AS_IMPLICIT_KEY';
  const end = wholeLine ? lineEnd : Math.min(Math.max(mistake.end, start + 1), lineEnd);
  const problem = { rule: 'yaml-syntax', message, help, start, end: Math.max(end, start) } as const;
  const brokenAt = mistake.message.includes('sufficiently indented') ? openerBefore(text, start) : start;
  return { problem, brokenAt };
}

/** A quote that is never closed is shown where it is opened, not at the end of the file. */
function startOf(text: string, { start, message }: SyntaxMistake): number {
  const opened = /Missing closing (["'])/.exec(message)?.[1];
  const quote = opened === undefined ? -1 : text.lastIndexOf(opened, start - 1);
  return quote === -1 ? Math.min(start, text.length) : quote;
}

function endOfLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  const line = text.slice(offset, end === -1 ? text.length : end);
  return offset + line.trimEnd().length;
}

/** Mistakes that are told by how the line is written, whatever the library makes of them. */
function characteristic(text: string, { start, message }: SyntaxMistake): Explanation | undefined {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const line = text.slice(lineStart, endOfLine(text, lineStart));
  const at = (
    from: number,
    to: number,
    [words, help]: readonly [string, string],
    fix?: TextProblem['fix'],
  ) => {
    const problem = { rule: 'yaml-syntax', message: words, help, start: from, end: to, fix } as const;
    return { problem, brokenAt: from };
  };
  const reference =
    text[start] === '{' ? /^\$\{[^{}\n]*\}/.exec(text.slice(start - 1, start + 200))?.[0] : undefined;
  if (reference !== undefined) {
    const end = start - 1 + reference.length;
    return at(start - 1, end, ['Inside `[ ]` and `{ }` a reference needs quotes', `Write "${reference}"`], {
      title: 'Put the reference in quotes',
      edits: [{ start: start - 1, end, text: `"${reference}"` }],
    });
  }
  const dash = /^ *-(?=[^\s-])/.exec(line)?.[0].length;
  if (dash !== undefined) {
    const to = lineStart + dash;
    return at(
      to - 1,
      to,
      ['A space is missing after this `-`', 'An item of a list begins with `- `: a dash and a space'],
      { title: 'Write a space after the `-`', edits: [{ start: to, end: to, text: ' ' }] },
    );
  }
  const above = /(?:^|\n)(?<indent> *)(?:- +)*[^\n]*: *[|>][-+\d]*[ \t]*(?:#[^\n]*)?\r?\n\s*$/.exec(
    text.slice(Math.max(0, lineStart - 2000), lineStart),
  );
  if (above !== null && !message.includes('closing') && /^ *[^\s#-]/.test(line)) {
    const from = lineStart + line.search(/\S/);
    return at(from, lineStart + line.length, [
      'This text belongs to the block above, and without indentation it is a key whose `:` is missing',
      'Indent every line of the text by two spaces more than the key of its `|` or `>`',
    ]);
  }
  return undefined;
}

/** The bracket that is still open where a flow map or list is said to be unfinished; the offset itself where none is. */
function openerBefore(text: string, offset: number): number {
  let open = 0;
  for (let at = offset - 1, least = Math.max(0, offset - 20_000); at >= least; at -= 1) {
    const character = text[at];
    if (character === '}' || character === ']') open -= 1;
    else if (character === '{' || character === '[') {
      open += 1;
      if (open > 0) return at;
    }
  }
  return offset;
}

const quoteIt = 'Put the value in quotes, or write it as a block: `|` after the key, the text indented below';

function words(text: string, { start, code, message }: SyntaxMistake): [message: string, help: string] {
  const character = text[start] === '`' ? 'a backtick' : `\`${text[start] ?? ''}\``;
  switch (code) {
    case 'TAB_AS_INDENT':
      return ['This line is indented with a tab', 'YAML is indented with spaces only: replace the tab'];
    case 'BLOCK_AS_IMPLICIT_KEY':
      return blockAsKey(text.slice(start, endOfLine(text, start)), message);
    case 'MULTILINE_IMPLICIT_KEY':
      return ['This text runs over several lines before its `:`', 'Is a `:` or a quote missing on the line?'];
    case 'KEY_OVER_1024_CHARS':
      return ['This key is longer than 1,024 characters', 'Is a quote or a `:` missing?'];
    case 'BAD_INDENT':
      return message.includes('sufficiently indented')
        ? [
            'The `{` or `[` above is not closed before this line',
            'Close it, or indent this line if it belongs inside',
          ]
        : [
            'This line is not indented like its neighbours',
            'Give keys of the same map the same indentation, in spaces',
          ];
    case 'BAD_SCALAR_START':
      return [`A value cannot begin with ${character} without quotes`, quoteIt];
    case 'BAD_DQ_ESCAPE':
      return [
        `\`${text.slice(start, start + 2)}\` is no escape that YAML knows`,
        'Write `\\\\` for a backslash, or use single quotes, where nothing is an escape',
      ];
    case 'BAD_ALIAS':
      return ['A `*` or `&` without a name', 'Put text that begins with `*` or `&` in quotes'];
    case 'BLOCK_IN_FLOW':
      return [
        'An indented map or list inside `{ }` or `[ ]`',
        'Write it in one of the two styles: all in brackets, or all indented',
      ];
    case 'TAG_RESOLVE_FAILED':
      return ['A value cannot begin with `!` without quotes', quoteIt];
    case 'BAD_DIRECTIVE':
      return [
        'A line that begins with `%` is a directive, and this one is not known',
        'Delete it, or put the text in quotes',
      ];
    case 'MULTIPLE_ANCHORS':
    case 'MULTIPLE_TAGS':
    case 'BAD_PROP_ORDER':
    case 'ALIAS_PROPS':
      return [
        '`&`, `*` and `!` stand for anchors, aliases and tags, and do not go together like this',
        quoteIt,
      ];
    default:
      return otherWords(message, character);
  }
}

const listOnKeyLine: [message: string, help: string] = [
  'A list begins on the line of its key',
  'Begin the list on the next line',
];

function blockAsKey(line: string, message: string): [message: string, help: string] {
  if (!message.startsWith('Nested mappings')) return listOnKeyLine;
  if (/^\?(?:\s|$)/.test(line)) return ['A value cannot begin with `? ` without quotes', quoteIt];
  const curly = /^[“”‘’「」]/.exec(line)?.[0];
  if (curly !== undefined) {
    return [
      `This text begins with ${namedCharacter(curly)}, which is no quote for YAML`,
      'Use straight quotes: `"` or `\'`',
    ];
  }
  if (/:(?:\s|$)/.test(line)) return ['A `: ` inside this value starts another key', quoteIt];
  return [
    'The next line is indented as if this value went on there',
    'Give the next line the indentation of its neighbours',
  ];
}

function otherWords(message: string, character: string): [message: string, help: string] {
  if (message.includes('Missing closing')) {
    return [
      'A quote is opened here and never closed',
      'Close it, or put text that begins with a quote in the other kind of quotes',
    ];
  }
  if (message.startsWith('Implicit map keys need to be followed by map values')) {
    return [
      'A `:` is missing after this key',
      'Write `key: value`, or indent the line if it belongs to the text above',
    ];
  }
  if (message.startsWith('Sequence item without')) {
    return [
      'This line is neither an item (`- `) nor indented like the one above',
      'Indent it like the keys of the item that it belongs to',
    ];
  }
  if (message.endsWith('at node end')) {
    return [
      'Something follows here after its value has ended',
      'Put the whole value in quotes; a quote inside double quotes is written `\\"`',
    ];
  }
  if (message.startsWith('Flow') || message.includes('flow')) {
    return ['The items inside `{ }` or `[ ]` do not go together', 'Check commas and closing brackets'];
  }
  if (message.startsWith('Block scalar header') || message.startsWith('Not a YAML token')) {
    return [
      'Text follows on the line of the `|` or `>` that announces it',
      'Begin the text on the next line, indented; or put all of it in quotes',
    ];
  }
  if (message.includes('block-seq-ind')) return listOnKeyLine;
  if (message.startsWith('Unexpected')) {
    return [
      character === '``' ? 'Something is left over here' : `${character} is not expected here`,
      'Check quotes, brackets and indentation just before it',
    ];
  }
  return [`This is not valid YAML: ${message}`, 'Check quotes, brackets and indentation just before it'];
}
