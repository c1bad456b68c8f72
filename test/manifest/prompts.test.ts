import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRest, summary, Workspace } from './workspace.ts';

const shots = (...keys: string[]): string =>
  `defaults: { model: m, duration: 5 }\nshots:\n${keys.map((each, n) => `  - { id: s${n}, ${each} }\n`).join('')}`;

describe('a prompt is sent', () => {
  it('with LF line ends, without byte-order mark and trailing white space', async () => {
    const { requests } = await readRest(
      shots('promptFile: p.md', 'prompt: "\\uFEFF  a \\t\\r\\n\\n b\\rc\\u3000\\n \\n"'),
      {
        'p.md': '\ufeff# One  \r\n\r\n  two\t\r\nthree \r\n\r\n',
      },
    );
    expect(requests.map(({ body }) => body['prompt'])).toEqual(['# One\n\n  two\nthree', '  a\n\n b\nc']);
  });

  it('the same from every checkout: LF or CRLF, in a file or in a block', async () => {
    const manifest = `${shots('promptFile: p.md')}  - id: b\n    prompt: |\n      one\n      two  \n`;
    const unix = await readRest(manifest, { 'p.md': 'one\ntwo\n' });
    const windows = await readRest(manifest.replaceAll('\n', '\r\n'), { 'p.md': '\ufeffone\r\ntwo' });
    expect(unix.requests.map(({ fingerprint }) => fingerprint)).toEqual(
      windows.requests.map(({ fingerprint }) => fingerprint),
    );
    expect(new Set(unix.requests.map(({ body }) => body['prompt']))).toEqual(new Set(['one\ntwo']));
  });

  it('from long runs of white space in linear time', async () => {
    const { requests } = await readRest(shots('promptFile: p.md'), {
      'p.md': `a${' '.repeat(500_000)}b${' '.repeat(500_000)}`,
    });
    expect(requests[0]?.body['prompt']).toHaveLength(500_002);
  });
});

describe('prompt and promptFile are alternatives', () => {
  it('of which the nearest level that has either decides', async () => {
    const { requests, findings } = await readRest(
      `defaults: { model: m, duration: 5, promptFile: far.md }\nshots:\n  - { id: a, prompt: near }\n  - { id: b }\n  - { id: c, prompt: shot, variants: { v: { promptFile: near.md } } }\n`,
      { 'far.md': 'far', 'near.md': 'near file' },
    );
    expect(findings).toEqual([]);
    expect(requests.map(({ body }) => body['prompt'])).toEqual(['near', 'far', 'near file']);
  });

  it('and an error side by side, even where one of them does not exist', async () => {
    const read = await readRest(shots('prompt: x, promptFile: gone.md'));
    expect(summary(read)).toEqual(['prompt-twice "promptFile"']);
    expect([...(read.manifest.versions[0]?.broken ?? [])]).toEqual(['prompt']);
  });
});

describe("a prompt file outside of the manifest's folder", () => {
  it('is a warning where it is named, once however many shots inherit it, and is read all the same', async () => {
    using workspace = new Workspace().write({
      'film/a.yaml':
        'version: 1\nproject: p\ndefaults: { model: m, duration: 5, promptFile: ../rain.md }\nshots: [{ id: a }, { id: b }]\n',
      'rain.md': 'Rain',
      '.git/HEAD': '',
    });
    const read = await workspace.read('film/a.yaml');
    expect(summary(read)).toEqual(['prompt-file-outside "../rain.md"']);
    expect(read.requests).toHaveLength(2);
  });

  it.each([
    ['of the folder, where there is no repository', 'film/a.yaml', '../rain.md', {}],
    ['of the repository', 'repo/film/a.yaml', '../../rain.md', { 'repo/.git/HEAD': '' }],
    ['of the repository, by its whole path', 'repo/film/a.yaml', '/etc/hostname', { 'repo/.git/HEAD': '' }],
  ])('is an error outside %s, and is not read', async (_, manifest, named, git) => {
    using workspace = new Workspace().write({
      [manifest]: `version: 1\nproject: p\nshots: [{ id: a, model: m, duration: 5, promptFile: ${named} }]\n`,
      'rain.md': 'a secret of mine',
      ...git,
    });
    const read = await workspace.read(manifest);
    expect(summary(read)).toEqual([`outside-work-tree "${named}"`]);
    expect(read.requests).toHaveLength(0);
    expect(read.manifest.sources.map(({ text }) => text).join()).not.toContain('secret');
  });

  it.each(['p.md', './p.md', '..p.md', 'sub/../p.md'])('is not %s', async (name) => {
    const read = await readRest(shots(`promptFile: ${name}`), {
      'p.md': 'x',
      '..p.md': 'x',
      'sub/q.md': 'x',
    });
    expect(read.findings).toEqual([]);
  });

  it('is not one that a fragment names within that folder', async () => {
    using workspace = new Workspace().write({
      'a.yaml': 'version: 1\nproject: p\ndefaults: { model: m, duration: 5 }\ninclude: [acts/one.yaml]\n',
      'acts/one.yaml': 'shots: [{ id: a, promptFile: ../prompts/a.md }]\n',
      'prompts/a.md': 'Rain',
    });
    expect((await workspace.read()).findings).toEqual([]);
  });
});

