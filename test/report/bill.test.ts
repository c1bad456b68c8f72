import { describe, expect, test } from 'vitest';
import type { BillLine, KnownAttempt } from '../../src/report/bill/model.ts';
import { numberIn, reconcile } from '../../src/report/bill/reconcile.ts';

const noon = Date.UTC(2026, 0, 5, 12);
const minute = 60_000;

function line(changes: Partial<BillLine> = {}): BillLine {
  return {
    row: 2,
    taskId: null,
    at: null,
    model: null,
    prompt: null,
    status: null,
    amount: null,
    ...changes,
  };
}

function attempt(key: string, changes: Partial<KnownAttempt> = {}): KnownAttempt {
  return {
    ...{ project: 'film', error: null },
    key,
    fingerprint: `sha256:${key}`,
    attempt: 1,
    taskId: null,
    standing: 'inDoubt',
    failed: false,
    claimedAt: noon,
    model: 'videos',
    prompt: `Rain on glass, seen from ${key}`,
    price: 7,
    currency: 'CNY',
    ...changes,
  };
}

test('a line that names a task of the ledger is matched by it, whatever else it says', () => {
  const ours = attempt('a', { taskId: 'video_1', standing: 'billed' });
  const { matched, unknown } = reconcile([line({ taskId: 'video_1', model: 'other' })], [ours]);
  expect(matched).toEqual([{ line: expect.anything(), attempt: ours, by: 'id' }]);
  expect(unknown).toEqual([]);
});

describe('what fits a request in doubt is proposed', () => {
  test('by time, model and the beginning of the prompt', () => {
    const [a, b] = [attempt('a'), attempt('b')];
    const lines = [
      line({ taskId: 'video_9', at: noon + minute, model: 'videos', prompt: 'Rain on glass, seen from b' }),
    ];
    const { proposed } = reconcile(lines, [a, b]);
    expect(proposed.map((match) => [match.attempt.key, match.line.taskId, match.by])).toEqual([
      ['b', 'video_9', 'timeModelPrompt'],
    ]);
  });

  test('also where the console cut the prompt short', () => {
    const doubt = attempt('a', { prompt: 'A very long prompt about rain that goes on and on' });
    const { proposed } = reconcile([line({ prompt: 'A very long prompt about…' })], [doubt]);
    expect(proposed).toHaveLength(1);
  });

  test('but never where two lines fit one request, or two requests one line', () => {
    const same = { at: noon, model: 'videos', prompt: 'Rain' } as const;
    const two = [attempt('a', { prompt: 'Rain' }), attempt('b', { prompt: 'Rain' })];
    expect(reconcile([line(same)], two).proposed).toEqual([]);
    const [one] = two;
    expect(reconcile([line(same), line(same)], one === undefined ? [] : [one]).proposed).toEqual([]);
  });

  test('and never against a word of the line', () => {
    const doubts = [attempt('a')];
    expect(
      reconcile([line({ at: noon + 60 * minute, prompt: doubts[0]?.prompt ?? '' })], doubts).proposed,
    ).toEqual([]);
    expect(
      reconcile([line({ model: 'videos_stable', prompt: doubts[0]?.prompt ?? '' })], doubts).proposed,
    ).toEqual([]);
  });
});

test('what is billed and unknown, ours and not billed, and in doubt without a line is told apart', () => {
  const lines = [
    line({ row: 2, taskId: 'video_1', at: noon }),
    line({ row: 3, taskId: 'video_strange', at: noon + 3 * minute, model: 'videos_pro' }),
  ];
  const attempts = [
    attempt('a', { taskId: 'video_1', standing: 'billed' }),
    attempt('b', { taskId: 'video_2', standing: 'billed', claimedAt: noon + minute }),
    attempt('c', { claimedAt: noon + minute }),
    attempt('later', { taskId: 'video_3', standing: 'billed', claimedAt: noon + 600 * minute }),
    attempt('none', { standing: 'none', claimedAt: noon + minute }),
  ];
  const { unknown, notBilled, unmatchedDoubts } = reconcile(lines, attempts);
  expect(unknown.map(({ row }) => row)).toEqual([3]);
  expect(notBilled.map(({ key }) => key)).toEqual(['b']);
  expect(unmatchedDoubts.map(({ key }) => key)).toEqual(['c']);
});

test('what was billed though it failed, and what drifts from its price, is told', () => {
  const failed = attempt('a', { taskId: 'video_1', standing: 'billed', failed: true });
  const dear = attempt('b', { taskId: 'video_2', standing: 'billed' });
  const given = attempt('c', { taskId: 'video_3', standing: 'billed', failed: true });
  const { billedThoughFailed, priceDrift } = reconcile(
    [
      line({ taskId: 'video_1', amount: '7' }),
      line({ taskId: 'video_2', amount: '¥8.50' }),
      line({ taskId: 'video_3', amount: '0' }),
    ],
    [failed, dear, given],
  );
  expect(billedThoughFailed.map(({ attempt: { key } }) => key)).toEqual(['a']);
  expect(priceDrift.map(({ attempt: { key } }) => key)).toEqual(['b', 'c']);
});

test.each([
  ['5', 5],
  ['-0.32', -0.32],
  ['¥1,250.00', 1250],
  ['7 CNY', 7],
  ['about seven', null],
  ['5/6', null],
])('the number of the amount %j is %j', (text, expected) => {
  expect(numberIn(text)).toBe(expected);
});
