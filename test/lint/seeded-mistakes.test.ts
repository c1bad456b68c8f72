import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileRules } from '../../src/lint/known-rules.ts';
import { lint } from '../../src/lint/lint.ts';
import { temporaryFolder } from '../helpers/cli.ts';
import { marked } from './linting.ts';

/** One mistake, put into the example storyboard, and the token that has to be marked. */
interface Seed {
  readonly file: string;
  readonly right: string;
  readonly wrong: string;
  /** All that is marked. */
  readonly token: string;
  /** The file of the finding, where it is another. */
  readonly foundIn?: string;
  /** A further file beside the manifest. */
  readonly beside?: readonly [name: string, text: string];
}

const main = 'neon-alley.yaml';
const act2 = 'scenes/act-2.yaml';
const arrives = 'prompts/mika-arrives.md';
const all = readFileSync(
  path.resolve(import.meta.dirname, '../../examples/manifests/neon-alley', main),
  'utf8',
);

/** By rule, for every rule that is not judged on each request; the others are seeded in test/fixtures/lint. */
const seeds: Readonly<Record<string, Seed>> = {
  'models-file': {
    file: main,
    right: 'include:\n',
    wrong: 'models: models.json\n\ninclude:\n',
    beside: ['models.json', '{ "version": 1, "models": { "videos": { "modse": ["text"] } } }\n'],
    foundIn: 'models.json',
    token: '"modse"',
  },
  'lone-fragment': {
    file: main,
    right: all,
    wrong: 'scenes:\n  - id: sc010\n    shots: []\n',
    token: 'scenes:',
  },
  'bad-suppression': {
    file: act2,
    right: '  - id: sc020\n',
    wrong: '  # shotlist-disable-next-line duplicate-request\n  - id: sc020\n',
    token: '# shotlist-disable-next-line duplicate-request',
  },
  'unused-suppression': {
    file: act2,
    right: '  - id: sc020\n',
    wrong: '  # shotlist-disable-next-line url-insecure -- the archive has no https\n  - id: sc020\n',
    token: 'url-insecure',
  },
  'unreadable-file': {
    file: main,
    right: 'scenes/act-3.yaml',
    wrong: 'scenes/act-4.yaml',
    token: 'scenes/act-4.yaml',
  },
  'file-too-large': {
    file: main,
    right: 'Lin Qiao',
    wrong: `${'['.repeat(101)}${']'.repeat(101)}`,
    token: '[',
  },
  encoding: {
    file: arrives,
    right: 'a young courier',
    wrong: 'a young\u0007 courier',
    token: '\u0007',
  },
  'yaml-syntax': {
    file: act2,
    right: 'prompt: 特写：深夜面摊',
    wrong: 'prompt: 特写: 深夜面摊',
    token:
      '特写: 深夜面摊，一只粗瓷碗被放到木台上，滚烫的面汤表面映出霓虹的红光，热气升起，模糊了远处的灯。一双筷子轻轻敲了一下碗沿。微距镜头，缓慢推近，${vars.lookZh}',
  },
  'unsupported-yaml': {
    file: main,
    right: 'title: Skyline',
    wrong: 'title: !!timestamp Skyline',
    token: '!!timestamp',
  },
  'duplicate-key': {
    file: main,
    right: 'duration: 8\n',
    wrong: 'duration: 8\n        duration: 6\n',
    token: 'duration',
  },
  'empty-file': { file: 'scenes/act-3.yaml', right: '', wrong: '', token: '' },
  schema: { file: main, right: 'duration: 8', wrong: 'duration: eight', token: 'eight' },
  'unknown-key': { file: main, right: 'first_image:', wrong: 'frist_image:', token: 'frist_image' },
  'include-cycle': {
    file: act2,
    right: 'assets:\n',
    wrong: 'include: [../neon-alley.yaml]\nassets:\n',
    token: '../neon-alley.yaml',
  },
  'duplicate-name': {
    file: act2,
    right: '  noodleBar:',
    wrong: '  chen:\n    https://media.example.com/c.png\n  noodleBar:',
    token: 'chen',
  },
  'duplicate-shot': { file: act2, right: 'id: sh0030', wrong: 'id: sh0020', token: 'sh0020' },
  'unknown-reference': {
    file: act2,
    right: '模糊了远处的灯。一双筷子轻轻敲了一下碗沿。微距镜头，缓慢推近，${vars.lookZh}',
    wrong: '模糊了远处的灯。一双筷子轻轻敲了一下碗沿。微距镜头，缓慢推近，${vars.lookZH}',
    token: '${vars.lookZH}',
  },
  'list-reference': {
    file: main,
    right: '缓缓上摇至她的侧脸，',
    wrong: '缓缓上摇至她的侧脸，${vars.mikaSheets}，',
    token: '${vars.mikaSheets}',
  },
  'nested-reference': {
    file: main,
    right: 'lookZh: 电影质感，',
    wrong: 'lookZh: 电影质感，${vars.look}，',
    token: '${vars.look}',
  },
  'text-too-long': {
    file: main,
    right: 'title: Skyline',
    wrong: `title: "${'${vars.look}'.repeat(15_000)}"`,
    token: `"${'${vars.look}'.repeat(15_000)}"`,
  },
  'missing-prompt-file': {
    file: act2,
    right: `../${arrives}`,
    wrong: '../prompts/mika.md',
    token: '../prompts/mika.md',
  },
  'outside-work-tree': {
    file: act2,
    right: `../${arrives}`,
    wrong: '../../../rain.md',
    token: '../../../rain.md',
  },
  'prompt-file-outside': {
    file: act2,
    right: `../${arrives}`,
    wrong: '../../rain.md',
    beside: ['../rain.md', 'Rain'],
    token: '../../rain.md',
  },
  'prompt-twice': {
    file: act2,
    right: `promptFile: ../${arrives}`,
    wrong: `promptFile: ../${arrives}\n        prompt: Mika arrives`,
    token: 'promptFile',
  },
  'extra-parameter': {
    file: main,
    right: 'duration: 8\n',
    wrong: 'duration: 8\n        extra: { seed: 7, resolution: 720p }\n',
    token: 'resolution',
  },
  'too-many-requests': {
    file: main,
    right: 'takes: 2',
    wrong: `takes: 99\n        variants:\n${Array.from({ length: 1_011 }, (_, n) => `          v${n}: { prompt: Rain ${n} }`).join('\n')}`,
    token: '{ prompt: Rain 1010 }',
  },
};

