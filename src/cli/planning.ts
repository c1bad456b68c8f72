import { UsageError } from '../core/errors.ts';
import { nearest } from '../core/suggest.ts';
import type { PaidElsewhere } from '../ledger/history.ts';
import { BudgetError, type LedgerEntry } from '../ledger/ledger.ts';
import type { Request } from '../manifest/model.ts';
import { checkBudget, type RunLimits } from '../plan/budget.ts';
import type { Plan } from '../plan/model.ts';
import { plan } from '../plan/plan.ts';
import { limitSubmissions, select } from '../plan/select.ts';
import type { CommandCall } from './command.ts';
import type { Project } from './project.ts';

/**
 * The plan of a project for the selection and the planning flags of a call. What is selected may also be in `others`,
 * the requests of another revision of the manifest.
 */
export function makePlan(
  call: CommandCall,
  project: Project,
  entries: readonly LedgerEntry[],
  elsewhere: readonly PaidElsewhere[],
  others: readonly Request[] = [],
): Plan {
  const { options } = call;
  const { manifest, requests } = project.linted;
  const resend = new Set(list(options['resend']));
  const keys = new Set(requests.map(({ key }) => key));
  for (const key of resend) {
    if (!keys.has(key)) throw unknownKey('--resend', key, keys);
  }
  const full = plan({
    project: manifest.project,
    manifest: manifest.source.file,
    requests: selected(call, requests, others),
    entries,
    held: keys,
    elsewhere,
    prices: manifest.budget.prices,
    currency: manifest.budget.currency,
    retryFailed: options['retryFailed'] === true,
    resend,
  });
  return typeof options['limit'] === 'number' ? limitSubmissions(full, options['limit']) : full;
}

function selected(
  { options }: CommandCall,
  requests: readonly Request[],
  others: readonly Request[],
): readonly Request[] {
  const chosen = new Set(
    select([...requests, ...others], {
      only: list(options['only']),
      tags: list(options['tag']),
      scenes: list(options['scene']),
    }),
  );
  return requests.filter((request) => chosen.has(request));
}

/** Tells on standard error, where a plan is only shown, that it could not be sent as it is. */
export function warnOverBudget(
  { io }: CommandCall,
  project: Project,
  plan: Plan,
  entries: readonly LedgerEntry[],
  limits: RunLimits,
): void {
  try {
    checkBudget(plan, entries, project.linted.manifest.budget, limits);
  } catch (error) {
    if (!(error instanceof BudgetError)) throw error;
    io.stderr.write(`warning ${error.message}\n${error.help === undefined ? '' : `  help ${error.help}\n`}`);
  }
}

/** A key that was named and that nothing has. */
export function unknownKey(option: string, key: string, known: Iterable<string>): UsageError {
  const suggestion = nearest(key, known);
  return new UsageError(`${option} names ${key}, which is not in the manifest`, {
    help: suggestion === undefined ? 'shotlist plan lists the keys' : `did you mean ${suggestion}?`,
  });
}

function list(value: unknown): readonly string[] {
  return Array.isArray(value) ? (value as readonly string[]) : [];
}
