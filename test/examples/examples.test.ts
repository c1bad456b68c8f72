import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { lint } from '../../src/lint/lint.ts';
import type { Request } from '../../src/manifest/model.ts';
import type { Plan } from '../../src/plan/model.ts';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = path.join(root, 'examples', 'manifests');
/** Of the prompts of the suite as it was published, a line feed between them. */
const suiteDigest = '7d5e2e955339c9ee9f26e7116765155bb93b67eb222f716c23827d777b301261';

const texts = new Map(
  await Promise.all(
    (await readdir(folder, { recursive: true }))
      .filter((file) => file.endsWith('.yaml'))
      .sort()
      .map(async (file) => [file, await readFile(path.join(folder, file), 'utf8')] as const),
  ),
);
/** A fragment states no version. */
const manifests = [...texts].flatMap(([file, text]) => (/^version:/m.test(text) ? [file] : []));

async function requestsOf(file: string): Promise<readonly Request[]> {
  const { manifests: linted } = await lint([file], { cwd: folder });
  return linted.flatMap(({ requests }) => requests);
}

describe('the example manifests', () => {
  it('are the smallest one, a storyboard, files on a disk and a suite of prompts', () => {
    expect(manifests).toEqual([
      'local-files/harbour.yaml',
      'neon-alley/neon-alley.yaml',
      'smallest.yaml',
      'vbench2.yaml',
    ]);
  });

  it.each([...texts])('%s tells editors where its schema is', (file, text) => {
    const [, schema, part] = /^# yaml-language-server: \$schema=([^#\n]+)(#\S+)?\n/.exec(text) ?? [];
    expect(path.resolve(folder, path.dirname(file), schema ?? '')).toBe(
      path.join(root, 'schemas', 'manifest.schema.json'),
    );
    expect(part).toBe(manifests.includes(file) ? undefined : '#/$defs/fragment');
  });

  it.each(manifests)('%s has nothing to find fault with', async (file) => {
    const { diagnostics, summary } = await lint([file], { cwd: folder });
    expect(diagnostics).toEqual([]);
    expect(summary).toMatchObject({ errors: 0, warnings: 0 });
  });

  it.each(manifests)('%s makes requests with keys and fingerprints of their own', async (file) => {
    const requests = await requestsOf(file);
    expect(requests.length).toBeGreaterThan(0);
    for (const part of ['key', 'fingerprint'] as const) {
      expect(new Set(requests.map((request) => request[part])).size).toBe(requests.length);
    }
  });
});

describe('the smallest manifest', () => {
  it('is one request', async () => {
    const requests = await requestsOf('smallest.yaml');
    expect(requests.map(({ key, body }) => [key, Object.keys(body)])).toEqual([
      ['sh0010', ['model', 'prompt', 'duration']],
    ]);
  });
});

describe('the storyboard', async () => {
  const requests = await requestsOf('neon-alley/neon-alley.yaml');
  const bodyOf = (key: string): Request['body'] | undefined =>
    requests.find((request) => request.key === key)?.body;

  it('makes the requests that its comments promise', () => {
    expect(requests.map(({ key }) => key)).toEqual([
      'sc010/sh0010',
      'sc010/sh0010@2',
      'sc010/sh0020',
      'sc010/sh0030',
      'sc010/sh0040',
      'sc020/sh0010',
      'sc020/sh0010@2',
      'sc020/sh0010@3',
      'sc020/sh0020:wide',
      'sc020/sh0020:tall',
      'sc020/sh0030',
      'sc020/sh0040',
      'sc020/sh0050',
      'sc030/sh0010',
      'sc030/sh0020',
      'sc030/sh0020@2',
      'sc030/sh0030',
      'sc030/sh0040',
      'title-card:wide',
      'title-card:tall',
      'title-card:square',
    ]);
  });

  it('shows every mode and every model', () => {
    expect(new Set(requests.map(({ mode }) => mode))).toEqual(new Set(['text', 'frames', 'references']));
    expect(new Set(requests.map(({ model }) => model)).size).toBe(3);
  });

  it('passes media on to the shots of a scene, and drops them where a shot states another mode', () => {
    const sheets = [
      'https://media.example.com/neon-alley/mika-front.png',
      'https://media.example.com/neon-alley/mika-profile.png',
    ];
    expect(bodyOf('sc020/sh0010')?.['referenceImages']).toEqual(sheets);
    expect(bodyOf('sc020/sh0040')?.['referenceImages']).toEqual([
      ...sheets,
      'https://media.example.com/neon-alley/old-chen.png',
      'https://media.example.com/neon-alley/noodle-bar.png',
    ]);
    for (const key of ['sc020/sh0030', 'sc020/sh0050']) {
      expect(Object.keys(bodyOf(key) ?? {})).not.toContain('referenceImages');
    }
  });

  it('expands its words in prompts and prompt files', () => {
    expect(bodyOf('sc020/sh0010')?.['prompt']).toMatch(/decides to follow\.\n\nStyle: cinematic, 35mm film/);
    expect(bodyOf('sc030/sh0040')?.['prompt']).toMatch(/^清晨，雨停了.*浅景深$/);
    for (const { key, body } of requests) expect(body['prompt'], key).not.toContain('${');
  });
});

