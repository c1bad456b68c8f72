import type { Plan } from './model.ts';

/** The plan as `plan --format json` prints it: what `seen` says is between the plan and the run. */
export function planJson(plan: Plan): string {
  const requests = plan.requests.map(({ seen: _, ...request }) => request);
  return `${JSON.stringify({ ...plan, requests }, null, 2)}\n`;
}
