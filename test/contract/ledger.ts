import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isoTime } from '../../src/core/clock.ts';
import {
  type AttemptOutcome,
  BudgetError,
  ClaimLostError,
  type Ledger,
  type LedgerRequest,
  type LedgerRun,
  type RequestState,
  ResolutionError,
} from '../../src/ledger/ledger.ts';
import {
  accepted,
  doubt,
  entryOf,
  notSent,
  pending,
  refused,
  request,
  requests,
  reserve,
  scope,
  spec,
  type TestClock,
  throttled,
} from '../ledger/samples.ts';

/** A ledger to put through the contract. */
export interface LedgerHarness {
  readonly ledger: Ledger;
  /** The same ledger as another process has it; `ledger` itself where nobody else can open it. */
  readonly elsewhere: Ledger;
  readonly clock: TestClock;
  /** Slots are kept by a clock that no test sets: a server's. */
  readonly keepsOwnTime?: boolean;
  /** Closes both and removes what was made. */
  dispose(): Promise<void>;
}

/** What every ledger must keep, whatever it is made of. A run that is closed with open claims stands for one that died. */
export function ledgerContract(name: string, make: () => Promise<LedgerHarness>): void {
  describe(`${name} keeps the ledger's contract`, () => {
    let harness: LedgerHarness;
    let ledger: Ledger;
    let elsewhere: Ledger;
    let clock: TestClock;
    const shot = request(1);

    beforeEach(async () => {
      harness = await make();
      ({ ledger, elsewhere, clock } = harness);
    });
    afterEach(() => harness.dispose());

    const start = async (list: readonly LedgerRequest[], on: Ledger = ledger): Promise<LedgerRun> =>
      on.startRun(spec(reserve(list, { entries: await on.read(scope) })));

    /** Sends a request in a run of its own. */
    const send = async (sent: LedgerRequest, outcome: AttemptOutcome): Promise<void> => {
      const run = await start([sent]);
      const { state, attempts } = await entryOf(ledger, sent);
      await run.settle(sent, (await run.claim(sent, { state, attempts })).attempt, outcome);
      await run.close();
    };

    /** Claims a request in a run that ends before the answer comes. */
    const die = async (sent: LedgerRequest, on: Ledger = ledger): Promise<void> => {
      const run = await start([sent], on);
      await run.claim(sent, pending);
      await run.close();
    };

    describe('states', () => {
      it('knows nothing at first', async () => {
        expect(await ledger.read(scope)).toEqual([]);
        expect(await ledger.history(scope, shot.key)).toEqual([]);
      });

      it('keeps a reserved request as it is, pending and free', async () => {
        await start([shot]);
        expect(await entryOf(elsewhere, shot)).toEqual({
          ...shot,
          ...{ state: 'pending', attempts: 0, cost: 0, billed: 0, charges: [], currency: null, taskId: null },
          ...{ errorCode: null, error: null, submittedAt: null, completedAt: null, videoUrl: null },
          times: { answeredAt: null, processingAt: null, endedAt: null, savedAt: null },
          ...{ actualDuration: null, file: null, runId: null, seq: 0 },
        });
      });

      it('shows a claim of a live run as sending, and counts it as billed', async () => {
        const run = await start([shot]);
        expect((await run.claim(shot, pending)).attempt).toBe(1);
        expect(await entryOf(elsewhere, shot)).toMatchObject({
          ...{ state: 'sending', attempts: 1, billed: 1, cost: 7, currency: 'CNY', runId: run.id },
          ...{ submittedAt: isoTime(clock.time), errorCode: null, error: null },
        });
      });

      const ends: readonly [AttemptOutcome, RequestState, number][] = [
        [accepted('video_1'), 'queued', 1],
        [accepted('video_1', 'failed'), 'failed', 1],
        [accepted('video_1', 'completed'), 'completed', 1],
        [notSent, 'pending', 0],
        [throttled, 'pending', 0],
        [refused, 'refused', 0],
        [doubt, 'inDoubt', 1],
      ];
      it.each(ends)('folds %o', async (outcome, state, billed) => {
        await send(shot, outcome);
        const entry = await entryOf(elsewhere, shot);
        expect(entry).toMatchObject({ state, attempts: 1, billed, cost: billed * 7 });
        expect(entry.taskId).toBe(outcome.kind === 'accepted' ? 'video_1' : null);
        expect(entry.errorCode).toBe(outcome.kind === 'accepted' ? null : outcome.code);
        expect(entry.error).toBe(outcome.error);
      });

      it('promise 5: a claim of a dead run reads as in doubt at once, with no repair', async () => {
        await die(shot, elsewhere);
        const entry = await entryOf(ledger, shot);
        expect(entry).toMatchObject({ state: 'inDoubt', attempts: 1, billed: 1, errorCode: 'runEnded' });
        expect((await ledger.history(scope, shot.key)).map(({ type }) => type)).toEqual(['claimed']);
      });

      it('promise 8: keeps every attempt, its price and its answer, in order', async () => {
        await send(shot, notSent);
        clock.time += 1000;
        await send(shot, accepted('video_1', 'failed'));
        const history = await elsewhere.history(scope, shot.key);
        expect(history.map(({ type }) => type)).toEqual(['claimed', 'settled', 'claimed', 'settled']);
        expect(history[2]).toMatchObject({
          ...{ key: shot.key, fingerprint: shot.fingerprint, at: isoTime(clock.time) },
          ...{ attempt: 2, price: 7, currency: 'CNY' },
        });
        expect(history[3]).toMatchObject({ attempt: 2, outcome: accepted('video_1', 'failed') });
        expect(history.map(({ seq }) => seq)).toEqual(
          [...history.map(({ seq }) => seq)].sort((a, b) => a - b),
        );
      });

      it('promise 8: keeps the old version of an edited shot beside the new one', async () => {
        await send(shot, accepted('video_1'));
        await send(request(1, 2), accepted('video_2'));
        const entries = await ledger.read(scope);
        expect(entries.map(({ fingerprint, taskId }) => [fingerprint, taskId])).toEqual([
          [shot.fingerprint, 'video_1'],
          [request(1, 2).fingerprint, 'video_2'],
        ]);
        expect(await ledger.history(scope, shot.key)).toHaveLength(4);
      });

      it('reads in the order of first reservation', async () => {
        await start([request(5), request(2)]);
        await start([request(9), request(2), request(1)]);
        expect((await ledger.read(scope)).map(({ shot: id }) => id)).toEqual(['sh5', 'sh2', 'sh9', 'sh1']);
      });

      it('keeps providers and projects apart', async () => {
        await send(shot, accepted('video_1'));
        const rehearsal = { ...scope, provider: 'loopback' };
        expect(await ledger.read(rehearsal)).toEqual([]);
        expect(await ledger.read({ ...scope, project: 'other' })).toEqual([]);
        const run = await ledger.startRun(spec(reserve([shot]), { scope: rehearsal }));
        expect((await run.claim(shot, pending)).attempt).toBe(1);
      });
    });

    describe('claims', () => {
      it('promise 4: gives a request to one of two runs', async () => {
        const [here, there] = [await start([shot]), await start([shot], elsewhere)];
        const claims = await Promise.allSettled([here.claim(shot, pending), there.claim(shot, pending)]);
        expect(claims.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
        const lost = claims.find((claim) => claim.status === 'rejected');
        expect(lost?.reason).toBeInstanceOf(ClaimLostError);
        expect(lost?.reason).toMatchObject({ key: shot.key });
        expect(await entryOf(ledger, shot)).toMatchObject({ attempts: 1 });
      });

      it('gives each of many claims of one moment its own result', async () => {
        const list = requests(64);
        const [here, there] = [await start(list), await start(list, elsewhere)];
        for (const taken of list.slice(0, 10)) await there.claim(taken, pending);
        const claims = await Promise.allSettled(list.map((wanted) => here.claim(wanted, pending)));
        const lost = claims.filter(({ status }) => status === 'rejected');
        expect(lost).toHaveLength(10);
        expect(claims.slice(0, 10)).toEqual(lost);
        expect((await elsewhere.read(scope)).every(({ state }) => state === 'sending')).toBe(true);
      });

      it('promise 1: fails when the state or the attempts have moved', async () => {
        const run = await start([shot]);
        await expect(run.claim(shot, { state: 'failed', attempts: 0 })).rejects.toThrow(ClaimLostError);
        await run.settle(shot, (await run.claim(shot, pending)).attempt, notSent);
        await expect(run.claim(shot, pending)).rejects.toThrow(ClaimLostError);
        expect((await run.claim(shot, { state: 'pending', attempts: 1 })).attempt).toBe(2);
      });

      it('promise 3: never claims what is being sent or in doubt, whatever was seen', async () => {
        const run = await start([shot]);
        const { attempt } = await run.claim(shot, pending);
        await expect(run.claim(shot, { state: 'sending', attempts: 1 })).rejects.toThrow(ClaimLostError);
        await run.settle(shot, attempt, doubt);
        await expect(run.claim(shot, { state: 'inDoubt', attempts: 1 })).rejects.toThrow(ClaimLostError);
      });

      it('promise 12: never claims what another run has sent under a new name meanwhile', async () => {
        const renamed = { ...shot, key: 'sc010/renamed', shot: 'renamed' };
        const run = await start([shot]);
        const other = await start([renamed], elsewhere);
        const { attempt } = await other.claim(renamed, pending);
        await expect(run.claim(shot, pending)).rejects.toThrow(ClaimLostError);
        await other.settle(renamed, attempt, accepted('video_1'));
        await other.close();
        await expect(run.claim(shot, pending)).rejects.toThrow('sc010/renamed');
        await run.close();
        // A plan that was made since knew of it, and wants it all the same: two shots may ask for the same.
        const later = await start([shot]);
        expect((await later.claim(shot, pending)).attempt).toBe(1);
      });

      it('promise 3: holds back an edited shot while its older version is sending or in doubt', async () => {
        const edited = request(1, 2);
        const run = await start([shot, edited]);
        const { attempt } = await run.claim(shot, pending);
        await expect(run.claim(edited, pending)).rejects.toThrow(/another version of it is being sent/);
        await run.settle(shot, attempt, doubt);
        await expect(run.claim(edited, pending)).rejects.toThrow(/another version of it is in doubt/);
        await ledger.resolve(scope, shot, { kind: 'abandoned' }, 'mika@studio');
        expect((await run.claim(edited, pending)).attempt).toBe(1);
      });

      it('takes no request that the run has not reserved, and no answer to an attempt that is not open', async () => {
        const run = await start([shot]);
        await expect(run.claim(request(2), pending)).rejects.toThrow(/has not reserved/);
        await expect(run.settle(shot, 1, doubt)).rejects.toThrow(/not open/);
        await run.settle(shot, (await run.claim(shot, pending)).attempt, refused);
        await expect(run.settle(shot, 1, doubt)).rejects.toThrow(/not open/);
        expect(await entryOf(ledger, shot)).toMatchObject({ state: 'refused' });
      });

      it('takes no claim once the run is closed', async () => {
        const run = await start([shot]);
        await run.close();
        await run.close();
        await expect(run.claim(shot, pending)).rejects.toThrow(/is closed/);
      });

      it('records an answer whose id another request has already: the provider said so', async () => {
        await send(shot, accepted('video_1'));
        await send(request(2), accepted('video_1'));
        expect(await entryOf(ledger, request(2))).toMatchObject({ state: 'queued', taskId: 'video_1' });
      });
    });

    describe('accounting', () => {
      it('adds up the attempts of a request that failed and was sent again', async () => {
        await send(shot, accepted('video_1', 'failed'));
        await send(shot, accepted('video_2'));
        expect(await entryOf(ledger, shot)).toMatchObject({
          ...{ state: 'queued', taskId: 'video_2', attempts: 2, billed: 2, cost: 14, error: null },
        });
      });

      it('counts attempts that never arrived, and bills nothing for them', async () => {
        await send(shot, notSent);
        await send(shot, throttled);
        await send(shot, accepted('video_1'));
        expect(await entryOf(ledger, shot)).toMatchObject({ attempts: 3, billed: 1, cost: 7 });
      });

      it('says that a cost is not known where a price was not', async () => {
        const run = await ledger.startRun(spec(reserve([shot], { price: null })));
        await run.settle(shot, (await run.claim(shot, pending)).attempt, accepted('video_1'));
        expect(await entryOf(ledger, shot)).toMatchObject({ billed: 1, cost: null });
      });

      it('says that a cost is not known where it was paid in two currencies', async () => {
        await send(shot, accepted('video_1', 'failed'));
        const again = reserve([shot], { entries: await ledger.read(scope) });
        const run = await ledger.startRun(spec(again, { currency: 'EUR' }));
        await run.claim(shot, { state: 'failed', attempts: 1 });
        expect(await entryOf(ledger, shot)).toMatchObject({ billed: 2, cost: null, currency: 'EUR' });
      });
    });

    describe('starting a run', () => {
      it('promise 1: reserves nothing that has moved since the plan, and lets the rest be sent', async () => {
        await send(shot, accepted('video_1'));
        const run = await start([request(2), shot]);
        await expect(run.claim(shot, pending)).rejects.toMatchObject({
          key: shot.key,
          message: expect.stringContaining('queued'),
        });
        await expect(run.claim(shot, pending)).rejects.toThrow(ClaimLostError);
        expect((await run.claim(request(2), pending)).attempt).toBe(1);
      });

      it('does not send an edited shot whose older version is in doubt', async () => {
        await die(shot);
        const run = await start([request(1, 2)]);
        await expect(run.claim(request(1, 2), pending)).rejects.toThrow(ClaimLostError);
      });

      it('promise 7: counts a request once that two live runs have reserved', async () => {
        const limits = { maxCost: null, maxRequests: 3 };
        const first = await ledger.startRun(spec(reserve(requests(3)), { limits }));
        const second = await ledger.startRun(spec(reserve(requests(3)), { limits }));
        await expect(ledger.startRun(spec(reserve(requests(4)), { limits }))).rejects.toThrow(BudgetError);
        await Promise.all([first.close(), second.close()]);
      });

      it('promise 7: allows a budget to be met exactly, and refuses to cross it', async () => {
        const three = reserve(requests(3), { price: 0.1 });
        const at = (maxCost: number | null, maxRequests: number | null) =>
          ledger.startRun(spec(three, { limits: { maxCost, maxRequests } }));
        await expect(at(0.29, null)).rejects.toThrow(BudgetError);
        await expect(at(null, 2)).rejects.toThrow(/3 requests, over budget.maxRequests of 2 requests/);
        expect(await ledger.read(scope)).toEqual([]);
        await (await at(0.3, 3)).close();
      });

      it('promise 7: counts what was spent, in doubt included, and nothing that was free', async () => {
        await send(request(1), accepted('video_1', 'failed'));
        await send(request(2), doubt);
        await send(request(3), refused);
        await die(request(4));
        await ledger.resolve(scope, request(4), { kind: 'notSubmitted' }, 'mika@studio');
        await die(request(5));
        await ledger.resolve(scope, request(5), { kind: 'abandoned' }, 'mika@studio');
        const one = (limits: { maxCost: number | null; maxRequests: number | null }) =>
          ledger.startRun(spec(reserve([request(6)]), { limits }));
        await expect(one({ maxCost: 27, maxRequests: null })).rejects.toThrow(
          /28 CNY.*21 CNY spent.*7 CNY in this plan/,
        );
        await expect(one({ maxCost: null, maxRequests: 3 })).rejects.toThrow(/4 requests/);
        await (await one({ maxCost: 28, maxRequests: 4 })).close();
      });

      it('promise 7: counts what live runs have reserved, until they send it, or end', async () => {
        const limits = { maxCost: 21, maxRequests: null };
        const other = await elsewhere.startRun(spec(reserve(requests(2)), { limits }));
        const mine = () => ledger.startRun(spec(reserve([request(7), request(8)]), { limits }));
        await expect(mine()).rejects.toThrow(/28 CNY.*0 CNY spent, 14 CNY reserved by other runs/);
        await other.settle(request(0), (await other.claim(request(0), pending)).attempt, accepted('video_1'));
        await expect(mine()).rejects.toThrow(/28 CNY.*7 CNY spent, 7 CNY reserved by other runs/);
        await other.settle(request(1), (await other.claim(request(1), pending)).attempt, throttled);
        await expect(mine()).rejects.toThrow(/7 CNY reserved by other runs/);
        await other.close();
        await (await mine()).close();
      });

      it('promise 7: does not start where a price is not known and a cost is limited', async () => {
        const limits = { maxCost: 100, maxRequests: null };
        const unpriced = reserve([shot], { price: null });
        await expect(ledger.startRun(spec(unpriced, { limits }))).rejects.toThrow(/videos has no price/);
        const run = await ledger.startRun(spec(unpriced));
        await run.claim(shot, pending);
        await run.close();

        const next = reserve([{ ...request(2), model: 'other' }]);
        await expect(ledger.startRun(spec(next, { limits }))).rejects.toThrow(/videos has no price/);
        await (await ledger.startRun(spec(next, { limits, prices: { videos: 93 } }))).close();
        await expect(ledger.startRun(spec(next, { limits, prices: { videos: 94 } }))).rejects.toThrow(
          /101 CNY/,
        );
      });

      it('promise 7: does not add up currencies', async () => {
        await send(shot, accepted('video_1'));
        const limits = { maxCost: 100, maxRequests: null };
        const euros = spec(reserve([request(2)]), { currency: 'EUR', limits });
        await expect(ledger.startRun(euros)).rejects.toThrow(
          /it is in EUR, and this project has paid in CNY/,
        );
        await (await ledger.startRun({ ...euros, currency: null })).close();
      });

      it('bounds a project by its own spending only', async () => {
        await send(shot, accepted('video_1'));
        const other = { scope: { ...scope, project: 'other' }, limits: { maxCost: 7, maxRequests: 1 } };
        await (await ledger.startRun(spec(reserve([shot]), other))).close();
      });
    });

    describe('settling doubt', () => {
      const by = 'ren@studio';

      it('takes a task id, and remembers who said so and when', async () => {
        await die(shot);
        clock.time += 60_000;
        const entry = await elsewhere.resolve(scope, shot, { kind: 'taskId', taskId: 'video_9' }, by);
        expect(entry).toMatchObject({
          ...shot,
          state: 'queued',
          taskId: 'video_9',
          billed: 1,
          cost: 7,
          error: null,
        });
        expect(await entryOf(ledger, shot)).toEqual(entry);
        expect((await ledger.history(scope, shot.key)).at(-1)).toEqual({
          ...{ seq: entry.seq, key: shot.key, fingerprint: shot.fingerprint, at: isoTime(clock.time) },
          ...{ type: 'resolved', attempt: 1, resolution: { kind: 'taskId', taskId: 'video_9' }, by },
        });
      });

      it('refuses an id that another request holds, or an earlier attempt', async () => {
        await send(request(2), accepted('video_2'));
        await send(shot, accepted('video_1', 'failed'));
        await send(shot, doubt);
        const settle = (taskId: string) => ledger.resolve(scope, shot, { kind: 'taskId', taskId }, by);
        await expect(settle('video_2')).rejects.toThrow(/belongs to sc010\/sh2/);
        await expect(settle('video_1')).rejects.toThrow(/earlier attempt/);
        await expect(settle(' ')).rejects.toThrow(ResolutionError);
        expect(await entryOf(ledger, shot)).toMatchObject({ state: 'inDoubt' });
      });

      it('frees what was not submitted, and bills nothing for it', async () => {
        await send(shot, doubt);
        await ledger.resolve(scope, shot, { kind: 'notSubmitted' }, by);
        expect(await entryOf(ledger, shot)).toMatchObject({
          state: 'pending',
          attempts: 1,
          billed: 0,
          cost: 0,
          error: null,
        });
        await send(shot, accepted('video_1'));
        expect(await entryOf(ledger, shot)).toMatchObject({ state: 'queued', attempts: 2, billed: 1 });
      });

      it('abandons at full cost, and reopens to what it was', async () => {
        await send(shot, doubt);
        const before = await entryOf(ledger, shot);
        const abandoned = await ledger.resolve(scope, shot, { kind: 'abandoned' }, by);
        expect(abandoned).toMatchObject({ state: 'abandoned', billed: 1, cost: 7 });
        const reopened = await ledger.resolve(scope, shot, { kind: 'reopened' }, by);
        expect(reopened).toEqual({ ...before, seq: reopened.seq });
      });

      it('promise 5: leaves a claim of a live run alone', async () => {
        const run = await start([shot], elsewhere);
        await run.claim(shot, pending);
        const settle = ledger.resolve(scope, shot, { kind: 'notSubmitted' }, by);
        await expect(settle).rejects.toThrow(ResolutionError);
        await expect(settle).rejects.toThrow(/live run/);
        await run.settle(shot, 1, accepted('video_1'));
      });

      describe('correcting', () => {
        const found = (taskId: string) => ({ kind: 'taskId', taskId }) as const;
        const settle = (resolution: Parameters<Ledger['resolve']>[2], of = shot) =>
          ledger.resolve(scope, of, resolution, by);

        it('puts another id, or another word, in the place of a decision, and rewrites nothing', async () => {
          await send(shot, doubt);
          await settle(found('video_1'));
          expect(await settle(found('video_2'))).toMatchObject({
            state: 'queued',
            taskId: 'video_2',
            billed: 1,
          });
          expect(await settle({ kind: 'notSubmitted' })).toMatchObject({ state: 'pending', billed: 0 });
          expect(await settle(found('video_3'))).toMatchObject({ state: 'queued', cost: 7 });
          const history = await elsewhere.history(scope, shot.key);
          expect(history.flatMap((event) => (event.type === 'resolved' ? [event.isCorrection] : []))).toEqual(
            [...[undefined, true, true, true]],
          );
          expect(await ledger.tasks(scope)).toMatchObject([{ taskId: 'video_3' }]);
        });

        it('takes a decision back, and is in doubt as before', async () => {
          await send(shot, doubt);
          const before = await entryOf(ledger, shot);
          for (const word of [found('video_1'), { kind: 'notSubmitted' }, { kind: 'abandoned' }] as const) {
            expect((await settle(word)).decision).toMatchObject({ resolution: word, by });
            const back = await settle({ kind: 'reopened' });
            expect(back).toEqual({ ...before, seq: back.seq });
          }
          await expect(settle({ kind: 'reopened' })).rejects.toThrow(/no decision to take back/);
        });

        it('frees the id, so that two that were swapped can be put right', async () => {
          await send(shot, doubt);
          await send(request(2), doubt);
          await settle(found('video_2'));
          await settle(found('video_1'), request(2));
          await expect(settle(found('video_1'))).rejects.toThrow(/belongs to sc010\/sh2/);
          await settle({ kind: 'reopened' }, request(2));
          await settle(found('video_1'));
          await settle(found('video_2'), request(2));
          expect(await ledger.read(scope)).toMatchObject([{ taskId: 'video_1' }, { taskId: 'video_2' }]);
          const all = [shot.fingerprint, request(2).fingerprint];
          expect(await ledger.verify(() => all)).toEqual([]);
        });

        it('gives an id that was wrong to whom the provider gave it', async () => {
          await send(shot, doubt);
          await settle(found('video_2'));
          await send(request(2), accepted('video_2'));
          await settle({ kind: 'notSubmitted' });
          await expect(settle(found('video_2'))).rejects.toThrow(/belongs to sc010\/sh2/);
        });

        it('keeps what something was sent on the strength of, but counts a task that turns up', async () => {
          await send(shot, doubt);
          await settle({ kind: 'notSubmitted' });
          await send(shot, accepted('video_2'));
          await expect(settle({ kind: 'abandoned' })).rejects.toThrow(/sent again on the strength/);
          await expect(settle({ kind: 'reopened' })).rejects.toThrow(/attempt 2 is there/);
          expect(await entryOf(ledger, shot)).toMatchObject({ billed: 1, cost: 7 });
          const both = await settle(found('video_1'));
          expect(both).toMatchObject({ state: 'queued', taskId: 'video_2', billed: 2, cost: 14 });
          expect((await ledger.tasks(scope)).map(({ taskId }) => taskId)).toEqual(['video_1', 'video_2']);
        });

        it('refuses the same word again, and every word about what the provider answered', async () => {
          await send(shot, doubt);
          await settle({ kind: 'notSubmitted' });
          await expect(settle({ kind: 'notSubmitted' })).rejects.toThrow(/settled like that already/);
          await send(request(2), accepted('video_1'));
          await expect(settle(found('video_3'), request(2))).rejects.toThrow(/no doubt to settle/);
        });

        it('leaves alone whoever is still busy with a task that was taken back', async () => {
          await send(shot, doubt);
          await settle(found('video_1'));
          const collector = await elsewhere.startCollector(scope);
          const task = { ...shot, taskId: 'video_1' };
          await settle(found('video_2'));
          const news = { ...{ error: null, videoUrl: null, actualDuration: 5 }, taskId: 'video_1' };
          await ledger.updateTask(scope, shot, { ...news, status: 'completed' });
          expect(await collector.takeDownload(task)).not.toBeNull();
          await collector.close();
          expect(await entryOf(ledger, shot)).toMatchObject({ state: 'queued', taskId: 'video_2' });
        });
      });

      it('refuses decisions about what is not in doubt, and about what it does not hold', async () => {
        await send(shot, accepted('video_1'));
        for (const kind of ['notSubmitted', 'abandoned', 'reopened'] as const) {
          await expect(ledger.resolve(scope, shot, { kind }, by)).rejects.toThrow(ResolutionError);
        }
        await expect(ledger.resolve(scope, request(2), { kind: 'abandoned' }, by)).rejects.toThrow(
          ResolutionError,
        );
        expect(await ledger.history(scope, shot.key)).toHaveLength(2);
      });
    });

    describe('tasks', () => {
      const nothing = { taskId: 'video_1', error: null, videoUrl: null, actualDuration: null } as const;
      const url = 'https://cdn.example.com/1.mp4';
      const done = { ...nothing, status: 'completed', videoUrl: url, actualDuration: 5.04 } as const;

      it('records what is new, and nothing else', async () => {
        await send(shot, accepted('video_1'));
        await ledger.updateTask(scope, shot, { ...nothing, status: 'queued' });
        await ledger.updateTask(scope, shot, { ...nothing, status: 'processing' });
        clock.time += 5000;
        await ledger.updateTask(scope, shot, done);
        await ledger.updateTask(scope, shot, done);
        expect(await ledger.history(scope, shot.key)).toHaveLength(4);
        expect(await entryOf(elsewhere, shot)).toMatchObject({
          ...{ state: 'completed', videoUrl: url, actualDuration: 5.04, completedAt: isoTime(clock.time) },
        });
      });

      it('knows when a task was answered, seen in processing, and seen at its end', async () => {
        const none = { answeredAt: null, processingAt: null, endedAt: null, savedAt: null };
        const run = await start([shot]);
        await run.claim(shot, pending);
        expect((await entryOf(elsewhere, shot)).times).toEqual(none);
        clock.time += 1000;
        const answeredAt = isoTime(clock.time);
        await run.settle(shot, 1, accepted('video_1'));
        await run.close();
        clock.time += 1000;
        const processingAt = isoTime(clock.time);
        await ledger.updateTask(scope, shot, { ...nothing, status: 'processing' });
        clock.time += 1000;
        await ledger.updateTask(scope, shot, { ...nothing, status: 'processing' });
        const endedAt = isoTime(clock.time);
        await ledger.updateTask(scope, shot, { ...nothing, status: 'failed', error: 'why' });
        expect(await entryOf(elsewhere, shot)).toMatchObject({
          ...{ state: 'failed', completedAt: null },
          times: { answeredAt, processingAt, endedAt, savedAt: null },
        });
      });

      it('never moves an end back, and takes nothing away', async () => {
        await send(shot, accepted('video_1'));
        await ledger.updateTask(scope, shot, done);
        const before = await entryOf(ledger, shot);
        await ledger.updateTask(scope, shot, { ...nothing, status: 'processing' });
        await ledger.updateTask(scope, shot, { ...nothing, status: 'failed', error: 'late' });
        await ledger.updateTask(scope, shot, { ...nothing, status: 'completed' });
        expect(await entryOf(ledger, shot)).toEqual(before);
      });

      it('does not take the answer about an earlier task for one about the current task', async () => {
        await send(shot, accepted('video_1', 'failed'));
        await send(shot, accepted('video_2'));
        await ledger.updateTask(scope, shot, { ...nothing, status: 'failed', error: 'why it failed' });
        expect(await entryOf(ledger, shot)).toMatchObject({
          state: 'queued',
          taskId: 'video_2',
          error: null,
        });
        expect(await ledger.history(scope, shot.key)).toHaveLength(5);
      });

      it('knows no tasks but those it was told of', async () => {
        await expect(ledger.updateTask(scope, shot, done)).rejects.toThrow(/has no task video_1/);
        await send(shot, refused);
        await expect(ledger.updateTask(scope, shot, done)).rejects.toThrow(/has no task video_1/);
      });
    });

    describe('clips', () => {
      const url = 'https://cdn.example.com/1.mp4?Signature=secret';
      const end = { taskId: 'video_1', status: 'completed', error: null, actualDuration: 5 } as const;
      const done = { ...end, videoUrl: url };
      const file = { path: 'renders/sh1_v001.mp4', bytes: 7, sha256: 'abc', seconds: 5 } as const;
      const task = { key: shot.key, fingerprint: shot.fingerprint, taskId: 'video_1' };
      const nothing = { stem: null, validator: null, size: null, whole: null } as const;
      const begun = { stem: '/renders/sh1_v001', validator: '"1"', size: 7, whole: null } as const;

      it('shows the latest URL of a task, and keeps none in the history', async () => {
        await send(shot, accepted('video_1'));
        await ledger.updateTask(scope, shot, done);
        await ledger.updateTask(scope, shot, { ...done, videoUrl: `${url}2` });
        expect(await entryOf(elsewhere, shot)).toMatchObject({ videoUrl: `${url}2`, file: null });
        const history = await elsewhere.history(scope, shot.key);
        expect(history).toHaveLength(3);
        expect(JSON.stringify(history)).not.toContain('Signature');
      });

      it('keeps path, size and SHA-256 of a file that is safe, and forgets its URL', async () => {
        await send(shot, accepted('video_1'));
        await ledger.updateTask(scope, shot, done);
        const collector = await ledger.startCollector(scope);
        expect(await collector.takeDownload(task)).toEqual(nothing);
        const savedAt = isoTime(clock.time);
        await collector.fileSaved(task, file);
        clock.time += 1000;
        await collector.fileSaved(task, file);
        expect(await entryOf(elsewhere, shot)).toMatchObject({
          ...{ state: 'completed', file, videoUrl: null, times: { savedAt } },
        });
        expect((await elsewhere.history(scope, shot.key)).map(({ type }) => type)).toEqual([
          ...['claimed', 'settled', 'task', 'saved'],
        ]);
        // Late answers bring no URL back, and a safe file is not taken again.
        await ledger.updateTask(scope, shot, done);
        expect(await entryOf(elsewhere, shot)).toMatchObject({ file, videoUrl: null });
        expect(await collector.takeDownload(task)).toBeNull();
        await collector.close();
      });

      it('gives a download to one live collector, and as far as it came to the next', async () => {
        await send(shot, accepted('video_1', 'completed'));
        const here = await ledger.startCollector(scope);
        const there = await elsewhere.startCollector(scope);
        expect(await here.takeDownload(task)).toEqual(nothing);
        expect(await here.noteDownload(task, begun)).toBe(true);
        expect(await there.takeDownload(task)).toBeNull();
        await here.leaveDownload(task);
        expect(await there.takeDownload(task)).toEqual(begun);
        const whole = { ...begun, whole: { extension: 'mp4', sha256: 'abc' } };
        await there.noteDownload(task, whole);
        expect(await here.takeDownload(task)).toBeNull();
        // A collector that is gone holds nothing.
        await there.close();
        expect(await here.takeDownload(task)).toEqual(whole);
        await here.close();
      });

      it('gives a name to one download, also where disks know no case', async () => {
        await send(shot, accepted('video_1', 'completed'));
        await send(request(2), accepted('video_2', 'completed'));
        const other = { key: request(2).key, fingerprint: request(2).fingerprint, taskId: 'video_2' };
        const collector = await ledger.startCollector(scope);
        await collector.takeDownload(task);
        await collector.takeDownload(other);
        expect(await collector.noteDownload(task, begun)).toBe(true);
        expect(await collector.noteDownload(task, begun)).toBe(true);
        const meeting = { ...begun, stem: '/renders/SH1_V001' };
        expect(await collector.noteDownload(other, meeting)).toBe(false);
        await collector.fileSaved(task, file);
        expect(await collector.noteDownload(other, meeting)).toBe(true);
        await collector.close();
      });

      it('lists every task that was accepted, those of earlier attempts included', async () => {
        await send(shot, accepted('video_1', 'failed'));
        await send(request(2), refused);
        await send(shot, accepted('video_2'));
        expect(await elsewhere.tasks(scope)).toMatchObject([
          { key: shot.key, taskId: 'video_1', status: 'failed', file: null },
          { key: shot.key, taskId: 'video_2', status: 'queued', videoUrl: null },
        ]);
        expect(await elsewhere.tasks({ ...scope, project: 'other' })).toEqual([]);
      });

      it('knows no downloads but those of its tasks', async () => {
        const collector = await ledger.startCollector(scope);
        await expect(collector.takeDownload(task)).rejects.toThrow(/has no task video_1/);
        await collector.close();
      });
    });

    describe('pace', () => {
      const paced = (intervalMs: number | null, on: Ledger = ledger) =>
        on.startRun(spec(reserve([request(Math.trunc(intervalMs ?? 0))]), { intervalMs }));

      it('asks nobody to wait where no live run has a rate', async () => {
        const run = await paced(null);
        expect([await run.nextSlot(), await run.nextSlot()]).toEqual([0, 0]);
        await (await paced(500, elsewhere)).close();
        expect(await run.nextSlot()).toBe(0);
      });

      /** Slots, as they are due for questions of one moment; by a clock of its own, less what has passed since. */
      const expectSlots = (slots: readonly number[], due: readonly number[], askedAt: number): void => {
        const passed = harness.keepsOwnTime === true ? performance.now() - askedAt : 0;
        for (const [index, ms] of due.entries()) {
          expect(slots[index]).toBeLessThanOrEqual(ms);
          expect(slots[index]).toBeGreaterThanOrEqual(Math.max(0, ms - passed));
        }
      };

      it('spaces requests evenly, by the strictest rate of all live runs', async () => {
        const [fast, slow] = [await paced(500), await paced(2000, elsewhere)];
        const free = await paced(null);
        const askedAt = performance.now();
        const slots = [await fast.nextSlot(), await slow.nextSlot(), await free.nextSlot()];
        expectSlots(slots, [0, 2000, 4000], askedAt);
        await slow.close();
        expectSlots([await fast.nextSlot()], [4500], askedAt);
        if (harness.keepsOwnTime === true) return;
        clock.time += 60_000;
        expect(await fast.nextSlot()).toBe(0);
      });

      it('keeps the spacing of slots asked for in one moment', async () => {
        const run = await paced(250);
        const askedAt = performance.now();
        const slots = await Promise.all([run.nextSlot(), run.nextSlot(), run.nextSlot()]);
        expectSlots(slots, [0, 250, 500], askedAt);
      });

      it('keeps the spacing, and makes nobody wait, when people set the clock', async () => {
        const run = await paced(1000);
        const askedAt = performance.now();
        expect(await run.nextSlot()).toBe(0);
        for (const [index, correction] of [86_400_000, -3_600_000].entries()) {
          clock.correction = correction;
          const due = harness.keepsOwnTime === true ? 1000 * (index + 1) : 1000;
          expectSlots([await run.nextSlot()], [due], askedAt);
          clock.time += 1000;
        }
      });

      it('begins anew on a machine that was started again', async () => {
        const run = await paced(1000);
        const askedAt = performance.now();
        await run.nextSlot();
        await run.nextSlot();
        clock.time -= 3_600_000;
        expectSlots([await run.nextSlot()], [2000], askedAt);
      });
    });
  });
}
