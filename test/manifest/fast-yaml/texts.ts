import type fc from 'fast-check';
import { type Choices, choices } from './choices.ts';

/** Texts that a grammar of YAML makes, with all that is odd in it: most are right, some are not. */
export function madeTexts(): fc.Arbitrary<string> {
  return choices(160).map((each) => lineEnds(each, document(each)));
}

/** Texts of a corpus, or a few lines of one, with a few mistakes put in. */
export function mutatedTexts(corpus: readonly string[]): fc.Arbitrary<string> {
  return choices(24).map((each) => {
    let text = corpus[each.below(corpus.length)] ?? '';
    if (text.length > 1200) {
      const lines = text.split('\n');
      const first = each.below(lines.length);
      const indent = /^ */.exec(lines[first] ?? '')?.[0].length ?? 0;
      const some = lines.slice(first, first + 3 + each.below(20));
      text = some.map((line) => (line.startsWith(' '.repeat(indent)) ? line.slice(indent) : line)).join('\n');
    }
    for (let left = each.below(5); left > 0; left -= 1) text = mutate(each, text);
    return lineEnds(each, text);
  });
}

function lineEnds(each: Choices, text: string): string {
  const feeds = text.replaceAll('\r\n', '\n');
  switch (each.below(6)) {
    case 1:
    case 2:
      return feeds.replaceAll('\n', '\r\n');
    case 3: {
      const at = feeds.indexOf('\n', each.below(feeds.length + 1));
      return at === -1 ? feeds : `${feeds.slice(0, at)}\r\n${feeds.slice(at + 1)}`;
    }
    default:
      return feeds;
  }
}

const bits = [
  ...[
    ' ',
    '  ',
    '\n',
    ': ',
    ':',
    '- ',
    '-',
    '#',
    ' #',
    '"',
    "'",
    '|',
    '>',
    '|-',
    '>+',
    '[',
    ']',
    '{',
    '}',
    ',',
  ],
  ...['\t', '&a ', '*a', '!', '!!str ', '? ', '---\n', '...\n', '~', 'null', '0x1F', '1e3', '.5', '-0', '\\'],
  ...[
    '\\n',
    '\\u0041',
    '\\ud800',
    '\\\n',
    'a',
    '中文',
    '😀',
    '%',
    '@',
    '\n\n',
    '\n ',
    '\n  ',
    '\n    ',
    '  # c\n',
  ],
  ...[
    '""',
    "''",
    '<<',
    '__proto__: 1',
    ' \n',
    '# c\n',
    '\\x',
    '[a, b]',
    '{ a: 1 }',
    '- - x\n',
    '-\n',
    ' |2\n',
  ],
];

function mutate(each: Choices, text: string): string {
  const at = each.below(text.length + 1);
  const bit = each.of(bits);
  switch (each.below(5)) {
    case 0:
      return text.slice(0, at) + bit + text.slice(at);
    case 1:
      return text.slice(0, at) + text.slice(at + 1 + each.below(3));
    case 2:
      return text.slice(0, at) + bit + text.slice(at + each.below(12));
    case 3:
      return text.slice(0, at) + bit + text.slice(at);
    default:
      return swapLines(each, text);
  }
}

function swapLines(each: Choices, text: string): string {
  const lines = text.split('\n');
  const [one, other] = [each.below(lines.length), each.below(lines.length)];
  [lines[one], lines[other]] = [lines[other] ?? '', lines[one] ?? ''];
  if (each.once(2)) lines[one] = ' '.repeat(each.below(5)) + (lines[one] ?? '').trimStart();
  return lines.join('\n');
}

const words = [
  ...[
    'a',
    'neon',
    'x y',
    'slow dolly',
    '16:9',
    '5',
    '0777',
    '1_000',
    'yes',
    'null',
    '~',
    'true',
    'a:b',
    'a#b',
  ],
  ...[
    '#c',
    'a #c',
    '-x',
    '- x',
    '.5',
    '1e3',
    '0x1f',
    '.inf',
    '-.Inf',
    '.nan',
    '+7',
    '-0',
    '0o17',
    '5.',
    '1e',
  ],
  ...[
    'http://x.y/z?a=b#c',
    '“q”',
    '中文，字',
    '😀',
    '${vars.x}',
    "it's",
    'say "hi"',
    'a, b',
    '[x',
    '{y',
    'end.',
  ],
  ...['', '*', '@a', '%b', '!c', '`d', 'a: b', 'tab\there', ' x', 'x '],
];

const keys = [
  ...[
    'id',
    'prompt',
    'ratio',
    'x-note',
    'a b',
    '"q k"',
    "'s k'",
    'duration',
    'k1',
    '中',
    'tags',
    'z',
    '"a\\tb"',
  ],
  ...[
    'seed',
    'a#b',
    '"5"',
    "'it''s'",
    'title',
    'notes',
    'model',
    'shots',
    'include',
    'vars',
    'takes',
    'mode',
  ],
];

