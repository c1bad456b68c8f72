import type { Report } from '../../src/report/model.ts';
import type { BilledTask } from './program.ts';
import { keyOfPrompt, type Look, price, type Scene } from './scene.ts';

export interface Evidence {
  readonly scene: Scene;
  /** The ledger after everything that ran on it has ended. */
  readonly now: Look;
  /** What the provider billed, from its own books. */
  readonly billed: readonly BilledTask[];
  /** The prompts that were seen on the wire, where that was watched. */
  readonly asked?: ReadonlySet<string>;
  /** The requests in doubt before, and how many can have come since: those in flight when something died. */
  readonly doubtfulBefore?: ReadonlySet<string>;
  readonly inFlight?: number;
}

/** Compares the provider's books with the ledger. Every sentence that comes back is a broken promise. */
export function audit({ scene, now, billed, asked, doubtfulBefore, inFlight }: Evidence): readonly string[] {
  const problems: string[] = [...now.violations];
  const tasks = tasksByKey(billed);
  for (const [key, ids] of tasks) {
    if (ids.length > 1) problems.push(`${key} was paid ${ids.length} times: ${ids.join(', ')}`);
  }
  for (const { id, body } of billed) {
    const key = keyOfPrompt(body.prompt);
    const inLedger = now.histories.get(key)?.some((event) => namesTask(event, id)) === true;
    if (!inLedger && now.state(key) !== 'inDoubt') {
      problems.push(
        `task ${id} of ${key} is lost: the ledger does not name it, and has ${key} as ${now.state(key)}`,
      );
    }
  }
  for (const key of scene.keys) {
    const state = now.state(key);
    const { claims, open } = attemptsOf(now, key);
    if (state === 'sending') problems.push(`${key} is still being sent, though nobody lives`);
    if (state === 'inDoubt' && open === 0)
      problems.push(`${key} is in doubt, though its record says what became of it`);
    const taskId = now.entries.get(key)?.taskId;
    if (taskId != null && !tasks.get(key)?.includes(taskId)) {
      problems.push(`${key} has the task ${taskId}, which was never billed for it`);
    }
    if (claims === 0 && state !== 'pending')
      problems.push(`${key} is ${state} without ever having been claimed`);
  }
  for (const prompt of asked ?? []) {
    const key = keyOfPrompt(prompt);
    if (attemptsOf(now, key).claims === 0) problems.push(`${key} went out on the wire without a claim`);
  }
  if (doubtfulBefore !== undefined && inFlight !== undefined) {
    const fresh = scene.keys.filter((key) => now.state(key) === 'inDoubt' && !doubtfulBefore.has(key));
    if (fresh.length > inFlight) {
      problems.push(`${fresh.length} came into doubt (${fresh.join(', ')}), and ${inFlight} were in flight`);
    }
  }
  return problems;
}

/** Compares the provider's books with a report that was written when all was done. */
export function auditReport(scene: Scene, report: Report, billed: readonly BilledTask[]): readonly string[] {
  const problems: string[] = [];
  const tasks = tasksByKey(billed);
  const rows = new Map(report.rows.map((row) => [row.key, row]));
  for (const key of scene.keys) {
    const row = rows.get(key);
    const ids = tasks.get(key) ?? [];
    if (row === undefined) problems.push(`the report has no row for ${key}`);
    else if (row.taskId !== (ids[0] ?? null)) {
      problems.push(`the report gives ${key} the task ${row.taskId}; the books ${ids[0] ?? 'none'}`);
    }
  }
  if (report.summary.cost !== billed.length * price) {
    problems.push(
      `the report says ${report.summary.cost} CNY were spent; the books ${billed.length * price}`,
    );
  }
  return problems;
}

export function tasksByKey(billed: readonly BilledTask[]): ReadonlyMap<string, readonly string[]> {
  const tasks = new Map<string, string[]>();
  for (const { id, body } of billed) {
    const key = keyOfPrompt(body.prompt);
    tasks.set(key, [...(tasks.get(key) ?? []), id]);
  }
  return tasks;
}

function namesTask(event: NonNullable<ReturnType<Look['histories']['get']>>[number], id: string): boolean {
  if (event.type === 'settled') return event.outcome.kind === 'accepted' && event.outcome.taskId === id;
  return event.type === 'resolved' && event.resolution.kind === 'taskId' && event.resolution.taskId === id;
}

/** How often a request was claimed, and of how many claims the record does not say that nothing came of them. */
function attemptsOf(now: Look, key: string): { readonly claims: number; readonly open: number } {
  const claims = new Set<number>();
  const open = new Set<number>();
  for (const event of now.histories.get(key) ?? []) {
    if (event.type === 'claimed') {
      claims.add(event.attempt);
      open.add(event.attempt);
    } else if (event.type === 'settled' && event.outcome.kind !== 'inDoubt') open.delete(event.attempt);
    else if (event.type === 'resolved' && event.resolution.kind !== 'reopened') open.delete(event.attempt);
  }
  return { claims: claims.size, open: open.size };
}
