import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { htmlReport } from '../../src/report/formats/html/html.ts';
import type { PageData } from '../../src/report/formats/html/page-data.ts';
import { reportFormatOf } from '../../src/report/formats/index.ts';
import type { ReportRow } from '../../src/report/model.ts';
import { timesByIdentity } from '../../src/report/times.ts';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';
import { emulator } from '../helpers/emulator.ts';
import { entryOf, reportOf, requestOf, rowOf } from './fixtures.ts';
import { reportWith, season, timesOf } from './sample-reports.ts';

const pageOf = (...rows: readonly ReportRow[]): string => htmlReport(reportWith(rows));

function dataOf(page: string): PageData {
  const [, json] = /<script type="application\/json" id="data">([^<]*)<\/script>/.exec(page) ?? [];
  if (json === undefined) throw new Error('the page has no data, or data with a < in it');
  return JSON.parse(json) as PageData;
}

/** The `file` of a row as a URL, as the page would ask for it. */
function clipOf(
  file: string,
  place?: { readonly folder: string; readonly root: string },
): string | null | undefined {
  return dataOf(htmlReport(reportWith([rowOf({ file })]), place)).columns.clip[0];
}

describe('the HTML report', () => {
  it('is what --report FILE.html asks for', async () => {
    const format = reportFormatOf('out.HTML');
    expect(format.name).toBe('html');
    expect(await format.write(reportOf())).toBe(htmlReport(reportOf()));
  });

  it('is one file that points to nothing but itself', () => {
    const page = pageOf(rowOf({ videoUrl: 'https://cdn.example.com/a.mp4' }));
    const targets = [...page.matchAll(/\s(?:src|href|srcset|action|poster)\s*=\s*["']?([^"'\s>]+)/g)].map(
      ([, target]) => target ?? '',
    );
    expect(targets.length).toBeGreaterThan(3);
    expect(targets.filter((target) => !target.startsWith('#') && target !== 'data:,')).toEqual([]);
    expect(page).not.toMatch(/@import|url\(/);
  });

  it('lets run the one script and the one style that it was made with, and nothing be fetched', () => {
    const page = pageOf(rowOf());
    const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
    const hash = (element: string): string => {
      const [, text = ''] = new RegExp(`<${element}>([\\s\\S]*?)</${element}>`).exec(page) ?? [];
      return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    };
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `script-src ${hash('script')}`,
      `style-src ${hash('style')}`,
      "media-src 'self' file:",
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });

  it('holds nothing that could end its data early, whatever people and providers write', () => {
    const nasty = '</script><script>alert(1)</script><!-- ]]> \u2028 \ud83c &lt;';
    const row = rowOf({ prompt: nasty, error: nasty, taskId: nasty, model: nasty, key: nasty });
    const { columns, prompts } = dataOf(pageOf(row));
    expect(prompts).toEqual([nasty]);
    expect([columns.error, columns.taskId, columns.model, columns.key].flat()).toEqual(Array(4).fill(nasty));
  });

  it('escapes the project where it stands in the markup itself', () => {
    const page = htmlReport({ ...reportOf(), project: '<b>"&' });
    expect(page).toContain('<title>&lt;b&gt;&quot;&amp; · shotlist</title>');
    expect(page).toContain('<h1 dir="auto">&lt;b&gt;&quot;&amp;</h1>');
  });

  it("does not hand on the provider's result URLs, which can carry a key id", () => {
    expect(pageOf(rowOf({ videoUrl: 'https://cdn.example.com/a.mp4?AccessKeyId=LTAI123' }))).not.toContain(
      'LTAI123',
    );
  });

  it('carries every request with all that is shown of it, and each prompt once', () => {
    const row = rowOf({
      prompt: '雨夜',
      completedAt: '2026-01-02T11:00:00.000Z',
      variant: 'tall',
      errorCode: 'E',
    });
    const { columns, prompts, ...rest } = dataOf(pageOf(row, { ...row, key: 'again', take: 2 }));
    expect(prompts).toEqual(['雨夜']);
    expect(columns.prompt).toEqual([0, 0]);
    expect(rest).toMatchObject({ project: 'alley', manifest: 'alley.yaml', summary: { total: 2 } });
    const { videoUrl: _url, file: _file, fingerprint: _fingerprint, prompt: _prompt, ...known } = row;
    const { completedAt, ...shown } = known;
    expect(Object.fromEntries(Object.entries(columns).map(([field, values]) => [field, values[0]]))).toEqual({
      ...shown,
      ...{ answeredAt: null, processingAt: null, endedAt: completedAt, savedAt: null },
      clip: null,
      prompt: 0,
    });
  });

  it('puts to each request the times that it was given', () => {
    const rows = [rowOf({ key: 'a' }), rowOf({ key: 'b' })];
    const times = {
      answeredAt: '2026-01-02T10:00:01.000Z',
      processingAt: '2026-01-02T10:00:20.000Z',
      endedAt: '2026-01-02T10:02:00.000Z',
      savedAt: '2026-01-02T10:02:09.000Z',
    };
    const page = htmlReport(
      reportWith(rows),
      undefined,
      timesByIdentity([entryOf(requestOf('sh0010', { key: 'b' }), { times })]),
    );
    const { columns } = dataOf(page);
    expect(Object.keys(times).map((field) => columns[field as keyof typeof times])).toEqual(
      Object.values(times).map((time) => [null, time]),
    );
  });

  it('of 2,000 requests with real prompts is under 3 MB', () => {
    const report = season(2000);
    expect(report.rows).toHaveLength(2000);
    expect(Buffer.byteLength(htmlReport(report, undefined, timesOf(report)))).toBeLessThan(3_000_000);
  });

  describe('points to clips', () => {
    const root = path.resolve('/films/alley');

    it('beside the manifest where it is not known where the page will be', () => {
      expect(clipOf('renders/a_v001.mp4')).toBe('renders/a_v001.mp4');
    });

    it('relative to its own folder, so that both can be moved', () => {
      expect(clipOf('renders/a.mp4', { folder: root, root })).toBe('renders/a.mp4');
      expect(clipOf('renders/a.mp4', { folder: path.join(root, 'out/html'), root })).toBe(
        '../../renders/a.mp4',
      );
      expect(clipOf('../shared renders/a.mp4', { folder: root, root })).toBe('../shared%20renders/a.mp4');
      expect(clipOf(path.join(root, 'renders/a.mp4'), { folder: root, root })).toBe('renders/a.mp4');
    });

    it('whose names mean something else in a URL', () => {
      expect(clipOf('renders/50% #1?.mp4')).toBe('renders/50%25%20%231%3F.mp4');
      expect(clipOf('javascript:alert(1)')).toBe('javascript%3Aalert(1)');
      expect(clipOf('data:text/html,x')).toBe('data%3Atext%2Fhtml%2Cx'.replace('%2F', '/'));
      expect(clipOf('雨夜.mp4')).toBe(encodeURIComponent('雨夜.mp4'));
    });
  });

  describe('on the command line', () => {
    const manifest = 'version: 1\nproject: p\nshots: [{ id: a, model: videos, duration: 5, prompt: rain }]\n';

    it.each([
      ['html', ['--format', 'html'], '<!doctype html>'],
      ['junit', ['--format', 'junit'], '<?xml version="1.0"'],
    ])('report writes %s to standard output', async (_name, flags, start) => {
      const cwd = temporaryFolder();
      writeFileSync(path.join(cwd, 'a.yaml'), manifest);
      const { code, stdout } = await shotlist(['report', 'a.yaml', ...flags], { cwd });
      expect(code).toBe(0);
      expect(stdout.startsWith(start)).toBe(true);
    });

    it.each([
      ['out/clips.html', '<!doctype html>'],
      ['out/junit.xml', '<?xml version="1.0"'],
    ])('report -o %s picks the format by the extension', async (file, start) => {
      const cwd = temporaryFolder();
      mkdirSync(path.join(cwd, 'out'));
      writeFileSync(path.join(cwd, 'a.yaml'), manifest);
      expect((await shotlist(['report', 'a.yaml', '-o', file], { cwd })).code).toBe(0);
      const text = readFileSync(path.join(cwd, file), 'utf8');
      expect(text.startsWith(start)).toBe(true);
      expect(text).toContain('rain');
    });

    it('run --report FILE writes both, as often as it is asked for', async () => {
      const cwd = temporaryFolder();
      writeFileSync(path.join(cwd, 'a.yaml'), manifest);
      const { env } = await emulator();
      const flags = ['--yes', '--report', 'clips.html', '--report', 'junit.xml'];
      expect((await shotlist(['run', 'a.yaml', ...flags], { cwd, env })).code).toBe(0);
      const { columns } = dataOf(readFileSync(path.join(cwd, 'clips.html'), 'utf8'));
      expect(columns.answeredAt).toEqual([expect.stringMatching(/^20/)]);
      const [taskId] = columns.taskId;
      expect(taskId).toMatch(/^\w+_/);
      expect(readFileSync(path.join(cwd, 'junit.xml'), 'utf8')).toContain(`taskId: ${taskId}`);
    });
  });
});
