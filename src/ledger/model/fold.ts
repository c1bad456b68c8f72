import { addMoney } from '../../core/money.ts';
import type { TaskStatus } from '../../core/task-status.ts';
import type { Attempt, KnownTask } from './attempt.ts';
import type { LedgerEntry, RequestState } from './entry.ts';
import type { FoldedEvent, IsLive } from './event.ts';
import type { LedgerRequest } from './identity.ts';
import type { AttemptOutcome, Resolution, TaskUpdate } from './outcome.ts';
import { timesOf } from './times.ts';

/** An attempt while its events are being read. */
type Draft = { -readonly [Name in Exclude<keyof Attempt, 'notSubmitted' | 'abandoned'>]: Attempt[Name] } & {
  readonly resolutions: Resolution[];
};

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
 * The attempts of one request, from its events. Pure: the ledger holds nothing that this can't compute again. Two ledgers
 * that took in each other's events come to the same attempts, whichever events came first.
 */
export function foldAttempts(events: readonly FoldedEvent[]): readonly Attempt[] {
  const drafts: Draft[] = [];
  const find = (number: number): Draft | undefined => drafts.find((draft) => draft.number === number);
  // Answers may come before what a person had guessed, or after: the answer counts either way.
  for (const event of events) if (event.type === 'claimed') drafts.push(openAttempt(event));
  if (drafts.length > 1) drafts.sort(byOrigin);
  for (const event of events) {
    if (event.type === 'settled') settle(find(event.attempt), event.outcome, event.at);
    if (event.type === 'resolved') find(event.attempt)?.resolutions.push(event.resolution);
  }
  for (const draft of drafts) findTask(draft);
  for (const event of events) {
    const taskId = event.type === 'task' ? event.update.taskId : 'taskId' in event ? event.taskId : null;
    const owner = taskId === null ? undefined : drafts.find(({ task }) => task?.id === taskId);
    if (owner?.task != null) owner.task = taskAfter(owner.task, event);
  }
  return drafts.map(closed);
}

/**
 * What the ledger says of a request whose events these are. An open claim of a run that is not live reads as `inDoubt`:
 * nobody has to repair anything for that.
 */
export function fold(events: readonly FoldedEvent[], isLive: IsLive): EntryFields {
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
    runId: attempt?.runId ?? null,
    seq: events.at(-1)?.seq ?? 0,
  };
}

/** How often a request was claimed: the number of the latest attempt. */
export function attemptCount(attempts: readonly Attempt[]): number {
  return attempts.reduce((most, { number }) => Math.max(most, number), 0);
}

/**
 * The state of a request, and the attempt that decides it: the last that reached the provider, or may have. What
 * provably came to nothing decides only where nothing else was sent; a doubt that is open anywhere comes before all.
 */
export function standing(
  attempts: readonly Attempt[],
  isLive: IsLive,
): { readonly state: RequestState; readonly attempt: Attempt | undefined } {
  const states = attempts.map((attempt) => ({ state: stateOf(attempt, isLive), attempt }));
  return (
    states.findLast(({ state }) => state === 'sending') ??
    states.findLast(({ state }) => state === 'inDoubt') ??
    states.findLast(({ state }) => state !== 'pending') ??
    states.at(-1) ?? { state: 'pending', attempt: undefined }
  );
}

/** What became of one attempt. */
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

/** Whether an attempt was billed, or may have been: whatever is not known to have cost nothing counts. */
export function countsAsBilled(attempt: Attempt): boolean {
  if (attempt.task !== null) return true;
  if (attempt.notSubmitted) return false;
  return (
    attempt.outcome === null || attempt.outcome.kind === 'accepted' || attempt.outcome.kind === 'inDoubt'
  );
}

/** What a task is known to be after an update. An end is final, and null takes nothing away. */
export function updatedTask(task: KnownTask, update: TaskUpdate, at: string): KnownTask {
  const ended = task.status === 'completed' || task.status === 'failed';
  if (ended && update.status !== task.status) return task;
  return {
    ...task,
    status: update.status,
    error: update.error ?? task.error,
    actualDuration: update.actualDuration ?? task.actualDuration,
    completedAt: task.completedAt ?? (update.status === 'completed' ? at : null),
    ...(update.providerAmount === undefined ? {} : { providerAmount: update.providerAmount }),
  };
}

