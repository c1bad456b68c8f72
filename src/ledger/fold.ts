import { addMoney } from '../core/money.ts';
import type { TaskStatus } from '../core/task-status.ts';
import type {
  AttemptOutcome,
  LedgerEntry,
  LedgerFact,
  LedgerRequest,
  RequestState,
  Resolution,
  TaskUpdate,
} from './ledger.ts';

/** An event, as far as the state of its request depends on it. */
export type FoldedEvent = { readonly seq: number; readonly at: string } & LedgerFact;

/** Whether a run still holds its life lock. */
export type IsLive = (runId: string) => boolean;

/** What is known of a task. */
interface KnownTask {
  readonly id: string;
  readonly status: TaskStatus;
  readonly error: string | null;
  readonly videoUrl: string | null;
  /** In seconds. */
  readonly actualDuration: number | null;
  readonly completedAt: string | null;
}

/** One claim of a request, and what became of it. */
export interface Attempt {
  readonly number: number;
  readonly runId: string;
  readonly at: string;
  readonly price: number | null;
  readonly currency: string | null;
  /** Null while nothing was recorded: the claim is open. */
  readonly outcome: AttemptOutcome | null;
  readonly task: KnownTask | null;
  /** A person said that it never reached the provider. */
  readonly notSubmitted: boolean;
  /** A person gave up on learning what became of it. */
  readonly abandoned: boolean;
}

/** An attempt while its events are being read. */
type Draft = { -readonly [Name in keyof Attempt]: Attempt[Name] };

/** Everything that a ledger entry says beyond the request itself. */
type EntryFields = Omit<LedgerEntry, keyof LedgerRequest>;

const endOfRun = {
  code: 'runEnded',
  error: 'the run that claimed it ended before it recorded an answer',
};

/** The attempts of one request, from its events in order. Pure: the ledger holds nothing that this can't compute again. */
export function foldAttempts(events: readonly FoldedEvent[]): readonly Attempt[] {
  const attempts: Draft[] = [];
  for (const event of events) {
    switch (event.type) {
      case 'claimed':
        attempts.push(openAttempt(event));
        // Attempts that came late, from the spool of a ledger that was lost, keep their place.
        if (event.attempt < (attempts.at(-2)?.number ?? 0)) attempts.sort((a, b) => a.number - b.number);
        break;
      case 'settled':
        settle(
          attempts.find(({ number }) => number === event.attempt),
          event.outcome,
          event.at,
        );
        break;
      case 'resolved':
        resolve(attempts.at(-1), event.resolution);
        break;
      case 'task': {
        const owner = attempts.find(({ task }) => task?.id === event.update.taskId);
        if (owner?.task != null) owner.task = updatedTask(owner.task, event.update, event.at);
      }
    }
  }
  return attempts;
}

/**
 * What the ledger says of a request whose events these are. An open claim of a run that is not live reads as `inDoubt`:
 * nobody has to repair anything for that.
 */
export function fold(events: readonly FoldedEvent[], isLive: IsLive): EntryFields {
  const attempts = foldAttempts(events);
  const last = attempts.at(-1);
  const state = stateOf(last, isLive);
  const problem = problemOf(last, state);
  return {
    state,
    attempts: last?.number ?? 0,
    ...spending(attempts),
    currency: last?.currency ?? null,
    taskId: last?.task?.id ?? null,
    errorCode: problem?.code ?? null,
    error: problem?.error ?? null,
    submittedAt: last?.at ?? null,
    completedAt: last?.task?.completedAt ?? null,
    videoUrl: last?.task?.videoUrl ?? null,
    actualDuration: last?.task?.actualDuration ?? null,
    runId: last?.runId ?? null,
    seq: events.at(-1)?.seq ?? 0,
  };
}

/** The state of a request by its last attempt; `pending` without one. */
export function stateOf(last: Attempt | undefined, isLive: IsLive): RequestState {
  if (last === undefined) return 'pending';
  if (last.abandoned) return 'abandoned';
  if (last.task !== null) return last.task.status;
  if (last.notSubmitted) return 'pending';
  switch (last.outcome?.kind) {
    case undefined:
      return isLive(last.runId) ? 'sending' : 'inDoubt';
    case 'notSent':
    case 'throttled':
      return 'pending';
    case 'refused':
      return 'refused';
    default:
      return 'inDoubt';
  }
}

/** Whether an attempt was billed, or may have been: whatever is not known to have cost nothing counts. */
export function countsAsBilled(attempt: Attempt): boolean {
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
    id: task.id,
    status: update.status,
    error: update.error ?? task.error,
    videoUrl: update.videoUrl ?? task.videoUrl,
    actualDuration: update.actualDuration ?? task.actualDuration,
    completedAt: task.completedAt ?? (update.status === 'completed' ? at : null),
  };
}

function openAttempt(event: FoldedEvent & { type: 'claimed' }): Draft {
  return {
    number: event.attempt,
    runId: event.runId,
    at: event.at,
    price: event.price,
    currency: event.currency,
    outcome: null,
    task: null,
    notSubmitted: false,
    abandoned: false,
  };
}

/** An answer that was recorded late (from the spool) outweighs what a person had guessed meanwhile. */
function settle(attempt: Draft | undefined, outcome: AttemptOutcome, at: string): void {
  if (attempt === undefined) return;
  attempt.outcome = outcome;
  if (outcome.kind === 'inDoubt') return;
  attempt.notSubmitted = false;
  attempt.abandoned = false;
  if (outcome.kind === 'accepted') attempt.task = newTask(outcome.taskId, outcome.status, outcome.error, at);
}

function resolve(attempt: Draft | undefined, resolution: Resolution): void {
  if (attempt === undefined) return;
  switch (resolution.kind) {
    case 'taskId':
      attempt.task = newTask(resolution.taskId, 'queued', null, attempt.at);
      break;
    case 'notSubmitted':
      attempt.notSubmitted = true;
      break;
    case 'abandoned':
      attempt.abandoned = true;
      break;
    case 'reopened':
      attempt.abandoned = false;
  }
}

function newTask(id: string, status: TaskStatus, error: string | null, at: string): KnownTask {
  const completedAt = status === 'completed' ? at : null;
  return { id, status, error, videoUrl: null, actualDuration: null, completedAt };
}

function problemOf(
  last: Attempt | undefined,
  state: RequestState,
): { readonly code: string | null; readonly error: string | null } | null {
  if (last === undefined || state === 'sending') return null;
  if (last.task !== null) return { code: null, error: last.task.error };
  if (last.notSubmitted) return null;
  if (last.outcome === null) return endOfRun;
  return last.outcome.kind === 'accepted' ? null : last.outcome;
}

function spending(attempts: readonly Attempt[]): { readonly billed: number; readonly cost: number | null } {
  const billed = attempts.filter(countsAsBilled);
  const currencies = new Set(billed.flatMap(({ currency }) => currency ?? []));
  const prices = billed.flatMap(({ price }) => price ?? []);
  const known = prices.length === billed.length && currencies.size <= 1;
  return { billed: billed.length, cost: known ? addMoney(prices) : null };
}
