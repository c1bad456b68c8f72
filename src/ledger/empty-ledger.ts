import type { LedgerReader } from './ledger.ts';
import { type RequestState, requestStates } from './model/entry.ts';

/** A ledger that does not exist yet. */
export const emptyLedger: LedgerReader = {
  read: async () => [],
  entries: async function* () {},
  totals: async () => ({
    ...{ requests: 0, billed: 0, costs: [], seq: 0 },
    states: Object.fromEntries(requestStates.map((state) => [state, 0])) as Record<RequestState, number>,
  }),
  changesSince: async () => ({ seq: 0, entries: [], tasks: [] }),
  knows: async () => ({ events: new Set(), taskIds: new Set(), fingerprints: new Set() }),
  tasks: async () => [],
  attempts: async () => [],
  history: async () => [],
  exportHistory: async () => [],
  exportSince: async () => ({ seq: 0, events: [] }),
  paidElsewhere: async () => [],
  attemptsOfPlan: async () => [],
  holdsJournal: async () => false,
  verify: async () => [],
  close: async () => {},
};
