import { addMoney } from '../core/money.ts';
import type { PlannedRequest } from './model.ts';

/** One model's share in the cost of a plan. */
export interface ModelCost {
  readonly model: string;
  /** Requests to submit. */
  readonly requests: number;
  /** Price of one; null where no price is known. */
  readonly price: number | null;
  readonly cost: number | null;
}

/** Price of one request of a model, or null where the manifest states none. */
export function priceOf(model: string, prices: Readonly<Record<string, number>>): number | null {
  return Object.hasOwn(prices, model) ? (prices[model] ?? null) : null;
}

/** The cost of what a plan submits, model by model, in the order in which models are met. */
export function costByModel(requests: readonly PlannedRequest[]): readonly ModelCost[] {
  const models = new Map<string, { requests: number; price: number | null }>();
  for (const request of requests) {
    if (request.action !== 'submit') continue;
    const sum = models.get(request.model) ?? { requests: 0, price: request.cost };
    sum.requests += 1;
    models.set(request.model, sum);
  }
  return [...models].map(([model, { requests, price }]) => ({
    model,
    requests,
    price,
    cost: price === null ? null : addMoney([price * requests]),
  }));
}
