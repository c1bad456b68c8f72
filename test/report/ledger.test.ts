import { describe, expect, it } from 'vitest';
import type { AttemptOutcome, LedgerRequest, LedgerScope } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { manifestWith, now, reportOf, requestOf } from './fixtures.ts';

const scope: LedgerScope = { provider: 'https://provider.example.com', project: 'alley' };

const accepted = (taskId: string): AttemptOutcome => ({
  kind: 'accepted',
  taskId,
  status: 'queued',
  error: null,
});

/** What became of each shot; null stands for a run that ended before it recorded an answer. */
const outcomes: Readonly<Record<string, AttemptOutcome | null>> = {
  sh0010: accepted('video_1'),
  sh0020: { kind: 'refused', code: 'http400', error: '提示词不合规 (prompt refused)' },
  sh0030: { kind: 'notSent', code: 'ECONNREFUSED', error: 'connection refused' },
  sh0040: { kind: 'inDoubt', code: 'http502', error: 'bad gateway' },
  sh0050: null,
};

describe('the report of a ledger', () => {
  it('says of each request what came back for it, and counts what was billed or may have been', async () => {
    const ledger = await openLedger(':memory:', {
      clock: { now: () => now, monotonic: () => now, sleep: async () => {} },
    });
    const requests = [...Object.keys(outcomes), 'sh0060'].map((shot) => requestOf(shot));
    const run = await ledger.startRun({
      scope,
      requests: requests.map(({ tags: _, ...request }) => ({
        request: request satisfies LedgerRequest,
        seen: { state: 'pending', attempts: 0 },
        price: 4,
      })),
      currency: 'CNY',
      limits: { maxCost: null, maxRequests: null },
      intervalMs: null,
      by: 'ana@studio',
    });
    for (const request of [...requests].reverse()) {
      const outcome = outcomes[request.shot];
      if (outcome === undefined) continue;
      const { attempt } = await run.claim(request, { state: 'pending', attempts: 0 });
      if (outcome !== null) await run.settle(request, attempt, outcome);
    }
    await run.close();

    const manifest = manifestWith();
    const entries = await ledger.read(scope);
    const report = reportOf({ manifest, requests, entries });
    expect(
      report.rows.map((row) => [row.shot, row.status, row.taskId, row.errorCode, row.cost, row.attempts]),
    ).toEqual([
      ['sh0010', 'queued', 'video_1', null, 4, 1],
      ['sh0020', 'refused', null, 'http400', 0, 1],
      ['sh0030', 'pending', null, 'ECONNREFUSED', 0, 1],
      ['sh0040', 'inDoubt', null, 'http502', 4, 1],
      ['sh0050', 'inDoubt', null, 'runEnded', 4, 1],
      ['sh0060', 'pending', null, null, 0, 0],
    ]);
    expect(report.summary).toMatchObject({
      total: 6,
      queued: 1,
      refused: 1,
      pending: 2,
      inDoubt: 2,
      cost: 12,
    });

    // The storyboard is emptied: only what was paid, or may have been, is still told of.
    const emptied = reportOf({ manifest, requests: [], entries });
    expect(emptied.rows.map((row) => [row.shot, row.superseded])).toEqual([
      ['sh0010', true],
      ['sh0040', true],
      ['sh0050', true],
    ]);
    expect(emptied.summary.cost).toBe(12);
    await ledger.close();
  });
});
