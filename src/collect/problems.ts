import type { LedgerTask } from '../ledger/model/clip.ts';
import type { CollectProblem } from './events.ts';
import { canBeGivenUp } from './expiry.ts';

interface ProblemOfTask {
  readonly task: LedgerTask;
  readonly problem: CollectProblem;
}

/** Collects the problems of a collect. */
export class Problems {
  #all: ProblemOfTask[] = [];

  get all(): readonly CollectProblem[] {
    return this.#all.map(({ problem }) => problem);
  }

  add(kind: CollectProblem['kind'], task: LedgerTask, message: string): CollectProblem {
    const problem = { kind, key: task.key, taskId: task.taskId, message };
    this.#all.push({ task, problem });
    return problem;
  }

  /**
   * Takes out what can be given up and is, and tells what that was.
   *
   * @param latest the task as it is known now.
   * @param giveUp notes it; true where that was done.
   */
  async giveUp(
    now: number,
    latest: (task: LedgerTask) => LedgerTask,
    giveUp: (task: LedgerTask) => Promise<boolean> | null,
  ): Promise<readonly CollectProblem[]> {
    const givenUp: CollectProblem[] = [];
    const left: ProblemOfTask[] = [];
    for (const each of this.#all) {
      const task = latest(each.task);
      const isGivenUp = canBeGivenUp(task, each.problem.kind, now) && (await giveUp(task)) === true;
      if (isGivenUp) givenUp.push(each.problem);
      else left.push(each);
    }
    this.#all = left;
    return givenUp;
  }
}
