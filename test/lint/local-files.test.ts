import { symlinkSync } from 'node:fs';
import { copyFile, mkdir, truncate } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LintResult } from '../../src/lint/lint.ts';
import { lint } from '../../src/lint/lint.ts';
import { folderWith, told } from './linting.ts';

const media = path.resolve(import.meta.dirname, '../fixtures/media');
const ferry = path.resolve(import.meta.dirname, '../fixtures/lint/plates/ferry.png');

function manifest(images: string, store = 'store: { s3: plates/harbour }\n'): string {
  return `version: 1\nproject: demo\n${store}shots:\n  - { id: one, model: videos, duration: 5, prompt: Rain, referenceImages: ${images} }\n`;
}

/** A work tree with `film/a.yaml`, a picture under `film/plates` and one outside. */
async function worktree(text: string, files: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = await folderWith({ 'tree/.git/HEAD': '', 'tree/film/a.yaml': text, ...files });
  for (const place of ['tree/film/plates', 'tree/shared', 'outside']) {
    await mkdir(path.join(folder, place), { recursive: true });
    await copyFile(ferry, path.join(folder, place, 'mika.png'));
  }
  return folder;
}

async function judge(text: string, files?: Readonly<Record<string, string>>): Promise<LintResult> {
  return lint(['a.yaml'], { cwd: path.join(await worktree(text, files), 'tree/film') });
}

