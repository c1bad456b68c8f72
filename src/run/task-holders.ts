import type { LedgerTask } from '../ledger/ledger.ts';

/** The request that each task belongs to, those of earlier runs included. */
export class TaskHolders {
  readonly #keys: Map<string, string>;

  constructor(tasks: readonly LedgerTask[]) {
    this.#keys = new Map(tasks.map(({ taskId, key }) => [taskId, key]));
  }

  /** Notes whose a task is; gives the key of the request that has it already, or null. */
  note(key: string, taskId: string): string | null {
    const other = this.#keys.get(taskId);
    if (other === undefined) this.#keys.set(taskId, key);
    return other ?? null;
  }
}
