import { linkSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { summary, Workspace } from './workspace.ts';

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
});
afterEach(() => workspace[Symbol.dispose]());

const head = 'version: 1\nproject: p\ndefaults: { model: m, duration: 5, prompt: x }\n';

describe('fragments', () => {
  it('bring their shots after the manifest: scenes, shots, then each include with its own', async () => {
    workspace.write({
      'a.yaml': `${head}include: [one.yaml, sub/two.yaml]\nshots: [{ id: m2 }]\nscenes: [{ id: m, shots: [{ id: m1 }] }]\n`,
      'one.yaml':
        'include: [sub/three.yaml]\nshots: [{ id: o2 }]\nscenes: [{ id: o, shots: [{ id: o1 }] }]\n',
      'sub/two.yaml': 'shots: [{ id: t1 }]\n',
      'sub/three.yaml': 'shots: [{ id: h1 }]\n',
    });
    const { requests, findings, manifest } = await workspace.read();
    expect(findings).toEqual([]);
    expect(requests.map(({ key }) => key)).toEqual(['m/m1', 'm2', 'o/o1', 'o2', 'h1', 't1']);
    expect(manifest.sources.map(({ file }) => file)).toEqual([
      'a.yaml',
      'one.yaml',
      path.join('sub', 'three.yaml'),
      path.join('sub', 'two.yaml'),
    ]);
  });

  it('share names and inherit the defaults of the manifest', async () => {
    workspace.write({
      'a.yaml': `${head}include: [f.yaml]\nvars: { a: A }\nshots: [{ id: a, prompt: "\${vars.b}" }]\n`,
      'f.yaml': 'vars: { b: B }\nshots: [{ id: b, prompt: "${vars.a}" }]\n',
    });
    const { requests } = await workspace.read();
    expect(requests.map(({ body }) => [body.model, body['prompt']])).toEqual([
      ['m', 'B'],
      ['m', 'A'],
    ]);
  });

  it('are found, and named in findings, relative to the file that names them', async () => {
    workspace.write({
      'deep/a.yaml': `${head}include: [parts/f.yaml]\n`,
      'deep/parts/f.yaml': 'include: [../g.yaml]\nshots: [{ id: f, promptFile: p.md }]\n',
      'deep/parts/p.md': 'the prompt ${vars.x}',
      'deep/g.yaml': 'shots: [{ id: g, x: 1 }]\n',
    });
    const { findings } = await workspace.read('deep/a.yaml');
    expect(findings.map(({ file, marked }) => [file, marked])).toEqual([
      [path.join('deep', 'g.yaml'), 'x'],
      [path.join('deep', 'parts', 'p.md'), '${vars.x}'],
    ]);
  });

  it('are named absolutely where the manifest is', async () => {
    workspace.write({ 'a.yaml': `${head}include: [f.yaml]\n`, 'f.yaml': 'x: 1\n' });
    const { findings } = await workspace.read(path.join(workspace.directory, 'a.yaml'));
    expect(findings[0]?.file).toBe(path.join(workspace.directory, 'f.yaml'));
  });
});

