import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';
import { emulator } from '../helpers/emulator.ts';

const storyboard = `version: 1
project: billed
defaults: { model: videos, duration: 5 }
budget: { currency: CNY, prices: { videos: 7 } }
shots:
  - { id: sh1, prompt: First light over the roofs }
  - { id: sh2, prompt: Second rain upon the glass }
  - { id: sh3, prompt: Third bell of the evening }
`;

/** A project of which the last two requests were billed and their answers lost, and a bill of what the provider has. */
async function billed() {
  const cwd = temporaryFolder();
  writeFileSync(path.join(cwd, 'board.yaml'), storyboard);
  const { env, books } = await emulator({ fail: 'lost+billed#2-3' });
  await shotlist(['run', 'board.yaml', '--yes', '--concurrency', '1'], { cwd, env });
  const rows = books().map(({ id, billedAt, body }) => [id, billedAt, 'videos', body['prompt'], 7]);
  const bill = (more: readonly string[] = [], without = -1): void => {
    const lines = rows.filter((_, index) => index !== without).map((row) => row.join(','));
    const text = ['Task ID,Created,Model,Prompt,Amount', ...lines, ...more].join('\n');
    writeFileSync(path.join(cwd, 'bill.csv'), text);
  };
  return {
    ids: books().map(({ id }) => id),
    bill,
    call: (args: readonly string[], options: { answers?: readonly string[] } = {}) =>
      shotlist(args, { cwd, env, ...options }),
  };
}

describe('a bill', () => {
  it('is held against the ledger, and all that differs is told', async () => {
    const { ids, bill, call } = await billed();
    bill(['video_strange,2026-01-05T12:00:00Z,videos_pro,A stranger,5', `${ids[0]},,videos,,1.5`], 2);
    const { code, stdout } = await call([
      'reconcile',
      'board.yaml',
      '--bill',
      'bill.csv',
      '--format',
      'json',
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ version: 1, project: 'billed', manifest: 'board.yaml', bill: 'bill.csv' },
      matched: [{ taskId: ids[0], by: 'id', request: { key: 'sh1' } }, { row: 5 }],
      proposed: [{ taskId: ids[1], by: 'timeModelPrompt', request: { key: 'sh2', standing: 'inDoubt' } }],
      unknown: [{ row: 4, taskId: 'video_strange', model: 'videos_pro' }],
      unmatchedDoubts: [{ key: 'sh3' }],
      priceDrift: [{ charged: 8.5, request: { key: 'sh1', price: 7 } }],
      summary: { lines: 4, matched: 2, proposed: 1, unknown: 1, notBilled: 0, billedThoughFailed: 0 },
    });
    const shown = await call(['reconcile', 'board.yaml', '--bill', 'bill.csv']);
    expect(shown.stdout).toContain('bill.csv  4 lines: 2 matched');
    expect(shown.stdout).toContain('→ sh2, by time, model and prompt');
    expect(shown.stdout).toContain('Settle them with: shotlist resolve board.yaml --from bill.csv');
    expect(shown.stdout).toContain('8.5 billed  7 CNY stated');
  });

  it('settles what is in doubt, one after the other, after a yes', async () => {
    const { ids, bill, call } = await billed();
    bill();
    const asked = await call(['resolve', 'board.yaml', '--from', 'bill.csv'], { answers: ['n', 'y'] });
    expect(asked.code).toBe(0);
    expect(asked.stderr).toContain('sh2: time, model and prompt fit');
    expect(asked.stderr).toContain(`sh2 is ${ids[1]}? [y/N, q = quit]`);
    expect(asked.stderr).toContain('1 request settled, 0 refused.');
    const shown = await call(['resolve', 'board.yaml', '--from', 'bill.csv']);
    expect(shown.code).toBe(3);
    expect(shown.stdout).toContain('sh2: time, model and prompt fit');
    expect(shown.stderr).toContain('nobody confirmed any: nothing was settled');
    const told = await call(['resolve', 'board.yaml', '--from', 'bill.csv', '--yes', '--format', 'json']);
    expect(told.code).toBe(0);
    expect(JSON.parse(told.stdout)).toMatchObject({
      proposals: [{ key: 'sh2', settled: true, refusal: null, line: { taskId: ids[1] } }],
    });
    const none = await call(['resolve', 'board.yaml', '--from', 'bill.csv']);
    expect(none).toMatchObject({ code: 0, stdout: 'No line of bill.csv is like what is in doubt.\n' });
  });

  it('finds what a person said was not submitted, and corrects that', async () => {
    const { ids, bill, call } = await billed();
    await call(['resolve', 'board.yaml', 'sh2', '--not-submitted']);
    bill([], 2);
    const found = await call(['reconcile', 'board.yaml', '--bill', 'bill.csv']);
    expect(found.stdout).toContain('→ sh2 (said not to have been submitted), by time, model and prompt');
    const settled = await call(['resolve', 'board.yaml', '--from', 'bill.csv', '--yes']);
    expect(settled.stderr).toContain(`task ${ids[1]}`);
  });

  it('has columns of any name, as a file says', async () => {
    const { ids, call, bill } = await billed();
    bill();
    const cwd = temporaryFolder();
    writeFileSync(path.join(cwd, 'odd.csv'), `Ref,What\n${ids[1]},Second rain upon\n`);
    writeFileSync(path.join(cwd, 'map.yaml'), 'columns: { Ref: taskId, What: prompt }\n');
    const odd = path.join(cwd, 'odd.csv');
    const mapped = ['--bill', odd, '--map', path.join(cwd, 'map.yaml'), '--format', 'json'];
    const { stdout } = await call(['reconcile', 'board.yaml', ...mapped]);
    expect(JSON.parse(stdout)).toMatchObject({ proposed: [{ by: 'modelPrompt', request: { key: 'sh2' } }] });
    const unread = await call(['reconcile', 'board.yaml', '--bill', odd]);
    expect(unread.code).toBe(2);
    expect(unread.stderr).toContain(
      'has no column for a task id, a time or a prompt: its columns are Ref, What',
    );
    const without = await call(['resolve', 'board.yaml', '--yes']);
    expect(without).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes goes with --from') });
  });
});
