import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';
import { LanguageServer, type Place } from './language-server.ts';

const root = path.resolve(import.meta.dirname, '../..');
const examples = path.join(root, 'examples', 'manifests');
const files = readdirSync(examples, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .sort();

let server: LanguageServer;

beforeAll(async () => {
  server = new LanguageServer();
  await server.start(root);
});

afterAll(() => server.stop());

/** A text whose `‸` is the pointer, opened beside the examples. */
async function opened(name: string, marked: string): Promise<{ file: string; at: Place; found: string[] }> {
  const before = marked.slice(0, marked.indexOf('‸')).split('\n');
  const file = path.join(examples, name);
  const found = await server.open(file, marked.replace('‸', ''));
  return {
    file,
    at: { line: before.length - 1, character: before.at(-1)?.length ?? 0 },
    found: found.map(({ message }) => message),
  };
}

const modeline = '# yaml-language-server: $schema=../../schemas/manifest.schema.json\n';
const shot = (lines: string): string =>
  `${modeline}version: 1\nproject: x\nshots:\n  - id: a\n${lines
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')}\n`;

async function offered(name: string, lines: string): Promise<readonly string[]> {
  const { file, at } = await opened(`${name}.yaml`, shot(lines));
  return server.completion(file, at);
}

describe('an editor with the YAML language server', () => {
  it.each(files)('has no warning for the example %s', async (name) => {
    const file = path.join(examples, name);
    expect(await server.open(file, readFileSync(file, 'utf8'))).toEqual([]);
  });

  it('offers the modes', async () => {
    expect(await offered('modes', 'mode: ‸')).toEqual(
      expect.arrayContaining(['text', 'frames', 'references']),
    );
  });

  it('offers the models', async () => {
    expect(await offered('models', 'model: ‸')).toEqual(
      expect.arrayContaining(['videos', 'videos_stable', 'videos_stable_fast']),
    );
  });

  it('offers the ratios, in the quotes that they need', async () => {
    const ratios = (await offered('ratios', 'ratio: ‸')).join(' ');
    for (const ratio of ['21:9', '16:9', '9:16', '1:1', '4:3', '3:4']) expect(ratios).toContain(ratio);
  });

  it('offers the keys of a shot', async () => {
    expect(await offered('keys', 'prompt: Rain\nref‸')).toEqual(
      expect.arrayContaining(['referenceImages', 'referenceVideos', 'referenceAudios']),
    );
  });

  it('shows what a key means', async () => {
    const { file, at } = await opened('hover.yaml', shot('dura‸tion: 5'));
    expect(await server.hover(file, at)).toMatch(/seconds/i);
    const takes = await opened('hover-takes.yaml', shot('ta‸kes: 2'));
    expect(await server.hover(takes.file, takes.at)).not.toBe('');
  });

  it.each([
    ['an unknown key', 'promt: Rain‸', /promt/],
    ['a mode that is none', 'mode: frame‸', /frames/],
    ['a duration in words', 'duration: five‸', /integer/],
  ])('warns of %s', async (name, lines, message) => {
    const { found } = await opened(`${name.replaceAll(' ', '-')}.yaml`, shot(lines));
    expect(found.join('\n')).toMatch(message);
  });

  it('knows a storyboard that init wrote, and what is wrong with it', async () => {
    const cwd = temporaryFolder();
    await shotlist(['init', '--yes'], { cwd });
    const file = path.join(cwd, 'storyboard.yaml');
    const text = readFileSync(file, 'utf8');
    expect(await server.open(file, text)).toEqual([]);
    const wrong = path.join(cwd, 'wrong.yaml');
    const [found] = await server.open(wrong, text.replace('duration: 5', 'durration: 5'));
    expect(found?.message).toContain('durration');
    expect(text.split('\n')[found?.range.start.line ?? 0]).toContain('duration: 5');
  });

  it('knows a fragment by the first line that docs/editors.md gives it', async () => {
    const cwd = temporaryFolder();
    await shotlist(['init', '--yes'], { cwd });
    const guide = readFileSync(path.join(root, 'docs/editors.md'), 'utf8');
    const [line = ''] = /^# yaml-language-server: .*#\/\$defs\/fragment$/m.exec(guide) ?? [];
    const fragment = (key: string): string => `${line}\nshots:\n  - id: a\n    ${key}: 5\n`;
    expect(await server.open(path.join(cwd, 'scenes/fine.yaml'), fragment('duration'))).toEqual([]);
    const [found] = await server.open(path.join(cwd, 'scenes/wrong.yaml'), fragment('durration'));
    expect(found?.message).toContain('durration');
  });

  it('takes the schema that the program prints', async () => {
    const { stdout } = await shotlist(['schema', 'manifest'], { cwd: root });
    expect(JSON.parse(stdout)).toEqual(
      JSON.parse(readFileSync(path.join(root, 'schemas/manifest.schema.json'), 'utf8')),
    );
  });
});
