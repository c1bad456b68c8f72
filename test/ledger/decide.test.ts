import { describe, expect, it } from 'vitest';
import { type Facts, noFacts, type StoredRequest } from '../../src/ledger/backend.ts';
import { claim } from '../../src/ledger/decide/claim.ts';
import { newEvent } from '../../src/ledger/decide/new-event.ts';
import { reserve } from '../../src/ledger/decide/reserve.ts';
import { resolve } from '../../src/ledger/decide/resolve.ts';
import { settle } from '../../src/ledger/decide/settle.ts';
import { nextSlot } from '../../src/ledger/decide/slot.ts';
import type { StoredEvent, StoredFact } from '../../src/ledger/model/event.ts';
import { accepted, pending, request, reserve as reserveOf, scope, spec } from './samples.ts';

const run = { id: 'run', by: 'mika@studio', plan: null };
const shot = request(1);
const wish = {
  ...{ scope, request: shot, run, seen: pending, renames: 0, price: 7, currency: 'CNY', nowMs: 0 },
  elsewhere: new Set<string>(),
};

const facts = (requests: readonly StoredRequest[], live: readonly string[] = []): Facts => ({
  ...noFacts,
  requests,
  isLive: (id) => live.includes(id),
});
const stored = (of: typeof shot, ...list: readonly StoredFact[]): StoredRequest => {
  const subject = { ...scope, key: of.key, fingerprint: of.fingerprint, sent: { request: of, run } };
  const events = list.map(
    (fact, index) => ({ ...newEvent(subject, index, fact), seq: index + 1 }) as StoredEvent,
  );
  return { ...scope, id: 1, key: of.key, fingerprint: of.fingerprint, model: of.model, events };
};
const claimed = { type: 'claimed', run: 'run', attempt: 1, price: 7, currency: 'CNY', causes: null } as const;

describe('decisions, which need no database', () => {
  it('claim what nobody has sent: one event, and a number that only one may have', () => {
    const { changes, value } = claim(facts([stored(shot)]), wish);
    expect(value).toEqual({ attempt: 1, causes: null });
    expect(changes).toMatchObject([
      { type: 'event', request: 1, origin: 1, guard: 1, event: { type: 'claimed', run: 'run', here: true } },
    ]);
  });

  it('refuse what is being sent, in doubt, or no longer as it was seen, with the reason', () => {
    const open = stored(shot, claimed);
    expect(() => claim(facts([open], ['run']), wish)).toThrow(/it is sending, after 1 attempt/);
    expect(() => claim(facts([open]), wish)).toThrow(/it is inDoubt/);
    expect(() => claim(facts([stored(request(1, 2), claimed)]), wish)).toThrow(
      /another version of it is in doubt/,
    );
    expect(() => claim(facts([]), { ...wish, renames: 1 })).toThrow(/has another one now/);
  });

  it('settle no doubt that its run may still answer, and tell when that is over', () => {
    const open = stored(shot, claimed);
    const word = {
      scope,
      identities: [shot],
      resolution: { kind: 'notSubmitted' },
      by: 'mika',
      nowMs: 0,
    } as const;
    const lateAnswers = new Map([[open.events[0]?.id ?? '', 90_000]]);
    expect(() => resolve({ ...facts([open]), lateAnswers }, word)).toThrow(/may still get an answer/);
    expect(resolve(facts([open]), word).changes).toHaveLength(1);
  });

  it('count what a run has reserved that may come back', () => {
    const other = {
      id: 'other',
      scope,
      by: 'lea',
      plan: null,
      currency: 'CNY',
      intervalMs: null,
      ended: false,
    };
    const known = {
      ...facts([stored(shot)]),
      runs: new Map([['other', other]]),
      reservations: [{ run: 'other', request: 1, price: 7 }],
    };
    const wanted = spec(reserveOf([request(2)]), { limits: { maxCost: null, maxRequests: 1 } });
    expect(() => reserve({ ...known, mayReturn: () => true }, wanted, 'new', 0)).toThrow(
      /reserved by other runs/,
    );
    const { changes } = reserve(known, wanted, 'new', 0);
    expect(changes).toContainEqual(expect.objectContaining({ type: 'endRun', run: 'other' }));
  });

  it('name what they knew', () => {
    const before = stored(shot, claimed, {
      type: 'settled',
      run: 'run',
      attempt: 1,
      outcome: accepted('video_1', 'failed'),
    });
    const { value } = claim(facts([before]), { ...wish, seen: { state: 'failed', attempts: 1 } });
    expect(value).toEqual({ attempt: 2, causes: [before.events[0]?.id] });
  });

  it('record an answer beside its claim, wherever that is filed now', () => {
    const renamed = { ...stored(shot, claimed), id: 9, key: 'sc020/other' };
    const answer = { scope, identity: shot, run: 'run', attempt: 1, outcome: accepted('video_1'), nowMs: 5 };
    expect(settle(facts([renamed]), answer).changes).toMatchObject([
      { type: 'event', request: 9, event: { type: 'settled', place: { key: shot.key } } },
      { type: 'task', id: 'video_1', request: 9 },
    ]);
    expect(() => settle(facts([]), answer)).toThrow(/was never claimed/);
  });

  it('space slots by the strictest rate of live runs', () => {
    const paced = (id: string, intervalMs: number) =>
      [id, { id, scope, by: '', plan: null, currency: null, intervalMs, ended: false }] as const;
    const runs = new Map([paced('a', 500), paced('dead', 9000)]);
    const first = nextSlot({ ...facts([], ['a']), runs }, 1000);
    expect(first.value).toBe(0);
    const pace = { lastSlot: 1000, askedAt: 1000 };
    expect(nextSlot({ ...facts([], ['a']), runs, pace }, 1000).value).toBe(500);
    expect(nextSlot({ ...facts([]), runs, pace }, 1000)).toEqual({ changes: [], value: 0 });
  });
});
