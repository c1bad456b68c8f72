import type { LedgerReader } from './ledger.ts';

/** A ledger that does not exist yet. */
export const emptyLedger: LedgerReader = {
  read: async () => [],
  history: async () => [],
  exportHistory: async () => [],
  exportSince: async () => ({ seq: 0, events: [] }),
  paidElsewhere: async () => [],
  attemptsOfPlan: async () => [],
  holdsJournal: async () => false,
  verify: async () => [],
  close: async () => {},
};
