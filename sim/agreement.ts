import type { JournalEvent } from '../src/ledger/journal/journal-event.ts';
import type { Ledger } from '../src/ledger/ledger.ts';
import { ledgerOn } from '../src/ledger/ledger-on.ts';
import { LedgerReaderOn } from '../src/ledger/reader-on.ts';
import type { Process } from './world/machine.ts';
import type { World } from './world/world.ts';

const projects = ['film', 'film-b', 'teaser'] as const;
const provider = 'https://video.example.com';

/**
 * Ledgers that took in the same events agree, in whatever order they came: the histories of all ledgers go into three new
 * ones, in three orders, and what those say of every request has to be the same.
 */
export async function agree(world: World): Promise<void> {
  const { witness, scheduler, ledgers } = world;
  const [checkout] = world.checkouts;
  if (witness.breaches.length > 0 || checkout === undefined) return;
  const process = await world.start('agree', checkout, async (started) => {
    const histories: (readonly JournalEvent[])[] = [];
    for (const machine of world.machines) {
      for (const path of ledgers.all(machine)) {
        histories.push(await new LedgerReaderOn(ledgers.backend(started, machine, path)).exportHistory(null));
      }
    }
    const orders = [histories, [...histories].reverse(), [shuffled(world, histories.flat())]];
    const told: string[] = [];
    for (const [index, order] of orders.entries()) {
      const ledger = await ledgerOn(ledgers.backend(started, checkout.machine, `/agreement-${index}`), {
        clock: started.clock,
      });
      for (const events of order) await ledger.takeIn(events, null);
      told.push(await statesOf(ledger));
      ledgers.remove(checkout.machine, `/agreement-${index}`);
    }
    const [first, ...others] = told;
    for (const other of others) {
      if (other === first) continue;
      witness.disagreement(`two orders of the same events give\n${first}\nand\n${other}`);
      break;
    }
    return 'compared';
  });
  await scheduler.run(() => (process as Process).over, 30_000);
}

/** The states of everything in a ledger, in an order that does not depend on when it heard of it. */
async function statesOf(ledger: Ledger): Promise<string> {
  const lines: string[] = [];
  for (const project of projects) {
    for (const entry of await ledger.read({ provider, project })) {
      const { key, fingerprint, state, attempts, billed, taskId } = entry;
      lines.push(`${project}/${key} ${fingerprint.slice(7, 15)} ${state} ${attempts} ${billed} ${taskId}`);
    }
  }
  return lines.sort().join('\n');
}

function shuffled<T>(world: World, list: readonly T[]): readonly T[] {
  const random = world.stream('agreement');
  return list
    .map((item) => ({ item, place: random.next() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
