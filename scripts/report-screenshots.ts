import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { clipOf } from '../src/emulator/clip.ts';
import { htmlReport } from '../src/report/formats/html/html.ts';
import { Browser, findChromium } from '../test/helpers/browser.ts';
import type { Page, ViewOptions } from '../test/helpers/browser-page.ts';
import { reportWith, season, teaser, timesOf } from '../test/report/sample-reports.ts';

// Pictures of the HTML report, to be looked at after a change of its design:
//
//   npx tsx scripts/report-screenshots.ts FOLDER

const [folder] = process.argv.slice(2);
const chromium = findChromium();
if (folder === undefined || chromium === undefined) {
  throw new Error(
    'name a folder to write to, and have Chromium installed (Debian: apt-get install chromium)',
  );
}
mkdirSync(path.join(folder, 'renders'), { recursive: true });

const sample = teaser((key) => {
  const file = `renders/${key.replace(/[/:@]/g, '_')}.mp4`;
  writeFileSync(path.join(folder, file), clipOf(5));
  return file;
});
const reports = { teaser: sample, season: season(), empty: reportWith([]) };
for (const [name, report] of Object.entries(reports)) {
  writeFileSync(path.join(folder, `${name}.html`), htmlReport(report, undefined, timesOf(report)));
}

interface Picture extends ViewOptions {
  readonly name: string;
  readonly report: keyof typeof reports;
  /** The element that is clicked before the picture is taken. */
  readonly click?: string;
  readonly hover?: string;
}

const pictures: readonly Picture[] = [
  { name: 'light', report: 'teaser', height: 1700 },
  { name: 'dark', report: 'teaser', height: 1700, dark: true },
  { name: 'small', report: 'teaser', click: 'input[value=s]' },
  { name: 'large', report: 'teaser', click: 'input[value=l]' },
  { name: 'hover', report: 'teaser', hover: '.frame[data-clip]' },
  { name: 'detail', report: 'teaser', click: '[data-key="sc020/sh0050:tall@2"] .frame' },
  { name: 'detail-in-doubt', report: 'teaser', click: '[data-key="sc020/sh0070"] .frame', dark: true },
  { name: 'timeline', report: 'teaser', click: '#show-timeline' },
  { name: 'timeline-dark', report: 'teaser', click: '#show-timeline', hover: '.plot', dark: true },
  { name: 'cost', report: 'teaser', click: '#show-cost' },
  { name: 'telephone', report: 'teaser', width: 390, height: 1600 },
  { name: 'telephone-detail', report: 'teaser', width: 390, click: '[data-key="sc010/sh0040"] .frame' },
  { name: 'empty', report: 'empty' },
  { name: 'season', report: 'season' },
  { name: 'season-filtered', report: 'season', click: '.chip[data-state=failed]', dark: true },
  { name: 'season-timeline', report: 'season', click: '#show-timeline', hover: '.plot', dark: true },
  { name: 'season-timeline-light', report: 'season', click: '#show-timeline' },
  { name: 'season-cost', report: 'season', click: '#show-cost' },
];

/** Milliseconds for clips to load and play. */
const settling = 1500;

const browser = await Browser.launch(chromium);
try {
  for (const { name, report, click, hover, ...view } of pictures) {
    const page = await openPage(report, { width: 1440, height: 900, ...view });
    if (click !== undefined) await page.click(click);
    if (hover !== undefined) await page.hover(hover);
    await wait(page);
    writeFileSync(path.join(folder, `${name}.png`), await page.screenshot());
    console.log(path.join(folder, `${name}.png`));
  }
  const page = await openPage('teaser', { width: 1440, height: 900 });
  await page.evaluate(
    `new Promise((resolve) => { window.print = resolve; document.getElementById('print').click(); })`,
  );
  writeFileSync(path.join(folder, 'print.pdf'), await page.pdf());
  console.log(path.join(folder, 'print.pdf'));
} finally {
  await browser.close();
}

async function openPage(report: keyof typeof reports, view: ViewOptions): Promise<Page> {
  const page = await browser.newPage(view);
  await page.open(pathToFileURL(path.resolve(folder ?? '', `${report}.html`)).href);
  await page.until(`performance.getEntriesByName('ready').length === 1`);
  await wait(page);
  return page;
}

async function wait(page: Page): Promise<void> {
  await page.evaluate(`new Promise((resolve) => setTimeout(resolve, ${settling}))`);
}
