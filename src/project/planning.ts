import type { CommandCall } from '../cli/command.ts';
import { warn } from '../cli/warning.ts';
import { UsageError } from '../core/errors.ts';
import { didYouMean } from '../core/suggest.ts';
import { BudgetError, type LedgerEntry } from '../ledger/ledger.ts';
import type { PaidElsewhere } from '../ledger/model/moving.ts';
import type { Request } from '../manifest/model.ts';
import { checkBudget, type RunLimits } from '../plan/budget.ts';
import type { Plan } from '../plan/model.ts';
import { plan } from '../plan/plan.ts';
import { limitSubmissions, select } from '../plan/select.ts';
import { followUpOf } from './follow-up.ts';
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
    held: requests,
    elsewhere,
    prices: manifest.budget.prices,
    currency: manifest.budget.currency,
    retryFailed: options['retryFailed'] === true,
    resend,
  });
  noteResent(call, full, resend);
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

/** A person who asks for a request once more must be told where it is not sent. */
function noteResent(call: CommandCall, plan: Plan, resend: ReadonlySet<string>): void {
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
        : [
            'it is in doubt, and may have been paid for',
            `settle it first: ${followUpOf(call, plan.manifest)('resolve', key)}`,
          ];
    warn(call.io, `--resend ${key} sends nothing: ${why}`, help);
  }
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
    warn(io, error.message, error.help);
  }
}

/** A key that was named and that nothing has. */
export function unknownKey(option: string, key: string, known: Iterable<string>): UsageError {
  return new UsageError(`${option} names ${key}, which is not in the manifest`, {
    help: didYouMean(key, known, 'shotlist plan lists the keys'),
  });
}

function list(value: unknown): readonly string[] {
  return Array.isArray(value) ? (value as readonly string[]) : [];
}
