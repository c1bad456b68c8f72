import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ledgerOn } from '../../src/ledger/ledger-on.ts';
import { MemoryMedium } from '../../src/ledger/memory/memory-backend.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { decidingContract } from '../contract/deciding.ts';
import { type LedgerHarness, ledgerContract } from '../contract/ledger.ts';
import { movingContract } from '../contract/moving.ts';
import { readingContract } from '../contract/reading.ts';
import { TestClock } from './samples.ts';

async function inFile(): Promise<LedgerHarness> {
  const folder = await mkdtemp(join(tmpdir(), 'shotlist-ledger-'));
  const file = join(folder, '.shotlist', 'ledger.db');
  const clock = new TestClock();
  const ledger = await openLedger(file, { clock });
  const elsewhere = await openLedger(file, { clock });
  return {
    ledger,
    elsewhere,
    clock,
    dispose: async () => {
      await ledger.close();
      await elsewhere.close();
      await rm(folder, { recursive: true });
    },
  };
}

async function inMemory(): Promise<LedgerHarness> {
  const clock = new TestClock();
  const ledger = await openLedger(':memory:', { clock });
  return { ledger, elsewhere: ledger, clock, dispose: () => ledger.close() };
}

/** A backend that lets whatever may come between come between: ten milliseconds pass in every load and append. */
async function inSlowMemory(): Promise<LedgerHarness> {
  const clock = new TestClock();
  let runs = 0;
  const medium = new MemoryMedium({
    newRunId: () => `run-${++runs}`,
    delay: () => new Promise((resolve) => setTimeout(resolve, 10)),
  });
  const ledger = await ledgerOn(medium.open(), { clock });
  const elsewhere = await ledgerOn(medium.open(), { clock });
  const dispose = async (): Promise<void> => {
    await ledger.close();
    await elsewhere.close();
  };
  return { ledger, elsewhere, clock, dispose };
}

ledgerContract('a slow ledger in memory', inSlowMemory);
movingContract('a slow ledger in memory', inSlowMemory);
readingContract('a slow ledger in memory', inSlowMemory);
ledgerContract('a ledger in a SQLite file', inFile);
ledgerContract('a SQLite ledger in memory', inMemory);
movingContract('a ledger in a SQLite file', inFile);
readingContract('a ledger in a SQLite file', inFile);
movingContract('a SQLite ledger in memory', inMemory);
readingContract('a SQLite ledger in memory', inMemory);
decidingContract('a slow ledger in memory', inSlowMemory);
decidingContract('a ledger in a SQLite file', inFile);
decidingContract('a SQLite ledger in memory', inMemory);
