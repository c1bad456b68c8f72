import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { NextAction } from '../../src/project/next-actions.ts';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';
import { emulator } from '../helpers/emulator.ts';
import { faultsOf } from '../helpers/schemas.ts';

const storyboard = `version: 1
project: steps
defaults: { model: videos, duration: 5 }
shots:
  - { id: sh1, prompt: First }
  - { id: sh2, prompt: Second }
`;

/** The actions that a document ends with: each whole, with a command of the program that does it. */
function nextIn(stdout: string): readonly NextAction[] {
  const { nextActions } = JSON.parse(stdout) as { nextActions: readonly NextAction[] };
  for (const { action, command, why } of nextActions) {
    expect(command).toMatch(new RegExp(`^shotlist ${action}( |$)`));
    expect(why).not.toBe('');
  }
  return nextActions;
}

const actionsIn = (stdout: string): readonly string[] => nextIn(stdout).map(({ action }) => action);

async function desk(fail?: string) {
  const cwd = temporaryFolder();
  const { env } = await emulator(fail === undefined ? {} : { fail });
  const write = (text: string): void => writeFileSync(path.join(cwd, 'board.yaml'), text);
  write(storyboard);
  return {
    write,
    call: (words: string) => shotlist([...words.split(' '), '--format', 'json'], { cwd, env }),
  };
}

describe('the next actions of a document for scripts', () => {
  it('lead from the lint over plan and run to the clips', async () => {
    const { call } = await desk();
    expect(actionsIn((await call('lint board.yaml')).stdout)).toEqual(['plan']);
    const plan = await call('plan board.yaml');
    expect(nextIn(plan.stdout)).toMatchObject([{ action: 'run', pays: true, needsPerson: true }]);
    expect(faultsOf('plan', JSON.parse(plan.stdout))).toEqual([]);
    expect(actionsIn((await call('run board.yaml --dry-run')).stdout)).toEqual(['run']);
    const sent = await call('run board.yaml --yes');
    expect(nextIn(sent.stdout)).toMatchObject([{ action: 'collect', pays: false, needsPerson: false }]);
    expect(faultsOf('report', JSON.parse(sent.stdout))).toEqual([]);
    for (const words of [
      'status board.yaml',
      'report board.yaml',
      'history board.yaml sh1',
      'plan board.yaml',
    ]) {
      expect(actionsIn((await call(words)).stdout)).toEqual(['collect']);
    }
    expect(actionsIn((await call('ledger verify board.yaml')).stdout)).toEqual(['plan']);
    expect(actionsIn((await call('doctor board.yaml')).stdout)).toEqual(['plan']);
  });

  it('leave what may have been paid for, and paying again, to a person', async () => {
    const { call, write } = await desk('lost#1,400#2');
    const sent = await call('run board.yaml --yes --concurrency 1');
    expect(nextIn(sent.stdout)).toMatchObject([
      { action: 'resolve', pays: false, needsPerson: true },
      { action: 'run', command: 'shotlist run board.yaml --retry-failed', pays: true, needsPerson: true },
    ]);
    write(storyboard.replace('sh2', 'sh5'));
    expect(actionsIn((await call('plan board.yaml')).stdout)).toContain('resolve');
  });

  it('say what a refusal asks for', async () => {
    const { call, write } = await desk();
    const unconfirmed = nextIn((await call('run board.yaml')).stdout);
    expect(unconfirmed.map(({ command }) => command)).toEqual([
      'shotlist plan board.yaml',
      'shotlist run board.yaml --yes',
    ]);
    write(storyboard.replace('Second', ''));
    expect(actionsIn((await call('plan board.yaml')).stdout)).toEqual(['lint']);
    expect(actionsIn((await call('lint board.yaml')).stdout)).toContain('lint');
    expect(actionsIn((await call('status nowhere.yaml')).stdout)).toEqual(['doctor']);
    expect(actionsIn((await call('plan board.yaml --nonsense')).stdout)).toEqual(['help']);
  });

  it('are not kept in a file', async () => {
    const { call } = await desk();
    const { stdout } = await call('report board.yaml -o tasks.json');
    expect(stdout).toBe('');
  });
});
