import { addMoney } from '../../core/money.ts';
import type { Attempt, KnownTask } from './attempt.ts';
import { foldAttempts } from './attempts.ts';
import { decisionsIn } from './clip-decisions.ts';
import type { AttemptCharge, LedgerEntry, RequestState } from './entry.ts';
import type { IsLive, StoredEvent } from './event.ts';
import type { LedgerRequest } from './identity.ts';
import { timesOf } from './times.ts';

/** Everything that a ledger entry says beyond the request itself. The link to its clip is no part of the history. */
type EntryFields = Omit<LedgerEntry, keyof LedgerRequest | 'videoUrl'>;

const endOfRun = {
  code: 'runEnded',
  error: 'the run that claimed it ended before it recorded an answer',
};

const clipGivenUp = {
  code: 'clipGivenUp',
  error: 'a person gave its clip up, which nobody saved in time',
};

/**
 * Folds the events of a request into what the ledger says of it. An open claim of a run that is not live reads as
 * `inDoubt`: nobody has to repair anything for that.
 */
export function fold(events: readonly StoredEvent[], isLive: IsLive): EntryFields {
  const attempts = foldAttempts(events);
  const { state, attempt } = standing(attempts, isLive);
  const problem = problemOf(attempt, state);
  return {
    state,
    attempts: attemptCount(attempts),
    ...spending(attempts),
    currency: attempt?.currency ?? null,
    taskId: attempt?.task?.id ?? null,
    errorCode: problem?.code ?? null,
    error: problem?.error ?? null,
    submittedAt: attempt?.at ?? null,
    completedAt: attempt?.task?.completedAt ?? null,
    times: timesOf(events, attempt),
    actualDuration: attempt?.task?.actualDuration ?? null,
    file: attempt?.task?.file ?? null,
    ...(attempt?.task == null ? {} : extras(attempt.task)),
    ...besides(events, attempts, attempt),
    ...(attempt?.decision == null ? {} : { decision: attempt.decision }),
    runId: attempt?.runId ?? null,
    seq: events.reduce((latest, { seq }) => Math.max(latest, seq), 0),
  };
}

/** Counts the claims of a request: the number of the latest attempt. */
export function attemptCount(attempts: readonly Attempt[]): number {
  return attempts.at(-1)?.number ?? 0;
}

/**
 * The state of a request, and the attempt that decides it. A doubt that is open anywhere comes before all; then the last
 * attempt that got a task, which nothing that came to nothing may hide; then the last that reached the provider.
 */
export function standing(
  attempts: readonly Attempt[],
  isLive: IsLive,
): { readonly state: RequestState; readonly attempt: Attempt | undefined } {
  const states = attempts.map((attempt) => ({ state: stateOf(attempt, isLive), attempt }));
  return (
    states.findLast(({ state }) => state === 'sending') ??
    states.findLast(({ state }) => state === 'inDoubt') ??
    states.findLast(({ attempt }) => attempt.task !== null) ??
    states.findLast(({ state }) => state !== 'pending') ??
    states.at(-1) ?? { state: 'pending', attempt: undefined }
  );
}

/** Finds the state of one attempt. */
export function stateOf(attempt: Attempt, isLive: IsLive): RequestState {
  if (attempt.task !== null) return stateOfTask(attempt.task);
  if (attempt.abandoned) return 'abandoned';
  if (attempt.notSubmitted) return 'pending';
  switch (attempt.outcome?.kind) {
    case undefined:
      return isLive(attempt.runId) ? 'sending' : 'inDoubt';
    case 'notSent':
    case 'throttled':
      return 'pending';
    case 'refused':
      return 'refused';
    default:
      return 'inDoubt';
  }
}

/** A task that nobody heard of again until it was given up has no end of its own. */
function stateOfTask({ status, isClipGivenUp }: KnownTask): RequestState {
  return isClipGivenUp && status !== 'completed' && status !== 'failed' ? 'abandoned' : status;
}

/** True where an attempt was billed, or may have been: it counts unless it provably cost nothing. */
export function countsAsBilled(attempt: Attempt): boolean {
  if (attempt.task !== null) return true;
  if (attempt.notSubmitted) return false;
  return (
    attempt.outcome === null || attempt.outcome.kind === 'accepted' || attempt.outcome.kind === 'inDoubt'
  );
}

/** Keeps the optional facts of a task that are known. */
function extras({ providerAmount, qc, isClipGivenUp }: KnownTask): Partial<KnownTask> {
  return {
    ...(providerAmount === undefined ? {} : { providerAmount }),
    ...(qc === undefined ? {} : { qc }),
    ...(isClipGivenUp === undefined ? {} : { isClipGivenUp }),
  };
}

/** Gathers the decisions on the clips, and the tasks besides the one that decides the state. */
function besides(
  events: readonly StoredEvent[],
  attempts: readonly Attempt[],
  standingOne: Attempt | undefined,
): Pick<LedgerEntry, 'clipDecisions' | 'earlierTasks'> {
  const decisions = decisionsIn(events);
  const others = attempts.flatMap(({ task }) => (task === null || task === standingOne?.task ? [] : [task]));
  return {
    ...(others.length === 0 ? {} : { earlierTasks: others }),
    ...(decisions.length === 0 ? {} : { clipDecisions: decisions }),
  };
}

function problemOf(
  last: Attempt | undefined,
  state: RequestState,
): { readonly code: string | null; readonly error: string | null } | null {
  if (last === undefined || state === 'sending') return null;
  if (last.task?.isClipGivenUp === true && last.task.file === null) return clipGivenUp;
  if (last.task !== null) return { code: null, error: last.task.error };
  if (last.notSubmitted) return null;
  if (last.outcome?.kind === 'accepted') return null;
  const { code, error } = last.outcome ?? endOfRun;
  if (last.hearsay === null) return { code, error };
  return { code, error: `${error}; ${last.hearsay}, which counts once somebody says so here` };
}

function chargeOf({ price, currency, task, abandoned }: Attempt): AttemptCharge {
  if (task === null) return abandoned ? { price, currency } : { price, currency, isInDoubt: true };
  const taskId = task.id;
  return task.status === 'failed' ? { price, currency, taskId, isFailed: true } : { price, currency, taskId };
}

function spending(attempts: readonly Attempt[]): Pick<LedgerEntry, 'billed' | 'charges' | 'cost'> {
  const charges = attempts.filter(countsAsBilled).map(chargeOf);
  const currencies = new Set(charges.flatMap(({ currency }) => currency ?? []));
  const prices = charges.flatMap(({ price }) => price ?? []);
  const known = prices.length === charges.length && currencies.size <= 1;
  return { billed: charges.length, charges, cost: known ? addMoney(prices) : null };
}
