import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type AttemptOutcome,
  type Ledger,
  type LedgerRequest,
  ResolutionError,
} from '../../src/ledger/ledger.ts';
import type { Renaming } from '../../src/ledger/model/moving.ts';
import {
  accepted,
  doubt,
  entryOf,
  notSent,
  refused,
  request,
  reserve,
  scope,
  spec,
} from '../ledger/samples.ts';
import type { LedgerHarness } from './ledger.ts';

const by = 'mika@studio';
const { project, provider } = scope;
const rename = (from: string, to: string): Renaming => ({
  from: { project, key: from },
  to: { project, key: to },
});

/** What every ledger must keep when history moves: renames, approved plans, exchange with other ledgers. */
export function movingContract(name: string, make: () => Promise<LedgerHarness>): void {
  describe(`${name} moves history as the contract says`, () => {
    let harness: LedgerHarness;
    let ledger: Ledger;
    const shot = request(1);
    const moved: LedgerRequest = { ...shot, key: 'sc020/new', scene: 'sc020', shot: 'new' };

    beforeEach(async () => {
      harness = await make();
      ledger = harness.ledger;
    });
    afterEach(() => harness.dispose());

    const send = async (
      sent: LedgerRequest,
      outcome: AttemptOutcome | null,
      plan?: string,
    ): Promise<void> => {
      const entries = await ledger.read(scope);
      const [planned] = reserve([sent], { entries });
      const run = await ledger.startRun(spec(planned === undefined ? [] : [planned], { plan }));
      const { attempt } = await run.claim(sent, planned?.seen ?? { state: 'pending', attempts: 0 });
      if (outcome !== null) await run.settle(sent, attempt, outcome);
      await run.close();
    };

    describe('a rename', () => {
      it('files what was paid under the new name, whole and under all its parts', async () => {
        await send(shot, accepted('video_1'));
        expect(await ledger.adopt(provider, rename('sc010/sh1', 'sc020/new'), by)).toEqual([
          { from: { project, key: 'sc010/sh1' }, to: { project, key: 'sc020/new' } },
        ]);
        const entries = await ledger.read(scope);
        expect(entries).toHaveLength(1);
        expect(entries[0]).toMatchObject({ ...moved, state: 'queued', taskId: 'video_1', cost: 7 });
      });

      it('takes variants and takes along, and leaves keys alone that only begin alike', async () => {
        const tall = { ...request(2), key: 'sc010/sh1:tall', variant: 'tall' };
        const second = { ...request(3), key: 'sc010/sh1:tall@2', variant: 'tall', take: 2 };
        const other = { ...request(4), key: 'sc010/sh10' };
        for (const each of [shot, tall, second, other]) await send(each, accepted(`video_${each.key}`));
        await ledger.adopt(provider, rename('sc010/sh1', 'sc020/new'), by);
        expect((await ledger.read(scope)).map(({ key }) => key)).toEqual([
          'sc010/sh10',
          'sc020/new',
          'sc020/new:tall',
          'sc020/new:tall@2',
        ]);
        await ledger.adopt(provider, rename('sc020/new:tall', 'sc020/new:wide'), by);
        expect((await ledger.read(scope)).map(({ key }) => key)).toContain('sc020/new:wide@2');
        await ledger.adopt(provider, rename('sc020/', 'sc030/'), by);
        expect((await ledger.read(scope)).map(({ key }) => key)).toContain('sc030/new');
      });

      it('lets the old name be used again', async () => {
        await send(shot, accepted('video_1'));
        await ledger.adopt(provider, rename('sc010/sh1', 'sc020/new'), by);
        await send(shot, accepted('video_2'));
        expect(
          (await ledger.read(scope)).map(({ key, taskId, attempts }) => [key, taskId, attempts]),
        ).toEqual(
          expect.arrayContaining([
            ['sc020/new', 'video_1', 1],
            ['sc010/sh1', 'video_2', 1],
          ]),
        );
      });

      it('takes over what came to nothing under the new name', async () => {
        await send(shot, accepted('video_1'));
        await send(moved, refused);
        await ledger.adopt(provider, rename('sc010/sh1', 'sc020/new'), by);
        const entries = await ledger.read(scope);
        expect(entries).toMatchObject([
          { key: 'sc020/new', state: 'queued', taskId: 'video_1', attempts: 2, billed: 1 },
        ]);
      });

      it('is refused where both were paid, and where nothing is', async () => {
        await send(shot, accepted('video_1'));
        await send(moved, accepted('video_2'));
        await expect(ledger.adopt(provider, rename('sc010/sh1', 'sc020/new'), by)).rejects.toThrow(
          ResolutionError,
        );
        await expect(ledger.adopt(provider, rename('sc010/none', 'sc020/new'), by)).rejects.toThrow(
          /nothing was ever sent under sc010\/none/,
        );
      });

      it('waits for a live run, and takes doubt along', async () => {
        const run = await ledger.startRun(spec(reserve([shot])));
        await run.claim(shot, { state: 'pending', attempts: 0 });
        await expect(ledger.adopt(provider, rename('sc010/sh1', 'sc020/new'), by)).rejects.toThrow(
          /live run/,
        );
        await run.close();
        await ledger.adopt(provider, rename('sc010/sh1', 'sc020/new'), by);
        expect((await entryOf(ledger, moved)).state).toBe('inDoubt');
      });

      it('moves a whole project, with what it has spent', async () => {
        await send(shot, accepted('video_1'));
        const renaming = { from: { project, key: null }, to: { project: 'renamed', key: null } };
        await ledger.adopt(provider, renaming, by);
        expect(await ledger.read(scope)).toEqual([]);
        const there = await ledger.read({ provider, project: 'renamed' });
        expect(there).toMatchObject([{ key: 'sc010/sh1', cost: 7 }]);
      });

      it('promise 8: stays in the history, with who said so', async () => {
        await send(shot, accepted('video_1'));
        await ledger.adopt(provider, rename('sc010/sh1', 'sc020/new'), by);
        for (const key of ['sc010/sh1', 'sc020/new']) {
          expect((await ledger.history(scope, key)).map(({ type, by: who }) => [type, who])).toEqual([
            ['claimed', by],
            ['settled', null],
            ['adopted', by],
          ]);
        }
      });
    });

    it('finds what was paid in other projects, and only that', async () => {
      await send(shot, accepted('video_1'));
      await send(request(2), refused);
      const fingerprints = new Set([shot.fingerprint, request(2).fingerprint]);
      const other = { provider, project: 'other' };
      expect(await ledger.paidElsewhere(other, fingerprints)).toEqual([
        { project, key: shot.key, fingerprint: shot.fingerprint },
      ]);
      expect(await ledger.paidElsewhere(scope, fingerprints)).toEqual([]);
      expect(await ledger.paidElsewhere({ ...other, provider: 'loopback' }, fingerprints)).toEqual([]);
    });

    it('knows what the runs of an approved plan sent, and what came to nothing', async () => {
      await send(shot, notSent, 'sha256:plan');
      await send(shot, doubt, 'sha256:plan');
      await send(request(2), accepted('video_2'));
      const { key, fingerprint } = shot;
      expect(await ledger.attemptsOfPlan(scope, 'sha256:plan')).toEqual([
        { key, fingerprint, attempt: 1, sent: false },
        { key, fingerprint, attempt: 2, sent: true },
      ]);
    });

    it('takes its own history in again without a trace, and notes the journal', async () => {
      await send(shot, accepted('video_1'));
      const before = await ledger.read(scope);
      const events = await ledger.exportHistory(project);
      expect(await ledger.holdsJournal('digest')).toBe(false);
      expect(await ledger.takeIn(events, 'digest')).toEqual({ added: 0, known: 2, conflicts: [] });
      expect(await ledger.holdsJournal('digest')).toBe(true);
      expect(await ledger.read(scope)).toEqual(before);
      expect(await ledger.exportHistory('another')).toEqual([]);
    });
  });
}
