import { expect, it } from 'vitest';
import { teaser } from '../report/sample-reports.ts';
import { describeInChromium, seriousFindings, textOf } from './html-rig.ts';

/** Controls of the tool bar that are beyond the window's edge, or too narrow for what they say. */
const cutOff = `(() => {
  const pen = document.createElement('canvas').getContext('2d');
  return [...document.querySelectorAll('.toolbar input[type=search], .toolbar select, .toolbar nav a')]
    .filter((control) => {
      const style = getComputedStyle(control);
      pen.font = style.font;
      const said = control.placeholder ?? control.selectedOptions?.[0]?.text ?? control.textContent;
      const room = control.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
      const { left, right } = control.getBoundingClientRect();
      return left < 0 || right > innerWidth || pen.measureText(said).width > room + 1;
    })
    .map(({ id }) => id);
})()`;

describeInChromium('the report page, for everybody', ({ open, openTeaser }) => {
  it.each([
    ['light', false],
    ['dark', true],
  ])('has no serious finding of axe-core in any view, %s', async (_, dark) => {
    const page = await openTeaser({ width: 1280, height: 900, dark });
    const found = [];
    for (const view of ['clips', 'choose', 'timeline', 'cost']) {
      await page.click(`#show-${view}`);
      await page.until(`document.body.dataset.view === '${view}'`);
      found.push([view, await seriousFindings(page)]);
    }
    expect(found).toEqual(found.map(([view]) => [view, []]));
  });

  it.each([1280, 1400])('cuts off neither search nor menus at %d px', async (width) => {
    const page = await openTeaser({ width, height: 900 });
    expect(await page.evaluate(cutOff)).toEqual([]);
  });

  it('shows the titles of the film and of its scenes', async () => {
    const report = {
      ...teaser(),
      title: 'Neon <Alley>, teaser',
      scenes: [{ id: 'sc010', title: 'Rooftop' }],
    };
    const page = await open(report);
    expect(await textOf(page, 'h1')).toBe('Neon <Alley>, teaser');
    expect(await textOf(page, '#subtitle')).toContain(report.project);
    expect(
      await page.evaluate(`[...document.querySelectorAll('.scene h2')].map(({ innerText }) => innerText)`),
    ).toEqual(['sc010 Rooftop', 'sc020', 'sc030', 'No scene']);
  });
});
