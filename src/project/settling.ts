import { askedClip } from '../catalog/asked-clip.ts';
import { underOwnNames } from '../catalog/field-map.ts';
import { UsageError } from '../core/errors.ts';
import type { LedgerAttempt, LedgerEntry, RequestIdentity, Resolution } from '../ledger/ledger.ts';
import { ResolutionError } from '../ledger/ledger.ts';
import { type ConfirmedTask, confirmTask, unchanged } from './confirm-task.ts';
import type { ProjectContext } from './context.ts';
import { unknownKey } from './planning.ts';
import { type TaskDifference, TaskDiffersError, taskDifferences } from './task-differences.ts';

/** A person's decision about a request whose outcome is unknown; `reopened` takes an earlier one back. */
export type Decision = Resolution;

export interface SettleOptions {
  /** Takes a task although it is not what was asked for, or although a person gave it to another request. */
  readonly force?: boolean | undefined;
}

/** A request that was settled. */
export interface Settled extends LedgerEntry {
  /** The ways in which its task is not what was asked for; empty but where that was taken all the same. */
  readonly differences: readonly TaskDifference[];
}

export type AllSettled = readonly Settled[];

/** Requests that wait for a decision, and those that were asked about and do not. */
export interface OpenRequests {
  /** In the order of sending. */
  readonly open: readonly LedgerEntry[];
  /** Of each key that waits for nothing, a sentence that says so. */
  readonly notes: readonly string[];
}

/** Reads the requests in doubt, and those that are named and were decided by a person. */
export async function readOpen(context: ProjectContext, keys: readonly string[]): Promise<OpenRequests> {
  const entries = await readEntries(context);
  if (keys.length === 0) {
    return { open: inOrderOfSending(entries.filter(({ state }) => state === 'inDoubt')), notes: [] };
  }
  const chosen = keys.map((key) => chooseEntry(key, context, entries));
  return {
    open: inOrderOfSending(chosen.filter(isOpen)),
    notes: chosen.filter((entry) => !isOpen(entry)).map(nothingToSettle),
  };
}

/**
 * Settles requests, none where one of the keys is a mistake.
 *
 * @param keys null for every request that is in doubt.
 */
export async function settleAll(
  context: ProjectContext,
  keys: readonly string[] | null,
  decision: Decision,
  options: SettleOptions = {},
): Promise<readonly Settled[]> {
  const entries = await readEntries(context);
  const chosen =
    keys === null
      ? entries.filter(({ state }) => state === 'inDoubt')
      : keys.map((key) => chooseEntry(key, context, entries));
  const attempts = await readAttempts(context);
  for (const entry of chosen) refuseSettled(context, entry, attempts);
  return settle(context, chosen, attempts, decision, options);
}

/** Settles one request of `readOpen`. */
export async function settleOne(
  context: ProjectContext,
  entry: LedgerEntry,
  decision: Decision,
  options: SettleOptions = {},
): Promise<Settled> {
  const [settled] = await settle(context, [entry], await readAttempts(context), decision, options);
  if (settled === undefined) throw new Error(`${entry.key} was settled, and nothing came back`);
  return settled;
}

async function settle(
  context: ProjectContext,
  entries: readonly LedgerEntry[],
  attempts: readonly LedgerAttempt[],
  decision: Decision,
  options: SettleOptions,
): Promise<readonly Settled[]> {
  const { scope, by, emit } = context;
  if (entries.length === 0) return [];
  try {
    if (decision.kind === 'taskId') {
      const [entry] = entries;
      if (entry === undefined || entries.length > 1) {
        throw new UsageError('a task id belongs to one request', { help: 'name one request with its id' });
      }
      return [await giveTask(context, entry, attempts, decision.taskId, options)];
    }
    const settled = await (await context.ledger.writer()).resolveAll(scope, entries, decision, by);
    for (const { key, state, taskId } of settled) emit({ type: 'resolved', key, state, taskId });
    return settled.map((entry) => ({ ...entry, differences: [] }));
  } finally {
    await context.journal.write(context.ledger);
  }
}

/**
 * A task id is accepted only once the provider has confirmed that there is such a task, and nothing that it says of it
 * speaks against the request: a wrong one would hide that the request was never received.
 */
async function giveTask(
  context: ProjectContext,
  entry: LedgerEntry,
  attempts: readonly LedgerAttempt[],
  taskId: string,
  { force = false }: SettleOptions,
): Promise<Settled> {
  const { scope, by, emit } = context;
  const holder = attempts.find(
    (other) => other.taskId === taskId && !isSameRequest(other, entry, scope.project),
  );
  if (holder !== undefined) refuseHeld(context, entry, holder, taskId, force);
  const task = await confirmTask(context, entry.model, taskId);
  const differences = differencesOf(context, entry, attempts, task);
  if (differences.length > 0 && !force) throw new TaskDiffersError(entry.key, taskId, differences);
  const ledger = await context.ledger.writer();
  if (holder !== undefined) {
    const { state } = await ledger.resolve(
      { ...scope, project: holder.project },
      holder,
      { kind: 'reopened' },
      by,
    );
    emit({ type: 'resolved', key: holder.key, state, taskId: null });
  }
  await ledger.resolve(scope, entry, { kind: 'taskId', taskId }, by);
  await ledger.updateTask(scope, entry, task.update);
  const settled = (await ledger.read(scope)).find((each) =>
    isSameRequest({ ...each, project: scope.project }, entry, scope.project),
  );
  if (settled === undefined) throw new Error(`${entry.key} was settled, and is gone`);
  emit({ type: 'resolved', key: entry.key, state: settled.state, taskId });
  return { ...settled, differences };
}

