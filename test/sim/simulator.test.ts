import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundle } from '../../sim/build.ts';
import { mutants } from '../../sim/mutants.ts';
import { SeededRandom } from '../../sim/random.ts';
import { scriptOf } from '../../sim/script.ts';
import { shrink } from '../../sim/shrink.ts';
import { manifestText, readStoryboard } from '../../sim/storyboard.ts';

const root = path.join(import.meta.dirname, '../..');
let folder: string;

beforeAll(async () => {
  // Beside the packages that the bundle loads.
  const cache = path.join(root, 'node_modules/.cache');
  await mkdir(cache, { recursive: true });
  folder = await mkdtemp(path.join(cache, 'shotlist-sim-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function simulated(
  file: string,
  ...flags: readonly string[]
): Promise<{ code: number; output: string }> {
  return promisify(execFile)(process.execPath, [file, ...flags], { maxBuffer: 64 * 1024 * 1024 }).then(
    ({ stdout }) => ({ code: 0, output: stdout }),
    (error: { code: number; stdout: string }) => ({ code: error.code, output: error.stdout }),
  );
}

test('every promise holds in the first seeds, and the same seed gives the same trace, byte for byte', async () => {
  const file = await bundle(path.join(folder, 'program'));
  const first = await simulated(file, '--from', '1', '--seeds', '30', '--trace');
  const again = await simulated(file, '--from', '1', '--seeds', '30', '--trace');
  expect(first.code, first.output.slice(-4000)).toBe(0);
  const withoutTime = (text: string): string => text.replace(/"seconds":[\d.]+/, '');
  expect(withoutTime(again.output)).toBe(withoutTime(first.output));
  expect(first.output).toMatch(/the provider bills/);
});

test('a fault that is planted is found, and told with its seed, a short script and both books', async () => {
  const mutant = mutants.find(({ name }) => name === 'a-doubt-does-not-block');
  const file = await bundle(path.join(folder, 'mutant'), mutant);
  const { code, output } = await simulated(file, '--from', '1', '--seeds', '2000');
  expect(code).toBe(1);
  expect(output).toMatch(/^Seed \d+ breaks \w+: /);
  const [, left, all] = /\((\d+) of (\d+) actions\)/.exec(output) ?? [];
  expect(Number(left)).toBeLessThan(Number(all));
  expect(output).toContain("The provider's books:");
  expect(output).toContain('The ledgers:');
});

test('every mutant still fits the code that it is planted in', async () => {
  for (const { name, file, find } of mutants) {
    const text = await readFile(path.join(root, file), 'utf8');
    expect(text.split(find).length - 1, name).toBe(1);
  }
});

test('a script follows from its seed alone', () => {
  expect(scriptOf(7)).toEqual(scriptOf(7));
  expect(scriptOf(7)).not.toEqual(scriptOf(8));
});

test('what a stream draws does not depend on what another one drew', () => {
  const one = new SeededRandom('1/a');
  one.next();
  expect(one.stream('x').next()).toBe(new SeededRandom('1/a').stream('x').next());
});

test('a manifest says what its storyboard says', () => {
  const storyboard = {
    project: 'film',
    maxRequests: 7,
    shots: [
      { id: 'heron', subject: 1, version: 2, takes: 1 },
      { id: 'otter', subject: 2, version: 1, takes: 3 },
    ],
  };
  expect(readStoryboard(manifestText(storyboard))).toEqual(storyboard);
});

test('shrinking keeps what a failure needs, and nothing else', async () => {
  const script = scriptOf(3);
  const needed = [script.actions[1], script.actions.at(-1)];
  const shortest = await shrink(script, async ({ actions }) =>
    needed.every((each) => each && actions.includes(each)),
  );
  expect(shortest.actions).toEqual(needed);
});
