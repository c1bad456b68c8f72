import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/core/errors.ts';
import { lint } from '../../src/lint/lint.ts';
import { folderWith, lintText, marked, shots, told } from './linting.ts';

const shot = (id: string, more = ''): string =>
  `  - { id: ${id}, model: videos, duration: 5, prompt: Rain ${/\w+/.exec(id)?.[0]}${more} }\n`;

describe('lint', () => {
  it('gives back what it read, ready to be planned', async () => {
    const text = shots(`${shot('one')}${shot('two', ', takes: 3')}${shot('three', ', skip: true')}`);
    const { manifests, summary, diagnostics } = await lintText(text);
    expect(diagnostics).toEqual([]);
    expect(summary).toEqual({ files: 1, shots: 3, requests: 4, errors: 0, warnings: 0 });
    expect(manifests[0]?.manifest.project).toBe('demo');
    expect(manifests[0]?.requests.map(({ key }) => key)).toEqual(['one', 'two', 'two@2', 'two@3']);
    expect([...(manifests[0]?.catalog.keys() ?? [])]).toContain('videos');
  });

  it('lets a shot with errors hide nothing of the others, nor of its own other keys', async () => {
    const text = shots(
      `  - { id: one, model: videos, duration: five, ratio: "5:4", prompt: Rain }\n${shot('two', ', resolution: 4k')}`,
    );
    expect(told(await lintText(text))).toEqual([
      'schema: five',
      'ratio-not-offered: "5:4"',
      'resolution-not-offered: 4k',
    ]);
  });

  it('still checks a shot whose id is no use, without a key', async () => {
    const { diagnostics } = await lintText(
      shots(`${shot('one')}${shot('one', ', ratio: "5:4"')}${shot('"a b"', ', resolution: 4k')}`),
    );
    const found = diagnostics.filter(({ rule }) => rule.endsWith('-not-offered'));
    expect(found.map(({ rule, key }) => [rule, key])).toEqual([
      ['ratio-not-offered', null],
      ['resolution-not-offered', null],
    ]);
  });

  it('says nothing about limits of a model that is not known', async () => {
    const text = shots(
      '  - { id: one, model: nonsense, duration: 99, ratio: "5:4", resolution: 4k, prompt: Rain }\n',
    );
    expect(told(await lintText(text))).toEqual(['unknown-model: nonsense']);
  });

  it('says nothing about the absence of a value that was reported', async () => {
    const text = shots(
      '  - { id: one, model: 5, duration: x, prompt: [] }\n  - { id: two, model: videos, duration: 5, promptFile: gone.md }\n',
    );
    expect(told(await lintText(text))).toEqual([
      'schema: 5',
      'schema: x',
      'schema: []',
      'missing-prompt-file: gone.md',
    ]);
  });

  it('names everything required that is missing in one finding, at the shot', async () => {
    const { diagnostics } = await lintText(shots('  - id: one\n'));
    expect(diagnostics.map(({ message }) => message)).toEqual([
      'The shot has no `model`, `prompt` and `duration`',
    ]);
  });

  it('finds what is required and missing at the shot, or at the one variant that lacks it', async () => {
    const head = '  - id: one\n    model: videos\n    prompt: Rain\n    variants:\n';
    const whole = await lintText(shots(`${head}      wide: {}\n      tall: { ratio: "9:16" }\n`));
    expect(told(whole)).toEqual(['required-parameter: id: one']);
    const one = await lintText(shots(`${head}      wide: { duration: 5 }\n      tall: { ratio: "9:16" }\n`));
    expect(told(one)).toEqual(['required-parameter: { ratio: "9:16" }']);
    expect(one.diagnostics[0]?.message).toBe('The variant has no `duration`');
  });

  it('counts characters as code points, in the text that is sent', async () => {
    const prompt = (text: string): string =>
      shots(`  - { id: one, model: videos_stable, duration: 5, prompt: "${text}" }\n`);
    expect(told(await lintText(prompt('雨'.repeat(5000))))).toEqual([]);
    const { diagnostics } = await lintText(prompt('🌧'.repeat(5001)));
    expect(diagnostics[0]?.message).toBe(
      'The prompt has 5,001 characters; `videos_stable` takes at most 5,000',
    );
    expect(diagnostics[0]?.help).toBe('Shorten it by 1 character');
  });

  it('shows a prompt that is too long in its file, and one without words where the file is named', async () => {
    const text = shots(
      '  - { id: one, model: videos_stable, duration: 5, promptFile: long.md }\n  - { id: two, model: videos, duration: 5, promptFile: none.md }\n',
    );
    const result = await lintText(text, { 'long.md': `# Rain\n${'rain '.repeat(1200)}`, 'none.md': '\n \n' });
    expect(result.diagnostics.map(({ rule, file, line }) => [rule, file, line])).toEqual([
      ['prompt-empty', 'a.yaml', 5],
      ['prompt-too-long', 'long.md', 1],
    ]);
    expect(told(result)[0]).toBe('prompt-empty: none.md');
  });

  it('says of a finding inside a prompt file which shots use it', async () => {
    const shot = (id: string, file: string): string =>
      `  - { id: ${id}, model: videos, duration: 5, promptFile: ${file} }\n`;
    const text = shots(
      `${shot('one', 'a.md')}${shot('two', 'b.md')}${shot('three', 'b.md').replace(' }', ', ratio: "9:16" }')}`,
    );
    const { diagnostics } = await lintText(text, {
      'a.md': 'Rain, ${vars.lok}',
      'b.md': `Rain, \${vars.lok}\napi_key: sk-proj-${'0a1B2c3D'.repeat(5)}\n`,
    });
    expect(diagnostics.map(({ rule, key, message }) => [rule, key, message])).toEqual([
      ['unknown-reference', 'one', '`${vars.lok}` is not defined'],
      ['unknown-reference', null, '`${vars.lok}` is not defined (two and 1 more)'],
      ['secret-in-manifest', null, expect.stringMatching(/^This looks like .* \(two and 1 more\)$/)],
    ]);
  });

  it.each(['""', '"   "', '"\\u200b\\u2060"', '"${vars.none}"'])('finds no words in %s', async (prompt) => {
    const text = shots(
      `  - { id: one, model: videos, duration: 5, prompt: ${prompt}, notes: "\${vars.none}" }\n`,
      'vars: { none: "" }\n',
    );
    expect(told(await lintText(text))).toEqual([`prompt-empty: ${prompt}`]);
  });
});

