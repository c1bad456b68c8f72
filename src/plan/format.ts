import type { Plan } from './model.ts';

/**
 * The plan as `plan --format json` prints it: what `seen` says is between the plan and the run.
 *
 * @param more what the document has besides.
 */
export function planJson(plan: Plan, more: object = {}): string {
  const requests = plan.requests.map(({ seen: _, ...request }) => request);
  return `${JSON.stringify({ ...plan, requests, ...more }, null, 2)}\n`;
}
