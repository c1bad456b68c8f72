/** The task's own status at the provider. */
export type TaskStatus = 'queued' | 'processing' | 'completed' | 'failed';
