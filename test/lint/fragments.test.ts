import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { shotlist } from '../helpers/cli.ts';
import { folderWith } from './linting.ts';

const board = `version: 1
project: film
defaults: { model: videos, duration: 5 }
vars: { look: 雨夜 }
include: [../acts/one.yaml]
`;
const files = {
  // The top of the work tree: without one, a storyboard reads nothing outside its own folder.
  '.git/HEAD': 'ref: refs/heads/main\n',
  'boards/film.yaml': board,
  'acts/one.yaml': 'include: [deeper/two.yaml]\nshots:\n  - { id: one, prompt: "第一幕，${vars.look}" }\n',
  'acts/deeper/two.yaml': 'shots:\n  - { id: two, prompt: "第二幕，${vars.look}", ratio: 9:16 }\n',
  'compose.yaml': 'services: { web: { image: nginx } }\n',
};
const alone = { 'lone.yaml': 'shots:\n  - { id: one, prompt: "Rain, ${vars.any}", ratio: 9:16 }\n' };

interface Told {
  readonly code: number;
  /** Each finding as `file rule`. */
  readonly findings: readonly string[];
  readonly manifests: number;
}

async function told(cwd: string, words: readonly string[], input?: string): Promise<Told> {
  const { code, stdout } = await shotlist(['lint', '--format', 'json', ...words], {
    cwd,
    ...(input === undefined ? {} : { stdin: input }),
  });
  const { diagnostics, summary } = JSON.parse(stdout) as {
    diagnostics: readonly { readonly file: string; readonly rule: string }[];
    summary: { readonly files: number };
  };
  return { code, findings: diagnostics.map(({ file, rule }) => `${file} ${rule}`), manifests: summary.files };
}

const found = ['acts/deeper/two.yaml yaml-portability'];

describe('a fragment in a call of lint', () => {
  it.each([
    ['by a pattern, beside its manifest', ['{acts,boards}/**/*.yaml']],
    ['before its manifest', ['acts/one.yaml', 'boards/film.yaml']],
    ['alone: its manifest is found', ['acts/one.yaml']],
    ['alone, included by another fragment', ['acts/deeper/two.yaml']],
    ['twice, by another way', ['./acts/../acts/one.yaml', 'acts/deeper/two.yaml']],
  ])('is checked with its manifest, and nothing is told twice: %s', async (_, words) => {
    const cwd = await folderWith(files);
    expect(await told(cwd, words)).toEqual({ code: 0, findings: found, manifests: 1 });
  });

  it('is checked with each of the manifests that include it', async () => {
    const cwd = await folderWith({
      ...files,
      'boards/short.yaml': board.replace('film', 'short').replace('look:', 'lok:'),
    });
    const { code, findings, manifests } = await told(cwd, ['acts/one.yaml']);
    expect({ code, manifests }).toEqual({ code: 1, manifests: 2 });
    expect(findings).toContain('acts/one.yaml unknown-reference');
  });

  it('is found from another folder, too', async () => {
    const folder = await folderWith(files);
    await mkdir(path.join(folder, 'elsewhere'));
    const { findings } = await told(path.join(folder, 'elsewhere'), [
      '../acts/one.yaml',
      '../boards/film.yaml',
    ]);
    expect(findings).toEqual(['../acts/deeper/two.yaml yaml-portability']);
  });

  it('that nothing includes is one error, and nothing is said about what a manifest could state', async () => {
    const cwd = await folderWith({ ...files, ...alone });
    expect(await told(cwd, ['lone.yaml'])).toEqual({
      code: 1,
      findings: ['lone.yaml lone-fragment', 'lone.yaml yaml-portability'],
      manifests: 1,
    });
  });

  it('that nothing includes yet can say so in a comment', async () => {
    const cwd = await folderWith({
      'lone.yaml': `# shotlist-disable-file lone-fragment -- the manifest is made by a script\n${alone['lone.yaml']}`,
    });
    expect((await told(cwd, ['lone.yaml'])).findings).toEqual(['lone.yaml yaml-portability']);
  });

  it('from standard input is checked with its manifest, as it is in the editor', async () => {
    const cwd = await folderWith(files);
    const text = files['acts/deeper/two.yaml'].replace('look', 'lok');
    expect(await told(cwd, ['--stdin-filename', 'acts/deeper/two.yaml', '-'], text)).toEqual({
      code: 1,
      findings: ['acts/deeper/two.yaml unknown-reference', ...found],
      manifests: 1,
    });
  });

  it('leaves what is neither manifest nor fragment to be told what it lacks', async () => {
    const cwd = await folderWith(files);
    const { findings } = await told(cwd, ['compose.yaml']);
    expect(findings).toContain('compose.yaml schema');
    expect(findings).toContain('compose.yaml unknown-key');
  });

  it('is mended alone with --fix, and nothing else of its manifest', async () => {
    const mixed = {
      ...files,
      'acts/one.yaml': `${files['acts/one.yaml']}  - { id: three, prompt: Fog, ratio: 9:16 }\n`,
    };
    const cwd = await folderWith(mixed);
    const { code } = await shotlist(['lint', '--fix', 'acts/deeper/two.yaml'], { cwd });
    expect(code).toBe(0);
    const text = async (name: string): Promise<string> => readFile(path.join(cwd, name), 'utf8');
    expect(await text('acts/deeper/two.yaml')).toBe(files['acts/deeper/two.yaml'].replace('9:16', '"9:16"'));
    expect(await text('acts/one.yaml')).toBe(mixed['acts/one.yaml']);
  });

  it('is mended from standard input, whether or not something includes it', async () => {
    const cwd = await folderWith(files);
    const call = ['lint', '--fix', '--stdin-filename', 'acts/deeper/two.yaml', '-'];
    const { code, stdout } = await shotlist(call, { cwd, stdin: files['acts/deeper/two.yaml'] });
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: files['acts/deeper/two.yaml'].replace('9:16', '"9:16"'),
    });
  });
});
