import { describe, expect, it } from 'vitest';
import { requestStates } from '../../src/ledger/ledger.ts';
import { entryOf, manifestWith, now, reportOf, requestOf } from './fixtures.ts';

const keysOf = (rows: readonly { readonly key: string }[]): readonly string[] => rows.map(({ key }) => key);

describe('the report', () => {
  it('says what it is of, and when it was made', () => {
    expect(reportOf()).toEqual({
      version: 1,
      project: 'alley',
      manifest: 'alley.yaml',
      generatedAt: '2026-01-02T12:00:00.000Z',
      rows: [],
      summary: {
        total: 0,
        pending: 0,
        sending: 0,
        inDoubt: 0,
        refused: 0,
        queued: 0,
        processing: 0,
        completed: 0,
        failed: 0,
        abandoned: 0,
        cost: 0,
        currency: 'CNY',
        ...{ picked: 0, rejected: 0, costOfPicked: 0, secondsPicked: 0, costPerPickedSecond: null },
        reasons: {},
        budget: { maxCost: null, spent: 0, inDoubt: 0, left: null },
      },
    });
  });

  it('has the keys of the contract, in its order', () => {
    const request = requestOf('sh0010');
    const written = JSON.parse(JSON.stringify(reportOf({ requests: [request] }))) as {
      rows: object[];
      summary: object;
    };
    expect(Object.keys(written)).toEqual([
      'version',
      'project',
      'manifest',
      'generatedAt',
      'rows',
      'summary',
    ]);
    expect(Object.keys(written.rows[0] ?? {}).join(' ')).toBe(
      'key scene shot variant take model mode duration ratio resolution status taskId errorCode error attempts ' +
        'submittedAt completedAt videoUrl actualDuration file cost currency superseded fingerprint prompt ' +
        'title tags notes decision reason note decidedBy decidedAt width height fps fileDuration providerAmount qc',
    );
    expect(Object.keys(written.summary)).toEqual([
      ...['total', ...requestStates, 'cost', 'currency', 'picked', 'rejected', 'costOfPicked'],
      ...['secondsPicked', 'costPerPickedSecond', 'reasons', 'budget'],
    ]);
  });

  it('has one row for each request of the manifest, in its order, whatever the order of the answers', () => {
    const requests = ['sh0010', 'sh0020', 'sh0030'].map((shot) => requestOf(shot));
    const entries = [...requests].reverse().map((request) => entryOf(request));
    const { rows } = reportOf({ requests, entries });
    expect(keysOf(rows)).toEqual(['sc010/sh0010', 'sc010/sh0020', 'sc010/sh0030']);
    expect(rows.map(({ taskId }) => taskId)).toEqual(['video_sh0010', 'video_sh0020', 'video_sh0030']);
  });

  it('shows a request that the ledger does not know as pending and free', () => {
    const [row] = reportOf({ requests: [requestOf('sh0010')] }).rows;
    expect(row).toMatchObject({
      status: 'pending',
      taskId: null,
      attempts: 0,
      submittedAt: null,
      cost: 0,
      currency: 'CNY',
      superseded: false,
    });
  });

  it('shows parameters as stated, and else as the catalog has them', () => {
    const stated = requestOf('sh0010', {
      body: { model: 'fast', prompt: 'a', duration: 8, ratio: '9:16', resolution: '1080p' },
    });
    const silent = requestOf('sh0020');
    const unknown = requestOf('sh0030', { body: { model: 'gone', prompt: 'a', duration: 5 } });
    const { rows } = reportOf({ requests: [stated, silent, unknown] });
    expect(rows.map(({ duration, ratio, resolution }) => [duration, ratio, resolution])).toEqual([
      [8, '9:16', '1080p'],
      [5, '16:9', '720p'],
      [5, null, null],
    ]);
  });

  it('shows what the ledger knows of a task', () => {
    const request = requestOf('sh0010');
    const entry = entryOf(request, {
      state: 'completed',
      attempts: 2,
      completedAt: '2026-01-02T10:04:00.000Z',
      videoUrl: 'https://cdn.example.com/v.mp4?sig=1',
      actualDuration: 5.04,
    });
    expect(reportOf({ requests: [request], entries: [entry] }).rows[0]).toMatchObject({
      status: 'completed',
      attempts: 2,
      submittedAt: '2026-01-02T10:00:00.000Z',
      completedAt: '2026-01-02T10:04:00.000Z',
      videoUrl: 'https://cdn.example.com/v.mp4?sig=1',
      actualDuration: 5.04,
      file: null,
    });
  });

  it('leaves out a result URL once it has expired', () => {
    const request = requestOf('sh0010');
    const day = 24 * 60 * 60 * 1000;
    const urlAfter = (ms: number): string | null | undefined => {
      const completedAt = new Date(now - ms).toISOString();
      const entry = entryOf(request, {
        state: 'completed',
        completedAt,
        videoUrl: 'https://cdn.example.com/v',
      });
      return reportOf({ requests: [request], entries: [entry] }).rows[0]?.videoUrl;
    };
    expect(urlAfter(day)).toBe('https://cdn.example.com/v');
    expect(urlAfter(day + 1)).toBeNull();
  });

  it('does not call a claim that came to nothing a submission', () => {
    const request = requestOf('sh0010');
    const entry = entryOf(request, {
      state: 'pending',
      attempts: 3,
      billed: 0,
      cost: 0,
      taskId: null,
      errorCode: 'ECONNREFUSED',
      error: 'connection refused',
    });
    expect(reportOf({ requests: [request], entries: [entry] }).rows[0]).toMatchObject({
      status: 'pending',
      attempts: 3,
      submittedAt: null,
      errorCode: 'ECONNREFUSED',
      error: 'connection refused',
      cost: 0,
    });
  });

  describe('of requests that the manifest no longer holds', () => {
    const kept = requestOf('sh0020');
    const edited = requestOf('sh0020', { body: { model: 'fast', prompt: 'as it was before', duration: 5 } });
    const removed = requestOf('sh0010');

    it('lists those that were paid after the others, in the order of the ledger', () => {
      const report = reportOf({ requests: [kept], entries: [removed, edited, kept].map((r) => entryOf(r)) });
      expect(report.rows.map(({ key, prompt, superseded }) => [key, prompt, superseded])).toEqual([
        ['sc010/sh0020', 'prompt of sh0020', false],
        ['sc010/sh0010', 'prompt of sh0010', true],
        ['sc010/sh0020', 'as it was before', true],
      ]);
      expect(report.summary).toMatchObject({ total: 3, queued: 3, cost: 12 });
    });

    it.each([
      ['in doubt', { state: 'inDoubt', taskId: null }],
      ['being sent', { state: 'sending', taskId: null }],
      ['failed after it was billed', { state: 'failed' }],
      ['abandoned after it was billed', { state: 'abandoned', taskId: null }],
      ['refused after an earlier attempt was billed', { state: 'refused', attempts: 2, taskId: null }],
    ] as const)('lists one that is %s', (_, more) => {
      const { rows } = reportOf({ requests: [kept], entries: [entryOf(removed, more)] });
      expect(keysOf(rows)).toEqual(['sc010/sh0020', 'sc010/sh0010']);
    });

    it.each([
      ['never sent', { state: 'pending', attempts: 0 }],
      ['refused', { state: 'refused', attempts: 1 }],
      ['settled as not submitted', { state: 'pending', attempts: 1 }],
    ] as const)('leaves out one that was %s', (_, more) => {
      const free = entryOf(removed, { billed: 0, cost: 0, taskId: null, ...more });
      expect(keysOf(reportOf({ requests: [kept], entries: [free] }).rows)).toEqual(['sc010/sh0020']);
    });
  });

  describe('adds up', () => {
    const requests = requestStates.map((_, index) => requestOf(`sh${index}`));

    it('each state once', () => {
      const entries = requests.map((request, index) =>
        entryOf(request, { state: requestStates[index] ?? 'pending' }),
      );
      const { summary } = reportOf({ requests, entries });
      expect(summary.total).toBe(requestStates.length);
      for (const state of requestStates) expect(summary[state], state).toBe(1);
    });

    it('what was billed at the price of its time, all attempts together', () => {
      const entries = [
        entryOf(requestOf('sh0'), { cost: 8, billed: 2, attempts: 2 }),
        entryOf(requestOf('sh1'), { cost: 0.1 }),
        entryOf(requestOf('sh2'), { cost: 0.2 }),
        entryOf(requestOf('sh3'), { state: 'refused', billed: 0, cost: 0 }),
      ];
      const report = reportOf({ requests, entries });
      expect(report.rows.slice(0, 5).map(({ cost }) => cost)).toEqual([8, 0.1, 0.2, 0, 0]);
      expect(report.summary.cost).toBe(8.3);
    });

    it('without what has no known price, which is null in its row', () => {
      const entries = [
        entryOf(requestOf('sh0'), { cost: null }),
        entryOf(requestOf('sh1')),
        entryOf(requestOf('sh2'), { state: 'pending', billed: 0, cost: null, currency: null }),
      ];
      const report = reportOf({ requests, entries });
      expect(report.rows.slice(0, 3).map(({ cost }) => cost)).toEqual([null, 4, 0]);
      expect(report.summary.cost).toBe(4);
    });

    it('no amounts of two currencies, and keeps each in its row', () => {
      const entries = [
        entryOf(requestOf('sh0'), { cost: 1, currency: 'USD' }),
        entryOf(requestOf('sh1'), { cost: 4, currency: 'CNY' }),
        entryOf(requestOf('sh2'), { cost: 3, currency: null }),
      ];
      const report = reportOf({ requests, entries });
      expect(report.rows.slice(0, 3).map(({ cost, currency }) => [cost, currency])).toEqual([
        [1, 'USD'],
        [4, 'CNY'],
        [3, 'CNY'],
      ]);
      expect(report.summary).toMatchObject({ cost: 7, currency: 'CNY' });
    });

    it('in the currency of the rows where the manifest names none', () => {
      const entries = [
        entryOf(requestOf('sh0'), { currency: 'EUR' }),
        entryOf(requestOf('sh1'), { currency: null }),
      ];
      const { summary } = reportOf({ manifest: manifestWith(null), requests, entries });
      expect(summary).toMatchObject({ cost: 8, currency: 'EUR' });
    });
  });
});
