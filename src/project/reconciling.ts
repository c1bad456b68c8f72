import type { LedgerAttempt } from '../ledger/ledger.ts';
import type { BillLine, KnownAttempt, Reconciliation } from '../report/bill/model.ts';
import { reconcile } from '../report/bill/reconcile.ts';
import type { ProjectContext } from './context.ts';

/**
 * Holds a bill against what the ledger knows. A bill is of an account, so every project of the ledger is looked through;
 * what is missing on it is told of this one.
 */
export async function reconcileBill(
  { ledger, scope }: ProjectContext,
  lines: readonly BillLine[],
): Promise<Reconciliation> {
  const attempts = await (await ledger.reader()).attempts(scope.provider);
  const found = reconcile(lines, attempts.map(known));
  const isOwn = ({ project }: KnownAttempt): boolean => project === scope.project;
  return {
    ...found,
    notBilled: found.notBilled.filter(isOwn),
    unmatchedDoubts: found.unmatchedDoubts.filter(isOwn),
    billedThoughFailed: found.billedThoughFailed.filter(({ attempt }) => isOwn(attempt)),
    priceDrift: found.priceDrift.filter(({ attempt }) => isOwn(attempt)),
  };
}

function known(attempt: LedgerAttempt): KnownAttempt {
  const { project, key, fingerprint, taskId, status, submittedAt, model, body, error } = attempt;
  const { price, currency } = attempt;
  const prompt = body['prompt'];
  return {
    ...{ project, key, fingerprint, attempt: attempt.attempt, taskId, model, error, price, currency },
    standing: standingOf(attempt),
    failed: status === 'failed',
    claimedAt: Date.parse(submittedAt),
    prompt: typeof prompt === 'string' ? prompt : '',
  };
}

function standingOf({ taskId, state, decision }: LedgerAttempt): KnownAttempt['standing'] {
  if (taskId !== null) return 'billed';
  if (decision?.resolution.kind === 'notSubmitted') return 'notSubmitted';
  if (state === 'inDoubt' || state === 'sending') return 'inDoubt';
  return state === 'abandoned' ? 'abandoned' : 'none';
}
