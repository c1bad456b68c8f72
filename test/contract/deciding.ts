import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type AttemptOutcome,
  type ClipDecision,
  type Ledger,
  type LedgerRequest,
  ResolutionError,
} from '../../src/ledger/ledger.ts';
import { decisionsOf } from '../../src/ledger/model/clip-decisions.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { accepted, entryOf, request, reserve, scope, spec } from '../ledger/samples.ts';
import type { LedgerHarness } from './ledger.ts';

const by = 'mika@studio';
const pick: ClipDecision = { type: 'picked', note: null };
const reject = (reason: string, note: string | null = null): ClipDecision => ({
  type: 'rejected',
  reason,
  note,
});
const clear = (what: 'picked' | 'rejected' | 'noted'): ClipDecision => ({ type: 'cleared', what });

/** A take of shot 1. */
function take(n: number): LedgerRequest {
  const first = request(1);
  return n === 1 ? first : { ...first, key: `${first.key}@${n}`, fingerprint: `sha256:take-${n}`, take: n };
}

/** What every ledger must keep of what people say of clips. */
export function decidingContract(name: string, make: () => Promise<LedgerHarness>): void {
  describe(`${name} keeps decisions on clips as the contract says`, () => {
    let harness: LedgerHarness;
    let ledger: Ledger;
    beforeEach(async () => {
      harness = await make();
      ledger = harness.ledger;
      for (const n of [1, 2]) await send(take(n), accepted(`video_${n}`, 'completed'));
    });
    afterEach(() => harness.dispose());

    const send = async (sent: LedgerRequest, outcome: AttemptOutcome): Promise<void> => {
      const entries = await ledger.read(scope);
      const [planned] = reserve([sent], { entries });
      if (planned === undefined) return;
      const run = await ledger.startRun(spec([planned]));
      await run.settle(sent, (await run.claim(sent, planned.seen)).attempt, outcome);
      await run.close();
    };
    const decide = (n: number, decision: ClipDecision, on: Ledger = ledger, who = by) =>
      on.decideClips(scope, [{ task: { ...take(n), taskId: `video_${n}` }, decision }], who);
    const standing = async (on: Ledger = ledger) => decisionsOf(await on.read(scope));
    const pickedIn = async (on: Ledger = ledger) =>
      (await standing(on)).versions.get('sc010/sh1')?.picked ?? null;

    it('keeps a pick with who made it and when, changing nothing of what was paid', async () => {
      const before = await entryOf(ledger, take(2));
      harness.clock.time += 1000;
      expect(await decide(2, { type: 'picked', note: 'the smile' })).toEqual([true]);
      const { clipDecisions: decisions, seq, ...after } = await entryOf(ledger, take(2));
      expect({ ...after, seq: before.seq }).toEqual(before);
      expect(seq).toBeGreaterThan(before.seq);
      expect(decisions).toMatchObject([{ type: 'picked', by, taskId: 'video_2', note: 'the smile' }]);
      expect((await standing()).clips.get('video_2')).toEqual({
        ...{ decision: 'picked', reason: null, note: 'the smile', by, at: '2026-01-01T00:00:01.000Z' },
      });
      expect((await ledger.history(scope, take(2).key)).at(-1)).toMatchObject({
        ...{ type: 'picked', taskId: 'video_2', by, note: 'the smile', at: '2026-01-01T00:00:01.000Z' },
      });
    });

    it('has one pick a version: another one moves it, and taking that back brings no old one back', async () => {
      await decide(1, pick);
      await decide(2, pick);
      expect(await pickedIn()).toBe('video_2');
      expect((await standing()).clips.has('video_1')).toBe(false);
      await decide(2, clear('picked'));
      expect(await pickedIn()).toBeNull();
    });

    it('rejects with a reason, which ends a pick, and takes that back', async () => {
      await decide(1, pick);
      await decide(1, reject('hands', 'six fingers'));
      expect(await pickedIn()).toBeNull();
      expect((await standing()).clips.get('video_1')).toMatchObject({
        ...{ decision: 'rejected', reason: 'hands', note: 'six fingers' },
      });
      await decide(1, clear('rejected'));
      expect((await standing()).clips.has('video_1')).toBe(false);
    });

    it('keeps a note beside a decision, the latest one', async () => {
      await decide(1, { type: 'noted', note: 'nice light' });
      await decide(1, pick);
      expect((await standing()).clips.get('video_1')).toMatchObject({ note: 'nice light' });
      await decide(1, { type: 'noted', note: 'too dark after all' });
      expect((await standing()).clips.get('video_1')).toMatchObject({
        ...{ decision: 'picked', note: 'too dark after all' },
      });
      await decide(1, clear('noted'));
      expect((await standing()).clips.get('video_1')).toMatchObject({ decision: 'picked', note: null });
    });

    it('adds no event for what stands already', async () => {
      await decide(1, reject('face'));
      const { seq } = await ledger.totals(scope);
      expect(await decide(1, reject('face'))).toEqual([false]);
      expect(await decide(2, clear('picked'))).toEqual([false]);
      expect((await ledger.totals(scope)).seq).toBe(seq);
      expect(await decide(1, reject('hands'))).toEqual([true]);
    });

    it('refuses to pick what has no clip, and then keeps nothing of the same call', async () => {
      await send(take(3), accepted('video_3', 'queued'));
      const decisions = [1, 3].map((n) => ({ task: { ...take(n), taskId: `video_${n}` }, decision: pick }));
      await expect(ledger.decideClips(scope, decisions, by)).rejects.toThrow(ResolutionError);
      expect(await pickedIn()).toBeNull();
    });

    it('holds one pick when several people decide at once', async () => {
      const all = Array.from({ length: 12 }, (_, index) =>
        decide((index % 2) + 1, pick, index % 3 === 0 ? harness.elsewhere : ledger, `person-${index}@studio`),
      );
      const isNew = (await Promise.all(all)).flat();
      const events = (await ledger.read(scope)).flatMap(({ clipDecisions = [] }) => clipDecisions);
      expect(events).toHaveLength(isNew.filter(Boolean).length);
      const { picked, disagreement } = (await standing()).versions.get('sc010/sh1') ?? {};
      expect(['video_1', 'video_2']).toContain(picked);
      expect(disagreement).toEqual([]);
    });

    it('takes a decision along when its shot is renamed', async () => {
      await decide(2, pick);
      const { provider, project } = scope;
      const to = { project, key: 'sc020/new' };
      await ledger.adopt(provider, { from: { project, key: 'sc010/sh1' }, to }, by);
      expect((await standing()).versions.get('sc020/new')?.picked).toBe('video_2');
      expect(await ledger.verify((_, n) => take(n).fingerprint)).toEqual([]);
    });

    it('moves with the history, and tells where two picked differently: the later one holds', async () => {
      const other = await openLedger(':memory:', { clock: harness.clock });
      try {
        await other.takeIn(await ledger.exportHistory(null), null);
        await decide(1, pick);
        harness.clock.time += 1000;
        await decide(2, pick, other, 'anna@studio');
        const [here, there] = [await ledger.exportHistory(null), await other.exportHistory(null)];
        const taken = await ledger.takeIn(there, null);
        expect(taken.conflicts).toEqual([
          { key: 'sc010/sh1@2', message: expect.stringMatching(/anna@studio.*later pick holds/) },
        ]);
        expect((await other.takeIn(here, null)).conflicts).toHaveLength(1);
        for (const each of [ledger, other]) {
          expect(await pickedIn(each)).toBe('video_2');
          expect((await standing(each)).versions.get('sc010/sh1')?.disagreement).toHaveLength(2);
        }
        expect(await ledger.exportHistory(null)).toEqual(await other.exportHistory(null));
        expect((await ledger.takeIn(there, null)).conflicts).toEqual([]);
        expect(await decide(2, pick)).toEqual([true]);
        expect((await standing()).versions.get('sc010/sh1')?.disagreement).toEqual([]);
      } finally {
        await other.close();
      }
    });
  });
}
