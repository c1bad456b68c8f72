import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CollectOptions } from '../../src/collect/collect.ts';
import type { CollectResult } from '../../src/collect/events.ts';
import { clipHost, longClip, serve } from './clip-host.ts';
import { completed, type Rig, rig, type Script, ScriptedProvider, scope } from './rig.ts';

const clip = longClip();
const dayMs = 24 * 3_600_000;
const giveUp = { by: 'tester@here' };

function collecting(rigged: Rig, script: Script, more: Partial<CollectOptions> = {}): Promise<CollectResult> {
  const provider = new ScriptedProvider(script, rigged.clock);
  const download = { folder: path.join(rigged.folder, 'renders'), root: rigged.folder };
  return rigged.collect(provider, { download, ...more });
}

describe('giving up a clip that nobody saved in time', () => {
  it('ends its problem for good, as an event of the history, and changes nothing that was paid', async () => {
    const rigged = await rig(['a']);
    const { origin } = await clipHost((_request, response) => void response.writeHead(403).end());
    const gone: Script = (id) => completed(id, `${origin}/${id}`);
    await collecting(rigged, gone, { download: null });
    await rigged.clock.advance(dayMs + 1000);
    expect(await collecting(rigged, gone)).toMatchObject({ problems: [{ kind: 'expired' }], givenUp: [] });
    expect(await collecting(rigged, gone, { giveUp })).toMatchObject({
      problems: [],
      givenUp: [{ key: 'a', kind: 'expired' }],
    });
    expect(rigged.events).toContainEqual({ type: 'clipGivenUp', key: 'a', taskId: 'video_a' });
    expect(await collecting(rigged, gone)).toMatchObject({ problems: [], givenUp: [], polls: 0 });
    expect(await rigged.ledger.history(scope, 'a')).toMatchObject([
      { type: 'claimed' },
      { type: 'settled' },
      { type: 'task' },
      { type: 'clipGivenUp', taskId: 'video_a', by: 'tester@here' },
    ]);
    expect(await rigged.ledger.read(scope)).toMatchObject([
      { state: 'completed', cost: 7, billed: 1, errorCode: 'clipGivenUp', file: null, videoUrl: null },
    ]);
  });

  it('is tried once more before: what can still be had is saved', async () => {
    const rigged = await rig(['a']);
    const { origin } = await clipHost((request, response) => {
      if (request.url === '/old') response.writeHead(403).end();
      else serve(request, response, clip);
    });
    await collecting(rigged, (id) => completed(id, `${origin}/old`), { download: null });
    await rigged.clock.advance(dayMs + 1000);
    const again: Script = (id) => completed(id, `${origin}/${id}`);
    expect(await collecting(rigged, again, { giveUp })).toMatchObject({
      saved: 1,
      problems: [],
      givenUp: [],
    });
  });

  it('is not for one whose day is not over', async () => {
    const rigged = await rig(['a']);
    const { origin } = await clipHost((_request, response) => void response.writeHead(410).end());
    const result = await collecting(rigged, (id) => completed(id, `${origin}/${id}`), { giveUp });
    expect(result).toMatchObject({ problems: [{ kind: 'expired' }], givenUp: [] });
  });

  it('is not for one whose host cannot be reached today', async () => {
    const rigged = await rig(['a']);
    const away: Script = (id) => completed(id, 'http://127.0.0.1:1/a');
    await collecting(rigged, away, { download: null });
    await rigged.clock.advance(dayMs + 1000);
    expect(await collecting(rigged, away, { giveUp })).toMatchObject({
      problems: [{ kind: 'download' }],
      givenUp: [],
    });
    await rigged.clock.advance(7 * dayMs);
    expect(await collecting(rigged, away, { giveUp })).toMatchObject({
      problems: [],
      givenUp: [{ key: 'a' }],
    });
  });

  it('is for a task too that the provider has forgotten before anybody asked', async () => {
    const rigged = await rig(['a']);
    const unknown: Script = () => ({ kind: 'notFound', code: 'http404', error: 'no such task' });
    expect(await collecting(rigged, unknown, { giveUp })).toMatchObject({
      problems: [{ kind: 'unknownTask' }],
      givenUp: [],
    });
    await rigged.clock.advance(3 * dayMs);
    expect(await collecting(rigged, unknown, { giveUp })).toMatchObject({
      problems: [],
      givenUp: [{ kind: 'unknownTask' }],
    });
    expect(await rigged.ledger.read(scope)).toMatchObject([{ state: 'abandoned', cost: 7, billed: 1 }]);
    expect(await collecting(rigged, unknown)).toMatchObject({ polls: 0, running: 0, problems: [] });
  });

  it('reaches other ledgers by the journal, and a file that was saved there outweighs it', async () => {
    const rigged = await rig(['a']);
    const { origin } = await clipHost((_request, response) => void response.writeHead(404).end());
    const gone: Script = (id) => completed(id, `${origin}/${id}`);
    await collecting(rigged, gone, { download: null });
    const other = await rig([]);
    await other.ledger.takeIn(await rigged.ledger.exportHistory(null), null);
    const host = await clipHost((request, response) => serve(request, response, clip));
    await collecting(other, (id) => completed(id, `${host.origin}/${id}`));
    await rigged.clock.advance(dayMs + 1000);
    await collecting(rigged, gone, { giveUp });
    await other.ledger.takeIn(await rigged.ledger.exportHistory(null), null);
    expect(await other.ledger.history(scope, 'a')).toContainEqual(
      expect.objectContaining({ type: 'clipGivenUp', by: 'tester@here' }),
    );
    expect(await other.ledger.read(scope)).toMatchObject([
      { state: 'completed', errorCode: null, file: { path: 'renders/a_v001.mp4' } },
    ]);
    const third = await rig([]);
    await third.ledger.takeIn(await other.ledger.exportHistory(null), null);
    expect(await third.ledger.read(scope)).toMatchObject([{ errorCode: 'clipGivenUp' }]);
  });
});

describe('what the provider says that a task costs', () => {
  it.each([7, 0, '0.32'])('is kept as it came (%j), in the ledger and the journal', async (amount) => {
    const rigged = await rig(['a']);
    await collecting(rigged, (id) => ({ ...completed(id, 'https://c.example.com/a'), amount }) as never, {
      download: null,
    });
    expect(await rigged.ledger.read(scope)).toMatchObject([{ providerAmount: amount, cost: 7 }]);
    const other = await rig([]);
    await other.ledger.takeIn(await rigged.ledger.exportHistory(null), null);
    expect(await other.ledger.read(scope)).toMatchObject([{ providerAmount: amount }]);
  });
});