describe('findings at the same place', () => {
  const manifest = (scenes: string): string =>
    `version: 1\nproject: demo\ndefaults: { model: videos_stable, duration: 5, ratio: "21:9" }\n${scenes}`;
  const rain = (id: string): string => `      - { id: ${id}, prompt: Rain ${id} }\n`;

  it('are one, and name the first shot and how many more', async () => {
    const ids = Array.from({ length: 1000 }, (_, n) => `sh${n}`);
    const result = await lintText(manifest(`scenes:\n  - id: sc010\n    shots:\n${ids.map(rain).join('')}`));
    expect(told(result)).toEqual(['ratio-not-offered: "21:9"']);
    expect(result.diagnostics[0]?.message).toBe(
      '`videos_stable` does not offer the ratio `21:9` (sc010/sh0 and 999 more)',
    );
    expect(result.diagnostics[0]?.key).toBeNull();
  });

  it('keep the key of the only request that they are about', async () => {
    const result = await lintText(manifest(`scenes:\n  - id: sc010\n    shots:\n${rain('sh1')}`));
    expect(result.diagnostics[0]).toMatchObject({
      key: 'sc010/sh1',
      message: '`videos_stable` does not offer the ratio `21:9`',
    });
  });

  it('keep the key of the only shot, whatever its variants', async () => {
    const result = await lintText(
      manifest('shots:\n  - { id: one, prompt: Rain, variants: { a: {}, b: { duration: 6 } } }\n'),
    );
    expect(result.diagnostics).toMatchObject([{ rule: 'ratio-not-offered', key: 'one' }]);
  });

  it('and those of one variant have its key', async () => {
    const result = await lintText(
      manifest(
        'shots:\n  - { id: one, prompt: Rain, ratio: "1:1", variants: { a: {}, b: { ratio: "2:1" } } }\n',
      ),
    );
    expect(result.diagnostics).toMatchObject([{ rule: 'ratio-not-offered', key: 'one:b' }]);
  });
});

