import type { LedgerTask, TaskIdentity } from '../ledger/ledger.ts';

/** Keeps a collect's tasks, and answers questions about all of them. */
export class KnownTasks {
  readonly #tasks = new Map<string, LedgerTask>();
  readonly #saved = new Map<string, number>();

  get(task: TaskIdentity): LedgerTask | undefined {
    return this.#tasks.get(taskKey(task));
  }

  /** The task as it is known, or else as it is given. */
  latest(task: LedgerTask): LedgerTask {
    return this.get(task) ?? task;
  }

  all(): Iterable<LedgerTask> {
    return this.#tasks.values();
  }

  set(task: LedgerTask): void {
    const before = this.get(task);
    this.#tasks.set(taskKey(task), task);
    const more = Number(task.file !== null) - Number(before !== undefined && before.file !== null);
    if (more !== 0) this.#saved.set(task.key, this.saved(task.key) + more);
  }

  /** Number of clips of a key that are safe. */
  saved(key: string): number {
    return this.#saved.get(key) ?? 0;
  }
}

/** Makes the string that tells a task from all others. */
export function taskKey({ key, fingerprint, taskId }: TaskIdentity): string {
  return `${key} ${fingerprint} ${taskId}`;
}
