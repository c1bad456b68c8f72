import { canonicalJson } from '../core/canonical-json.ts';
import { PlanOutOfDateError } from '../core/errors.ts';
import type { LedgerEntry, RequestState } from '../ledger/ledger.ts';
import type { PlanAttempt } from '../ledger/model/moving.ts';
import { asFiled } from '../manifest/filed.ts';
import type { Request } from '../manifest/model.ts';
import type { Plan, PlanAction, PlannedRequest, PlanReason } from './model.ts';
import { summarize } from './plan.ts';
import { type ApprovedAgainst, approvedAgainst, type PlanWorld, type SavedPlan } from './saved-plan.ts';

export interface ApproveInput extends PlanWorld {
  readonly saved: SavedPlan;
  /** Every request of the manifest as it is now. */
  readonly requests: readonly Request[];
  /** Attempts that runs of this very plan have made already. */
  readonly attempts: readonly PlanAttempt[];
}

/** Reasons that are listed before the rest is only counted. */
const listed = 8;

/**
 * Plans what is left to send of an approved plan: exactly what was approved, without what runs of it have sent already.
 *
 * @throws PlanOutOfDateError that names everything that changed since the plan was approved.
 */
export function approve(input: ApproveInput): Plan {
  const saved = { ...input.saved, requests: asFiled(input.saved.requests, input.entries) };
  const now = approvedAgainst(saved.requests, input);
  const changes = [
    ...settingChanges(saved.approvedAgainst, now),
    ...fileChanges(saved.approvedAgainst, now),
    ...requestChanges(input),
    ...ledgerChanges(input),
  ];
  if (changes.length > 0) throw outOfDate(changes);
  const entries = new Map(input.entries.map((entry) => [identity(entry), entry]));
  const sent = new Set(input.attempts.filter((attempt) => attempt.sent).map(identity));
  const requests = saved.requests.map((request) =>
    whatIsLeft(request, entries.get(identity(request)), sent.has(identity(request))),
  );
  const { version, project, manifest, summary } = saved;
  return { version, project, manifest, requests, summary: summarize(requests, summary.currency) };
}

function outOfDate(changes: readonly string[]): PlanOutOfDateError {
  const shown = changes.slice(0, listed).join('; ');
  const rest = changes.length > listed ? `; and ${changes.length - listed} more` : '';
  return new PlanOutOfDateError(`the plan is out of date, so nothing was sent: ${shown}${rest}`, {
    help: 'Make a new plan with shotlist plan --out, look at it, and send that.',
  });
}

function settingChanges(saved: ApprovedAgainst, now: ApprovedAgainst): readonly string[] {
  const changes: string[] = [];
  const moved = (what: string, before: unknown, after: unknown): void => {
    if (before !== after)
      changes.push(`${what} is ${after ?? 'not stated'}, and was ${before ?? 'not stated'}`);
  };
  moved('the provider', saved.provider, now.provider);
  moved('budget.currency', saved.budget.currency, now.budget.currency);
  const models = new Set([...Object.keys(saved.budget.prices), ...Object.keys(now.budget.prices)]);
  for (const model of models) {
    moved(`the price of ${model}`, saved.budget.prices[model], now.budget.prices[model]);
  }
  moved('budget.maxCost', saved.budget.maxCost, now.budget.maxCost);
  moved('budget.maxRequests', saved.budget.maxRequests, now.budget.maxRequests);
  if (saved.catalog !== now.catalog) changes.push('what the catalog says about its models has changed');
  return changes;
}

function fileChanges(saved: ApprovedAgainst, now: ApprovedAgainst): readonly string[] {
  const before = new Map(saved.files.map(({ file, sha256 }) => [file, sha256]));
  const after = new Map(now.files.map(({ file, sha256 }) => [file, sha256]));
  const edited = [...after].flatMap(([file, sha256]) => {
    if (!before.has(file)) return [`${file} was added`];
    return before.get(file) === sha256 ? [] : [`${file} was edited`];
  });
  return [
    ...edited,
    ...[...before.keys()].filter((file) => !after.has(file)).map((file) => `${file} is gone`),
  ];
}

/** Byte for byte: what the plan holds must be what its manifest asks for. */
function requestChanges({ saved, requests }: ApproveInput): readonly string[] {
  const current = new Map(requests.map((request) => [request.key, request]));
  return saved.requests.flatMap(({ key, take, body }) => {
    const request = current.get(key);
    if (request === undefined) return [`${key} is not in the manifest any more`];
    const same = request.take === take && canonicalJson(request.body) === canonicalJson(body);
    return same ? [] : [`${key} is another request than the manifest's`];
  });
}

/** This ledger must know everything that the plan's knew, and nothing of the plan may have been sent by others. */
function ledgerChanges({ saved, entries, attempts }: ApproveInput): readonly string[] {
  const now = new Map(entries.map((entry) => [identity(entry), entry]));
  const before = new Map(saved.approvedAgainst.ledger.map((known) => [identity(known), known]));
  const unknown = [...before.values()].filter(
    (known) => (now.get(identity(known))?.attempts ?? 0) < known.attempts,
  );
  const [first] = unknown;
  const own = new Set(attempts.map((attempt) => `${identity(attempt)} ${attempt.attempt}`));
  const planned = new Set(saved.requests.filter(isToSend).map(({ key }) => key));
  const meanwhile = entries.filter((entry) => {
    if (!planned.has(entry.key)) return false;
    const known = before.get(identity(entry))?.attempts ?? 0;
    return range(known + 1, entry.attempts).some((number) => !own.has(`${identity(entry)} ${number}`));
  });
  return [
    ...(first === undefined
      ? []
      : [
          `this ledger does not know of ${unknown.length === 1 ? '1 request that was' : `${unknown.length} requests that were`} sent before the plan was made, ${first.key} for one: take in the journal of the ledger that planned`,
        ]),
    ...meanwhile.map(({ key }) => `${key} was sent meanwhile`),
  ];
}

function whatIsLeft(request: PlannedRequest, entry: LedgerEntry | undefined, sent: boolean): PlannedRequest {
  if (!isToSend(request)) return request;
  const state = entry?.state ?? 'pending';
  const seen = { ...request.seen, state, attempts: entry?.attempts ?? 0 };
  if (!sent && state !== 'inDoubt' && state !== 'sending') return { ...request, seen };
  return { ...request, seen, ...verdicts[state] };
}

interface Verdict {
  readonly action: PlanAction;
  readonly reason: PlanReason;
}

/** The verdict on a request that this plan has sent already. */
const verdicts: Readonly<Record<RequestState, Verdict>> = {
  pending: { action: 'submit', reason: 'new' },
  sending: { action: 'blocked', reason: 'sending' },
  inDoubt: { action: 'blocked', reason: 'inDoubt' },
  refused: { action: 'skip', reason: 'refused' },
  queued: { action: 'skip', reason: 'submitted' },
  processing: { action: 'skip', reason: 'submitted' },
  completed: { action: 'skip', reason: 'completed' },
  failed: { action: 'skip', reason: 'failed' },
  abandoned: { action: 'skip', reason: 'abandoned' },
};

function isToSend({ action }: PlannedRequest): boolean {
  return action === 'submit';
}

function identity({ key, fingerprint }: Pick<LedgerEntry, 'key' | 'fingerprint'>): string {
  return `${key} ${fingerprint}`;
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}
