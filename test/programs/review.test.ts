import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.ts';
import { openProject } from '../../src/project/open.ts';
import type { Project } from '../../src/project/project.ts';
import { type Review, startReview } from '../../src/server/review/review.ts';
import { shotlist } from '../helpers/cli.ts';
import { describeInChromium, seriousFindings } from './html-rig.ts';

const board = `version: 1
project: review
defaults: { model: videos, duration: 5 }
shots:
  - { id: a, prompt: Rain, takes: 3 }
  - { id: b, prompt: Snow }
`;
const token = 'token-of-the-test';

describeInChromium('a review', (rig) => {
  let cwd: string;
  let provider: Emulator;
  let env: Record<string, string>;
  let project: Project;
  let review: Review;

  beforeAll(async () => {
    cwd = mkdtempSync(path.join(tmpdir(), 'shotlist-review-'));
    writeFileSync(path.join(cwd, 'board.yaml'), board);
    const taskMs = { minMs: 0, maxMs: 1 };
    provider = await startEmulator({ key: 'secret-key-of-the-test', seed: 1, taskMs });
    env = { SHOTLIST_BASE_URL: provider.baseUrl, SHOTLIST_API_KEY: provider.key };
    await shotlist(['run', 'board.yaml', '--yes', '--wait', '--interval', '0.02'], { cwd, env });
    project = await openProject('board.yaml', { cwd, env, by: 'mika@studio' });
    review = await startReview({ project, port: 0, token, lookMs: 20 });
  }, 90_000);
  afterAll(async () => {
    await review.close();
    await project.close();
    await provider.close();
    rmSync(cwd, { recursive: true });
  });

  const press = (key: string, on = 'document'): string =>
    `${on}.dispatchEvent(new KeyboardEvent('keydown', { key: ${JSON.stringify(key)}, bubbles: true, cancelable: true }))`;
  const decisions = async () =>
    (await project.report()).rows.map(({ key, decision, reason, decidedBy }) => ({
      ...{ key, decision, reason, decidedBy },
    }));

  it('writes down what the keyboard decides, and shows what others decide meanwhile', async () => {
    const page = await rig.visit(`${review.url}#choose`);
    await page.until(`document.querySelectorAll('.take video').length === 3`);
    expect(await page.evaluate(`document.querySelector('#choose-progress').textContent`)).toBe(
      '0 of 2 shots decided',
    );
    expect(await seriousFindings(page)).toEqual([]);
    await page.evaluate(press('2'));
    await page.until(`document.querySelector('.take[data-decision=picked]')?.dataset.key === 'a@2'`);
    await page.evaluate(press('ArrowRight'));
    await page.evaluate(press('r'));
    await page.evaluate(press('1', `document.querySelector('#ask-text')`));
    await page.until(`document.querySelector('.take[data-key="a@3"]').dataset.decision === 'rejected'`);
    await page.evaluate(press('u'));
    await page.until(`document.querySelector('.take')?.dataset.key === 'b'`);
    await expect.poll(decisions, { timeout: 20_000 }).toMatchObject([
      { key: 'a', decision: null },
      { key: 'a@2', decision: 'picked', decidedBy: 'mika@studio' },
      { key: 'a@3', decision: 'rejected', reason: 'hands' },
      { key: 'b', decision: null },
    ]);
    await shotlist(['pick', 'board.yaml', 'b'], { cwd, env });
    await page.until(`document.querySelector('.take[data-key=b]').dataset.decision === 'picked'`);
    expect(page.complaints).toEqual([]);
  });

  it('loses no decision of two pages and a shell that decide at once, and holds one pick', async () => {
    const pages = [await rig.visit(`${review.url}#choose`), await rig.visit(`${review.url}#choose`)];
    await Promise.all([
      ...pages.map((page, index) => page.evaluate(press(String(index * 2 + 1)))),
      shotlist(['pick', 'board.yaml', 'a@2'], { cwd, env }),
    ]);
    await expect
      .poll(async () => (await decisions()).filter(({ decision }) => decision === 'picked').length)
      .toBe(2);
    for (const page of pages) {
      await page.until(`document.querySelectorAll('.take[data-decision=picked]').length === 1`);
    }
  });

  it('answers under its token and its own name alone, and gives out no file but the clips', async () => {
    const { port } = new URL(review.url);
    const ask = (target: string, headers: Record<string, string> = {}, method = 'GET'): Promise<number> =>
      new Promise((resolve, reject) => {
        const call = request({ port, host: '127.0.0.1', path: target, headers, method }, (answer) => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
        });
        call.on('error', reject).end(method === 'POST' ? '{}' : undefined);
      });
    expect(await ask(`/${token}/`)).toBe(200);
    expect(await ask('/')).toBe(404);
    expect(await ask('/another-token-123/')).toBe(404);
    expect(await ask(`/${token}/`, { host: 'review.example.com' })).toBe(421);
    const json = { 'content-type': 'application/json' };
    expect(await ask(`/${token}/decide`, { ...json, origin: 'http://example.com' }, 'POST')).toBe(403);
    expect(await ask(`/${token}/decide`, {}, 'POST')).toBe(415);
    expect(await ask(`/${token}/decide`, json, 'POST')).toBe(400);
    for (const file of ['board.yaml', 'clips/../board.yaml', 'clips/%2e%2e%2fboard.yaml', '/etc/passwd']) {
      expect(await ask(`/${token}/${file}`)).toBe(404);
    }
  });

  it('sends ranges of a clip', async () => {
    const [row] = (await project.report()).rows;
    const answer = await fetch(`${review.url}clips/${row?.taskId}.mp4`, { headers: { range: 'bytes=4-7' } });
    expect([answer.status, await answer.text()]).toEqual([206, 'ftyp']);
    expect(answer.headers.get('content-range')).toMatch(/^bytes 4-7\/\d+$/);
    const beyond = await fetch(`${review.url}clips/${row?.taskId}.mp4`, {
      headers: { range: 'bytes=99999999-' },
    });
    expect(beyond.status).toBe(416);
  });
});
