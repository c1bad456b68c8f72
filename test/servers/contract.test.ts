import { describe, it } from 'vitest';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { decidingContract } from '../contract/deciding.ts';
import { type LedgerHarness, ledgerContract } from '../contract/ledger.ts';
import { movingContract } from '../contract/moving.ts';
import { readingContract } from '../contract/reading.ts';
import { TestClock } from '../ledger/samples.ts';
import { freshLedger, serverUrl } from './postgres.ts';

async function onPostgres(): Promise<LedgerHarness> {
  const url = freshLedger();
  const clock = new TestClock();
  const ledger = await openLedger(url, { clock });
  const elsewhere = await openLedger(url, { clock });
  const dispose = async (): Promise<void> => {
    await ledger.close();
    await elsewhere.close();
  };
  return { ledger, elsewhere, clock, keepsOwnTime: true, dispose };
}

if (serverUrl === null) {
  describe('a ledger on PostgreSQL', () => {
    it.skip('is left out: there is no server (npm run test:servers starts one)', () => {});
  });
} else {
  ledgerContract('a ledger on PostgreSQL', onPostgres);
  movingContract('a ledger on PostgreSQL', onPostgres);
  readingContract('a ledger on PostgreSQL', onPostgres);
  decidingContract('a ledger on PostgreSQL', onPostgres);
}
