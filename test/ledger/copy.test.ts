import { expect, it } from 'vitest';
import { copyHistory } from '../../src/ledger/copy.ts';
import { ledgerOn } from '../../src/ledger/ledger-on.ts';
import { MemoryMedium } from '../../src/ledger/memory/memory-backend.ts';
import { accepted, pending, request, requests, reserve, scope, spec, TestClock } from './samples.ts';

function medium(): MemoryMedium {
  let runs = 0;
  return new MemoryMedium({ newRunId: () => `run-${++runs}` });
}

async function used(): Promise<MemoryMedium> {
  const made = medium();
  const ledger = await ledgerOn(made.open(), { clock: new TestClock() });
  const run = await ledger.startRun(spec(reserve(requests(4))));
  const { attempt } = await run.claim(request(0), pending);
  await run.settle(request(0), attempt, accepted('video_1'));
  await run.claim(request(1), pending);
  await run.close();
  const update = { taskId: 'video_1', status: 'completed', error: null, actualDuration: 5 } as const;
  await ledger.updateTask(scope, request(0), { ...update, videoUrl: 'https://cdn.example.com/1' });
  await ledger.adopt(
    scope.provider,
    { from: { project: scope.project, key: 'sc010/sh0' }, to: { project: scope.project, key: 'sc010/new' } },
    'mika@studio',
  );
  await ledger.close();
  return made;
}

it('a copied ledger tells all that the old one did, and goes on from there', async () => {
  const [from, to] = [await used(), medium()];
  expect(await copyHistory(from.open(), to.open())).toEqual({ requests: 5, events: 5, wasThere: false });
  const [before, after] = [
    await ledgerOn(from.open(), { clock: new TestClock() }),
    await ledgerOn(to.open(), { clock: new TestClock() }),
  ];
  expect(await after.read(scope)).toEqual(await before.read(scope));
  expect(await after.tasks(scope)).toEqual(await before.tasks(scope));
  expect(await after.exportHistory(null)).toEqual(await before.exportHistory(null));
  expect(await after.verify(() => [])).toEqual(await before.verify(() => []));
  await after.resolve(scope, request(1), { kind: 'notSubmitted' }, 'mika@studio');
  const run = await after.startRun(spec(reserve([request(1)], { entries: await after.read(scope) })));
  expect((await run.claim(request(1), { state: 'pending', attempts: 1 })).attempt).toBe(2);
  await run.close();
});

it('copying again changes nothing; copying over something else is refused', async () => {
  const [from, to] = [await used(), medium()];
  await copyHistory(from.open(), to.open());
  expect(await copyHistory(from.open(), to.open())).toMatchObject({ wasThere: true });
  const other = medium();
  const ledger = await ledgerOn(other.open(), { clock: new TestClock() });
  await (await ledger.startRun(spec(reserve([request(9)])))).close();
  await expect(copyHistory(from.open(), other.open())).rejects.toThrow(/holds something else/);
});

it('nothing is copied while a run is at work', async () => {
  const from = await used();
  const ledger = await ledgerOn(from.open(), { clock: new TestClock() });
  const run = await ledger.startRun(spec(reserve([request(7)])));
  await expect(copyHistory(from.open(), medium().open())).rejects.toThrow(/mika@studio is at work/);
  await run.close();
});