describe('the storyboard of files on a disk', () => {
  it('names them by what they hold, under the store, and says how much would go up', async () => {
    const cwd = temporaryFolder();
    await cp(path.join(folder, 'local-files'), cwd, { recursive: true });
    const { stdout, code } = await shotlist(['plan', 'harbour.yaml', '--format', 'json'], { cwd });
    expect(code).toBe(0);
    const { requests, summary } = JSON.parse(stdout) as Plan;
    expect(summary.upload?.files).toBe(3);
    const [frames, references] = requests;
    const night = createHash('sha256')
      .update(await readFile(path.join(cwd, 'plates/night.png')))
      .digest('hex');
    const bucket = 'https://studio-plates.s3.eu-central-1.amazonaws.com/harbour';
    expect(frames?.body['first_image']).toBe(`${bucket}/${night}.png`);
    expect(references?.files?.map((file) => file.path)).toEqual(['plates/captain.png', 'plates/dawn.png']);
  });
});

describe('the VBench-2.0 prompts', () => {
  it('are 1,013 requests, in scenes by dimension', async () => {
    const requests = await requestsOf('vbench2.yaml');
    expect(requests).toHaveLength(1013);
    expect(new Set(requests.map(({ scene }) => scene)).size).toBe(17);
    for (const { scene, tags } of requests) expect(tags[0]).toBe(scene);
  });

  it('state their source and its license', () => {
    expect(texts.get('vbench2.yaml')).toMatch(/github\.com\/Vchitect\/VBench, Apache License 2\.0/);
  });

  it('are those of the suite, byte for byte and in its order', async () => {
    const prompts = (await suiteIn('vbench2.yaml')).map(({ prompt }) => prompt);
    expect(createHash('sha256').update(prompts.join('\n')).digest('hex')).toBe(suiteDigest);
  });

  it('are what the script makes of the suite', async () => {
    const file = path.join(temporaryFolder(), 'vbench2-prompts.jsonl');
    const suite = await suiteIn('vbench2.yaml');
    await writeFile(file, suite.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', 'scripts/make-vbench-manifest.ts', file],
      { cwd: root, maxBuffer: 16 * 1024 * 1024 },
    );
    expect(stdout).toBe(texts.get('vbench2.yaml'));
  });
});

/**
 * The suite as its storyboard holds it: the number in a shot's id is the prompt's line, the tags are its dimensions, and
 * the titles of scenes say how those are spelled.
 */
async function suiteIn(
  file: string,
): Promise<readonly { readonly prompt: unknown; readonly dimensions: readonly string[] }[]> {
  const requests = await requestsOf(file);
  const titles = texts.get(file)?.matchAll(/^ {2}- id: (\S+)\n {4}title: (.+)$/gm) ?? [];
  const spelled = new Map([...titles].map(([, id, title]) => [id, title?.replaceAll(' ', '_')]));
  return requests
    .toSorted((a, b) => Number(a.shot.slice(0, 4)) - Number(b.shot.slice(0, 4)))
    .map(({ body, tags }) => ({
      prompt: body['prompt'],
      dimensions: tags.map((tag) => spelled.get(tag) ?? tag),
    }));
}
