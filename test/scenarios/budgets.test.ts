import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { built, builtEmulator, builtMain } from '../helpers/built.ts';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';
import { emulator } from '../helpers/emulator.ts';

/** Four scenes of four shots, at 7 each, and what the project may spend. */
const storyboard = (budget: string): string => `version: 1
project: budgets
defaults: { model: videos, duration: 5 }
budget: { currency: CNY, prices: { videos: 7 }, ${budget} }
scenes:
${[1, 2, 3, 4]
  .map(
    (scene) =>
      `  - { id: sc${scene}, shots: [${[1, 2, 3, 4].map((shot) => `{ id: sh${shot}, prompt: "Scene ${scene}, shot ${shot}" }`).join(', ')}] }`,
  )
  .join('\n')}
`;

function project(budget: string): string {
  const cwd = temporaryFolder();
  writeFileSync(path.join(cwd, 'board.yaml'), storyboard(budget));
  return cwd;
}

const quiet = ['--yes', '--no-report'];

describe('budgets', () => {
  it.each([
    ['maxRequests: 9', 'budget.maxRequests'],
    ['maxCost: 63', 'budget.maxCost'],
  ])(
    'promise 7: processes that start together cannot cross %s together',
    async (budget, name) => {
      const cwd = project(budget);
      const { env, booksUrl } = await builtEmulator(['--latency', '700ms'], cwd);
      const runs = await Promise.all(
        [1, 2, 3, 4].map((scene) =>
          built(['run', 'board.yaml', ...quiet, '--scene', `sc${scene}`], { cwd, env }),
        ),
      );
      // Each sends its whole plan or nothing: two fit.
      expect(runs.map(({ code }) => code).sort()).toEqual([0, 0, 3, 3]);
      for (const { code, stderr } of runs) if (code === 3) expect(stderr).toContain(name);
      const books = (await (await fetch(booksUrl)).json()) as { billed?: unknown[] } | unknown[];
      expect(JSON.stringify(books).match(/"Scene \d, shot \d"/g)).toHaveLength(8);
    },
    60_000,
  );

  it('promise 7: what a killed run had reserved and not claimed lapses, and what it had claimed counts', async () => {
    const cwd = project('maxRequests: 16');
    const { env } = await builtEmulator(['--fail', 'hang+billed'], cwd);
    const child = spawn(
      process.execPath,
      [builtMain, 'run', 'board.yaml', ...quiet, '--verbose', '--concurrency', '2'],
      { cwd, env: { PATH: process.env['PATH'], ...env }, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let told = '';
    for await (const text of child.stderr) {
      told += String(text);
      if ((told.match(/: sending/g)?.length ?? 0) >= 2) break;
    }
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;

    const well = await emulator();
    const rest = await shotlist(['run', 'board.yaml', ...quiet], { cwd, env: well.env });
    expect(rest.stderr).toContain('14 of 14 requests submitted');
    expect(rest.code).toBe(1);
    writeFileSync(path.join(cwd, 'board.yaml'), storyboard('maxRequests: 16').replace('sh4,', 'sh5,'));
    const over = await shotlist(['run', 'board.yaml', ...quiet, '--resend', 'sc2/sh1'], {
      cwd,
      env: well.env,
    });
    expect(over.code).toBe(3);
    expect(over.stderr).toContain('over budget.maxRequests of 16 requests: 16 requests spent');
  }, 60_000);

  it('promise 7: a plan that crosses one says so where it is only shown', async () => {
    const cwd = project('maxCost: 111');
    for (const args of [
      ['plan', 'board.yaml'],
      ['run', 'board.yaml', '--dry-run'],
    ]) {
      const { code, stderr } = await shotlist(args, { cwd });
      expect(code).toBe(0);
      expect(stderr).toContain('warning this plan would bring the project to 112 CNY, over budget.maxCost');
    }
    const flag = await shotlist(['run', 'board.yaml', '--dry-run', '--max-requests', '15'], { cwd });
    expect(flag.stderr).toContain('warning this plan sends 16 requests, and --max-requests allows 15');
  });

  it('promise 7: counts what failed and what is in doubt, and names the number to change', async () => {
    const cwd = project('maxCost: 112');
    const { env, books } = await emulator({ fail: 'lost+billed#1,failed#2' });
    await shotlist(['run', 'board.yaml', ...quiet, '--scene', 'sc1', '--concurrency', '1'], { cwd, env });
    writeFileSync(path.join(cwd, 'board.yaml'), storyboard('maxCost: 111'));
    const over = await shotlist(['run', 'board.yaml', ...quiet], { cwd, env });
    expect(over.code).toBe(3);
    expect(over.stderr).toContain(
      'this plan would bring the project to 112 CNY, over budget.maxCost of 111 CNY: 28 CNY spent, 84 CNY in this plan',
    );
    expect(over.stderr).toContain('Raise budget.maxCost in the manifest to at least 112');
    expect(books()).toHaveLength(4);
    writeFileSync(path.join(cwd, 'board.yaml'), storyboard('maxCost: 112'));
    await shotlist(['run', 'board.yaml', ...quiet], { cwd, env });
    expect(books()).toHaveLength(16);
  });
});
