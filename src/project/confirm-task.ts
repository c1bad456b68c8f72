import { SetupError, UsageError } from '../core/errors.ts';
import type { TaskUpdate } from '../ledger/ledger.ts';
import type { ProjectContext } from './context.ts';
import type { TaskFacts } from './task-differences.ts';

export const taskIdPattern = /^[\x21-\x7e]{1,256}$/;

/** @throws UsageError for what can be no task id. */
export function checkedTaskId(id: string): string {
  if (taskIdPattern.test(id)) return id;
  throw new UsageError('a task id is one word of ASCII characters', {
    help: 'copy it as the provider shows it',
  });
}

export const unchanged = 'Nothing was changed.';

/** A task as the provider tells of it now. */
export interface ConfirmedTask {
  readonly update: TaskUpdate;
  readonly facts: TaskFacts;
}

/**
 * Asks the provider whether there is such a task, and what became of it.
 *
 * @throws UsageError where the provider knows no such task.
 * @throws SetupError where the provider cannot be asked: what it has not confirmed is not accepted.
 */
export async function confirmTask(
  context: ProjectContext,
  model: string,
  taskId: string,
): Promise<ConfirmedTask> {
  const { settings, linted } = context;
  const provider = await context.createProvider({
    baseUrl: settings.baseUrl,
    apiKey: await settings.apiKey(),
    catalog: linted.catalog,
    connections: 1,
    answerTimeoutMs: 30_000,
    proxy: settings.proxy,
    clock: context.clock,
  });
  const answer = await provider.query(taskId, { model }).finally(() => provider.close());
  switch (answer.kind) {
    case 'task': {
      const { status, error, videoUrl, actualDuration, amount, model: found, createdAt } = answer;
      return {
        update: {
          ...{ taskId, status, error, videoUrl, actualDuration },
          ...(amount === undefined ? {} : { providerAmount: amount }),
        },
        facts: { model: found, createdAt, actualDuration },
      };
    }
    case 'notFound':
      throw new UsageError(`the provider knows no task ${taskId}`, {
        help: `Copy the id as the provider shows it. Where there is none, settle with --not-submitted. ${unchanged}`,
      });
    case 'transient':
      throw new SetupError(`whether there is a task ${taskId} could not be asked: ${answer.error}`, {
        help: `A task id is accepted once the provider confirms it: try again when it can be reached. Until then the request stays as it is, and is not sent again. ${unchanged}`,
      });
    case 'stop':
      throw new SetupError(`whether there is a task ${taskId} could not be asked: ${answer.error}`, {
        help: `${answer.help}\n${unchanged}`,
      });
  }
}
