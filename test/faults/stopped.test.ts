import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/cli.ts';
import { start } from './program.ts';
import { accepted, local, oddProvider } from './rehearsal.ts';
import { makeScene, readReport } from './scene.ts';

const aWhile = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('a process that is stopped for longer than the answer timeout', () => {
  it('finds the answers that came meanwhile, and calls none of them in doubt', async () => {
    const size = 5;
    let letAnswer = (): void => {};
    const held = new Promise<void>((resolve) => {
      letAnswer = resolve;
    });
    let all = (): void => {};
    const asked = new Promise<void>((resolve) => {
      all = resolve;
    });
    let count = 0;
    const provider = await oddProvider(async (key) => {
      count += 1;
      if (count === size) all();
      await held;
      return accepted(`video_${key}`);
    });
    const scene = await makeScene(temporaryFolder(), 'stopped', size);
    const { child, ended } = start(
      [
        'run',
        'm.yaml',
        '--yes',
        '--report',
        'r.json',
        '--concurrency',
        String(size),
        '--answer-timeout',
        '3',
      ],
      {
        cwd: scene.folder,
        env: { SHOTLIST_BASE_URL: local(provider.port), SHOTLIST_API_KEY: 'sk-of-the-test' },
      },
    );
    await asked;
    child.kill('SIGSTOP');
    letAnswer();
    await aWhile(4000);
    child.kill('SIGCONT');
    const { code, stderr } = await ended;
    expect(stderr).not.toContain('doubt');
    expect(code).toBe(0);
    const { rows, summary } = await readReport(scene, 'r.json');
    expect(summary).toMatchObject({ queued: size, inDoubt: 0 });
    expect(rows.map(({ key, taskId }) => taskId === `video_${key}`)).not.toContain(false);
    expect(provider.arrived).toHaveLength(size);
  }, 60_000);
});