describe('the example storyboard with one mistake', () => {
  it('is there for every rule of files', () => {
    expect(Object.keys(seeds).sort()).toEqual(fileRules.map(({ id }) => id).sort());
  });

  it.each(Object.entries(seeds))('yields exactly its finding, at the exact token: %s', async (id, seed) => {
    const folder = path.join(temporaryFolder(), 'film');
    cpSync(path.resolve(import.meta.dirname, '../../examples/manifests/neon-alley'), folder, {
      recursive: true,
    });
    // The film lies in a repository.
    mkdirSync(path.join(folder, '..', '.git'));
    const seeded = path.join(folder, seed.file);
    const text = readFileSync(seeded, 'utf8');
    expect(text.split(seed.right).length, 'places of the mistake').toBeGreaterThan(1);
    writeFileSync(seeded, seed.right === '' ? seed.wrong : text.replace(seed.right, () => seed.wrong));
    if (seed.beside !== undefined) writeFileSync(path.join(folder, seed.beside[0]), seed.beside[1]);

    const { diagnostics, sources } = await lint([main], {
      cwd: folder,
      fragments: id === 'lone-fragment' ? new Map([[main, 'alone']]) : undefined,
    });
    expect(diagnostics.map(({ rule, file }) => [rule, file])).toEqual([[id, seed.foundIn ?? seed.file]]);
    const [found] = diagnostics;
    expect(found && marked(found, sources.get(found.file) ?? '')).toBe(seed.token);
  });
});