describe('a prompt file', () => {
  it('that is missing is a finding at the value', async () => {
    const read = await readRest(shots('promptFile: prompts/gone.md'));
    expect(read.findings).toMatchObject([
      {
        rule: 'missing-prompt-file',
        marked: 'prompts/gone.md',
        key: 's0',
        message: `The prompt file \`${path.join('prompts', 'gone.md')}\` does not exist`,
      },
    ]);
    expect([...(read.manifest.versions[0]?.broken ?? [])]).toEqual(['prompt']);
  });

  it('that is missing and inherited is one finding, at the default; none where nothing uses it', async () => {
    const used = await readRest(
      `defaults: { promptFile: gone.md }\nshots: [{ id: a }, { id: b }, { id: c, prompt: x }]\n`,
    );
    expect(used.findings.map(({ marked, line, key }) => [marked, line, key])).toEqual([['gone.md', 3, null]]);
    const unused = await readRest(
      `defaults: { promptFile: gone.md }\nshots: [{ id: c, prompt: x }, { id: d, skip: true }]\n`,
    );
    expect(unused.findings).toEqual([]);
  });

  it('that is a directory, or more than 1 MB, cannot be used', async () => {
    using workspace = new Workspace();
    mkdirSync(path.join(workspace.directory, 'dir'));
    workspace.write({
      'a.yaml': `version: 1\nproject: p\n${shots('promptFile: dir', 'promptFile: large.md')}`,
      'large.md': 'x'.repeat(1024 * 1024 + 1),
    });
    const { findings } = await workspace.read();
    expect(findings.map(({ rule, message }) => [rule, message])).toEqual([
      ['missing-prompt-file', 'The prompt file `dir` is a directory, not a file'],
      ['missing-prompt-file', 'The prompt file `large.md` has more than 1 MB'],
    ]);
  });

  it('that is inherited is relative to the file in which it was written', async () => {
    const { requests, findings } = await readRest(
      `defaults: { model: m, duration: 5, promptFile: p.md }\ninclude: [sub/f.yaml]\n`,
      {
        'p.md': 'of the manifest',
        'sub/p.md': 'of the fragment',
        'sub/f.yaml':
          'shots: [{ id: a }]\nscenes: [{ id: s, defaults: { promptFile: p.md }, shots: [{ id: b }] }]\n',
      },
    );
    expect(findings).toEqual([]);
    expect(requests.map(({ key, body }) => [key, body['prompt']])).toEqual([
      ['s/b', 'of the fragment'],
      ['a', 'of the manifest'],
    ]);
  });

  it('that is not UTF-8 is one finding, in the file', async () => {
    const read = await readRest(shots('promptFile: p.md', 'promptFile: p.md'), {
      'p.md': Buffer.from([0x61, 0x0a, 0xe9, 0x61]),
    });
    expect(read.findings.map(({ file, line, column, rule }) => [file, line, column, rule])).toEqual([
      ['p.md', 2, 1, 'encoding'],
    ]);
    expect(read.manifest.versions.every(({ broken }) => broken.has('prompt'))).toBe(true);
  });

  it('can refer to names; a wrong reference is one finding, in the file, however many shots use it', async () => {
    const read = await readRest(
      `vars: { look: rain }\n${shots('promptFile: p.md', 'promptFile: ./p.md', 'promptFile: q.md')}`,
      {
        'p.md': '# Title\n\nwith ${vars.lok} and ${vars.lok}\n',
        'q.md': 'with ${vars.look} and $${vars.look}',
      },
    );
    expect(read.findings.map(({ file, line, column, marked }) => [file, line, column, marked])).toEqual([
      ['p.md', 3, 6, '${vars.lok}'],
      ['p.md', 3, 22, '${vars.lok}'],
    ]);
    expect(read.requests.map(({ body }) => body['prompt'])).toEqual(['with rain and ${vars.look}']);
  });

  it('can be named by a reference, and is where the prompt was written', async () => {
    const read = await readRest(`vars: { dir: texts }\n${shots('promptFile: "${vars.dir}/p.md"')}`, {
      'texts/p.md': 'Hello',
    });
    const prompt = read.manifest.versions[0]?.parameters.prompt;
    expect(prompt).toMatchObject({
      value: 'Hello',
      writtenAs: 'promptFile',
      level: 'shot',
      origin: { path: [], source: { file: path.join('texts', 'p.md') } },
      stated: { path: ['shots', 0, 'promptFile'] },
    });
  });
});
