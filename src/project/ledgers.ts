import { existsSync } from 'node:fs';
import { spoolFolder, spoolWaits } from '../ledger/spool/spool.ts';
import type { LedgerOpener } from './options.ts';

/** The ledgers that come with the program. Their drivers are loaded when one is opened. */
export const fileLedgers: LedgerOpener = {
  open: async (location, options) => (await import('../ledger/open-ledger.ts')).openLedger(location, options),
  openForReading: async (location, options) =>
    (await import('../ledger/open-ledger.ts')).openLedgerForReading(location, options),
  isThere: existsSync,
  hasSpooled: spoolWaits,
  spoolOf: spoolFolder,
};