describe('a model without a price', () => {
  const text = (budget: string): string =>
    `version: 1\nproject: demo\n${budget}shots:\n${shot('one')}${shot('two', '')}`;

  it('is no matter without a ceiling', async () => {
    expect(told(await lintText(text('')))).toEqual([]);
    expect(told(await lintText(text('budget: { prices: { videos_stable: 5 } }\n')))).toEqual([]);
  });

  it('is found at the prices, or at the budget that has none', async () => {
    const prices = await lintText(text('budget:\n  maxCost: 5\n  prices: { videos_stable: 5 }\n'));
    expect(told(prices)).toEqual(['unpriced-model: { videos_stable: 5 }']);
    const budget = await lintText(text('budget: { maxCost: 5 }\n'));
    expect(told(budget)).toEqual(['unpriced-model: { maxCost: 5 }']);
  });

  it('is found under a ceiling of the call, at its first use where there is no budget', async () => {
    const result = await lintText(text(''), {}, { needPrices: true });
    expect(told(result)).toEqual(['unpriced-model: videos']);
    expect(result.diagnostics[0]).toMatchObject({ line: 4, key: null });
    expect(result.diagnostics[0]?.message).toMatch(/a cost ceiling is given \(one and 1 more\)$/);
  });

  it('is one finding for each model', async () => {
    const both = `version: 1\nproject: demo\nbudget: { maxCost: 5, prices: {} }\nshots:\n${shot('one')}${shot('two').replace('videos', 'videos_stable')}`;
    const { diagnostics } = await lintText(both);
    expect(diagnostics.map(({ message, key }) => [message.slice(0, 22), key])).toEqual([
      ['`videos_stable` has no', 'two'],
      ['`videos` has no price,', 'one'],
    ]);
  });

  it('may cost nothing', async () => {
    expect(told(await lintText(text('budget: { maxCost: 5, prices: { videos: 0 } }\n')))).toEqual([]);
  });

  it('is not told about a price that was reported', async () => {
    expect(told(await lintText(text('budget: { maxCost: 5, prices: { videos: "7" } }\n')))).toEqual([
      'schema: "7"',
    ]);
    expect(told(await lintText(text('budget: { maxCost: 5, prices: 7 }\n')))).toEqual(['schema: 7']);
  });
});

describe('a models file', () => {
  const manifest = `version: 1\nproject: demo\nmodels: conf/m.json\nshots:\n${shot('one').replace('videos', 'videos_pro')}`;
  const models = (entry: string): Record<string, string> => ({
    'conf/m.json': `{ "version": 1, "models": { "videos_pro": ${entry} } }`,
  });

  it('adds models', async () => {
    const { diagnostics, manifests } = await lintText(manifest, models('{ "extends": "videos" }'));
    expect(diagnostics).toEqual([]);
    expect(manifests[0]?.catalog.get('videos_pro')?.createPath).toBe('/v1/videos/videos');
  });

  it('may be YAML, and moves limits', async () => {
    const files = {
      'conf/m.json': 'version: 1\nmodels:\n  videos_pro: { extends: videos, duration: { max: 4 } }\n',
    };
    expect(told(await lintText(manifest, files))).toEqual(['duration-out-of-range: 5']);
  });

  it('with a mistake is told at its place, and nothing more is said about that model', async () => {
    const result = await lintText(manifest, models('{ "extends": "videos", "ratio": ["1:1"] }'));
    expect(told(result)).toEqual(['models-file: ["1:1"]']);
    expect(result.diagnostics[0]).toMatchObject({ file: path.join('conf', 'm.json'), line: 1 });
    expect(result.manifests[0]?.catalog.has('videos_pro')).toBe(false);
  });

  it('that does not parse is told at its place', async () => {
    const result = await lintText(manifest, { 'conf/m.json': '{ "version": 1, "models": }' });
    expect(result.diagnostics).toHaveLength(1);
    expect(result.diagnostics[0]).toMatchObject({ file: path.join('conf', 'm.json') });
  });

  it('that cannot be read is told where it is named', async () => {
    const result = await lintText(manifest);
    expect(told(result)).toEqual(['unreadable-file: conf/m.json']);
    expect(result.diagnostics[0]?.message).toBe('The models file does not exist');
  });

  it('of the call wins over the one that the manifest names', async () => {
    const files = { 'mine.json': '{ "version": 1, "models": { "videos_pro": { "extends": "videos" } } }' };
    expect(told(await lintText(manifest, files, { models: 'mine.json' }))).toEqual([]);
  });

  it('of the call that cannot be read is a wrong call', async () => {
    const linting = lintText(manifest, {}, { models: 'gone.json' });
    await expect(linting).rejects.toThrow(UsageError);
    await expect(linting).rejects.toThrow('the models file gone.json does not exist');
  });

  it('with a mistake is told once for several manifests', async () => {
    const cwd = await folderWith({
      'a.yaml': manifest,
      'b.yaml': manifest,
      ...models('{ "extend": "videos" }'),
    });
    const { diagnostics } = await lint(['a.yaml', 'b.yaml'], { cwd });
    expect(diagnostics.map(({ rule }) => rule)).toEqual(['models-file']);
  });
});

