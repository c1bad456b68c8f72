import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AttemptOutcome, Ledger, LedgerRequest } from '../../src/ledger/ledger.ts';
import { accepted, doubt, pending, request, requests, reserve, scope, spec } from '../ledger/samples.ts';
import type { LedgerHarness } from './ledger.ts';

/** What every ledger must tell without handing over all that it holds. */
export function readingContract(name: string, make: () => Promise<LedgerHarness>): void {
  describe(`${name} is read as the contract says`, () => {
    let harness: LedgerHarness;
    let ledger: Ledger;
    beforeEach(async () => {
      harness = await make();
      ledger = harness.ledger;
    });
    afterEach(() => harness.dispose());

    const send = async (sent: LedgerRequest, outcome: AttemptOutcome, price: number | null = 7) => {
      const run = await ledger.startRun(spec(reserve([sent], { price })));
      await run.settle(sent, (await run.claim(sent, pending)).attempt, outcome);
      await run.close();
    };
    const all = async (paging?: Parameters<Ledger['entries']>[1]) => {
      const found: string[] = [];
      for await (const { shot } of ledger.entries(scope, paging)) found.push(shot);
      return found;
    };

    it('gives requests page by page, in the order in which it reads them all', async () => {
      await (await ledger.startRun(spec(reserve(requests(7))))).close();
      const whole = (await ledger.read(scope)).map(({ shot }) => shot);
      expect(await all()).toEqual(whole);
      expect(await all({ limit: 3 })).toEqual(whole.slice(0, 3));
      expect(await all({ after: request(2), limit: 2 })).toEqual(whole.slice(3, 5));
      expect(await all({ after: request(6) })).toEqual([]);
    });

    it('counts and adds up', async () => {
      await send(request(1), accepted('video_1', 'failed'));
      await send(request(2), doubt);
      await send(request(3), accepted('video_3'), null);
      const totals = await ledger.totals(scope);
      expect(totals).toMatchObject({ requests: 3, billed: 3, seq: 6 });
      expect(totals.states).toMatchObject({ failed: 1, inDoubt: 1, queued: 1, completed: 0 });
      expect(totals.costs).toEqual([{ currency: 'CNY', cost: 14, unpriced: 1 }]);
      expect((await ledger.totals({ ...scope, project: 'other' })).requests).toBe(0);
    });

    it('tells what has changed since a position', async () => {
      await send(request(1), accepted('video_1'));
      const first = await ledger.changesSince(scope, 0);
      expect(first.entries.map(({ shot }) => shot)).toEqual(['sh1']);
      expect(await ledger.changesSince(scope, first.seq)).toEqual({ seq: first.seq, entries: [], tasks: [] });
      await send(request(2), accepted('video_2'));
      const next = await ledger.changesSince(scope, first.seq);
      expect(next.tasks.map(({ taskId }) => taskId)).toEqual(['video_2']);
      expect((await ledger.tasksSince(scope, first.seq)).tasks.map(({ taskId }) => taskId)).toEqual([
        'video_2',
      ]);
      expect((await ledger.tasksSince(scope, 0)).next).toBe(next.seq);
      const tail = await ledger.exportSince(scope.project, first.seq);
      expect(tail.events.map(({ key }) => key)).toEqual(['sc010/sh2', 'sc010/sh2']);
      expect(tail.seq).toBe(next.seq);
    });

    it('tells what it knows of what others say was sent', async () => {
      await send(request(1), accepted('video_1'));
      const [claimed] = await ledger.exportHistory(null);
      if (claimed === undefined) throw new Error('nothing was sent');
      const unknown = { id: '0'.repeat(32), at: claimed.at };
      const known = await ledger.knows({
        events: [claimed, unknown],
        taskIds: ['video_1', 'video_9'],
        fingerprints: [request(1).fingerprint, request(2).fingerprint],
      });
      expect([...known.events]).toEqual([claimed.id]);
      expect([...known.taskIds]).toEqual(['video_1']);
      expect([...known.fingerprints]).toEqual([request(1).fingerprint]);
    });

    it('tells whether a live run is sending', async () => {
      const run = await ledger.startRun(spec(reserve([request(1)])));
      expect(await ledger.isSending(scope)).toBe(false);
      await run.claim(request(1), pending);
      expect(await ledger.isSending(scope)).toBe(true);
      await run.close();
      expect(await ledger.isSending(scope)).toBe(false);
    });

    it('keeps what a look at a clip found, and that a person gave one up', async () => {
      await send(request(1), accepted('video_1', 'completed'));
      await send(request(2), accepted('video_2'));
      const collector = await ledger.startCollector(scope);
      const [one, two] = [
        { ...request(1), taskId: 'video_1' },
        { ...request(2), taskId: 'video_2' },
      ];
      await collector.fileSaved(one, { path: 'a.mp4', bytes: 1, sha256: 'ab', seconds: 5 });
      await collector.fileInspected(one, ['black']);
      expect(await collector.giveUpClip(one, 'mika@studio')).toBe(false);
      expect(await collector.giveUpClip(two, 'mika@studio')).toBe(true);
      await collector.close();
      const [first, second] = await ledger.read(scope);
      expect(first).toMatchObject({ state: 'completed', qc: ['black'] });
      expect(second).toMatchObject({ state: 'abandoned', isClipGivenUp: true, errorCode: 'clipGivenUp' });
    });
  });
}