describe('a media value without a scheme', () => {
  it('is a file, relative to the file that names it', async () => {
    const text = `version: 1
project: demo
store: { s3: plates/harbour }
include: [acts/act-2.yaml]
assets: { mika: plates/mika.png, shared: ../shared/mika.png }
defaults: { model: videos, duration: 5 }
shots: [{ id: one, prompt: Rain, referenceImages: ["\${assets.mika}", "\${assets.shared}"] }]
`;
    const act = `shots:\n  - { id: two, prompt: Fog, referenceImages: [../plates/mika.png] }\n  - { id: three, prompt: Sun, referenceImages: ["\${assets.mika}"] }\n`;
    expect(told(await judge(text, { 'tree/film/acts/act-2.yaml': act }))).toEqual([]);
  });

  it('is looked for beside the asset that it comes from, not beside its use', async () => {
    const text = `version: 1\nproject: demo\nstore: { s3: plates/harbour }\ninclude: [acts/act-2.yaml]\nshots: []\n`;
    const act = `assets: { mika: plates/mika.png }\nshots: [{ id: two, model: videos, duration: 5, prompt: Fog, referenceImages: ["\${assets.mika}"] }]\n`;
    const result = await judge(text, { 'tree/film/acts/act-2.yaml': act });
    expect(told(result)).toEqual(['missing-media-file: plates/mika.png']);
  });

  it.each<[value: string, rule: string, help: RegExp]>([
    ['plates/mikka.png', 'missing-media-file', /`plates\/mika\.png`/],
    ['plates/Mika.png', 'missing-media-file', /Write `plates\/mika\.png`/],
    ['platse/mika.png', 'missing-media-file', /`plates\/mika\.png`/],
    ['Plates/mika.png', 'missing-media-file', /`plates\/mika\.png`/],
    ['nowhere/at-all.png', 'missing-media-file', /https URL/],
    ['cdn.example.com/mika.png', 'missing-media-file', /`https:\/\/cdn\.example\.com\/mika\.png`/],
    ['cdn.example.com:8443/mika.png', 'missing-media-file', /`https:\/\/cdn\.example\.com:8443/],
    ['plates', 'missing-media-file', /Name a file/],
    ['plates\\mika.png', 'missing-media-file', /slashes/],
    ['~/mika.png', 'missing-media-file', /path/],
    ['../../outside/mika.png', 'media-outside', /roots/],
    ['/etc/passwd', 'media-outside', /roots/],
    ['notes.png', 'media-kind', /Give an image/],
    ['pointer.png', 'media-pointer', /git lfs pull/],
  ])('that cannot be sent gets told what to do: %s', async (value, rule, help) => {
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n';
    const files = { 'tree/film/notes.png': 'my notes\n', 'tree/film/pointer.png': pointer };
    const result = await judge(manifest(`[${JSON.stringify(value)}]`), files);
    expect(result.diagnostics.map((each) => [each.rule, each.severity])).toEqual([[rule, 'error']]);
    expect(result.diagnostics[0]?.help).toMatch(help);
  });

  it('never has its query repeated, where it was a signed URL', async () => {
    const { diagnostics } = await judge(
      manifest('["cdn.example.com/mika.png?X-Amz-Signature=cafebabe&X-Amz-Credential=AKIA"]'),
    );
    expect(JSON.stringify(diagnostics)).not.toMatch(/cafebabe|AKIA/);
  });

  it('may lie under a root, and never behind a link that leads elsewhere', async () => {
    const rooted = manifest('[../../outside/mika.png]', 'store: { s3: plates/x, roots: [../../outside] }\n');
    expect(told(await judge(rooted))).toEqual([]);
    const disk = manifest('[../../outside/mika.png]', 'store: { s3: plates/x, roots: [/] }\n');
    expect(told(await judge(disk))).toEqual(['media-outside: ../../outside/mika.png']);

    const folder = await worktree(manifest('[plates/link.png, plates/folder/mika.png]'));
    symlinkSync(path.join(folder, 'outside/mika.png'), path.join(folder, 'tree/film/plates/link.png'));
    symlinkSync(path.join(folder, 'outside'), path.join(folder, 'tree/film/plates/folder'));
    const result = await lint(['a.yaml'], { cwd: path.join(folder, 'tree/film') });
    expect(told(result)).toEqual(['media-outside: plates/link.png', 'media-outside: plates/folder/mika.png']);
    expect(result.diagnostics[0]?.message).toContain('by a link');
  });

  it('needs a store, once, and a fragment alone does not', async () => {
    const two = manifest('[plates/mika.png, ../shared/mika.png]', '');
    expect(told(await judge(two))).toEqual(['store-missing: plates/mika.png']);
    const folder = await worktree('shots: [{ id: one, prompt: Rain, referenceImages: [plates/mika.png] }]\n');
    const fragments = new Map([['a.yaml', 'included' as const]]);
    expect(told(await lint(['a.yaml'], { cwd: path.join(folder, 'tree/film'), fragments }))).toEqual([]);
  });

  it('is one file however it is written', async () => {
    const result = await judge(manifest('[plates/mika.png, ./plates/../plates/mika.png]'));
    expect(told(result).map((each) => each.split(':')[0])).toEqual(['duplicate-media', 'media-spelling']);
  });

  it('is judged by every rule about media, without a network', async () => {
    const folder = await worktree(
      `version: 1
project: demo
store: { s3: plates/harbour }
defaults: { model: videos, duration: 5 }
shots:
  - { id: kind, prompt: Rain, referenceImages: [clip.mp4] }
  - { id: pixels, prompt: Fog, referenceVideos: [clip.mp4] }
  - { id: shape, prompt: Sun, ratio: "1:1", first_image: plates/mika.png, last_image: ../shared/mika.png }
  - { id: bytes, prompt: Snow, referenceImages: [large.png] }
`,
    );
    const film = path.join(folder, 'tree/film');
    await copyFile(path.join(media, 'index-first.mp4'), path.join(film, 'clip.mp4'));
    await copyFile(ferry, path.join(film, 'large.png'));
    await truncate(path.join(film, 'large.png'), 25 * 1024 * 1024);
    const { diagnostics } = await lint(['a.yaml'], { cwd: film });
    expect(diagnostics.map(({ rule, key }) => [rule, key])).toEqual([
      ['media-kind', 'kind'],
      ['video-resolution', 'pixels'],
      ['frame-mismatch', 'shape'],
      ['image-too-large', 'bytes'],
    ]);
  });
});