/** @throws ResolutionError where another request has the task, unless a person said so and is to be overruled. */
function refuseHeld(
  { followUp, scope }: ProjectContext,
  { key }: LedgerEntry,
  holder: LedgerAttempt,
  taskId: string,
  force: boolean,
): void {
  const of = holder.project === scope.project ? '' : ` of the project ${holder.project}`;
  const belongs = `task ${taskId} belongs to ${holder.key}${of}, so it cannot be that of ${key}`;
  const { decision } = holder;
  if (decision === null) {
    throw new ResolutionError(belongs, {
      help: `The provider itself answered ${holder.key} with it. Look for the id of the attempt that is in doubt. ${unchanged}`,
    });
  }
  if (force) return;
  throw new ResolutionError(`${belongs}: ${decision.by} said so`, {
    help: `Look for the id of the attempt that is in doubt. If ${decision.by} was mistaken, add --force: then ${holder.key} is in doubt again; or take that back first: ${followUp('resolve', holder.key, '--reopen')}\n${unchanged}`,
  });
}

function differencesOf(
  { linted, scope }: ProjectContext,
  entry: LedgerEntry,
  attempts: readonly LedgerAttempt[],
  { facts }: ConfirmedTask,
): readonly TaskDifference[] {
  const own = attempts.filter((attempt) => isSameRequest(attempt, entry, scope.project));
  const meant =
    own.findLast(({ state }) => state === 'inDoubt' || state === 'sending') ??
    own.findLast(({ decision }) => decision !== null);
  if (meant === undefined) return [];
  const model = linted.catalog.get(entry.model);
  const { duration } = askedClip(underOwnNames(entry.body, model?.fields), model);
  const sent = { model: entry.model, claimedAt: Date.parse(meant.submittedAt), duration };
  return taskDifferences(sent, facts);
}

function isSameRequest(
  attempt: RequestIdentity & { readonly project: string },
  { key, fingerprint }: RequestIdentity,
  project: string,
): boolean {
  return attempt.project === project && attempt.key === key && attempt.fingerprint === fingerprint;
}

async function readEntries({ ledger, scope }: ProjectContext): Promise<readonly LedgerEntry[]> {
  return (await ledger.reader()).read(scope);
}

async function readAttempts({ ledger, scope }: ProjectContext): Promise<readonly LedgerAttempt[]> {
  return (await ledger.reader()).attempts(scope.provider);
}

function inOrderOfSending(entries: readonly LedgerEntry[]): readonly LedgerEntry[] {
  return [...entries].sort((a, b) => (a.submittedAt ?? '').localeCompare(b.submittedAt ?? ''));
}

function nothingToSettle({ key, state }: LedgerEntry): string {
  return state === 'sending'
    ? `${key} is being sent by another run, which will settle it`
    : `${key} is ${state}: there is nothing to settle`;
}

/** True for what is in doubt, and for what a person decided: he may have been mistaken. */
function isOpen({ state, decision }: LedgerEntry): boolean {
  return state === 'inDoubt' || decision !== undefined;
}

/**
 * Refuses a key that is a mistake, and then nothing is settled. What a live run is sending is the ledger's to refuse.
 *
 * @throws UsageError for a request that waits for no decision, and never had one.
 */
function refuseSettled(
  { followUp, scope }: ProjectContext,
  entry: LedgerEntry,
  attempts: readonly LedgerAttempt[],
): void {
  if (isOpen(entry) || entry.state === 'sending') return;
  const wasDecided = attempts.some(
    (attempt) => attempt.decision !== null && isSameRequest(attempt, entry, scope.project),
  );
  if (wasDecided) return;
  throw new UsageError(nothingToSettle(entry), {
    help: `what became of it: ${followUp('history', entry.key)}\n${unchanged}`,
  });
}

/**
 * Chooses among the requests that edits left under a key: the one that waits for a decision, then the last that
 * had one.
 *
 * @throws UsageError for a key that nothing was sent under.
 */
function chooseEntry(key: string, { linted }: ProjectContext, entries: readonly LedgerEntry[]): LedgerEntry {
  const candidates = entries.filter((entry) => entry.key === key);
  const chosen =
    candidates.find(({ state }) => state === 'inDoubt') ??
    candidates.find(({ state }) => state === 'sending') ??
    candidates.findLast(({ decision }) => decision !== undefined) ??
    candidates.at(-1);
  if (chosen !== undefined) return chosen;
  if (linted.requests.some((request) => request.key === key)) {
    throw new UsageError(`${key} was never sent: there is nothing to settle`);
  }
  throw unknownKey(
    'resolve',
    key,
    entries.map((entry) => entry.key),
  );
}
