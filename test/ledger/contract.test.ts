import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { type LedgerHarness, ledgerContract } from '../contract/ledger.ts';
import { movingContract } from '../contract/moving.ts';
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

ledgerContract('a ledger in a SQLite file', inFile);
ledgerContract('a ledger in memory', inMemory);
movingContract('a ledger in a SQLite file', inFile);
movingContract('a ledger in memory', inMemory);
