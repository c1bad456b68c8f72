import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.ts';
import { edlFrames, fcpxmlFrames, otioFrames } from '../cut/read-frames.ts';
import { type CliResult, shotlist } from '../helpers/cli.ts';

/** The example storyboard, sent and collected in a rehearsal. */
let cwd: string;
let provider: Emulator;
let call: (...words: readonly string[]) => Promise<CliResult>;

beforeAll(async () => {
  cwd = mkdtempSync(path.join(tmpdir(), 'shotlist-cutting-'));
  cpSync('examples/manifests/neon-alley', cwd, { recursive: true });
  const taskMs = { minMs: 0, maxMs: 1 };
  provider = await startEmulator({ key: 'secret-key-of-the-test', seed: 1, taskMs });
  const env = { SHOTLIST_BASE_URL: provider.baseUrl, SHOTLIST_API_KEY: provider.key };
  call = (name = '', ...words) => shotlist([name, 'neon-alley.yaml', ...words], { cwd, env });
  await call('run', '--yes', '--wait', '--interval', '0.02', '--rate', '100/s');
}, 90_000);
afterAll(async () => {
  await provider.close();
  rmSync(cwd, { recursive: true });
});

const read = (file: string): string => readFileSync(path.join(cwd, file), 'utf8');

it('says so where nothing is picked yet, and cuts the gaps all the same', async () => {
  const { code, stderr } = await call('cut', '-o', 'empty.csv');
  expect(code).toBe(0);
  expect(stderr).toContain('0 picked');
  expect(stderr).toContain('Nothing is picked yet: choose clips with shotlist pick neon-alley.yaml KEY');
});

it.each([24, 25, 29.97, 30])(
  'says the same frames of the example in OTIO, EDL, FCPXML and CSV at %d frames a second',
  async (fps) => {
    await call('pick', 'sc010/sh0010@2', 'sc010/sh0030');
    const cut = (file: string) => call('cut', '-o', file, '--fps', String(fps), '--unpicked', 'latest');
    for (const extension of ['otio', 'edl', 'fcpxml', 'csv']) {
      const { code, stderr } = await cut(`film.${extension}`);
      expect([code, stderr]).toEqual([0, expect.stringMatching(/2 picked, \d+ by their newest clip/)]);
    }
    const rows: readonly Record<string, string>[] = parse(read('film.csv'), { bom: true, columns: true });
    const frames = rows.map((row) => Number(row['frames']));
    expect(rows[0]).toMatchObject({ key: 'sc010/sh0010@2', scene: 'sc010', sceneTitle: 'The city' });
    expect(frames.every((each) => each >= Math.floor(4 * fps))).toBe(true);
    expect(otioFrames(read('film.otio'))).toEqual(frames);
    expect(edlFrames(read('film.edl'), fps)).toEqual(frames);
    expect(fcpxmlFrames(read('film.fcpxml'), fps)).toEqual(frames);
  },
);

it('cuts one scene, and leaves handles', async () => {
  await call(
    'cut',
    '-o',
    'scene.csv',
    '--scene',
    'sc010',
    '--handles',
    '12',
    '--unpicked',
    'latest',
    '--fps',
    '24',
  );
  const rows: readonly Record<string, string>[] = parse(read('scene.csv'), { bom: true, columns: true });
  expect(new Set(rows.map((row) => row['scene']))).toEqual(new Set(['sc010']));
  expect(rows.every((row) => row['sourceIn'] === '00:00:00:12')).toBe(true);
});

it.each([
  [[], 'where is the cut written?'],
  [['-o', 'film.mov'], 'no cut can be written as .mov'],
  [['-o', 'film'], 'has no extension'],
  [['-o', 'film.edl', '--scene', 'sc01'], 'sc010'],
  [['-o', 'film.edl', '--fps', '17.3'], '17.3 frames a second'],
  [['-o', 'film.edl', '--fps', 'fast'], "'fast' is no number of frames a second"],
])('refuses %j, and writes nothing', async (words, said) => {
  writeFileSync(path.join(cwd, 'film.edl'), 'as it was');
  const { code, stderr } = await call('cut', ...words);
  expect([code, stderr]).toEqual([2, expect.stringContaining(said)]);
  expect(read('film.edl')).toBe('as it was');
});
