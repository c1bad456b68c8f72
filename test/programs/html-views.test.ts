import { expect, it } from 'vitest';
import type { AttemptTimes } from '../../src/ledger/model/times.ts';
import type { ReportRow } from '../../src/report/model.ts';
import { identityOf } from '../../src/report/times.ts';
import type { Page } from '../helpers/browser-page.ts';
import { rowOf } from '../report/fixtures.ts';
import { reportWith, teaser } from '../report/sample-reports.ts';
import { describeInChromium, showView, textOf } from './html-rig.ts';

/** How often each phase is drawn on the timeline. */
function drawnPhases(page: Page): Promise<unknown> {
  return page.evaluate(`Object.fromEntries([...document.querySelectorAll('.plot-phase')].map((path) => [
    path.dataset.phase + (path.classList.contains('going') ? ' going' : ''), path.getAttribute('d').split('M').length - 1,
  ]))`);
}

describeInChromium('the views of the HTML report', ({ open, openTeaser }) => {
  it('draws what each request went through, and what it came to', async () => {
    const page = await openTeaser();
    await showView(page, 'timeline');
    expect(await textOf(page, '.session-summary')).toMatch(
      /^17 requests submitted in .* · 9 completed, half of them within 3 min 13 s, all within 4 min 6 s · usually queued 33 s, processing 2 min 33 s, downloaded after 11 s/,
    );
    expect(await drawnPhases(page)).toEqual({
      submitting: 15,
      queued: 10,
      'queued going': 3,
      processing: 9,
      'processing going': 1,
      unknown: 1,
      downloading: 9,
    });
    expect(
      await page.evaluate(`Object.fromEntries([...document.querySelectorAll('.plot-end')].map((path) => [
        path.dataset.state, path.getAttribute('d').split('M').length - 1,
      ]))`),
    ).toEqual({ completed: 9, failed: 1, inDoubt: 1, refused: 1, abandoned: 1 });
    expect(await textOf(page, '#view-timeline .legend')).toContain('queued and processing, not told apart');
    await page.click('.longest button');
    expect(await textOf(page, '#detail-title')).toBe('sc010/sh0020');
    expect(await textOf(page, '.detail-facts')).toMatch(
      /Phases\s+answered after 3 s, queued and processing 4 min 3 s together, on disk 18 s later/,
    );
  });

  it('leaves out of the timeline what nobody knows', async () => {
    const at = (second: number): string => new Date(Date.UTC(2026, 0, 2, 10, 0, second)).toISOString();
    const none = { answeredAt: null, processingAt: null, endedAt: null, savedAt: null };
    const lives: Readonly<Record<string, readonly [Partial<ReportRow>, AttemptTimes]>> = {
      // Found by a person: when the answer came is not known.
      found: [{ status: 'processing' }, { ...none, processingAt: at(9) }],
      // The answer was taken in later than the end was seen.
      late: [
        { status: 'completed', completedAt: at(30) },
        { ...none, answeredAt: at(50), endedAt: at(30) },
      ],
      // Noted by a clock that is behind.
      behind: [{ status: 'queued' }, { ...none, answeredAt: at(-5) }],
      doubtful: [{ status: 'inDoubt' }, none],
    };
    const rows = Object.entries(lives).map(([key, [row]]) =>
      rowOf({ key, shot: key, submittedAt: at(0), ...row }),
    );
    const times = new Map(rows.map((row) => [identityOf(row), lives[row.key]?.[1] ?? none]));
    const page = await open(reportWith(rows), {}, times);
    await showView(page, 'timeline');
    expect(await drawnPhases(page)).toEqual({ unknown: 2, 'processing going': 1, 'queued going': 1 });
    expect(await textOf(page, '.session-summary')).toBe(
      '4 requests submitted · 1 completed, after 30 s · at most 3 under way at once',
    );
  });

  it('draws submission and completion where nothing else was given', async () => {
    const page = await open(teaser());
    await showView(page, 'timeline');
    expect(await drawnPhases(page)).toEqual({ unknown: 9, 'unknown going': 1, 'queued going': 3 });
  });

  it('draws a day of work and the next one apart', async () => {
    const at = (day: number, minute: number): string =>
      new Date(Date.UTC(2026, 0, day, 9, minute)).toISOString();
    const rows = [1, 3].flatMap((day) =>
      [0, 5].map((minute) =>
        rowOf({
          key: `d${day}m${minute}`,
          shot: `d${day}m${minute}`,
          status: 'completed',
          submittedAt: at(day, minute),
          completedAt: at(day, minute + 4),
        }),
      ),
    );
    const page = await open(reportWith(rows));
    await showView(page, 'timeline');
    expect(
      await page.evaluate(`[...document.querySelectorAll('.session h2')].map((title) => title.innerText)`),
    ).toEqual(['3 Jan 2026, 09:00', '1 Jan 2026, 09:00']);
    expect(await textOf(page, '.session-summary')).toContain('at most 1 under way at once');
  });

  it('adds up costs by model and by scene, of what the filters show', async () => {
    const page = await openTeaser();
    await showView(page, 'cost');
    const tables = (): Promise<unknown> =>
      page.evaluate(`[...document.querySelectorAll('#cost-tables table')].map((table) =>
        [...table.tBodies[0].rows, table.tFoot.rows[0]].map((row) => [row.cells[0], row.cells[1], row.cells[2], row.cells[4], row.cells[5]].map((cell) => cell.innerText).join(' | ')))`);
    expect(await tables()).toEqual([
      [
        'videos | 5 | 4 | – | 35 CNY',
        'videos_stable | 10 | 5 | 10 CNY | 45 CNY',
        'videos_stable_fast | 4 | 0 | 4 CNY | 12 CNY',
        'Total | 19 | 9 | 14 CNY | 92 CNY',
      ],
      [
        'sc010 | 6 | 5 | – | 40 CNY',
        'sc020 | 9 | 4 | 10 CNY | 40 CNY',
        'sc030 | 3 | 0 | – | 8 CNY',
        'no scene | 1 | 0 | 4 CNY | 4 CNY',
        'Total | 19 | 9 | 14 CNY | 92 CNY',
      ],
    ]);
    await page.click('.chip[data-state=failed]');
    expect(await tables()).toEqual([
      ['videos_stable | 1 | 0 | 5 CNY | 5 CNY', 'Total | 1 | 0 | 5 CNY | 5 CNY'],
      ['sc020 | 1 | 0 | 5 CNY | 5 CNY', 'Total | 1 | 0 | 5 CNY | 5 CNY'],
    ]);
  });

  it('keeps currencies apart and counts what has no price', async () => {
    const page = await open(
      reportWith([
        rowOf({ key: 'a', shot: 'a', cost: 0.1 }),
        rowOf({ key: 'b', shot: 'b', cost: 0.2 }),
        rowOf({ key: 'c', shot: 'c', cost: 3, currency: 'USD' }),
        rowOf({ key: 'd', shot: 'd', cost: null }),
      ]),
    );
    expect(await textOf(page, '#figures')).toContain('0.3 CNY + 3 USD + 1 unpriced');
  });

  it('is light or dark as the system is, or as its button says', async () => {
    const ground = (page: Page): Promise<unknown> =>
      page.evaluate('getComputedStyle(document.body).backgroundColor');
    const light = await openTeaser();
    const dark = await openTeaser({ dark: true });
    expect(await ground(light)).toBe('rgb(243, 241, 236)');
    expect(await ground(dark)).toBe('rgb(19, 18, 17)');
    await dark.click('#theme');
    expect(await ground(dark)).toBe('rgb(243, 241, 236)');
    await dark.click('#theme');
    expect(await ground(dark)).toBe('rgb(19, 18, 17)');
  });

  it('can be read by everybody: text stands out from its ground by 4.5 to 1 and more', async () => {
    for (const dark of [false, true]) {
      const page = await openTeaser({ dark });
      expect(await page.evaluate(lowContrast)).toEqual([]);
    }
  });

  it('prints every view and every card, without its controls', async () => {
    const page = await openTeaser({ width: 900, height: 700 });
    await page.click('.chip[data-state=completed]');
    await page.send('Emulation.setEmulatedMedia', { media: 'print' });
    await page.evaluate(`dispatchEvent(new Event('beforeprint'))`);
    const shown = (selector: string): Promise<unknown> =>
      page.evaluate(`document.querySelector('${selector}').checkVisibility()`);
    for (const selector of ['#view-clips', '#view-timeline .plot', '#view-cost table'])
      expect(await shown(selector)).toBe(true);
    for (const selector of ['.chips', '.filters', '#theme', '#next-steps'])
      expect(await shown(selector)).toBe(false);
    expect(await textOf(page, '.shown')).toContain('9 of 19 requests');
    expect(await page.evaluate(`getComputedStyle(document.getElementById('shown'), '::after').content`)).toBe(
      '": completed"',
    );
    expect((await page.pdf()).subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('gets every picture before its button prints', async () => {
    const page = await openTeaser({ width: 900, height: 400 });
    await page.evaluate(
      `window.print = () => { window.printed = document.querySelectorAll('.poster').length; }`,
    );
    await page.click('#print');
    await page.until(`window.printed !== undefined`);
    expect(await page.evaluate('window.printed')).toBe(9);
  });

  it('fits a telephone', async () => {
    const page = await openTeaser({ width: 375, height: 800 });
    expect(
      await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
    ).toBe(0);
    await page.click('[data-key="sc010/sh0040"] .frame');
    expect(await page.evaluate(`document.querySelector('#detail .prompt').offsetHeight > 40`)).toBe(true);
  });
});

/**
 * Every visible text whose color differs from what is behind it by less than WCAG AA asks for, as `text: ratio`. Frames
 * are left out, where pictures are behind the text.
 */
const lowContrast = `(() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const over = ([r, g, b, a], [R, G, B]) => [r, g, b].map((c, i) => (c * a) / 255 + [R, G, B][i] * (1 - a / 255));
  const luminance = (color) => {
    const [r, g, b] = color.map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    const chain = [];
    for (let at = element; at !== null; at = at.parentElement) chain.unshift(rgba(getComputedStyle(at).backgroundColor));
    return chain.reduce((ground, color) => over(color, ground), [255, 255, 255]);
  };
  const low = [];
  for (const element of document.querySelectorAll('body *:not(.frame, .frame *, script, .visually-hidden, .skip)')) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '');
    if (!own || !element.checkVisibility({ opacityProperty: true })) continue;
    const ground = behind(element);
    const ink = over(rgba(getComputedStyle(element).color), ground);
    const [a, b] = [luminance(ink), luminance(ground)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) low.push(element.textContent.trim().slice(0, 30) + ': ' + ratio.toFixed(2));
  }
  return [...new Set(low)];
})()`;
