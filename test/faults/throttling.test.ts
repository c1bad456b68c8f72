import { describe, expect, it } from 'vitest';
import { accepted, local, oddProvider, play, type Reply } from './rehearsal.ts';

describe('a storm of 429', () => {
  const storm =
    (header: () => Readonly<Record<string, string>>) =>
    (_key: string, times: number): Reply =>
      times === 1
        ? { status: 429, headers: header(), body: '{"error":"slow down"}' }
        : accepted(`video_${Math.random()}`);

  it('is waited out for as many seconds as it names, by all workers, and nothing is lost', async () => {
    const provider = await oddProvider(storm(() => ({ 'retry-after': '1' })));
    const played = await play(local(provider.port), { requests: 6, args: ['--retries', '0'] });
    expect(played.code).toBe(0);
    expect(played.report.summary).toMatchObject({ queued: 6, cost: 30 });
    const [first = 0, ...later] = provider.times;
    const afterPause = later.filter((time) => time - first > 500);
    expect(Math.min(...afterPause) - first).toBeGreaterThanOrEqual(1000);
  });

  it('is waited out until the date that it names', async () => {
    const provider = await oddProvider(
      storm(() => ({ 'retry-after': new Date(Date.now() + 2000).toUTCString() })),
    );
    const played = await play(local(provider.port), { requests: 2 });
    expect(played.code).toBe(0);
    expect(played.report.summary).toMatchObject({ queued: 2 });
    expect((provider.times.at(-1) ?? 0) - (provider.times[0] ?? 0)).toBeGreaterThan(900);
  });

  it.each(['soon', '-5', 'NaN', '0', 'Thu, 01 Jan 1970 00:00:00 GMT'])(
    'is waited out as the program sees fit where it names %s',
    async (header) => {
      const provider = await oddProvider(storm(() => ({ 'retry-after': header })));
      const played = await play(local(provider.port), { requests: 2 });
      expect(played.code).toBe(0);
      expect(played.report.summary).toMatchObject({ queued: 2, cost: 10 });
    },
  );

  it.each(['86400', '999999999999999999999', 'Fri, 31 Dec 9999 23:59:59 GMT'])(
    'ends the run where it asks for more than ten minutes: %s',
    async (header) => {
      const provider = await oddProvider(() => ({ status: 429, headers: { 'retry-after': header } }));
      const played = await play(local(provider.port), { requests: 5, args: ['--concurrency', '1'] });
      expect(played.code).toBe(1);
      expect(provider.arrived).toHaveLength(1);
      expect(played.report.summary).toMatchObject({ pending: 5, inDoubt: 0, cost: 0 });
      expect(played.stderr).toMatch(/asks to wait \d+ (minutes|hours)[\s\S]*run again after that time/);
    },
  );
});
