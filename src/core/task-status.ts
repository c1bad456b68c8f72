export const taskStatuses = ['queued', 'processing', 'completed', 'failed'] as const;
/** The task's own status at the provider. */
export type TaskStatus = (typeof taskStatuses)[number];

/** Whether the provider is done with a task, whatever came of it. */
export function hasEnded(status: TaskStatus): boolean {
  return status === 'completed' || status === 'failed';
}
