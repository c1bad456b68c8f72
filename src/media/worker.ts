import { parentPort } from 'node:worker_threads';
import { type Inspection, type InspectionRequest, inspect, prepareInspection } from './inspect.ts';

/**
 * The thread's word on the file it was sent: `begun` once everything is loaded and reading starts, which is when its
 * time begins to count, then `read`.
 */
export type WorkerMessage =
  | { readonly type: 'begun' }
  | { readonly type: 'read'; readonly inspection: Inspection };

parentPort?.on('message', async (request: InspectionRequest) => {
  await prepareInspection(request);
  tell({ type: 'begun' });
  tell({ type: 'read', inspection: await inspect(request) });
});

function tell(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}
