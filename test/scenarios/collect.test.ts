import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/report/model.ts';
import { type CliResult, shotlist, temporaryFolder } from '../helpers/cli.ts';
import { emulator } from '../helpers/emulator.ts';

const soon = { minMs: 50, maxMs: 400 };
const storyboard = `version: 1
project: scenario
defaults: { model: videos, duration: 5 }
budget: { currency: CNY, prices: { videos: 7 } }
scenes:
  - id: sc010
    shots:
      - { id: sh0010, prompt: "The skyline, 霓虹雨夜", takes: 2 }
      - { id: sh0020, prompt: "Mika arrives", variants: { tall: { ratio: "9:16" }, wide: {} } }
`;

function project(text = storyboard): { cwd: string; file: string } {
  const cwd = temporaryFolder();
  writeFileSync(path.join(cwd, 'board.yaml'), text);
  return { cwd, file: 'board.yaml' };
}

async function reportOf(cwd: string, env: Record<string, string>): Promise<Report> {
  const { stdout } = await shotlist(['report', 'board.yaml', '--format', 'json'], { cwd, env });
  return JSON.parse(stdout) as Report;
}

const clips = [
  'sc010_sh0010_t02_v001.mp4',
  'sc010_sh0010_v001.mp4',
  'sc010_sh0020_tall_v001.mp4',
  'sc010_sh0020_wide_v001.mp4',
];