describe('several manifests', () => {
  it('are told in the order given, then by position', async () => {
    const cwd = await folderWith({
      'z.yaml': shots(`${shot('one', ', resolution: 4k, ratio: "5:4"')}`),
      'a.yaml': shots('  - { id: one, model: videos, prompt: Rain }\n', 'include: [part.yaml]\n'),
      'part.yaml': `shots:\n${shot('two', ', duraton: 4')}`,
    });
    const { diagnostics, summary } = await lint(['z.yaml', 'a.yaml', './z.yaml'], { cwd });
    expect(diagnostics.map(({ file, rule }) => `${file} ${rule}`)).toEqual([
      'z.yaml resolution-not-offered',
      'z.yaml ratio-not-offered',
      'a.yaml required-parameter',
      'part.yaml unknown-key',
    ]);
    expect(summary.files).toBe(2);
  });

  it('that are the same are looked at once', async () => {
    const cwd = await folderWith({ 'a.yaml': shots(shot('one')) });
    expect((await lint(['a.yaml', 'a.yaml'], { cwd })).summary).toMatchObject({ files: 1, shots: 1 });
  });

  it('may be anything on the disk: each is told, none stops the rest', async () => {
    const cwd = await folderWith({ 'good.yaml': shots(shot('one')), 'empty.yaml': '', 'bad.yaml': 'a: [' });
    await mkdir(path.join(cwd, 'folder.yaml'));
    await writeFile(path.join(cwd, 'bytes.yaml'), Buffer.from([0xc3, 0x28]));
    const files = ['gone.yaml', 'folder.yaml', 'empty.yaml', 'bad.yaml', 'bytes.yaml', 'good.yaml'];
    const { diagnostics, summary, manifests } = await lint(files, { cwd });
    expect(diagnostics.map(({ file, rule }) => `${file} ${rule}`)).toEqual([
      'gone.yaml unreadable-file',
      'folder.yaml unreadable-file',
      'empty.yaml empty-file',
      'bad.yaml yaml-syntax',
      'bytes.yaml encoding',
    ]);
    expect(summary).toMatchObject({ files: 6, shots: 1, requests: 1 });
    expect(manifests).toHaveLength(6);
  });
});

describe('a manifest from standard input', () => {
  it('is read as one in the working directory', async () => {
    const cwd = await folderWith({
      'm.json': '{ "version": 1, "models": { "videos": { "duration": { "max": 4 } } } }',
    });
    const text = shots(shot('one'), 'models: m.json\n');
    const { diagnostics, sources } = await lint(['-'], {
      cwd,
      stdin: async () => new TextEncoder().encode(text),
    });
    expect(diagnostics).toHaveLength(1);
    const [found] = diagnostics;
    expect(found && marked(found, sources.get(found.file) ?? '')).toBe('5');
    expect(found?.rule).toBe('duration-out-of-range');
  });
});