const oddKeys = ['5', 'null', 'true', '-k', 'k:', '<<', '__proto__', '.5', '?k', '', '*a', '"a'] as const;

function key(each: Choices): string {
  return each.once(40) ? each.of(oddKeys) : each.of(keys);
}

function document(each: Choices): string {
  const head = each.of([
    '',
    '',
    '',
    '',
    '',
    '',
    '---\n',
    '# head\n',
    '# head\n\n---\n',
    '---\n# below\n',
    '\n',
    '--- # c\n',
    '  # c\n',
  ]);
  let text = head + (each.once(16) ? `${flow(each, 0)}\n` : block(each, 0, 0));
  if (each.once(10)) text = text.trimEnd();
  if (each.once(10)) text += each.of(['# end', '# end\n', '  ', '\n\n', '...\n', '---\nb: 2\n']);
  return text;
}

/** A map or list whose lines are indented so far. */
function block(each: Choices, indent: number, depth: number): string {
  const isMap = depth > 3 || !each.once(2);
  return each
    .many(4, () => {
      const own = ' '.repeat(each.once(40) ? each.below(5) : indent);
      if (isMap)
        return `${gap(each, indent)}${own}${key(each)}${each.once(12) ? ' ' : ''}:${value(each, indent, depth)}`;
      const dash = `${gap(each, indent)}${own}-${' '.repeat(1 + (each.once(6) ? each.below(3) : 0))}`;
      if (depth < 4 && each.once(3)) return dash + block(each, indent + 2, depth + 1).trimStart();
      return dash + value(each, indent, depth).replace(/^ */, '');
    })
    .join('');
}

function value(each: Choices, indent: number, depth: number): string {
  switch (each.below(9)) {
    case 1:
      return ` ${flow(each, 0)}${tail(each)}\n`;
    case 2:
      return ` ${blockText(each, indent)}`;
    case 3:
      if (depth >= 4) return ' x\n';
      return `${tail(each)}\n${block(each, indent + each.of([2, 2, 2, 0, 1, 3]), depth + 1)}`;
    case 4:
      return each.once(3) ? `${tail(each)}\n` : ' ""\n';
    case 5:
      return `\n${' '.repeat(indent + 2)}${scalar(each)}${tail(each)}\n`;
    case 6:
      return ` "${each.of(words).replaceAll('"', '')}\n${' '.repeat(each.below(6))}${each.of(words).replaceAll('"', '')}"${tail(each)}\n`;
    default:
      return ` ${scalar(each)}${tail(each)}\n`;
  }
}

function scalar(each: Choices): string {
  switch (each.below(6)) {
    case 1:
      return JSON.stringify(each.of(words) + each.of(words));
    case 2:
      return `'${each.of(words).replaceAll("'", "''")}'`;
    case 3:
      return `${each.of(words)} ${each.of(words)}`;
    case 4:
      return `${each.of(words)}\n${' '.repeat(each.below(8))}${each.of(words)}`;
    default:
      return each.of(words);
  }
}

function flow(each: Choices, depth: number): string {
  if (depth > 2 || each.once(3)) return scalar(each);
  const lines = (): string => each.of(['', '', ' ', ' ', `\n${' '.repeat(each.below(8))}`, ' # c\n   ']);
  const isList = !each.once(2);
  const entries = each.once(6)
    ? []
    : each.many(4, () => {
        if (isList) return flow(each, depth + 1);
        return `${key(each)}${each.once(8) ? ' ' : ''}:${each.of([' ', ' ', '', '\n  '])}${flow(each, depth + 1)}`;
      });
  const inside = lines() + entries.join(`${lines()},${lines()}`) + (each.once(6) ? ',' : '') + lines();
  return isList ? `[${inside}]` : `{${inside}}`;
}

function blockText(each: Choices, indent: number): string {
  const own = indent + 1 + each.below(3);
  const lines = each.many(4, () => {
    if (each.once(5)) return ' '.repeat(each.below(own + 3));
    return `${' '.repeat(own + (each.once(4) ? each.below(4) : 0))}${each.of(words)}${each.of(['', '', ' ', ': x', '\t'])}`;
  });
  const after = each.once(4) ? '\n'.repeat(each.below(3)) : '';
  return `${each.of(['|', '>', '|-', '>-', '|+', '>+', '|', '>', '|-', '>-', '|2'])}${tail(each)}\n${lines.join('\n')}\n${after}`;
}

function tail(each: Choices): string {
  if (each.once(60)) return each.of(['\t', '#c', ' x', ':']);
  return each.of(['', '', '', '', '', ' ', ' # c', '  # c: d']);
}

function gap(each: Choices, indent: number): string {
  switch (each.below(16)) {
    case 13:
      return '\n';
    case 14:
      return `${' '.repeat(each.below(indent + 3))}# c\n`;
    case 15:
      return `${' '.repeat(each.below(indent + 3))}\n`;
    default:
      return '';
  }
}
