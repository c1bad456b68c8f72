import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Report } from '../../src/report/model.ts';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';
import { emulator } from '../helpers/emulator.ts';

const storyboard = (shots: number, more = ''): string => `version: 1
project: scenario
defaults: { model: videos, duration: 5 }
budget: { currency: CNY, prices: { videos: 7 } }
${more}scenes:
  - id: sc010
    shots:
${Array.from({ length: shots }, (_, i) => `      - { id: sh${i + 1}, prompt: "Shot ${i + 1}, 霓虹雨夜, slow dolly in" }`).join('\n')}
`;

function project(text: string): { cwd: string; file: string } {
  const cwd = temporaryFolder();
  writeFileSync(path.join(cwd, 'board.yaml'), text);
  return { cwd, file: 'board.yaml' };
}

const readReport = (cwd: string): Report =>
  JSON.parse(readFileSync(path.join(cwd, 'board.report.json'), 'utf8')) as Report;

describe('the main job', () => {
  it('goes from manifest to report, and sends nothing the second time', async () => {
    const { cwd, file } = project(storyboard(8));
    const { env, books } = await emulator();

    const first = await shotlist(['run', file, '--yes'], { cwd, env });
    expect(first).toMatchObject({ code: 0, stdout: '' });
    expect(first.stderr).toContain('8 of 8 requests submitted; the project has spent 56 CNY.');

    const rows = readReport(cwd).rows;
    expect(rows.map(({ key }) => key)).toEqual(Array.from({ length: 8 }, (_, i) => `sc010/sh${i + 1}`));
    const billed = new Map(books().map((task) => [task.id, task]));
    for (const row of rows) expect(billed.get(row.taskId ?? '')?.body).toMatchObject({ prompt: row.prompt });

    const table: Record<string, string>[] = parse(readFileSync(path.join(cwd, 'board.report.csv')), {
      bom: true,
      columns: true,
    });
    expect(table.map((row) => row['taskId'])).toEqual(rows.map(({ taskId }) => taskId));

    const second = await shotlist(['run', file, '--yes'], { cwd, env });
    expect(second.code).toBe(0);
    expect(second.stderr).toContain('Nothing to send');
    expect(books()).toHaveLength(8);
  });

  it('sends only what an edit changed, and keeps the old request in the report', async () => {
    const { cwd, file } = project(storyboard(3));
    const { env, books } = await emulator();
    await shotlist(['run', file, '--yes'], { cwd, env });
    writeFileSync(path.join(cwd, file), storyboard(3).replace('Shot 2,', 'Shot two,'));

    const planned = await shotlist(['plan', file, '--format', 'json'], { cwd, env });
    const plan = JSON.parse(planned.stdout) as {
      requests: { key: string; action: string; reason: string; changed: string[] }[];
    };
    expect(plan.requests.filter(({ action }) => action === 'submit')).toMatchObject([
      { key: 'sc010/sh2', reason: 'changed', changed: ['prompt'] },
    ]);
    expect((await shotlist(['run', file, '--yes'], { cwd, env })).code).toBe(0);
    expect(books()).toHaveLength(4);
    expect(readReport(cwd).rows.map(({ key, superseded }) => [key, superseded])).toEqual([
      ['sc010/sh1', false],
      ['sc010/sh2', false],
      ['sc010/sh3', false],
      ['sc010/sh2', true],
    ]);
  });

  it('asks on a terminal, and sends nothing unless the answer is yes', async () => {
    const { cwd, file } = project(storyboard(2));
    const { env, books } = await emulator();
    const no = await shotlist(['run', file], { cwd, env, answers: [''] });
    expect(no.code).toBe(3);
    expect(no.stderr).toContain('Submit 2 requests for 14 CNY to 127.0.0.1');
    expect(books()).toHaveLength(0);
    expect((await shotlist(['run', file], { cwd, env, answers: ['y'] })).code).toBe(0);
    expect(books()).toHaveLength(2);
  });

  it('sends nothing without a terminal unless --yes is given', async () => {
    const { cwd, file } = project(storyboard(2));
    const { env, books } = await emulator();
    const result = await shotlist(['run', file], { cwd, env });
    expect(result.code).toBe(3);
    expect(result.stderr).toContain('--yes');
    expect(books()).toHaveLength(0);
  });

  it('shows the plan with --dry-run and needs no key for it', async () => {
    const { cwd, file } = project(storyboard(2));
    const result = await shotlist(['run', file, '--dry-run'], { cwd });
    expect(result.code).toBe(0);
    expect(result.stdout).toContain('2 requests to submit for 14 CNY');
    expect(readdirSync(cwd)).toEqual(['board.yaml']);
  });

  it('sends nothing while the lint has errors', async () => {
    const { cwd, file } = project(storyboard(2).replace('duration: 5', 'duration: 50'));
    const { env, books } = await emulator();
    const result = await shotlist(['run', file, '--yes'], { cwd, env });
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('duration-out-of-range');
    expect(books()).toHaveLength(0);
  });

  it.each([
    ['--max-cost', '13.99'],
    ['--max-requests', '1'],
  ])('promise 7: sends nothing at all over %s', async (flag, limit) => {
    const { cwd, file } = project(storyboard(2));
    const { env, books } = await emulator();
    const result = await shotlist(['run', file, '--yes', flag, limit], { cwd, env });
    expect(result.code).toBe(3);
    expect(result.stderr).toContain(flag);
    expect(books()).toHaveLength(0);
  });

  it('promise 7: --yes does not lift the budget of the manifest', async () => {
    const { cwd, file } = project(storyboard(3).replace('budget: {', 'budget: { maxRequests: 2,'));
    const { env, books } = await emulator();
    const result = await shotlist(['run', file, '--yes', '--max-requests', '100'], { cwd, env });
    expect(result.code).toBe(3);
    expect(result.stderr).toContain('budget.maxRequests');
    expect(books()).toHaveLength(0);
  });

  it('calls a model without a price an error once there is a cost ceiling', async () => {
    const { cwd, file } = project(storyboard(1).replace('prices: { videos: 7 }', 'prices: {}'));
    const { env, books } = await emulator();
    const result = await shotlist(['run', file, '--yes', '--max-cost', '100'], { cwd, env });
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('unpriced-model');
    expect(books()).toHaveLength(0);
  });

  it('prints one JSON document on standard output, and nothing else', async () => {
    const { cwd, file } = project(storyboard(2));
    const { env } = await emulator();
    const result = await shotlist(['run', file, '--yes', '--format', 'json', '--no-report'], { cwd, env });
    expect((JSON.parse(result.stdout) as Report).summary).toMatchObject({ total: 2, queued: 2, cost: 14 });
    expect(readdirSync(cwd).sort()).toEqual(['.shotlist', 'board.yaml']);
  });

  it('leaves doubt alone until a person settles it', async () => {
    const { cwd, file } = project(storyboard(3));
    const { env, books } = await emulator({ fail: 'lost#2' });
    const first = await shotlist(['run', file, '--yes', '--concurrency', '1'], { cwd, env });
    expect(first.code).toBe(1);
    expect(first.stderr).toContain('shotlist resolve board.yaml sc010/sh2 --task-id ID');

    const again = await shotlist(['run', file, '--yes', '--retry-failed'], { cwd, env });
    expect(again.code).toBe(1);
    expect(books()).toHaveLength(3);

    const listed = await shotlist(['resolve', file], { cwd, env });
    expect(listed.stdout).toContain('sc010/sh2');
    expect(listed.stdout).toContain('Shot 2, 霓虹雨夜');

    expect((await shotlist(['resolve', file, 'sc010/sh2', '--not-submitted'], { cwd, env })).code).toBe(0);
    expect((await shotlist(['run', file, '--yes'], { cwd, env })).code).toBe(0);
    expect(books()).toHaveLength(4);
  });

  it('submits again what was refused or failed only with --retry-failed', async () => {
    const { cwd, file } = project(storyboard(3));
    const { env, books } = await emulator({ fail: 'status400#2*1' });
    expect((await shotlist(['run', file, '--yes', '--concurrency', '1'], { cwd, env })).code).toBe(1);
    expect((await shotlist(['run', file, '--yes'], { cwd, env })).code).toBe(1);
    expect(books()).toHaveLength(2);
    expect((await shotlist(['run', file, '--yes', '--retry-failed'], { cwd, env })).code).toBe(0);
    expect(books()).toHaveLength(3);
  });

  it('stops at a refused key and says what to do', async () => {
    const { cwd, file } = project(storyboard(5));
    const { env, books } = await emulator();
    const result = await shotlist(['run', file, '--yes'], {
      cwd,
      env: { ...env, SHOTLIST_API_KEY: 'another-secret-key' },
    });
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('SHOTLIST_API_KEY');
    expect(books()).toHaveLength(0);
    expect(readReport(cwd).summary).toMatchObject({ pending: 5, cost: 0 });
  });

  it('promise 10: shows and stores the key nowhere, even where the provider echoes it', async () => {
    const { cwd, file } = project(storyboard(4));
    const { env } = await emulator({ fail: 'status400#1,lost#2' });
    const key = env['SHOTLIST_API_KEY'] ?? '';
    const outputs = [
      await shotlist(['run', file, '--yes', '--verbose'], { cwd, env }),
      await shotlist(['status', file], { cwd, env }),
      await shotlist(['report', file, '--format', 'json'], { cwd, env }),
      await shotlist(['plan', file, '--out', 'plan.json'], { cwd, env }),
    ];
    for (const { stdout, stderr } of outputs) expect(stdout + stderr).not.toContain(key);
    const files = readdirSync(cwd, { recursive: true, encoding: 'utf8' }).filter((name) =>
      statSync(path.join(cwd, name)).isFile(),
    );
    expect(files.length).toBeGreaterThan(3);
    for (const name of files) expect(readFileSync(path.join(cwd, name), 'latin1'), name).not.toContain(key);
  });

  it('stops at the first Ctrl-C with the answers under way, and leaves a ledger and a report', async () => {
    const { cwd, file } = project(storyboard(40));
    let press = (): void => {};
    let seen = 0;
    const { env, books } = await emulator({
      onRequest: () => {
        seen += 1;
        if (seen === 6) press();
      },
    });
    const result = await shotlist(['run', file, '--yes', '--concurrency', '2'], {
      cwd,
      env,
      onInterruptible: (interrupt) => {
        press = interrupt;
      },
    });
    expect(result.code).toBe(130);
    const { summary } = readReport(cwd);
    expect(summary.queued).toBe(books().length);
    expect(summary.queued).toBeLessThan(12);
    expect(summary.inDoubt + summary.sending).toBe(0);
    expect((await shotlist(['run', file, '--yes'], { cwd, env })).code).toBe(0);
    expect(books()).toHaveLength(40);
  });

  it('leaves at once at the second Ctrl-C, with what was not answered in doubt', async () => {
    const { cwd, file } = project(storyboard(10));
    let press = (): void => {};
    let received = 0;
    const silent = createServer(() => {
      received += 1;
      if (received === 3) press();
    });
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void silent.close());
    const { port } = silent.address() as AddressInfo;

    const result = await shotlist(['run', file, '--yes', '--concurrency', '3'], {
      cwd,
      env: { SHOTLIST_BASE_URL: `http://127.0.0.1:${port}/kyyReactApiServer`, SHOTLIST_API_KEY: 'any-key' },
      onInterruptible: (interrupt) => {
        press = interrupt;
      },
      onStderr: (text) => {
        if (text.startsWith('Stopping:')) press();
      },
    });
    expect(result.code).toBe(130);
    expect(received).toBe(3);
    expect(readReport(cwd).summary).toMatchObject({ inDoubt: 3, pending: 7 });
  });

  it('takes what is selected and leaves the rest', async () => {
    const { cwd, file } = project(storyboard(5));
    const { env, books } = await emulator();
    const result = await shotlist(['run', file, '--yes', '--only', 'sc010/sh[24]', '--limit', '1'], {
      cwd,
      env,
    });
    expect(result.code).toBe(0);
    expect(books()).toMatchObject([{ body: { prompt: 'Shot 2, 霓虹雨夜, slow dolly in' } }]);
  });

  it('reads a manifest from standard input', async () => {
    const cwd = temporaryFolder();
    const { env, books } = await emulator();
    const result = await shotlist(['run', '-', '--yes'], { cwd, env, stdin: storyboard(2) });
    expect(result.code).toBe(0);
    expect(books()).toHaveLength(2);
    expect(readdirSync(cwd).sort()).toEqual(['.shotlist', 'scenario.report.csv', 'scenario.report.json']);
  });

  it('refuses a report that could not be written before anything is sent', async () => {
    const { cwd, file } = project(storyboard(2));
    const { env, books } = await emulator();
    const result = await shotlist(['run', file, '--yes', '--report', 'no/such/folder/out.csv'], { cwd, env });
    expect(result.code).toBe(2);
    expect(books()).toHaveLength(0);
  });

  it('tells rehearsals and real requests apart by the provider', async () => {
    const { cwd, file } = project(storyboard(2));
    const { env } = await emulator();
    await shotlist(['run', file, '--yes'], { cwd, env });
    const real = await shotlist(['plan', file, '--format', 'json'], { cwd });
    expect(JSON.parse(real.stdout)).toMatchObject({ summary: { submit: 2, skip: 0 } });
  });
});

describe('what is written', () => {
  it.each([
    ['plan', ['plan', 'board.yaml', '--out', 'board.yaml']],
    ['report', ['report', 'board.yaml', '--format', 'csv', '-o', 'board.yaml']],
  ])('never replaces the storyboard: %s', async (_name, args) => {
    const { cwd } = project(storyboard(2));
    const result = await shotlist(args, { cwd });
    expect(result.code).toBe(2);
    expect(readFileSync(path.join(cwd, 'board.yaml'), 'utf8')).toBe(storyboard(2));
  });
});
