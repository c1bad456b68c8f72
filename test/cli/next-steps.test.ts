import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';
import { emulator } from '../helpers/emulator.ts';

const board = (shots: readonly string[]): string => `version: 1
project: steps
defaults: { model: videos, duration: 5 }
shots:
${shots.map((shot) => `  - { ${shot} }\n`).join('')}`;

async function project(fail?: string) {
  const cwd = temporaryFolder();
  const provider = await emulator({
    taskMs: { minMs: 3_600_000, maxMs: 3_600_000 },
    ...(fail ? { fail } : {}),
  });
  const { env } = provider;
  return {
    write: (...shots: readonly string[]) => writeFileSync(path.join(cwd, 'board.yaml'), board(shots)),
    call: (...args: readonly string[]) => shotlist(args, { cwd, env }),
  };
}

describe('what the end of a run or a collect offers', () => {
  it('is adopting, and not sending, where all that is pending was renamed', async () => {
    const { write, call } = await project();
    write('id: old, prompt: First');
    await call('run', 'board.yaml', '--yes');
    write('id: new, prompt: First');
    for (const args of [
      ['run', 'board.yaml', '--yes'],
      ['collect', 'board.yaml', '--once'],
    ]) {
      const { stderr } = await call(...args);
      expect(stderr).toMatch(
        /^If old was renamed to new, what was paid counts with: shotlist adopt board\.yaml old new$/m,
      );
      expect(stderr).not.toContain('Send what is pending');
    }
  });

  it('is no sending where what is pending waits for a doubt, and sending where something else is pending', async () => {
    const { write, call } = await project('lost+billed#1');
    write('id: sh1, prompt: First');
    await call('run', 'board.yaml', '--yes');
    write('id: sh1, prompt: First and better');
    const blocked = await call('run', 'board.yaml', '--yes');
    expect(blocked.stderr).toContain('shotlist resolve board.yaml sh1 --task-id ID');
    expect(blocked.stderr).not.toContain('Send what is pending');
    write('id: sh1, prompt: First and better', 'id: sh2, prompt: Second');
    await call('run', 'board.yaml', '--yes', '--only', 'sh2');
    write('id: sh1, prompt: First and better', 'id: sh2, prompt: Second', 'id: sh3, prompt: Third');
    const { stderr } = await call('collect', 'board.yaml', '--once');
    expect(stderr).toContain('Send what is pending: shotlist run board.yaml');
  });

  it('is waiting for as many clips as collect waits for, those of older versions included', async () => {
    const { write, call } = await project();
    write('id: sh1, prompt: First', 'id: sh2, prompt: Second');
    await call('run', 'board.yaml', '--yes');
    write('id: sh1, prompt: First and better', 'id: sh2, prompt: Second');
    const { stderr } = await call('run', 'board.yaml', '--yes', '--only', 'sh1');
    expect(stderr).toContain(
      'Wait for the 3 clips (1 of what the manifest no longer asks for) and save them: shotlist collect board.yaml',
    );
    expect((await call('collect', 'board.yaml', '--once')).stderr).toContain('3 still running');
  });
});
