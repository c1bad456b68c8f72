import { describe, expect, it } from 'vitest';
import { type RequestState, requestStates } from '../../src/ledger/ledger.ts';
import { costByModel } from '../../src/plan/cost.ts';
import type { PlanReason } from '../../src/plan/model.ts';
import { type PlanInput, plan } from '../../src/plan/plan.ts';
import { fc } from '../helpers/fast-check.ts';
import { entry, request } from '../helpers/requests.ts';

const prices = { videos: 7, videos_stable: 5 };
const make = (input: Partial<PlanInput>) =>
  plan({ project: 'p', manifest: 'm.yaml', requests: [], entries: [], prices, currency: 'CNY', ...input });

describe('plan', () => {
  it('submits what the ledger does not know as new, at the price of its model', () => {
    const [planned] = make({ requests: [request('sc/a')] }).requests;
    expect(planned).toMatchObject({
      key: 'sc/a',
      action: 'submit',
      reason: 'new',
      changed: [],
      cost: 7,
      seen: { state: 'pending', attempts: 0 },
    });
  });

  const expected: readonly [RequestState, 'submit' | 'skip' | 'blocked', PlanReason][] = [
    ['pending', 'submit', 'new'],
    ['sending', 'blocked', 'sending'],
    ['inDoubt', 'blocked', 'inDoubt'],
    ['refused', 'skip', 'refused'],
    ['queued', 'skip', 'submitted'],
    ['processing', 'skip', 'submitted'],
    ['completed', 'skip', 'completed'],
    ['failed', 'skip', 'failed'],
    ['abandoned', 'skip', 'abandoned'],
  ];

  it.each(expected)('a request that is %s is to %s as %s', (state, action, reason) => {
    const wanted = request('a');
    const { requests } = make({ requests: [wanted], entries: [entry(wanted, { state, attempts: 3 })] });
    expect(requests).toMatchObject([{ action, reason, seen: { state, attempts: 3 } }]);
  });

  it('covers every state', () => {
    expect(expected.map(([state]) => state).toSorted()).toEqual([...requestStates].toSorted());
  });

  it('names the parameters that an edit changed, against what was sent last', () => {
    const first = request('a', { body: { prompt: 'one', ratio: '1:1' } });
    const second = request('a', { body: { prompt: 'two', ratio: '1:1' } });
    const now = request('a', { body: { prompt: 'two', duration: 8 } });
    const { requests } = make({
      requests: [now],
      entries: [entry(second, { seq: 9, state: 'completed' }), entry(first, { seq: 2, state: 'completed' })],
    });
    expect(requests).toMatchObject([{ action: 'submit', reason: 'changed', changed: ['duration', 'ratio'] }]);
  });

  it('calls an edit of something that was never sent new', () => {
    const { requests } = make({
      requests: [request('a', { body: { prompt: 'two' } })],
      entries: [entry(request('a'), { state: 'pending', attempts: 0, billed: 0, taskId: null })],
    });
    expect(requests).toMatchObject([{ reason: 'new' }]);
  });

  it.each(['inDoubt', 'sending'] as const)('blocks an edited request while its older text is %s', (state) => {
    const { requests } = make({
      requests: [request('a', { body: { prompt: 'edited' } })],
      entries: [entry(request('a'), { state })],
    });
    expect(requests).toMatchObject([{ action: 'blocked', reason: state }]);
  });

  it('blocks what was paid under a name that stands for something else now, unless the copy has its original', () => {
    const [paid, other] = [request('a'), request('a', { body: { prompt: 'other' } })];
    const copy = { ...request('b'), body: paid.body, fingerprint: paid.fingerprint };
    const entries = [entry(paid, { state: 'completed' })];
    const reasons = (requests: PlanInput['requests']) =>
      make({ requests, entries }).requests.map(({ action, reason }) => [action, reason]);
    expect(reasons([other, copy])).toEqual([
      ['submit', 'changed'],
      ['blocked', 'renamed'],
    ]);
    expect(reasons([paid, copy])).toEqual([
      ['skip', 'completed'],
      ['submit', 'new'],
    ]);
  });

  it('submits failed and refused requests once more only when asked', () => {
    const [failed, refused, done] = [request('a'), request('b'), request('c')];
    const entries = [
      entry(failed, { state: 'failed' }),
      entry(refused, { state: 'refused' }),
      entry(done, { state: 'completed' }),
    ];
    const { requests } = make({ requests: [failed, refused, done], entries, retryFailed: true });
    expect(requests.map(({ action, reason }) => [action, reason])).toEqual([
      ['submit', 'failed'],
      ['submit', 'refused'],
      ['skip', 'completed'],
    ]);
  });

  it('sends again what a person names, but never what is in doubt', () => {
    const [done, doubtful] = [request('a'), request('b')];
    const entries = [entry(done, { state: 'completed' }), entry(doubtful, { state: 'inDoubt' })];
    const { requests } = make({ requests: [done, doubtful], entries, resend: new Set(['a', 'b']) });
    expect(requests.map(({ action }) => action)).toEqual(['submit', 'blocked']);
  });

  it('counts cost only for what is submitted, and says how much has no price', () => {
    const done = request('c');
    const { summary, requests } = make({
      requests: [
        request('a'),
        request('b', { body: { model: 'videos_stable' } }),
        done,
        request('d', { body: { model: 'other' } }),
      ],
      entries: [entry(done)],
    });
    expect(summary).toEqual({
      requests: 4,
      submit: 3,
      skip: 1,
      blocked: 0,
      cost: 12,
      currency: 'CNY',
      unpriced: 1,
    });
    expect(costByModel(requests)).toEqual([
      { model: 'videos', requests: 1, price: 7, cost: 7 },
      { model: 'videos_stable', requests: 1, price: 5, cost: 5 },
      { model: 'other', requests: 1, price: null, cost: null },
    ]);
  });

  it('adds prices without the dust of binary fractions', () => {
    const requests = ['a', 'b', 'c'].map((key) => request(key));
    expect(make({ requests, prices: { videos: 0.1 } }).summary.cost).toBe(0.3);
  });

  it('never submits what may have been paid for, whatever the ledger holds', () => {
    const state = fc.constantFrom(...requestStates);
    fc.assert(
      fc.property(
        fc.array(fc.record({ shot: fc.constantFrom('a', 'b', 'c'), edit: fc.boolean(), state })),
        (known) => {
          const wanted = ['a', 'b', 'c'].map((key) => request(key));
          const entries = known.map(({ shot, edit, state: is }, seq) =>
            entry(request(shot, edit ? { body: { prompt: 'older' } } : {}), { state: is, seq }),
          );
          for (const planned of make({ requests: wanted, entries }).requests) {
            if (planned.action !== 'submit') continue;
            const sameKey = entries.filter(({ key }) => key === planned.key);
            const same = sameKey.find(({ fingerprint }) => fingerprint === planned.fingerprint);
            expect(same?.state ?? 'pending').toBe('pending');
            expect(sameKey.some((other) => other.state === 'inDoubt' || other.state === 'sending')).toBe(
              false,
            );
          }
        },
      ),
    );
  });
});
