import type { Manifest, Origin } from '../../manifest/model.ts';
import { isMap, isScalar, pairOf } from '../../manifest/yaml-nodes.ts';
import type { Rule } from '../rule.ts';

export const unpricedModel: Rule = {
  id: 'unpriced-model',
  severity: 'error',
  summary: 'A model has no price, and a cost ceiling is set',
  why: 'A ceiling on the cost means nothing while some of the cost is not known, so nothing is sent under one before every model in use has a price. The provider publishes no prices: they come from your contract.',
  provider: 'Bills every request, whatever the ceiling says.',
  bad: `version: 1
project: demo
budget:
  maxCost: 200
  prices: { videos: 7 }
shots:
  - id: sh0010
    model: videos_stable
    duration: 5
    prompt: Neon skyline at night, slow dolly in
`,
  good: `version: 1
project: demo
budget:
  maxCost: 200
  prices: { videos: 7, videos_stable: 5 }
shots:
  - id: sh0010
    model: videos_stable
    duration: 5
    prompt: Neon skyline at night, slow dolly in
`,
  check({ manifest, subjects, catalog, needPrices, report }) {
    const { prices, maxCost } = manifest.budget;
    if (maxCost === null && !needPrices) return;
    const { item, isStated } = statedPrices(manifest);
    const first = new Map<string, Origin>();
    for (const { version } of subjects) {
      const { model } = version.parameters;
      // A model that is not known needs another name before it needs a price.
      if (model === undefined || !catalog.has(model.value)) continue;
      if (Object.hasOwn(prices, model.value) || isStated(model.value)) continue;
      if (!first.has(model.value)) first.set(model.value, model.origin);
      const ceiling = maxCost === null ? 'a cost ceiling is given' : '`budget.maxCost` is set';
      report(
        {
          message: `\`${model.value}\` has no price, and ${ceiling}`,
          help: `Add \`${model.value}:\` with the price of one request to \`budget.prices\``,
          origin: item ?? first.get(model.value) ?? model.origin,
          mark: item === undefined ? 'value' : 'item',
          about: model.value,
        },
        version,
      );
    }
  },
};

interface StatedPrices {
  /** The map of the manifest that lacks a price: its prices, or else its budget. */
  readonly item: Origin | undefined;
  /** True where there is a price that was left out because its shape is wrong, which has been reported. */
  isStated(model: string): boolean;
}

function statedPrices({ source }: Manifest): StatedPrices {
  const { root } = source;
  const budget = isMap(root) ? pairOf(root, 'budget')?.value : undefined;
  if (!isMap(budget)) return { item: undefined, isStated: () => false };
  const prices = pairOf(budget, 'prices')?.value;
  if (isMap(prices)) {
    return {
      item: { source, path: ['budget', 'prices'] },
      isStated: (model) => pairOf(prices, model) !== undefined,
    };
  }
  const isBroken = prices !== undefined && prices !== null && !(isScalar(prices) && prices.value === null);
  return { item: { source, path: ['budget'] }, isStated: () => isBroken };
}
