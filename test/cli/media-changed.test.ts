import { appendFileSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { whatMoved } from '../../src/lint/paid-media.ts';
import type { FileVersion } from '../../src/media/facts.ts';
import { type CliOptions, shotlist, temporaryFolder } from '../helpers/cli.ts';
import { emulator } from '../helpers/emulator.ts';
import { MediaServer } from '../media/media-server.ts';

const ferry = readFileSync(path.resolve(import.meta.dirname, '../fixtures/lint/plates/ferry.png'));

let server: MediaServer;
beforeAll(async () => {
  server = await MediaServer.start();
});
afterAll(() => server.close());

/** A film of two shots with a picture of its own each, and the pictures, which a test can change. */
async function film(): Promise<{
  readonly world: CliOptions & { readonly cwd: string };
  readonly put: (name: string, bytes: Uint8Array, etag?: string) => void;
  readonly sent: () => number;
}> {
  const provider = await emulator();
  const cwd = temporaryFolder();
  const put = (name: string, bytes: Uint8Array, etag = '"a1"'): string =>
    server.serve(`/${name}.png`, { bytes, etag });
  const shots = ['mika', 'alley'].map(
    (name) =>
      `  - { id: ${name}, prompt: Rain on ${name}, referenceImages: ["${put(name, ferry)}?AWSAccessKeyId=k&Expires=4000000000&Signature=one"] }\n`,
  );
  const head = 'version: 1\nproject: harbour\ndefaults: { model: videos, duration: 5 }\nshots:\n';
  writeFileSync(path.join(cwd, 'a.yaml'), head + shots.join(''));
  return { world: { cwd, env: provider.env }, put, sent: () => provider.books().length };
}

const look = ['--media', '--allow-private-media'];

/** The keys of which a document of findings or a plan's standard error says that the media are others. */
async function changedIn(world: CliOptions): Promise<readonly unknown[]> {
  const { stdout } = await shotlist(['lint', 'a.yaml', ...look, '--format', 'json'], world);
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { rule: string; key: string }[] };
  return diagnostics.filter(({ rule }) => rule === 'media-changed').map(({ key }) => key);
}

describe('a file behind a URL that was paid for', () => {
  it('is warned of when it is another, by lint and plan, and is paid for again only when a person says so', async () => {
    const { world, put, sent } = await film();
    expect((await shotlist(['run', 'a.yaml', '--yes', ...look], world)).code).toBe(0);

    put('mika', Buffer.concat([ferry, Buffer.from('x')]), '"b2"');
    const manifest = path.join(world.cwd, 'a.yaml');
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replaceAll('Signature=one', 'Signature=two'));
    expect(await changedIn(world)).toEqual(['mika']);
    const plan = await shotlist(['plan', 'a.yaml', ...look], world);
    expect(plan.code).toBe(0);
    expect(plan.stderr).toMatch(/warning media-changed .*: it has 116 bytes, and had 115/);
    expect(plan.stderr).toContain('--resend KEY');
    expect(sent()).toBe(2);

    await shotlist(['run', 'a.yaml', '--yes', '--resend', 'mika', ...look], world);
    expect(sent()).toBe(3);
    expect(await changedIn(world)).toEqual([]);
    const notes = readFileSync(path.join(world.cwd, '.shotlist/paid-media.jsonl'), 'utf8');
    expect(notes).not.toMatch(/http|Signature/);
  }, 300_000);

  it('is no longer held against what was paid before, once it was paid for without a look', async () => {
    const { world, put } = await film();
    await shotlist(['run', 'a.yaml', '--yes', ...look], world);
    put('alley', Buffer.concat([ferry, Buffer.from('y')]), '"b2"');
    await shotlist(['run', 'a.yaml', '--yes', '--resend', 'alley', '--allow-private-media'], world);
    expect(await changedIn(world)).toEqual([]);
  }, 300_000);

  it('is noted after a line that a kill cut off, and never through a link', async () => {
    const { world, put } = await film();
    await shotlist(['run', 'a.yaml', '--yes', '--only', 'mika', ...look], world);
    const notes = path.join(world.cwd, '.shotlist/paid-media.jsonl');
    appendFileSync(notes, '{"provider":"loop');
    await shotlist(['run', 'a.yaml', '--yes', ...look], world);
    put('alley', Buffer.concat([ferry, Buffer.from('y')]), '"b2"');
    expect(await changedIn(world)).toEqual(['alley']);

    const linked = await film();
    const elsewhere = path.join(temporaryFolder(), 'theirs');
    await shotlist(['run', 'a.yaml', '--yes', '--only', 'mika', '--allow-private-media'], linked.world);
    symlinkSync(elsewhere, path.join(linked.world.cwd, '.shotlist/paid-media.jsonl'));
    const run = await shotlist(['run', 'a.yaml', '--yes', ...look], linked.world);
    expect(run.code).toBe(0);
    expect(run.stderr).toContain('cannot be noted (ELOOP)');
    expect(existsSync(elsewhere)).toBe(false);
  }, 300_000);
});

describe('two versions of a file', () => {
  const then: FileVersion = { etag: null, lastModified: null, bytes: 9, headHash: 'h', sha256: null };
  const a = 'a'.repeat(64);

  it.each<[string, Partial<FileVersion>, Partial<FileVersion>, string | null]>([
    ['the same content, uploaded once more', { sha256: a, etag: '"1"' }, { sha256: a, etag: '"2"' }, null],
    ['another content of the same size', { sha256: a }, { sha256: 'b'.repeat(64) }, 'its content is another'],
    ['another size', {}, { bytes: 10 }, 'it has 10 bytes, and had 9'],
    ['another beginning', {}, { headHash: 'i' }, 'its first bytes are others'],
    ['another validator', { etag: '"1"' }, { etag: '"2"' }, 'its server gives another ETag'],
    [
      'the same validator, with another date',
      { etag: '"1"', lastModified: 'x' },
      { etag: '"1"', lastModified: 'y' },
      null,
    ],
    [
      'another date, where there is no more',
      { lastModified: 'x' },
      { lastModified: 'y' },
      'its date is y, and was x',
    ],
    ['a server that stopped to tell', { etag: '"1"', lastModified: 'x' }, {}, null],
  ])('%s', (_, before, after, moved) => {
    expect(whatMoved({ ...then, ...before }, { ...then, ...after })).toBe(moved);
  });
});
