import { UsageError } from '../core/errors.ts';
import { didYouMean } from '../core/suggest.ts';
import { BudgetError, type LedgerEntry } from '../ledger/ledger.ts';
import type { PaidElsewhere } from '../ledger/model/moving.ts';
import type { Request } from '../manifest/model.ts';
import { checkBudget, type RunLimits } from '../plan/budget.ts';
import type { Plan } from '../plan/model.ts';
import { plan } from '../plan/plan.ts';
import { limitSubmissions, type Selection, select } from '../plan/select.ts';
import type { ProjectContext } from './context.ts';
import { warn } from './events.ts';
import { wasStored } from './local-files.ts';

/** The selection of a plan. It is the whole manifest, each request once, where nothing is said. */
export interface PlanSelection {
  /** Globs on whole keys; a shot's key takes all its requests. */
  readonly only?: readonly string[] | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly scenes?: readonly string[] | undefined;
  /** Submits at most the first so many. */
  readonly limit?: number | undefined;
  /** Submits tasks that failed and requests that were refused once more. */
  readonly retryFailed?: boolean | undefined;
  /** Keys to submit once more, and pay for again, whatever became of them; what is in doubt stays blocked. */
  readonly resend?: readonly string[] | undefined;
}

/** The ledger's facts for a plan. */
export interface PlanFacts {
  readonly entries: readonly LedgerEntry[];
  readonly elsewhere: readonly PaidElsewhere[];
}

/**
 * The plan of a project for a selection. What is selected may also be in `others`, the requests of another revision of
 * the manifest.
 *
 * @throws UsageError for a key that nothing has, and for a selection of nothing.
 */
export function makePlan(
  context: ProjectContext,
  selection: PlanSelection,
  { entries, elsewhere }: PlanFacts,
  others: readonly Request[] = [],
): Plan {
  const { manifest, requests } = context.linted;
  const resend = new Set(selection.resend);
  const keys = new Set(requests.map(({ key }) => key));
  for (const key of resend) {
    if (!keys.has(key)) throw unknownKey('--resend', key, keys);
  }
  const full = plan({
    project: manifest.project,
    manifest: manifest.source.file,
    requests: selected(selection, requests, others),
    entries,
    held: requests,
    elsewhere,
    prices: manifest.budget.prices,
    currency: manifest.budget.currency,
    retryFailed: selection.retryFailed === true,
    resend,
    isStored: ({ absolutePath }) => wasStored(context.localFiles, absolutePath),
  });
  tellBlocked(context, full, resend);
  return selection.limit === undefined ? full : limitSubmissions(full, selection.limit);
}

function selected(
  { only = [], tags = [], scenes = [] }: PlanSelection,
  requests: readonly Request[],
  others: readonly Request[],
): readonly Request[] {
  const filters: Selection = { only, tags, scenes };
  const chosen = new Set(select([...requests, ...others], filters));
  return requests.filter((request) => chosen.has(request));
}

/** A person who asks for a request once more must be told where it is not sent. */
function tellBlocked({ emit, followUp }: ProjectContext, plan: Plan, resend: ReadonlySet<string>): void {
  for (const key of resend) {
    const planned = plan.requests.find((request) => request.key === key);
    if (planned === undefined) {
      throw new UsageError(`--resend ${key} and what is selected exclude each other`, {
        help: `select ${key} too, or leave --only, --tag and --scene out`,
      });
    }
    if (planned.action === 'submit') continue;
    const [why, help] =
      planned.reason === 'sending'
        ? ['another run is sending it', 'wait until that run is done']
        : ['it is in doubt, and may have been paid for', `settle it first: ${followUp('resolve', key)}`];
    warn(emit, 'resendBlocked', `--resend ${key} sends nothing: ${why}`, help);
  }
}

/** Tells, where a plan is only shown, that it could not be sent as it is. */
export function tellOverBudget(
  { emit, linted }: ProjectContext,
  plan: Plan,
  entries: readonly LedgerEntry[],
  limits: RunLimits,
): void {
  try {
    checkBudget(plan, entries, linted.manifest.budget, limits);
  } catch (error) {
    if (!(error instanceof BudgetError)) throw error;
    warn(emit, 'overBudget', error.message, error.help);
  }
}

/** A key that was named and that nothing has. */
export function unknownKey(option: string, key: string, known: Iterable<string>): UsageError {
  return new UsageError(`${option} names ${key}, which is not in the manifest`, {
    help: didYouMean(key, known, 'shotlist plan lists the keys'),
  });
}
