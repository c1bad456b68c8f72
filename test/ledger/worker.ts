import { systemClock } from '../../src/core/clock.ts';
import { ClaimLostError, type Ledger, type LedgerRun, UnrecordedError } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { accepted, pending, requests, reserve, scope, spec } from './samples.ts';

/** What a test can ask of another process. */
export type Order =
  | { readonly do: 'open'; readonly file: string }
  /** Starts a run of the first `count` requests, without those that were sent before. */
  | { readonly do: 'start'; readonly count: number; readonly intervalMs?: number }
  /** Claims `count` requests, from this one on, and leaves them open. */
  | { readonly do: 'claim'; readonly from: number; readonly count: number }
  /** Records answers to the first `count` requests, one after the other; lists those that went to the spool. */
  | { readonly do: 'settle'; readonly count: number }
  /** Sends every request of the run, 16 at a time, telling each id once it is recorded. */
  | { readonly do: 'sendAll' }
  | { readonly do: 'slots'; readonly count: number };

export type Answer =
  | { readonly done: string; readonly list: readonly (string | number)[] }
  | { readonly failed: string; readonly message: string; readonly spoolFile?: string | null };

let ledger: Ledger | undefined;
let run: LedgerRun | undefined;
let planned = requests(0);

async function carryOut(order: Order): Promise<readonly (string | number)[]> {
  if (order.do === 'open') {
    ledger = await openLedger(order.file, { clock: systemClock });
    return [];
  }
  if (order.do === 'start') {
    const entries = (await ledger?.read(scope)) ?? [];
    const moved = new Set(entries.flatMap(({ key, state }) => (state === 'pending' ? [] : key)));
    planned = requests(order.count).filter(({ key }) => !moved.has(key));
    run = await ledger?.startRun(spec(reserve(planned), { intervalMs: order.intervalMs ?? null }));
    return [run?.id ?? ''];
  }
  const live = run;
  if (live === undefined) throw new Error('no run');
  if (order.do === 'slots') {
    const asked = systemClock.monotonic();
    const waits = await Promise.all(Array.from({ length: order.count }, () => live.nextSlot()));
    return waits.map((wait) => asked + wait);
  }
  if (order.do === 'claim') {
    await Promise.all(
      planned.slice(order.from, order.from + order.count).map((sent) => live.claim(sent, pending)),
    );
    return [];
  }
  if (order.do === 'settle') {
    const spooled: string[] = [];
    for (const sent of planned.slice(0, order.count)) {
      try {
        await live.settle(sent, 1, accepted(`video_${sent.key}`));
      } catch (error) {
        if (!(error instanceof UnrecordedError) || error.spoolFile === null) throw error;
        spooled.push(sent.key);
      }
    }
    return spooled;
  }
  return sendAll(live);
}

async function sendAll(live: LedgerRun): Promise<readonly string[]> {
  const sent: string[] = [];
  const rest = [...planned];
  const one = async (): Promise<void> => {
    for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
      try {
        const { attempt } = await live.claim(next, pending);
        // As if the provider had accepted it.
        process.send?.({ done: 'sent', list: [next.key] });
        const taskId = `video_${live.id}_${next.key}`;
        await live.settle(next, attempt, accepted(taskId));
        process.send?.({ done: 'recorded', list: [next.key, taskId] });
        sent.push(next.key);
      } catch (error) {
        if (!(error instanceof ClaimLostError)) throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: 16 }, one));
  return sent;
}

process.on('message', async (order: Order) => {
  try {
    process.send?.({ done: order.do, list: await carryOut(order) });
  } catch (error) {
    const failed = error instanceof Error ? error : new Error(String(error));
    const spoolFile = 'spoolFile' in failed ? failed.spoolFile : undefined;
    process.send?.({ failed: failed.name, message: failed.message, spoolFile });
  }
});
process.send?.({ done: 'ready', list: [] });