describe('an include that cannot be taken in is a finding at its line', () => {
  it.each([
    ['missing', 'gone.yaml', 'The fragment `gone.yaml` does not exist', 'unreadable-file'],
    ['a directory', 'sub', 'The fragment `sub` is a directory, not a file', 'unreadable-file'],
    ['itself', 'a.yaml', '`a.yaml` includes itself by way of this line', 'include-cycle'],
    [
      'itself by another name',
      './sub/../a.yaml',
      '`a.yaml` includes itself by way of this line',
      'include-cycle',
    ],
    ['itself by a link', 'link.yaml', '`link.yaml` includes itself by way of this line', 'include-cycle'],
    [
      'itself by a hard link',
      'hard.yaml',
      '`hard.yaml` includes itself by way of this line',
      'include-cycle',
    ],
  ])('%s', async (_, name, message, rule) => {
    workspace.write({
      'a.yaml': `${head}include:\n  - ${name}\nshots: [{ id: a }]\n`,
      'sub/f.yaml': 'vars: {}\n',
    });
    symlinkSync('a.yaml', path.join(workspace.directory, 'link.yaml'));
    linkSync(path.join(workspace.directory, 'a.yaml'), path.join(workspace.directory, 'hard.yaml'));
    const { findings, requests } = await workspace.read();
    expect(findings.map((finding) => [finding.rule, finding.message, finding.marked, finding.line])).toEqual([
      [rule, message, name, 5],
    ]);
    expect(requests.map(({ key }) => key)).toEqual(['a']);
  });

  it('a cycle by way of others: at the line that closes it', async () => {
    workspace.write({
      'a.yaml': `${head}include: [b.yaml]\n`,
      'b.yaml': 'include: [c.yaml]\n',
      'c.yaml': 'vars: {}\ninclude:\n  - a.yaml\n  - b.yaml\n',
    });
    const { findings } = await workspace.read();
    expect(findings.map(({ file, line, rule }) => [file, line, rule])).toEqual([
      ['c.yaml', 3, 'include-cycle'],
      ['c.yaml', 4, 'include-cycle'],
    ]);
  });

  it('twice: one finding at the second, and none for all that would be defined twice', async () => {
    workspace.write({
      'a.yaml': `${head}include: [f.yaml, g.yaml]\n`,
      'f.yaml': 'vars: { a: b }\nshots: [{ id: a }]\n',
      'g.yaml': 'include: [f.yaml]\n',
    });
    const read = await workspace.read();
    expect(read.findings.map(({ file, message }) => [file, message])).toEqual([
      ['g.yaml', '`f.yaml` is included already'],
    ]);
  });

  it('what is wrong inside it is a finding in it', async () => {
    workspace.write({ 'a.yaml': `${head}include: [f.yaml]\n`, 'f.yaml': Buffer.from([0x61, 0xff]) });
    const { findings } = await workspace.read();
    expect(findings.map(({ file, rule }) => [file, rule])).toEqual([['f.yaml', 'encoding']]);
  });

  it('a thousand files are the most', async () => {
    const files = Object.fromEntries(Array.from({ length: 1_001 }, (_, n) => [`f${n}.yaml`, `x-n: ${n}\n`]));
    workspace.write({
      ...files,
      'a.yaml': `${head}include:\n${Object.keys(files)
        .map((name) => `  - ${name}\n`)
        .join('')}`,
    });
    const read = await workspace.read();
    expect(summary(read)).toEqual(['file-too-large "f999.yaml"']);
  });
});

describe('a name that is defined twice is a finding at the second, that names the first', () => {
  it('in vars and assets of different files', async () => {
    workspace.write({
      'a.yaml': `${head}include: [f.yaml]\nvars:\n  look: a\nassets:\n  mika: https://e.com/a\n`,
      'f.yaml': 'vars: { look: b }\nassets: { mika: https://e.com/b, own: https://e.com/c }\n',
    });
    const { findings } = await workspace.read();
    expect(findings.map(({ rule, file, marked, message }) => [rule, file, marked, message])).toEqual([
      ['duplicate-name', 'f.yaml', 'look', '`vars.look` is defined in a.yaml, line 6, already'],
      ['duplicate-name', 'f.yaml', 'mika', '`assets.mika` is defined in a.yaml, line 8, already'],
    ]);
  });

  it('in the ids of scenes, without a further finding for their shots', async () => {
    workspace.write({
      'a.yaml': `${head}include: [f.yaml]\nscenes:\n  - id: s\n    shots: [{ id: a }]\n  - { id: s, shots: [{ id: a }] }\n`,
      'f.yaml': 'scenes: [{ id: s, shots: [{ id: a }] }]\n',
    });
    const { findings, requests } = await workspace.read();
    expect(findings.map(({ rule, file, line, marked }) => [rule, file, line, marked])).toEqual([
      ['duplicate-name', 'a.yaml', 8, 's'],
      ['duplicate-name', 'f.yaml', 1, 's'],
    ]);
    expect(requests.map(({ key }) => key)).toEqual(['s/a']);
  });

  it('in the ids of shots: at the id, within a scene and outside scenes', async () => {
    workspace.write({
      'a.yaml': `${head}include: [f.yaml]\nscenes:\n  - { id: s, shots: [{ id: a }, { id: b }, { id: a, notes: two }] }\nshots: [{ id: a }]\n`,
      'f.yaml': 'shots: [{ id: a }]\n',
    });
    const { findings, requests } = await workspace.read();
    expect(findings.map(({ rule, file, marked, key, column }) => [rule, file, marked, key, column])).toEqual([
      ['duplicate-shot', 'a.yaml', 'a', 's/a', 50],
      ['duplicate-shot', 'f.yaml', 'a', 'a', 15],
    ]);
    expect(requests.map(({ key }) => key)).toEqual(['s/a', 's/b', 'a']);
  });
});
