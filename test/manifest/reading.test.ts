import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readFiles, readRest, summary, Workspace } from './workspace.ts';

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
});
afterEach(() => workspace[Symbol.dispose]());

const smallest = 'version: 1\nproject: p\nshots:\n  - { id: a, model: m, prompt: x, duration: 5 }\n';

describe('a file that cannot be read is one finding that says what to do', () => {
  it('missing', async () => {
    const { findings, manifest } = await workspace.read('gone.yaml');
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      rule: 'unreadable-file',
      severity: 'error',
      file: 'gone.yaml',
      message: '`gone.yaml` does not exist',
      line: 1,
      column: 1,
    });
    expect(manifest).toMatchObject({ project: '', shots: 0, versions: [] });
  });

  it('a directory', async () => {
    mkdirSync(path.join(workspace.directory, 'a.yaml'));
    const { findings } = await workspace.read();
    expect(findings.map(({ message }) => message)).toEqual(['`a.yaml` is a directory, not a file']);
  });

  it('a pipe, which is never opened and so never waited for', async () => {
    execFileSync('mkfifo', [path.join(workspace.directory, 'a.yaml')]);
    const { findings } = await workspace.read();
    expect(findings.map(({ message }) => message)).toEqual([
      '`a.yaml` is a pipe, a socket or a device, not an ordinary file',
    ]);
  });

  it('a device', async () => {
    const { findings } = await workspace.read('/dev/zero');
    expect(findings.map(({ rule }) => rule)).toEqual(['unreadable-file']);
  });

  it('a symbolic link to itself', async () => {
    symlinkSync('a.yaml', path.join(workspace.directory, 'a.yaml'));
    const { findings } = await workspace.read();
    expect(findings.map(({ message }) => message)).toEqual(['`a.yaml` is a symbolic link to itself']);
  });

  it('200 MB, refused by its size', async () => {
    workspace.write({ 'a.yaml': '' });
    truncateSync(path.join(workspace.directory, 'a.yaml'), 200 * 1024 * 1024);
    const before = process.memoryUsage().rss;
    const { findings } = await workspace.read();
    expect(findings.map(({ rule, message }) => [rule, message])).toEqual([
      ['file-too-large', '`a.yaml` has 200 MB, and at most 10 MB are read'],
    ]);
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
  });

  it('a name with a NUL character', async () => {
    const { findings } = await workspace.read('a\0.yaml');
    expect(findings.map(({ rule }) => rule)).toEqual(['unreadable-file']);
  });
});

describe('a file that is not UTF-8 text is one finding at the first bad place', () => {
  const encoding: Record<string, [bytes: Uint8Array, message: string, line: number, column: number]> = {
    'a byte that is not UTF-8': [
      Buffer.concat([Buffer.from('version: 1\nproject: é'), Buffer.from([0xff]), Buffer.from('\n')]),
      'Line 2 is not UTF-8',
      2,
      11,
    ],
    'UTF-16 with a byte-order mark': [
      Buffer.from('\ufeffversion: 1', 'utf16le'),
      'This file is UTF-16, not UTF-8',
      1,
      1,
    ],
    'UTF-16 without one': [Buffer.from('version: 1', 'utf16le'), 'This file is UTF-16, not UTF-8', 1, 1],
    'a control character': [
      Buffer.from('version: 1\nproject: p\u0007q\n'),
      'The control character U+0007 is not text',
      2,
      11,
    ],
    'line ends of one carriage return': [
      Buffer.from('version: 1\rproject: p\r'),
      'A line ends with a carriage return alone',
      1,
      11,
    ],
  };
  it.each(Object.entries(encoding))('%s', async (_, [bytes, message, line, column]) => {
    const { findings } = await workspace.write({ 'a.yaml': bytes }).read();
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ rule: 'encoding', message, line, column });
    expect(findings[0]?.help).not.toBe('');
  });

  it('takes a byte-order mark and CRLF line ends as they come, and counts columns without them', async () => {
    const crlf = `\ufeff${smallest.replaceAll('\n', '\r\n')}x: 1\r\n`;
    const { findings, requests } = await workspace.write({ 'a.yaml': crlf }).read();
    expect(findings).toMatchObject([{ rule: 'unknown-key', line: 5, column: 1, endColumn: 2 }]);
    expect(requests).toHaveLength(1);
  });
});

describe('a file that holds no manifest is one finding', () => {
  it.each([
    ['', 'The file is empty'],
    [' \n\n', 'The file is empty'],
    ['\ufeff', 'The file is empty'],
    ['# only\n# comments\n', 'The file holds nothing but comments'],
    ['hello\n', 'The manifest must be a map of keys and values, not text'],
    ['- a\n- b\n', 'The manifest must be a map of keys and values, not a list'],
  ])('%j', async (text, message) => {
    const { findings } = await readFiles(text);
    expect(findings.map((finding) => finding.message)).toEqual([message]);
  });
});

