import { describe, expect, it } from 'vitest';
import { readRest, summary } from './workspace.ts';

describe('a mistake in YAML is one finding, in plain words, at the place to look', () => {
  it.each([
    [
      'a colon in a prompt',
      'shots:\n  - id: a\n    prompt: Scene: a man\n    duration: 5\n',
      'Scene: a man',
      /`: ` inside this value/,
    ],
    [
      'a line without its colon',
      'shots:\n  - id: a\n    prompt "A man"\n    duration: 5\n',
      'prompt "A man"',
      /before its `:`/,
    ],
    [
      'a quote that is never closed',
      "title: it's\nnotes: 'open\nshots: []\n",
      "'open",
      /opened here and never closed/,
    ],
    ['text after a closing quote', 'title: "A man" walks\n', 'walks', /after its value has ended/],
    ['an asterisk at the start', 'title: *bold* text\n', 'text', /after its value has ended/],
    ['an at sign at the start', 'title: @here\n', '@', /cannot begin with `@`/],
    ['a backtick at the start', 'title: `here`\n', '`', /cannot begin with a backtick/],
    ['a Windows path in double quotes', 'title: "C:\\dir"\n', '\\', /`\\d` is no escape/],
    ['a key indented less than its neighbours', 'shots:\n  - id: a\n   title: x\n', ' ', /neither an item/],
    [
      'a key indented more than its neighbours',
      'shots:\n  - id: a\n    title: x\n      notes: y\n',
      'x',
      /next line is indented/,
    ],
    [
      'a bracket that is never closed',
      'shots:\n  - { id: a\n  - { id: b }\n',
      '-',
      /not closed before this line/,
    ],
    ['a bracket closed twice', 'shots:\n  - { id: a }}\n', '}', /do not go together/],
    [
      'a block that is not indented',
      'shots:\n  - id: a\n    prompt: |\n    text\n',
      'text',
      /belongs to the block above/,
    ],
    ['a list on the line of its key', 'shots: - id: a\n', '-', /begins on the line of its key/],
  ])('%s', async (_, rest, marked, message) => {
    const read = await readRest(rest);
    expect(summary(read)).toEqual([`yaml-syntax "${marked}"`]);
    expect(read.findings[0]?.message).toMatch(message);
    expect(read.findings[0]?.help).not.toBe('');
  });

  it('each line that is indented with a tab is one of its own', async () => {
    const read = await readRest('shots:\n  - id: a\n\tprompt: x\n  - id: b\n\tprompt: y\n');
    expect(read.findings.map(({ line, column, rule }) => [rule, line, column])).toEqual([
      ['yaml-syntax', 5, 1],
      ['yaml-syntax', 7, 1],
    ]);
  });

  it('nothing more is said about a file that does not parse, nor about what it may have defined', async () => {
    const read = await readRest(
      'include: [f.yaml]\nshots:\n  - { id: a, prompt: "${vars.look}", model: m, duration: 5 }\n',
      { 'f.yaml': 'vars: { look: [ }\n' },
    );
    expect(read.findings.map(({ file, rule }) => [file, rule])).toEqual([['f.yaml', 'yaml-syntax']]);
  });
});
