import { describe, expect, it } from 'vitest';
import { type RequestState, requestStates } from '../../src/ledger/ledger.ts';
import { status } from '../../src/report/status.ts';
import { entryOf, reportOf, requestOf } from './fixtures.ts';

describe('the status', () => {
  const requests = requestStates.map((state) => requestOf(state));
  const entries = requests.map((request) => entryOf(request, { state: request.shot as RequestState }));

  it('lists what does not go on by itself, in the order of the report', () => {
    const { attention } = status(reportOf({ requests, entries }));
    expect(attention.map(({ key }) => key)).toEqual(['sc010/inDoubt', 'sc010/refused', 'sc010/failed']);
  });

  it('says why, and what to ask the provider about', () => {
    const request = requestOf('sh0010');
    const entry = entryOf(request, { state: 'failed', errorCode: 'task_failed', error: 'content refused' });
    expect(status(reportOf({ requests: [request], entries: [entry] })).attention).toEqual([
      {
        key: 'sc010/sh0010',
        status: 'failed',
        taskId: 'video_sh0010',
        errorCode: 'task_failed',
        error: 'content refused',
        submittedAt: '2026-01-02T10:00:00.000Z',
        superseded: false,
      },
    ]);
  });

  it('of what the manifest no longer holds, asks only about money that may be lost', () => {
    const view = status(reportOf({ entries }));
    expect(view.superseded).toBe(requestStates.length);
    expect(view.attention.map(({ key, superseded }) => [key, superseded])).toEqual([['sc010/inDoubt', true]]);
  });

  it("carries the report's counts and cost, and how many have no price", () => {
    const [first, ...rest] = entries;
    const report = reportOf({
      requests,
      entries: first === undefined ? [] : [{ ...first, cost: null }, ...rest],
    });
    const view = status(report);
    expect(view).toMatchObject({
      version: 1,
      project: 'alley',
      manifest: 'alley.yaml',
      unpriced: 1,
      superseded: 0,
    });
    expect(view.summary).toEqual(report.summary);
    expect(view.generatedAt).toBe(report.generatedAt);
  });
});
