import { SetupError, UsageError } from '../core/errors.ts';
import type { LedgerEntry, TaskUpdate } from '../ledger/ledger.ts';
import { ResolutionError } from '../ledger/ledger.ts';
import type { ProjectContext } from './context.ts';

export const taskIdPattern = /^[\x21-\x7e]{1,256}$/;

/** @throws UsageError for what can be no task id. */
export function checkedTaskId(id: string): string {
  if (taskIdPattern.test(id)) return id;
  throw new UsageError('a task id is one word of ASCII characters', {
    help: 'copy it as the provider shows it',
  });
}

const unchanged = 'Nothing was changed.';

/**
 * Asks the provider whether there is such a task, and what became of it.
 *
 * @throws ResolutionError where another request holds the id; it is not asked for then.
 * @throws UsageError where the provider knows no such task.
 * @throws SetupError where the provider cannot be asked: what it has not confirmed is not accepted.
 */
export async function confirmTask(
  context: ProjectContext,
  entries: readonly LedgerEntry[],
  entry: LedgerEntry,
  taskId: string,
): Promise<TaskUpdate> {
  const holder = entries.find((other) => other.taskId === taskId && other !== entry);
  if (holder !== undefined) {
    throw new ResolutionError(
      `task ${taskId} belongs to ${holder.key}, so it cannot be that of ${entry.key}`,
      {
        help: `Look for the id of the attempt that is in doubt. ${unchanged}`,
      },
    );
  }
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
  const answer = await provider.query(taskId, { model: entry.model }).finally(() => provider.close());
  switch (answer.kind) {
    case 'task': {
      const { status, error, videoUrl, actualDuration } = answer;
      return { taskId, status, error, videoUrl, actualDuration };
    }
    case 'notFound':
      throw new UsageError(`the provider knows no task ${taskId}`, {
        help: `Copy the id as the provider shows it. Where there is none, settle with --not-submitted. ${unchanged}`,
      });
    case 'transient':
      throw new SetupError(`whether there is a task ${taskId} could not be asked: ${answer.error}`, {
        help: `A task id is accepted once the provider confirms it: try again when it can be reached. Until then the request stays in doubt and is not sent again. ${unchanged}`,
      });
    case 'stop':
      throw new SetupError(`whether there is a task ${taskId} could not be asked: ${answer.error}`, {
        help: `${answer.help}\n${unchanged}`,
      });
  }
}
