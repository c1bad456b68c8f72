import { expect, it } from 'vitest';
import { reportWith, season, teaser } from '../report/sample-reports.ts';
import { describeInChromium, showView, textOf, visibleKeys } from './html-rig.ts';

describeInChromium('the contact sheet', ({ open, openTeaser, folder }) => {
  it('draws every request without a complaint, and asks for nothing but itself and the clips beside it', async () => {
    const page = await openTeaser();
    await page.until(`document.querySelectorAll('.poster').length > 2`);
    expect(await page.evaluate(`document.querySelectorAll('.card .name').length`)).toBe(19);
    expect(page.complaints).toEqual([]);
    expect(page.requests.length).toBeGreaterThan(3);
    expect(page.requests.filter((url) => !url.startsWith(folder()))).toEqual([]);
  });

  it('shows state, prompt, parameters, task id, cost and error of a request', async () => {
    const page = await openTeaser();
    const card = String(await textOf(page, '[data-key="sc020/sh0060"]'));
    for (const part of [
      'sh0060',
      'failed',
      'Old Chen looks up',
      'the reference image could not be read',
      'videos_stable · text · 5 s · 16:9 · 720p',
      'video_',
      '5 CNY',
    ]) {
      expect(card).toContain(part);
    }
    expect(await textOf(page, '[data-key="sc010/sh0040"] .prompt')).toMatch(/^雨夜，两栋高楼之间的窄巷入口/);
  });

  it('sums up what is completed, what it cost and what needs a person', async () => {
    const page = await openTeaser();
    expect(await textOf(page, '#figures')).toMatch(
      /of 19 requests completed\s+9\s+billed as far as is known\s+92 CNY/,
    );
    expect(await textOf(page, '#next-steps')).toMatch(/1 in doubt.*\s+.*shotlist resolve neon-alley\.yaml/s);
    expect(await textOf(page, '#next-steps')).toMatch(/4 under way.*\s+.*shotlist collect neon-alley\.yaml/s);
    await page.click('#next-steps .step-show');
    expect(await visibleKeys(page)).toEqual(['sc020/sh0070']);
  });

  it('names commands that go on with the ledger and the provider of the call', async () => {
    const page = await open(teaser(), {}, undefined, ['--ledger', 'my ledger.db']);
    const steps = await textOf(page, '#next-steps');
    expect(steps).toContain("shotlist resolve neon-alley.yaml --ledger 'my ledger.db'");
    expect(steps).toContain("shotlist run neon-alley.yaml --retry-failed --ledger 'my ledger.db'");
    expect(steps).toContain("shotlist collect neon-alley.yaml --ledger 'my ledger.db'");
  });

  it('puts scenes in order, the takes of a shot side by side, and what an edit replaced beside its successor', async () => {
    const page = await openTeaser({ width: 1440, height: 900 });
    expect(
      await page.evaluate(`[...document.querySelectorAll('.scene h2')].map((title) => title.innerText)`),
    ).toEqual(['sc010', 'sc020', 'sc030', 'No scene']);
    const places =
      (await page.evaluate(`Object.fromEntries([...document.querySelectorAll('.card')].map((card) => {
      const { left, top } = card.getBoundingClientRect();
      return [card.dataset.key + ('superseded' in card.dataset ? ' superseded' : ''), { left, top }];
    }))`)) as Record<string, { readonly left: number; readonly top: number }>;
    const at = (key: string): { readonly left: number; readonly top: number } => {
      const place = places[key];
      if (place === undefined) throw new Error(`no card ${key}`);
      return place;
    };
    expect(at('sc010/sh0010').top).toBe(at('sc010/sh0010@2').top);
    expect(at('sc010/sh0010').left).toBeLessThan(at('sc010/sh0010@2').left);
    expect(at('sc010/sh0020').top).toBe(at('sc010/sh0020 superseded').top);
    // Three takes of two variants: a line for each, takes below takes.
    expect(at('sc020/sh0050:wide').top).toBe(at('sc020/sh0050:wide@3').top);
    expect(at('sc020/sh0050:tall').top).toBeGreaterThan(at('sc020/sh0050:wide').top);
    expect(at('sc020/sh0050:tall@2').left).toBe(at('sc020/sh0050:wide@2').left);
  });

  it('filters by state, scene, model and text, all at once, and shows all again', async () => {
    const page = await openTeaser();
    const choose = async (id: string, label: string): Promise<void> => {
      await page.evaluate(`(() => {
        const select = document.getElementById('${id}');
        select.value = [...select.options].find((option) => option.text.startsWith('${label}')).value;
        select.dispatchEvent(new Event('change'));
      })()`);
    };
    await page.click('.chip[data-state=queued]');
    expect(await visibleKeys(page)).toEqual(['sc020/sh0050:wide@3', 'sc020/sh0050:tall@3', 'sc030/sh0090']);
    expect(await textOf(page, '#shown')).toBe('3 of 19 requests');
    await page.click('.chip[data-state=pending]');
    await choose('filter-model', 'videos_stable_fast');
    expect(await visibleKeys(page)).toEqual(['sc030/sh0090', 'sc030/sh0110']);
    await page.evaluate(`document.getElementById('filter-text').focus()`);
    await page.type('BOAT drifts');
    expect(await visibleKeys(page)).toEqual(['sc030/sh0110']);
    await choose('filter-scene', 'sc010');
    expect(await visibleKeys(page)).toEqual([]);
    expect(await textOf(page, '#nothing')).toContain('No request matches');
    await page.click('#nothing-clear');
    expect(await visibleKeys(page)).toHaveLength(19);
    await choose('filter-scene', '(no scene)');
    expect(await visibleKeys(page)).toEqual(['sh0120']);
    await page.click('#filter-clear');
    await page.click('.chip[data-state=superseded]');
    expect(await visibleKeys(page)).toEqual(['sc010/sh0020']);
  });

  it('finds Chinese prompts, task ids and errors', async () => {
    const page = await openTeaser();
    const search = async (text: string): Promise<unknown> => {
      await page.evaluate(
        `(() => { const field = document.getElementById('filter-text'); field.value = ''; field.focus(); })()`,
      );
      await page.type(text);
      return visibleKeys(page);
    };
    expect(await search('积水的倒影')).toEqual(['sc010/sh0040']);
    expect(await search('不支持')).toEqual(['sc020/sh0080']);
    const id = await page.evaluate(
      `document.querySelector('[data-key="sc020/sh0060"] [data-copy]').dataset.copy`,
    );
    expect(await search(String(id))).toEqual(['sc020/sh0060']);
  });

  it('of 2,000 requests can be used within seconds', async () => {
    const page = await open(season(2000), { width: 1440, height: 900 });
    const ready = await page.evaluate(`performance.getEntriesByName('ready')[0].startTime`);
    // A second on a quiet machine; what takes time with the square of the requests takes minutes.
    expect(ready).toBeLessThan(15_000);
    await page.until(`document.querySelectorAll('.card .name').length === 2000`);
    await page.press('/');
    await page.type('giraffe');
    const found = (await visibleKeys(page)) as readonly string[];
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThan(100);
    await showView(page, 'timeline');
    expect(await page.evaluate(`document.querySelectorAll('.plot').length`)).toBeGreaterThan(0);
  });

  it('of a manifest without requests says so', async () => {
    const page = await open(reportWith([]));
    expect(await textOf(page, '#no-requests')).toContain('no requests yet');
    expect(page.complaints).toEqual([]);
  });
});
