import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ClaimLostError } from '../../src/ledger/ledger.ts';
import { accepted, doubt, pending, request, reserve, scope, spec } from './samples.ts';
import { open, tempFolder } from './temp.ts';

describe('a run that reads nothing again while nobody wrote', () => {
  it('sees what another process wrote in between', async () => {
    const file = join(await tempFolder(), 'ledger.db');
    const [here, there] = [await open(file), await open(file)];
    const list = [request(1), request(2)];
    const run = await here.startRun(spec(reserve(list)));
    const other = await there.startRun(spec(reserve(list)));
    await other.claim(request(1), pending);
    await expect(run.claim(request(1), pending)).rejects.toThrow(ClaimLostError);
    expect((await run.claim(request(2), pending)).attempt).toBe(1);
  });

  it('holds an edited shot back whose older version came to be in doubt in the same run', async () => {
    const ledger = await open(join(await tempFolder(), 'ledger.db'));
    const run = await ledger.startRun(spec(reserve([request(1), request(1, 2)])));
    await run.settle(request(1), (await run.claim(request(1), pending)).attempt, doubt);
    await expect(run.claim(request(1, 2), pending)).rejects.toThrow(/another version of it is in doubt/);
  });

  it('holds back a shot whose other version another run of this process has brought into doubt', async () => {
    const ledger = await open(join(await tempFolder(), 'ledger.db'));
    const elsewhere = { scope: { ...scope, project: 'other' } };
    const first = await ledger.startRun(spec(reserve([request(1)])));
    const same = await ledger.startRun(spec(reserve([request(1)]), elsewhere));
    const edited = await ledger.startRun(spec(reserve([request(1, 2)])));
    await edited.settle(request(1, 2), (await edited.claim(request(1, 2), pending)).attempt, doubt);
    await expect(first.claim(request(1), pending)).rejects.toThrow(/another version of it is in doubt/);
    expect((await same.claim(request(1), pending)).attempt).toBe(1);
  });

  it('sees its own answers, and does not claim twice', async () => {
    const ledger = await open(join(await tempFolder(), 'ledger.db'));
    const run = await ledger.startRun(spec(reserve([request(1)])));
    const { attempt } = await run.claim(request(1), pending);
    await expect(run.claim(request(1), pending)).rejects.toThrow(ClaimLostError);
    await run.settle(request(1), attempt, accepted('video_1'));
    await expect(run.claim(request(1), { state: 'queued', attempts: 0 })).rejects.toThrow(ClaimLostError);
    expect((await run.claim(request(1), { state: 'queued', attempts: 1 })).attempt).toBe(2);
  });
});