describe('collecting', () => {
  it('goes from task ids to clips named by shots, and does nothing the second time', async () => {
    const { cwd, file } = project();
    const { env, books } = await emulator({ taskMs: soon });
    const run = await shotlist(['run', file, '--yes'], { cwd, env });
    expect(run.stderr).toContain('Wait for the 4 clips and save them: shotlist collect board.yaml');

    const first = await shotlist(['collect', file, '--interval', '0.1'], { cwd, env });
    expect(first).toMatchObject({ code: 0, stdout: '' });
    expect(first.stderr).toMatch(
      /4 clips saved in renders\/rehearsal\/ \(\d+ kB\); 4 of 4 tasks completed\./,
    );
    expect(first.stderr).toContain('shotlist report board.yaml -o report.html');
    expect(readdirSync(path.join(cwd, 'renders', 'rehearsal')).sort()).toEqual(clips);

    const { rows } = await reportOf(cwd, env);
    expect(rows.map((row) => [row.file, row.videoUrl, row.status, row.actualDuration])).toEqual(
      [clips[1], clips[0], clips[2], clips[3]].map((name) => [
        `renders/rehearsal/${name}`,
        null,
        'completed',
        5,
      ]),
    );
    const downloads = books().map((task) => task.downloads);
    expect(downloads).toEqual([1, 1, 1, 1]);

    const again = await shotlist(['collect', file], { cwd, env });
    expect(again.code).toBe(0);
    expect(again.stderr).toContain('No new clips; 4 of 4 tasks completed.');
    expect(books().map((task) => task.downloads)).toEqual(downloads);
  });

  it('drops a URL from the ledger, and from every report, once the clip is safe', async () => {
    const { cwd, file } = project();
    const { env } = await emulator({ taskMs: soon });
    await shotlist(['run', file, '--yes', '--no-report'], { cwd, env });
    const polled = await shotlist(['collect', file, '--no-download', '--interval', '0.1'], { cwd, env });
    expect(polled).toMatchObject({ code: 0 });
    expect((await reportOf(cwd, env)).rows[0]?.videoUrl).toContain('Signature=');

    expect((await shotlist(['collect', file], { cwd, env })).code).toBe(0);
    expect(JSON.stringify(await reportOf(cwd, env))).not.toContain('Signature');
    for (const name of readdirSync(path.join(cwd, '.shotlist'), { recursive: true, encoding: 'utf8' })) {
      if (!name.startsWith('ledger.db')) continue;
      expect(readFileSync(path.join(cwd, '.shotlist', name)).includes('Signature'), name).toBe(false);
    }
  });

  it('run --wait does both, and its report names the files', async () => {
    const { cwd, file } = project();
    const { env } = await emulator({ taskMs: soon });
    const args = [
      'run',
      file,
      '--yes',
      '--wait',
      '--interval',
      '0.1',
      '--download',
      'cut',
      '--report',
      'out.json',
    ];
    const { code, stderr } = await shotlist(args, { cwd, env });
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('4 of 4 requests submitted');
    expect(stderr).toContain('4 clips saved in cut/');
    expect(stderr).not.toContain('Wait for');
    const { rows } = JSON.parse(readFileSync(path.join(cwd, 'out.json'), 'utf8')) as Report;
    expect(rows.map((row) => row.file).sort()).toEqual(clips.map((name) => `cut/${name}`));
  });

  it('ends with 4 when the wait is over before the tasks are, and says that they still run', async () => {
    const { cwd, file } = project();
    const { env } = await emulator({ taskMs: { minMs: 600_000, maxMs: 600_000 } });
    await shotlist(['run', file, '--yes'], { cwd, env });
    const check = ({ code, stderr }: CliResult): void => {
      expect(code).toBe(4);
      expect(stderr).toContain('The tasks still run at the provider, and nothing is lost.');
      expect(stderr).toContain('shotlist collect board.yaml');
      expect(stderr).not.toMatch(/shotlist run|--resend|--retry-failed|\d failed/);
    };
    check(await shotlist(['collect', file, '--interval', '0.1', '--timeout', '0.5'], { cwd, env }));
    check(await shotlist(['collect', file, '--once'], { cwd, env }));
    expect((await reportOf(cwd, env)).summary).toMatchObject({ queued: 4, failed: 0 });
  });

  it('ends with 1 when a task failed, and says what to type', async () => {
    const { cwd, file } = project();
    const { env } = await emulator({ taskMs: soon, fail: 'fails~Mika' });
    const args = ['run', file, '--yes', '--wait', '--interval', '0.1'];
    const { code, stderr } = await shotlist(args, { cwd, env });
    expect(code).toBe(1);
    expect(stderr).toContain('2 of 4 tasks completed, 2 failed.');
    expect(stderr).toContain('The content was refused by the safety review');
    expect(stderr).toContain('shotlist run board.yaml --retry-failed');
    expect(readdirSync(path.join(cwd, 'renders', 'rehearsal')).sort()).toEqual(clips.slice(0, 2));
  });

  it.each([
    ['trouble while polling', 'query/401*2,query/5xx*3,query/lost*2,query/malformed*2'],
    ['trouble amid downloads', 'clip/cut*3,clip/5xx*2,clip/malformed*1,clip/lost*1'],
    ['a store that knows no ranges', 'clip/cut#1,clip/no-range'],
    ['a file that changes', 'clip/cut#1,clip/other-etag'],
    ['answers of other gateways', 'query/in-data,query/strings'],
    ['URLs that come late, under another name', 'query/no-url*3,query/url-name'],
    ['a status that no document names', 'query/unknown-status*4'],
  ])(
    'comes through %s with every clip once',
    async (_name, fail) => {
      const { cwd, file } = project();
      const { env } = await emulator({ taskMs: soon, fail });
      await shotlist(['run', file, '--yes'], { cwd, env });
      const { code, stderr } = await shotlist(['collect', file, '--interval', '0.1'], { cwd, env });
      expect(code, stderr).toBe(0);
      expect(readdirSync(path.join(cwd, 'renders', 'rehearsal')).sort()).toEqual(clips);
    },
    60_000,
  );

  it('asks for a new URL where one has expired', async () => {
    const { cwd, file } = project();
    const { env, books } = await emulator({ taskMs: soon, clipLinkMs: 1000 });
    await shotlist(['run', file, '--yes'], { cwd, env });
    await shotlist(['collect', file, '--no-download', '--interval', '0.1'], { cwd, env });
    const polls = books().map((task) => task.polls);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    expect((await shotlist(['collect', file], { cwd, env })).code).toBe(0);
    expect(books().map((task, i) => task.polls - (polls[i] ?? 0))).toEqual([1, 1, 1, 1]);
    expect(readdirSync(path.join(cwd, 'renders', 'rehearsal')).sort()).toEqual(clips);
  });

  it('names clips by a template, in folders of their scenes', async () => {
    const { cwd, file } = project();
    const { env } = await emulator({ taskMs: soon });
    await shotlist(['run', file, '--yes'], { cwd, env });
    const wrong = await shotlist(['collect', file, '--name', '{shto}'], { cwd, env });
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('did you mean {shot}?');
    const nowhere = await shotlist(['collect', file, '--download', ''], { cwd, env });
    expect(nowhere).toMatchObject({ code: 2, stderr: expect.stringContaining('names no folder') });
    const args = ['collect', file, '--interval', '0.1', '--name', '{scene}/{shot}-{variant}-{take}'];
    expect((await shotlist(args, { cwd, env })).code).toBe(0);
    expect(readdirSync(path.join(cwd, 'renders', 'rehearsal', 'sc010')).sort()).toEqual([
      'sh0010-t02.mp4',
      'sh0010.mp4',
      'sh0020-tall.mp4',
      'sh0020-wide.mp4',
    ]);
  });

  it('collects what the manifest no longer holds: it was paid', async () => {
    const { cwd, file } = project();
    const { env } = await emulator({ taskMs: soon });
    await shotlist(['run', file, '--yes'], { cwd, env });
    writeFileSync(path.join(cwd, file), storyboard.replace('Mika arrives', 'Mika leaves'));
    await shotlist(['run', file, '--yes'], { cwd, env });
    expect((await shotlist(['collect', file, '--interval', '0.1'], { cwd, env })).code).toBe(0);
    expect(readdirSync(path.join(cwd, 'renders', 'rehearsal'))).toHaveLength(6);
    const { rows } = await reportOf(cwd, env);
    expect(rows.filter((row) => row.superseded).every((row) => row.file !== null)).toBe(true);
  });

  it('stops with 2 at a refused key, and with 130 at Ctrl-C', async () => {
    const { cwd, file } = project();
    const { env } = await emulator({ taskMs: { minMs: 600_000, maxMs: 600_000 } });
    await shotlist(['run', file, '--yes'], { cwd, env });
    const refused = await shotlist(['collect', file, '--interval', '0.05'], {
      cwd,
      env: { ...env, SHOTLIST_API_KEY: 'another-key' },
    });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('check SHOTLIST_API_KEY');

    const interrupted = await shotlist(['collect', file, '--interval', '0.1'], {
      cwd,
      env,
      onInterruptible: (press) => setTimeout(press, 300),
    });
    expect(interrupted.code).toBe(130);
    expect(interrupted.stderr).toContain('the next collect goes on from here');
    expect(interrupted.stderr).not.toContain('Got SIG');
  });

  it('names the signal that ended it, where it was no Ctrl-C: nobody who sent none looks for one', async () => {
    const { cwd, file } = project();
    const { env } = await emulator({ taskMs: { minMs: 600_000, maxMs: 600_000 } });
    await shotlist(['run', file, '--yes'], { cwd, env });
    const closed = await shotlist(['collect', file, '--interval', '0.1'], {
      cwd,
      env,
      onInterruptible: (press) => setTimeout(() => press('SIGHUP'), 300),
    });
    expect(closed.code).toBe(130);
    expect(closed.stderr).toContain('Got SIGHUP: the terminal was closed');
  });

  it('says so where there is nothing to collect yet', async () => {
    const { cwd, file } = project();
    const { env } = await emulator();
    const { code, stderr } = await shotlist(['collect', file], { cwd, env });
    expect(code).toBe(0);
    expect(stderr).toContain(
      'Nothing to collect: no task was made yet. Submit with: shotlist run board.yaml',
    );
  });
});