/** What is left out of a task of which it is not known. */
function extras({ providerAmount, qc, isClipGivenUp }: KnownTask): Partial<KnownTask> {
  return {
    ...(providerAmount === undefined ? {} : { providerAmount }),
    ...(qc === undefined ? {} : { qc }),
    ...(isClipGivenUp === undefined ? {} : { isClipGivenUp }),
  };
}

function taskAfter(task: KnownTask, event: FoldedEvent): KnownTask {
  switch (event.type) {
    case 'task':
      return updatedTask(task, event.update, event.at);
    case 'saved':
      return { ...task, file: event.file };
    case 'inspected':
      return { ...task, qc: event.qc };
    case 'clipGivenUp':
      return { ...task, isClipGivenUp: true };
    default:
      return task;
  }
}

function openAttempt(event: FoldedEvent & { type: 'claimed' }): Draft {
  return {
    number: event.attempt,
    origin: event.origin ?? event.attempt,
    runId: event.runId,
    at: event.at,
    price: event.price,
    currency: event.currency,
    outcome: null,
    task: null,
    resolutions: [],
  };
}

/** By the numbers that all ledgers agree on; of two attempts that did not know of each other, the earlier first. */
function byOrigin(a: Draft, b: Draft): number {
  if (a.origin !== b.origin) return a.origin - b.origin;
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  return a.runId < b.runId ? -1 : 1;
}

function settle(attempt: Draft | undefined, outcome: AttemptOutcome, at: string): void {
  if (attempt === undefined) return;
  attempt.outcome = outcome;
  if (outcome.kind === 'accepted') attempt.task = newTask(outcome.taskId, outcome.status, outcome.error, at);
}

/** The task that a person found, where no answer named one. Of two that two people found, all ledgers take the same. */
function findTask(attempt: Draft): void {
  const found = attempt.resolutions.flatMap((each) => (each.kind === 'taskId' ? [each.taskId] : [])).sort();
  if (attempt.task === null && found[0] !== undefined) {
    attempt.task = newTask(found[0], 'queued', null, attempt.at);
  }
}

/**
 * An attempt once everything about it is read. An answer that was recorded late, from the spool or another ledger,
 * outweighs what a person had guessed; of what people decided apart from each other, the decision that spends least.
 */
function closed({ resolutions, ...attempt }: Draft): Attempt {
  const answered = attempt.outcome !== null && attempt.outcome.kind !== 'inDoubt';
  const count = (kind: Resolution['kind']): number =>
    answered ? 0 : resolutions.filter((each) => each.kind === kind).length;
  const abandoned = attempt.task === null && count('abandoned') > count('reopened');
  const notSubmitted = attempt.task === null && !abandoned && count('notSubmitted') > 0;
  return { ...attempt, abandoned, notSubmitted };
}

function newTask(id: string, status: TaskStatus, error: string | null, at: string): KnownTask {
  const completedAt = status === 'completed' ? at : null;
  return { id, status, error, actualDuration: null, completedAt, file: null };
}

function problemOf(
  last: Attempt | undefined,
  state: RequestState,
): { readonly code: string | null; readonly error: string | null } | null {
  if (last === undefined || state === 'sending') return null;
  if (last.task?.isClipGivenUp === true && last.task.file === null) return clipGivenUp;
  if (last.task !== null) return { code: null, error: last.task.error };
  if (last.notSubmitted) return null;
  if (last.outcome === null) return endOfRun;
  return last.outcome.kind === 'accepted' ? null : last.outcome;
}

function spending(attempts: readonly Attempt[]): Pick<LedgerEntry, 'billed' | 'charges' | 'cost'> {
  const charges = attempts.filter(countsAsBilled).map(({ price, currency }) => ({ price, currency }));
  const currencies = new Set(charges.flatMap(({ currency }) => currency ?? []));
  const prices = charges.flatMap(({ price }) => price ?? []);
  const known = prices.length === charges.length && currencies.size <= 1;
  return { billed: charges.length, charges, cost: known ? addMoney(prices) : null };
}
