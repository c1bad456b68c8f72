import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/report/model.ts';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';
import { emulator } from '../helpers/emulator.ts';

const storyboard = `version: 1
project: mistakes
defaults: { model: videos, duration: 5 }
include: [act-2.yaml]
shots:
  - { id: sh1, prompt: First, takes: 2 }
  - { id: sh2, prompt: Second }
`;
const fragment = 'shots:\n  - { id: sh3, prompt: Third }\n';

describe('a shot that has errors and was sent before', () => {
  it.each([
    ['lacks its prompt', storyboard.replace('prompt: First, ', ''), fragment],
    ['has a value of the wrong kind', storyboard.replace('First,', 'First, duration: five,'), fragment],
    [
      'has a value that the model does not take',
      storyboard.replace('First,', 'First, duration: 50,'),
      fragment,
    ],
    ['has an unknown key', storyboard.replace('First,', 'First, promt: x,'), fragment],
    ['is in a fragment that cannot be read', storyboard, 'shots: [\n'],
    ['is in a fragment that is gone', storyboard.replace('act-2', 'act-3'), fragment],
  ])('is not said to be gone from the manifest: it %s', async (_, broken, act) => {
    const cwd = temporaryFolder();
    const write = (board: string, rest: string): void => {
      writeFileSync(path.join(cwd, 'board.yaml'), board);
      writeFileSync(path.join(cwd, 'act-2.yaml'), rest);
    };
    write(storyboard, fragment);
    const { env } = await emulator({ taskMs: { minMs: 3_600_000, maxMs: 3_600_000 } });
    expect((await shotlist(['run', 'board.yaml', '--yes'], { cwd, env })).code).toBe(0);
    write(broken, act);

    const { code, stdout, stderr } = await shotlist(['status', 'board.yaml'], { cwd, env });
    expect(code).toBe(0);
    expect(stderr).toMatch(/error/);
    expect(stdout).toContain('a shot that has some stands here as it was sent last');
    expect(stdout).not.toContain('no longer asked for by the manifest');
    expect(stdout).toMatch(/^ +4 +queued/m);
    const report = await shotlist(['report', 'board.yaml', '--format', 'json'], { cwd, env });
    expect(report.code).toBe(0);
    const { rows } = JSON.parse(report.stdout) as Report;
    expect(rows.map(({ key }) => key).sort()).toEqual(['sh1', 'sh1@2', 'sh2', 'sh3']);
    for (const row of rows) expect(row).toMatchObject({ status: 'queued', superseded: false });
  });

  it('does not bring back what was edited or taken out besides', async () => {
    const cwd = temporaryFolder();
    const write = (board: string): void => writeFileSync(path.join(cwd, 'board.yaml'), board);
    const plain = storyboard.replace('include: [act-2.yaml]\n', '');
    write(plain);
    const { env } = await emulator();
    await shotlist(['run', 'board.yaml', '--yes'], { cwd, env });
    write(`${plain.replace('Second', 'Second and better').replace(', takes: 2', '')}  - { id: sh4 }\n`);
    const { stdout } = await shotlist(['report', 'board.yaml', '--format', 'json'], { cwd, env });
    const { rows } = JSON.parse(stdout) as Report;
    expect(rows.map(({ key, superseded }) => [key, superseded])).toEqual([
      ['sh1', false],
      ['sh2', false],
      ['sh1@2', true],
      ['sh2', true],
    ]);
  });
});
