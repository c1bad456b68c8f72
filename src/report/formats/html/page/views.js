import { byId } from './dom.js';

/** @typedef {'clips' | 'choose' | 'timeline' | 'cost'} View */

/**
 * One view at a time on a screen, all of them on paper. A view is drawn when it is looked at, since two of the three
 * mostly are not.
 *
 * @param {Readonly<Record<View, () => void>>} draw
 * @returns {() => void} to be called when what the views show has changed
 */
export function setUpViews(draw) {
  const views = /** @type {View[]} */ (Object.keys(draw));
  /** @type {Set<View>} */
  const stale = new Set(views);
  const current = () => views.find((view) => location.hash === `#${view}`) ?? 'clips';
  /** @param {View} view */
  const refresh = (view) => {
    if (stale.delete(view)) draw[view]();
  };
  const show = () => {
    const shown = current();
    for (const view of views) {
      byId(`view-${view}`, HTMLElement).classList.toggle('current', view === shown);
      const link = byId(`show-${view}`, HTMLAnchorElement);
      if (view === shown) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
    }
    document.body.dataset['view'] = shown;
    refresh(shown);
  };
  addEventListener('hashchange', show);
  addEventListener('beforeprint', () => views.forEach(refresh));
  // A plot is as wide as its window was.
  addEventListener('resize', () => {
    stale.add('timeline');
    refresh(current());
  });
  return () => {
    for (const view of views) stale.add(view);
    show();
  };
}
