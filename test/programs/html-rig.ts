import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe } from 'vitest';
import { clipOf } from '../../src/emulator/clip.ts';
import { htmlReport } from '../../src/report/formats/html/html.ts';
import type { Report } from '../../src/report/model.ts';
import type { ReportTimes } from '../../src/report/times.ts';
import { Browser, findChromium } from '../helpers/browser.ts';
import type { Page, ViewOptions } from '../helpers/browser-page.ts';
import { teaser, timesOf } from '../report/sample-reports.ts';

/** Opens reports from disk, as people do. */
export interface HtmlRig {
  /** URL of the folder that pages and clips are in. */
  readonly folder: () => string;
  readonly open: (
    report: Report,
    options?: ViewOptions,
    times?: ReportTimes,
    flags?: readonly string[],
  ) => Promise<Page>;
  /** Opens a URL, and waits until the report there can be used. */
  readonly visit: (url: string, options?: ViewOptions) => Promise<Page>;
  /** The sample, with its clips beside the page. */
  readonly openTeaser: (options?: ViewOptions) => Promise<Page>;
}

/** Tests in a real browser; without one they are left out, and that is said. */
export function describeInChromium(name: string, tests: (rig: HtmlRig) => void): void {
  const chromium = findChromium();
  if (chromium === undefined) {
    console.warn(
      `left out, for want of a browser: ${name}. Install Chromium (Debian: apt-get install chromium), or name one in CHROMIUM`,
    );
  }
  describe.skipIf(chromium === undefined)(name, () => {
    let browser: Browser;
    let folder: string;
    let pages = 0;

    beforeAll(async () => {
      folder = mkdtempSync(path.join(tmpdir(), 'shotlist-html-'));
      mkdirSync(path.join(folder, 'renders'));
      browser = await Browser.launch(chromium ?? '');
    }, 30_000);
    afterAll(async () => {
      await browser?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    const open: HtmlRig['open'] = async (report, options, times, flags = []) => {
      pages += 1;
      const file = path.join(folder, `page-${pages}.html`);
      writeFileSync(file, htmlReport(report, { folder, root: folder, flags }, times));
      return visit(pathToFileURL(file).href, options);
    };
    const visit = async (url: string, options?: ViewOptions): Promise<Page> => {
      const page = await browser.newPage(options);
      await page.open(url);
      await page.until(`performance.getEntriesByName('ready').length === 1`);
      return page;
    };
    const openTeaser = (options?: ViewOptions): Promise<Page> => {
      const report = teaser((key) => {
        const file = `renders/${key.replace(/[/:@]/g, '_')}.mp4`;
        writeFileSync(path.join(folder, file), clipOf(5));
        return file;
      });
      return open(report, options, timesOf(report));
    };
    tests({ folder: () => pathToFileURL(`${folder}/`).href, open, visit, openTeaser });
  });
}

/** Changes to a view, and waits for it: a link's new fragment reaches the page a moment after the click. */
export async function showView(page: Page, view: 'clips' | 'timeline' | 'cost'): Promise<void> {
  await page.click(`#show-${view}`);
  await page.until(`document.body.dataset.view === '${view}'`);
}

/** Keys of the cards that can be seen, in their order. */
export function visibleKeys(page: Page): Promise<unknown> {
  return page.evaluate(
    `[...document.querySelectorAll('.card')].filter((card) => card.checkVisibility()).map((card) => card.dataset.key)`,
  );
}

export function textOf(page: Page, selector: string): Promise<unknown> {
  return page.evaluate(`document.querySelector(${JSON.stringify(selector)})?.innerText`);
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Findings of axe-core that keep somebody from using what is shown, each with where it is. */
export async function seriousFindings(page: Page): Promise<unknown> {
  await page.evaluate(`${axe}; undefined`);
  return page.evaluate(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
    violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => [id, String(target), failureSummary])))`);
}
