import { UsageError } from '../core/errors.ts';
import type { LedgerEntry, Resolution } from '../ledger/ledger.ts';
import { confirmTask } from './confirm-task.ts';
import type { ProjectContext } from './context.ts';
import { unknownKey } from './planning.ts';

/** A person's decision about a request whose outcome is unknown. */
export type Decision = Exclude<Resolution, { readonly kind: 'reopened' }>;

/** Requests that wait for a decision, and those that were asked about and do not. */
export interface OpenRequests {
  readonly open: readonly LedgerEntry[];
  /** Of each key that waits for nothing, a sentence that says so. */
  readonly notes: readonly string[];
}

/** Reads the requests in doubt, and those that were abandoned and are named. */
export async function readOpen(context: ProjectContext, keys: readonly string[]): Promise<OpenRequests> {
  const entries = await readEntries(context);
  if (keys.length === 0) return { open: entries.filter(({ state }) => state === 'inDoubt'), notes: [] };
  const chosen = keys.map((key) => chooseEntry(key, context, entries));
  return {
    open: chosen.filter(isOpen),
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
): Promise<readonly LedgerEntry[]> {
  const entries = await readEntries(context);
  const chosen =
    keys === null
      ? entries.filter(({ state }) => state === 'inDoubt')
      : keys.map((key) => chooseEntry(key, context, entries));
  for (const entry of chosen) refuseSettled(context, entry);
  try {
    const settled = [];
    for (const entry of chosen) settled.push(await settle(context, entries, entry, decision));
    return settled;
  } finally {
    await context.journal.write(context.ledger);
  }
}

/** Settles one request of `readOpen`. */
export async function settleOne(
  context: ProjectContext,
  entry: LedgerEntry,
  decision: Decision,
): Promise<LedgerEntry> {
  const settled = await settle(context, await readEntries(context), entry, decision);
  await context.journal.write(context.ledger);
  return settled;
}

/**
 * A task id is accepted only once the provider has confirmed that there is such a task: a wrong one would hide that the
 * request was never received.
 */
async function settle(
  context: ProjectContext,
  entries: readonly LedgerEntry[],
  entry: LedgerEntry,
  decision: Decision,
): Promise<LedgerEntry> {
  const { scope, by, emit } = context;
  const task =
    decision.kind === 'taskId' ? await confirmTask(context, entries, entry, decision.taskId) : undefined;
  const ledger = await context.ledger.writer();
  if (entry.state === 'abandoned') await ledger.resolve(scope, entry, { kind: 'reopened' }, by);
  const settled = await ledger.resolve(scope, entry, decision, by);
  if (task !== undefined) await ledger.updateTask(scope, entry, task);
  const state = task?.status ?? settled.state;
  emit({ type: 'resolved', key: entry.key, state, taskId: settled.taskId });
  return { ...settled, state };
}

async function readEntries({ ledger, scope }: ProjectContext): Promise<readonly LedgerEntry[]> {
  return (await ledger.reader()).read(scope);
}

function nothingToSettle({ key, state }: LedgerEntry): string {
  return state === 'sending'
    ? `${key} is being sent by another run, which will settle it`
    : `${key} is ${state}: there is nothing to settle`;
}

function isOpen({ state }: LedgerEntry): boolean {
  return state === 'inDoubt' || state === 'abandoned';
}

/**
 * Nothing is settled where one of the keys is a mistake. What a live run is sending is the ledger's to refuse.
 *
 * @throws UsageError for a request that waits for no decision.
 */
function refuseSettled({ followUp }: ProjectContext, entry: LedgerEntry): void {
  if (isOpen(entry) || entry.state === 'sending') return;
  throw new UsageError(nothingToSettle(entry), {
    help: `what became of it: ${followUp('history', entry.key)}\nNothing was changed.`,
  });
}

/**
 * Under one key, an edit may have left several requests: the one that waits for a decision is meant.
 *
 * @throws UsageError for a key that nothing was sent under.
 */
function chooseEntry(key: string, { linted }: ProjectContext, entries: readonly LedgerEntry[]): LedgerEntry {
  const candidates = entries.filter((entry) => entry.key === key);
  const chosen =
    candidates.find(({ state }) => state === 'inDoubt') ??
    candidates.find(({ state }) => state === 'abandoned') ??
    candidates.find(({ state }) => state === 'sending') ??
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
