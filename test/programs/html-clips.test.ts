import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { clipOf } from '../../src/emulator/clip.ts';
import { htmlReport } from '../../src/report/formats/html/html.ts';
import { rowOf } from '../report/fixtures.ts';
import { reportWith, teaser } from '../report/sample-reports.ts';
import { describeInChromium, textOf, visibleKeys } from './html-rig.ts';

describeInChromium('the clips of the HTML report', ({ open, visit, openTeaser, folder }) => {
  it('plays a clip, muted and in a loop, while the pointer is on it, and no other', async () => {
    const page = await openTeaser();
    await page.hover('[data-key="sc010/sh0010"] .frame');
    await page.until(`document.querySelector('[data-key="sc010/sh0010"] video')?.currentTime > 0.05`);
    expect(
      await page.evaluate(
        `[...document.querySelectorAll('video')].map(({ muted, loop, paused }) => [muted, loop, paused])`,
      ),
    ).toEqual([[true, true, false]]);
    await page.hover('h1');
    await page.until(`document.querySelector('#sheet video') === null`);
  });

  it('reads only the clips in sight', async () => {
    const page = await openTeaser({ width: 1000, height: 500 });
    await page.until(`document.querySelector('.poster') !== null`);
    const last = 'renders/sc020_sh0050_tall_2.mp4';
    expect(page.requests.some((url) => url.endsWith(last))).toBe(false);
    await page.evaluate(`document.querySelector('[data-key="sc020/sh0050:tall@2"]').scrollIntoView()`);
    await page.until(`document.querySelector('[data-key="sc020/sh0050:tall@2"] .poster') !== null`);
    expect(page.requests.some((url) => url.endsWith(last))).toBe(true);
  });

  it('leaves clips still for those who asked for less motion, until they open one', async () => {
    const page = await openTeaser({ reducedMotion: true });
    await page.hover('[data-key="sc010/sh0010"] .frame');
    await page.evaluate('new Promise((resolve) => setTimeout(resolve, 300))');
    expect(await page.evaluate(`document.querySelector('#sheet video')`)).toBe(null);
    await page.click('[data-key="sc010/sh0010"] .frame');
    expect(await page.evaluate(`document.querySelector('#detail video').controls`)).toBe(true);
    expect(await page.evaluate(`document.querySelector('#detail video').autoplay`)).toBe(false);
  });

  it('opens a clip large, with the whole prompt, and goes to the next one', async () => {
    const page = await openTeaser();
    await page.click('[data-key="sc010/sh0010@2"] .frame');
    await page.until(`document.querySelector('#detail video')?.currentTime > 0.05`);
    expect(await page.evaluate(`document.querySelector('#detail video').muted`)).toBe(true);
    const detail = String(await textOf(page, '#detail'));
    for (const part of [
      'sc010/sh0010@2',
      'cinematic, 35mm film, rain-soaked neon',
      '21:9',
      '7 CNY',
      '2 of 19',
      'Took',
    ]) {
      expect(detail).toContain(part);
    }
    await page.press('ArrowRight');
    expect(await textOf(page, '#detail-title')).toBe('sc010/sh0020');
    await page.press('Escape');
    expect(await page.evaluate(`document.getElementById('detail').open`)).toBe(false);
    expect(await page.evaluate(`document.querySelector('#detail video')`)).toBe(null);
    expect(await page.evaluate(`document.activeElement.closest('.card').dataset.key`)).toBe('sc010/sh0020');
  });

  it('tells for a request without a clip what it waits for, and the command to type', async () => {
    const page = await openTeaser();
    await page.click('[data-key="sc020/sh0070"] .frame');
    expect(await textOf(page, '#detail-body')).toMatch(
      /never sent again by itself.*timeout no answer came within 120 s.*shotlist resolve neon-alley\.yaml sc020\/sh0070/s,
    );
  });

  it('says so when clips are not beside it, as in a mail', async () => {
    const page = await open(teaser((key) => `elsewhere/${key.replaceAll(/\W/g, '_')}.mp4`));
    await page.until(`document.querySelector('.frame[data-missing]') !== null`);
    expect(await textOf(page, '#missing-clips')).toContain('keep them together');
    await page.click('.frame[data-missing]');
    await page.until(`document.querySelector('#detail-stage .missing') !== null`);
    expect(await textOf(page, '#detail-stage')).toContain('elsewhere/sc010_sh0010.mp4');
  });

  it('finds clips in a folder beside its own', async () => {
    const root = fileURLToPath(folder());
    mkdirSync(path.join(root, 'out'));
    writeFileSync(path.join(root, 'renders/1 雨#.mp4'), clipOf(4));
    const report = reportWith([rowOf({ status: 'completed', file: 'renders/1 雨#.mp4' })]);
    const file = path.join(root, 'out/page.html');
    writeFileSync(file, htmlReport(report, { folder: path.dirname(file), root }));
    const page = await visit(pathToFileURL(file).href);
    await page.until(`document.querySelector('.poster') !== null`);
    expect(page.complaints).toEqual([]);
  });

  it('shows its clips from a web server too, and asks it for nothing else', async () => {
    const report = reportWith([rowOf({ status: 'completed', file: 'renders/a.mp4' })]);
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      const isPage = request.url === '/page.html';
      response.setHeader('Content-Type', isPage ? 'text/html' : 'video/mp4');
      response.end(isPage ? htmlReport(report) : clipOf(4));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const page = await visit(`http://127.0.0.1:${(server.address() as AddressInfo).port}/page.html`);
    await page.until(`document.querySelector('.poster') !== null`);
    // Here the page may look at its own picture: it is one, not an empty canvas.
    expect(
      await page.evaluate(`(() => {
        const canvas = document.querySelector('.poster');
        const { data } = canvas.getContext('2d').getImageData(canvas.width / 2, canvas.height / 2, 1, 1);
        return data[3];
      })()`),
    ).toBe(255);
    expect(new Set(asked)).toEqual(new Set(['/page.html', '/renders/a.mp4']));
    expect(page.complaints).toEqual([]);
  });

  it('copies a task id', async () => {
    const page = await openTeaser();
    const button = '[data-key="sc010/sh0010"] .copy';
    const id = String(await page.evaluate(`document.querySelector('${button}').dataset.copy`));
    await page.click(button);
    await page.until(`document.querySelector('${button}').classList.contains('copied')`);
    expect(await textOf(page, '#announcement')).toBe(`Copied ${id}`);
    await page.press('/');
    await page.paste();
    expect(await page.evaluate(`document.getElementById('filter-text').value`)).toBe(id);
  });

  it('can be used with the keyboard alone, and shows where it is', async () => {
    const page = await openTeaser();
    const focused = (): Promise<unknown> =>
      page.evaluate(`(() => {
        const { activeElement } = document;
        return activeElement.closest('.card')?.dataset.key ?? (activeElement.id || activeElement.innerText);
      })()`);
    const outline = (): Promise<unknown> =>
      page.evaluate(`getComputedStyle(document.activeElement).outlineStyle`);
    await page.press('Tab');
    expect(await focused()).toBe('Skip to the clips');
    expect(await outline()).toBe('solid');
    await page.press('Enter');
    await page.press('Tab');
    expect(await focused()).toBe('sc010/sh0010');
    expect(await outline()).toBe('solid');
    await page.until(`document.querySelector('[data-key="sc010/sh0010"] video')?.currentTime > 0`);
    await page.press('ArrowRight');
    expect(await focused()).toBe('sc010/sh0010@2');
    await page.press('ArrowDown');
    expect(await focused()).toMatch(/^sc010\/sh00[34]0$/);
    await page.press('ArrowUp');
    await page.press('ArrowLeft');
    expect(await focused()).toBe('sc010/sh0010');
    await page.press('Enter');
    expect(await textOf(page, '#detail-title')).toBe('sc010/sh0010');
    await page.press('Escape');
    await page.press('/');
    expect(await focused()).toBe('filter-text');
    await page.type('drone');
    expect(await visibleKeys(page)).toEqual(['sc020/sh0080']);
    await page.press('Escape');
    expect(await visibleKeys(page)).toHaveLength(19);
    // Everything that can be clicked can be reached: walk from the search to the first clip.
    const met = new Set<unknown>();
    for (let steps = 0; steps < 40; steps += 1) {
      await page.press('Tab');
      met.add(
        await page.evaluate(
          `document.activeElement.id || document.activeElement.name || document.activeElement.className`,
        ),
      );
    }
    for (const stop of ['filter-scene', 'filter-model', 'size', 'chip', 'frame', 'copy'])
      expect(met).toContain(stop);
  });
});
