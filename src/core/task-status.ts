export const taskStatuses = ['queued', 'processing', 'completed', 'failed'] as const;
/** The task's own status at the provider. */
export type TaskStatus = (typeof taskStatuses)[number];

/** True once the provider is done with a task, whether or not there is a clip. */
export function hasEnded(status: TaskStatus): boolean {
  return status === 'completed' || status === 'failed';
}
