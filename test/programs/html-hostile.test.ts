import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rowOf } from '../report/fixtures.ts';
import { reportWith } from '../report/sample-reports.ts';
import { describeInChromium, showView } from './html-rig.ts';

describeInChromium('the HTML report, given what somebody wrote with bad intent', ({ open }) => {
  let server: Server;
  let visits: string[];
  let connections = 0;
  let origin: string;

  beforeAll(async () => {
    visits = [];
    server = createServer((request, response) => {
      visits.push(request.url ?? '');
      response.end();
    });
    server.on('connection', () => {
      connections += 1;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('shows it as text, runs none of it, and calls nobody', async () => {
    const attacks = [
      `</script><script>window.pwned = 1; fetch('${origin}/script')</script>`,
      `<img src="${origin}/img" onerror="window.pwned = 1">`,
      `"><svg onload="window.pwned = 1"><video src="${origin}/video">`,
      `' onmouseover='window.pwned = 1' style='background: url(${origin}/css)`,
      'javascript:window.pwned = 1',
      `<!--<script>`,
      '${window.pwned = 1}{{constructor.constructor("window.pwned = 1")()}}',
    ];
    const rows = attacks.map((attack, index) =>
      rowOf({
        key: `k${index}${attack}`,
        scene: attack,
        shot: attack,
        variant: attack,
        model: attack,
        ratio: attack,
        resolution: attack,
        taskId: attack,
        error: attack,
        errorCode: attack,
        prompt: attack,
        currency: attack,
        status: index % 2 === 0 ? 'failed' : 'completed',
        file: `${attack}/${index}.mp4`,
        submittedAt: '2026-01-02T10:00:00.000Z',
        completedAt: index % 2 === 0 ? null : '2026-01-02T10:02:00.000Z',
      }),
    );
    const page = await open(reportWith(rows, { project: attacks[1] ?? '', manifest: attacks[0] ?? '' }));
    const counts = `['script', 'img', 'iframe', 'link', 'svg[onload]', '[onerror]', '[onmouseover]'].map((selector) => document.querySelectorAll(selector).length)`;
    for (const view of ['timeline', 'cost', 'clips'] as const) await showView(page, view);
    await page.hover('.card .frame');
    await page.click('.card .frame');
    for (let steps = 0; steps < attacks.length; steps += 1) await page.press('ArrowRight');
    expect(await page.evaluate(counts)).toEqual([2, 0, 0, 1, 0, 0, 0]);
    expect(
      await page.evaluate(
        `[...document.querySelectorAll('.card .prompt')].map(({ textContent }) => textContent)`,
      ),
    ).toEqual(attacks);
    expect(await page.evaluate('window.pwned')).toBe(undefined);
    expect(page.requests.filter((url) => !url.startsWith('file:'))).toEqual([]);
    expect(connections).toBe(0);
  });

  it('would be stopped by its policy even if some of it became markup', async () => {
    const page = await open(reportWith([rowOf()]));
    await page.evaluate(`(() => {
      document.body.insertAdjacentHTML('beforeend', '<img src="${origin}/img" onerror="window.pwned = 1"><video src="${origin}/video" autoplay></video><iframe src="${origin}/frame"></iframe><form action="${origin}/form"><button id="send">send</button></form><div id="styled" style="color: red">');
      const script = document.createElement('script');
      script.text = 'window.pwned = 1';
      document.body.append(script);
      return fetch('${origin}/fetch').catch(() => undefined);
    })()`);
    await page.click('#send');
    await page.evaluate('new Promise((resolve) => setTimeout(resolve, 200))');
    expect(await page.evaluate('window.pwned')).toBe(undefined);
    // A browser may open a connection in advance; what counts is that it asks for nothing.
    expect(visits).toEqual([]);
    expect(page.complaints.join('\n')).toContain('Content Security Policy');
  });
});
