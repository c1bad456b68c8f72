import { expect, it } from 'vitest';
import { accepted, local, oddProvider, play } from './rehearsal.ts';

it('a bug amid a run ends it with a code of its own and its stack, before anything is sent without a claim', async () => {
  const provider = await oddProvider((key) => accepted(`task_${key}`));
  const run = { requests: 3, args: ['--concurrency', '1'] };
  const broken = await play(local(provider.port), { ...run, fault: { bugAt: 'claim:written' } });
  expect(broken.code).toBe(70);
  expect(broken.stderr).toMatch(/This is a bug in shotlist[\s\S]*something is not a function[\s\S]*at /);
  expect(provider.arrived).toEqual([]);
  const after = await play(local(provider.port), { ...run, scene: broken.scene });
  expect(after.code, after.stderr).toBe(0);
  expect(provider.arrived).toEqual(['s001', 's002', 's003']);
});
