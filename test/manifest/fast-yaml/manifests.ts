import type fc from 'fast-check';
import { type Choices, choices } from './choices.ts';

/** Lines that make a manifest wrong, or odd, each in its own way. */
const mistakes: readonly string[] = [
  ...[
    'ratio: 16:9',
    'duration: 99',
    'duration: "5"',
    'promt: x',
    'model: vidoes',
    'mode: frames',
    'takes: 0',
  ],
  ...[
    'tags: no',
    'prompt: ""',
    'prompt: TODO',
    'notes: 0777',
    'prompt: ${vars.nope}',
    'x-y: 1_000',
    'title: yes',
  ],
  ...[
    'extra: { seed: 1 }',
    'extra: { model: x }',
    'image: http://a.example.com/x.png',
    'skip: yes',
    'id: sh0010',
  ],
  ...[
    'referenceImages: [a.png, "https://cdn.x.com/a.png", https://localhost/x.png]',
    'prompt: red door #5 at night',
  ],
  ...[
    'first_image: https://a.example.com/a.png',
    'first_image:',
    'variants: { a: { duration: 7 }, b: null }',
  ],
  ...[
    '# shotlist-disable-next-line yaml-portability -- because',
    '# shotlist-disable-file url-insecure -- old host',
  ],
  ...[
    '# shotlist-disable-next-line',
    '# a comment',
    'prompt: |',
    'prompt: >-',
    '- id: another',
    '<<: *base',
    '&a b: 1',
  ],
  ...[
    '"a\\u0041": "\\ud800"',
    "'quo''ted': 'x'",
    'api_key: sk-0123456789abcdef0123456789abcdef',
    '\u00a0ratio: "16:9"',
  ],
];

/** Manifests with up to a few mistakes, most of them still YAML. */
export function wrongManifests(corpus: readonly string[]): fc.Arbitrary<string> {
  return choices(20).map((each) => {
    let lines = each.of(corpus).split('\n');
    for (let left = each.below(4); left > 0; left -= 1) lines = withMistake(each, lines);
    return lines.join(each.once(4) ? '\r\n' : '\n');
  });
}

function withMistake(each: Choices, lines: readonly string[]): string[] {
  const at = each.below(lines.length);
  const line = lines[at] ?? '';
  switch (each.below(5)) {
    case 0: {
      const indent = /^ */.exec(line)?.[0] ?? '';
      const inside = /^\s*- /.test(line) ? `${indent}  ` : indent;
      return lines.toSpliced(at + (each.once(2) ? 1 : 0), 0, inside + each.of(mistakes));
    }
    case 1:
      return lines.toSpliced(at, 1);
    case 2:
      return lines.with(at, line.replace(/\w/, each.of(['x', 'Z', '7'])));
    case 3:
      return lines.with(at, line + each.of(['', ' # note', ' x', ':', '\t', ' "']));
    default:
      return lines.with(
        at,
        line.replace(/^(\s*(?:- )?[\w-]+: ).*/, `$1${each.of(['5', 'no', '[a]', '{ b: c }', '"x"', '~'])}`),
      );
  }
}
