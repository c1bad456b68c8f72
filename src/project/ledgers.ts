import { ledgerExists, openLedger, openLedgerForReading, spoolOf } from '../ledger/open-ledger.ts';
import type { LedgerOpener } from './options.ts';

/** The ledgers that come with the program. Their drivers are loaded when one is opened. */
export const builtInLedgers: LedgerOpener = {
  open: openLedger,
  openForReading: openLedgerForReading,
  exists: ledgerExists,
  spool: spoolOf,
};
