import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLedger } from '../../src/ledger/sqlite.ts';
import { ledgerContract } from '../contract/ledger.ts';
import { TestClock } from './samples.ts';

ledgerContract('a ledger in a SQLite file', async () => {
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
});

ledgerContract('a ledger in memory', async () => {
  const clock = new TestClock();
  const ledger = await openLedger(':memory:', { clock });
  return { ledger, elsewhere: ledger, clock, dispose: () => ledger.close() };
});
