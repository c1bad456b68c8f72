import { describe, expect, it } from 'vitest';
import { type BailOut, bailOuts } from '../../../src/manifest/fast-yaml/bail-outs.ts';
import { readFast } from '../../../src/manifest/fast-yaml/read.ts';
import { compare } from './both-ways.ts';
import { type Named, projectTexts, ruleTexts, suiteTexts } from './corpus.ts';

describe('the fast reader takes what people write, as the library reads it', () => {
  it.each([
    ['a map', 'version: 1\nproject: demo\n'],
    [
      'maps and lists inside each other',
      'scenes:\n  - id: a\n    shots:\n      - id: x\n        tags: [a, b]\n',
    ],
    ['a list at the indent of its key', 'shots:\n- id: a\n  takes: 2\n- id: b\n'],
    [
      'values that are no text',
      'a: 5\nb: -0\nc: 0x1F\nd: 1e3\ne: .5\nf: true\ng: ~\nh: null\ni: .inf\nj: 0o17\n',
    ],
    [
      'texts that look like something else',
      'a: 16:9\nb: no\nc: 1_000\nd: 2026-01-02\ne: a#b\nf: http://a.b/c?d=e#f\n',
    ],
    ['a value that is left out', 'a:\nb:\n  c:\nd: 1\n'],
    ['quoted texts', 'a: "x \\"y\\" \\u4e2d\\t\\\\"\nb: \'it\'\'s\'\n"c d": e\n\'f\': g\n'],
    ['quoted texts over lines', 'a: "one\n  two\n\n  three"\nb: \'one\n  two\'\nc: 1\n'],
    ['a text without quotes over lines', 'a: one\n  two\n\n  three\nb: 1\n'],
    ['a value below its key', 'a:\n  one\nb:\n  "two"\n'],
    [
      'blocks of text',
      'a: |\n  one\n   two\n\n  three\nb: >-\n  one\n  two\n\n  three\nc: |+\n  x\n\nd: 1\n',
    ],
    ['a block of text with a comment', 'a: | # why\n  one # two\nb: 1\n'],
    ['lists and maps in brackets', 'a: [x, "y", 5, [z], { b: c }]\nd: { e: f, "g":1 }\nh: []\ni: {}\n'],
    ['brackets over lines', 'a: [\n  x, # why\n  y,\n]\nb: {\n  c: d,\n  e: f\n}\n'],
    ['JSON', '{\n  "a": [1, 2.5, true, null],\n  "b": { "c": "d" }\n}\n'],
    [
      'comments',
      '# head\n\na: 1 # one\nz: # two\n  y: 1\n# between\nb:\n  # inside\n  - c\n  # behind\n# end\n',
    ],
    ['a document with a line of three dashes', '# head\n---\n# below\na: 1\n'],
    ['no line end at the end', 'a: 1\nb: [c]'],
    ['text of any language', '标题: 霓虹\nprompt: 😀 “夜” — ok\n'],
  ])('%s', (_, text) => {
    expect(compare(text)).toEqual({ kind: 'same' });
    expect(compare(text.replaceAll('\n', '\r\n'))).toEqual({ kind: 'same' });
  });
});

describe('everything else is left to the library, for a reason that has a name', () => {
  const examples: Readonly<Record<BailOut, string>> = {
    nothing: '# a\n',
    rootIndented: ' a: 1\n',
    marker: 'a: 1\n---\nb: 2\n',
    directive: '%YAML 1.2\n---\na: 1\n',
    contentAfterRoot: '[a]\nb: 1\n',
    tooDeep: '['.repeat(30),
    tab: 'a:\tb\n',
    indicator: 'a: &b c\n',
    explicitKey: '? a\n: b\n',
    indentation: 'a: |\n    b\n  c: d\n',
    missingKey: 'a: 1\nb\n',
    itemAmongKeys: 'a: 1\n- b\n',
    itemBelow: '-\n  a: 1\n',
    listInList: '- - a\n',
    keyBelowQuote: '"a\n b": 1\n',
    longKey: `${'a'.repeat(1100)}: 1\n`,
    specialKey: '<<: 1\n',
    keyNotText: '5: 1\n',
    oddKey: '\u00a0a: 1\n',
    duplicateKey: 'a: 1\na: 2\n',
    keyInText: 'a: b: c\n',
    openQuote: 'a: "b\n',
    afterValue: 'a: "b" c\n',
    hashWithoutSpace: 'a: "b"# c\n',
    deepComment: 'a: 1\n  # b\nc: 2\n',
    shallowComment: 'a:\n# b\n  c: 1\n',
    commentAtEmpty: 'a: # b\nc: 1\n',
    escape: 'a: "\\q"\n',
    lessIndented: 'a: "b\nc"\n',
    blockHeader: 'a: |2\n   b\n',
    blockBelow: 'a:\n  |\n  b\n',
    blockEmpty: 'a: |\nb: 1\n',
    blockBlank: 'a: |\n    \n  b\n',
    blockEnd: 'a: |\n  b',
    flowOpen: 'a: [b, \n',
    flowEntry: 'a: [b: c]\n',
    flowEmpty: 'a: { b: }\n',
    flowLines: 'a: [b\n  c]\n',
  };

  it.each(Object.keys(bailOuts) as BailOut[])('%s', (why) => {
    expect(readFast(examples[why])).toBe(why);
  });
});

describe('both ways read the same', () => {
  it('every input of the YAML test suite, with both kinds of line ends', () => {
    const texts = suiteTexts();
    expect(texts.length).toBeGreaterThan(350);
    const taken = [...texts, ...texts.map(withCrlf)].filter(isTaken);
    // A reader that left everything to the library would pass as well.
    expect(taken.length).toBeGreaterThan(100);
  });

  it('every YAML and JSON file of the project', () => {
    const left = projectTexts().filter((each) => !isTaken(each));
    expect(left.filter(({ name }) => name.startsWith('examples/'))).toEqual([]);
  });

  it('the manifests that show what the rules are about', () => {
    expect(ruleTexts().filter(isTaken).length).toBeGreaterThan(50);
  });
});

/** Whether the fast reader takes a text; fails where it reads it otherwise than the library. */
function isTaken({ name, text }: Named): boolean {
  const comparison = compare(text);
  if (comparison.kind === 'different') throw new Error(`${name}: ${comparison.what}`);
  return comparison.kind === 'same';
}

function withCrlf({ name, text }: Named): Named {
  return { name: `${name} with CRLF`, text: text.replaceAll(/\r?\n/g, '\r\n') };
}