describe('YAML that manifests do without is refused, and what it says is still looked at', () => {
  it('several documents: at the line that begins the second', async () => {
    const { findings } = await readFiles(`${smallest}---\nversion: 2\n`);
    expect(findings).toMatchObject([{ rule: 'unsupported-yaml', line: 5, column: 1, endColumn: 4 }]);
  });

  it('a key twice in one map: at the second', async () => {
    const read = await readRest('title: one\nvars: { a: 1, a: 2 }\ntitle: two\n');
    expect(summary(read)).toEqual(['duplicate-key "a"', 'duplicate-key "title"']);
    expect(read.findings[1]).toMatchObject({ line: 5, column: 1 });
    expect(read.manifest.title).toBe('one');
  });

  it('a merge key: one finding, not one more for all that it would have brought', async () => {
    const read = await readRest(
      'x-base: &base { model: m, duration: 5 }\nshots:\n  - <<: *base\n    id: a\n    duration: 6\n    prompt: x\n',
    );
    expect(summary(read)).toEqual(['unsupported-yaml "<<"']);
    expect(read.requests[0]?.body).toEqual({ model: 'm', prompt: 'x', duration: 6 });
  });

  it('`__proto__`, wherever it stands', async () => {
    const read = await readRest('vars: { __proto__: x }\nx-own: { a: { __proto__: { polluted: true } } }\n');
    expect(summary(read)).toEqual(['unsupported-yaml "__proto__"', 'unsupported-yaml "__proto__"']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('keys that are not text, with the quotes that would make them so', async () => {
    const read = await readRest('vars: { 10: x, true: y, 0x1F: z }\n');
    expect(read.findings.map(({ help }) => help)).toEqual([
      'Put it in quotes: "10"',
      'Put it in quotes: "true"',
      'Put it in quotes: "0x1F"',
    ]);
  });

  it('a map as a key', async () => {
    expect(summary(await readRest('vars:\n  ? [a]\n  : x\n'))).toEqual(['unsupported-yaml "[a]"']);
  });

  it('a tag', async () => {
    expect(summary(await readRest('title: !secret x\n'))).toEqual(['unsupported-yaml "!secret"']);
    expect(summary(await readRest('title: !!str 5\n'))).toEqual([]);
  });

  it('an escape for half a character', async () => {
    const read = await readRest('title: "\\ud800"\nvars: { "\\udfff": x }\n');
    expect(summary(read)).toEqual(['encoding ""\\ud800""', 'encoding ""\\udfff""']);
  });

  it('a directive that asks for YAML 1.1 changes nothing', async () => {
    const { requests, findings } = await readFiles(
      `%YAML 1.1\n---\nversion: 1\nproject: p\nshots:\n  - { id: a, model: m, duration: 5, prompt: yes, ratio: 16:9 }\n`,
    );
    expect(findings).toEqual([]);
    expect(requests[0]?.body).toMatchObject({ prompt: 'yes', ratio: '16:9' });
  });
});

describe('aliases', () => {
  it('stand for what they name, and findings point there', async () => {
    const read = await readRest('x-shot: &one { id: a, duraton: 5 }\nshots:\n  - *one\n');
    expect(summary(read)).toEqual(['unknown-key "duraton"']);
    expect(read.findings[0]).toMatchObject({ line: 3, key: 'a' });
  });

  it('that stand for nothing are found, all of them, and the file is judged no further', async () => {
    const read = await readRest('shots:\n  - { id: a, model: *nothing, prompt: *bold, duraton: 5 }\n');
    expect(summary(read)).toEqual(['yaml-syntax "*nothing"', 'yaml-syntax "*bold"']);
  });

  it('mark the alias where what it stands for does not fit', async () => {
    const read = await readRest('x-text: &text five\nshots:\n  - { id: a, duration: *text }\n');
    expect(summary(read)).toEqual(['schema "*text"']);
  });

  it('inside what they stand for are refused', async () => {
    expect(summary(await readRest('x-a: &a [*a]\n'))).toEqual(['yaml-syntax "*a"']);
  });

  it('that stand for aliases that stand for aliases are refused before they fill the memory', async () => {
    const levels = Array.from(
      { length: 30 },
      (_, n) => `x-${n + 1}: &a${n + 1} [${`*a${n}, `.repeat(9)}*a${n}]`,
    );
    const { findings } = await readRest(`x-0: &a0 lol\n${levels.join('\n')}\nshots: *a30\n`);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      rule: 'file-too-large',
      message: 'Aliases that stand for aliases grow beyond all bounds here',
    });
  });

  it('that nest without end are refused as well', async () => {
    const levels = Array.from({ length: 5000 }, (_, n) => `x-${n + 1}: &a${n + 1} [*a${n}]`);
    const { findings } = await readRest(`x-0: &a0 lol\n${levels.join('\n')}\n`);
    expect(findings.map(({ rule }) => rule)).toEqual(['file-too-large']);
  });
});

describe('hostile files are refused in bounded time and memory', () => {
  const million = 1024 * 1024;
  const hostile: Record<string, [text: string, rule: string]> = {
    'a million open lists': ['['.repeat(million), 'file-too-large'],
    'lists in lists, closed': ['['.repeat(20_000) + ']'.repeat(20_000), 'file-too-large'],
    'maps in maps': ['{a: '.repeat(million), 'file-too-large'],
    'items in items': ['- '.repeat(million), 'file-too-large'],
    'keys in keys by indentation': [
      Array.from({ length: 1_000 }, (_, n) => `${' '.repeat(n)}a:\n`).join(''),
      'file-too-large',
    ],
    'millions of items': [`[${'a,'.repeat(million)}]`, 'file-too-large'],
    'millions of empty lines': ['\n'.repeat(2 * million), 'file-too-large'],
    'a million commas': [`[${','.repeat(million)}`, 'yaml-syntax'],
    'a million closing brackets': [']'.repeat(million), 'yaml-syntax'],
    'millions of wrong escapes': [`"${'\\q'.repeat(2 * million)}"`, 'yaml-syntax'],
    'many anchors': ['&a '.repeat(million / 4), 'yaml-syntax'],
    'a million directives': ['%a\n'.repeat(million), 'yaml-syntax'],
    'a million documents': ['--- a\n'.repeat(million), 'unsupported-yaml'],
  };
  it.each(Object.entries(hostile))('%s', async (_, [text, rule]) => {
    const { findings } = await readFiles(text);
    expect(findings[0]?.rule).toBe(rule);
    expect(findings.length).toBeLessThan(3);
  });

  it('thirty thousand duplicate keys are each reported, in linear time', async () => {
    const { findings } = await readRest(`vars:\n${'  a: 1\n'.repeat(30_000)}`);
    expect(findings).toHaveLength(29_999);
  });

  it('so are as many mistakes of shape', async () => {
    const { findings } = await readRest(
      `vars: { ${Array.from({ length: 30_000 }, (_, n) => `v${n}: {}`).join(', ')} }`,
    );
    expect(findings).toHaveLength(30_000);
  });

  it('a text of nothing but wrong references reports the first ones', async () => {
    const { findings } = await readRest(`shots:\n  - { id: a, prompt: "${'${x}'.repeat(100_000)}" }\n`);
    expect(findings).toHaveLength(20);
  });

  it('a long value that is referred to often is bounded', async () => {
    const read = await readRest(
      `vars: { long: ${'x'.repeat(100_000)} }\nshots:\n  - { id: a, prompt: "${'${vars.long}'.repeat(1_000)}" }\n`,
    );
    expect(read.findings.map(({ rule }) => rule)).toEqual(['text-too-long']);
  });
});

describe('a manifest from standard input', () => {
  it('counts as being in the working directory', async () => {
    workspace.write({
      'sub/f.yaml': 'shots:\n  - { id: b, model: m, duration: 5, promptFile: p.md }\n',
      'sub/p.md': 'Hello',
    });
    const { requests, findings, manifest } = await workspace.read('-', async () =>
      Buffer.from(`version: 1\nproject: p\ninclude: [sub/f.yaml, sub/g.yaml]\n`),
    );
    expect(requests[0]?.body['prompt']).toBe('Hello');
    expect(findings).toMatchObject([{ file: '-', rule: 'unreadable-file', marked: 'sub/g.yaml' }]);
    expect(manifest.sources.map(({ file }) => file)).toEqual(['-', 'sub/f.yaml', 'sub/p.md']);
  });

  it('is bounded', async () => {
    const { findings } = await workspace.read('-', async () => Buffer.alloc(10 * 1024 * 1024 + 1, 0x20));
    expect(findings.map(({ rule }) => rule)).toEqual(['file-too-large']);
  });

  it('that is not there is a finding', async () => {
    const { findings } = await workspace.read('-');
    expect(findings.map(({ message }) => message)).toEqual(['Standard input cannot be read here']);
  });
});

describe('JSON is YAML too', () => {
  it('reads a manifest in JSON', async () => {
    const json = JSON.stringify({
      version: 1,
      project: 'p',
      shots: [{ id: 'a', model: 'm', prompt: 'x', duration: 5 }],
    });
    expect((await readFiles(json)).requests).toHaveLength(1);
  });
});
