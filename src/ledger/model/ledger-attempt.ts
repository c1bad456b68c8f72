import type { TaskStatus } from '../../core/task-status.ts';
import type { StandingDecision } from './decisions.ts';
import type { RequestState } from './entry.ts';
import type { LedgerRequest } from './identity.ts';

/** One claim of a request, whatever became of it: at most one billed call. */
export interface LedgerAttempt extends LedgerRequest {
  readonly project: string;
  /** From 1, within its request. */
  readonly attempt: number;
  readonly runId: string;
  /** Time of its claim, right before it was sent; ISO 8601. */
  readonly submittedAt: string;
  /** Its own, which another attempt at the same may hide. */
  readonly state: RequestState;
  readonly taskId: string | null;
  readonly status: TaskStatus | null;
  /** The error that came in place of a task, in words; null where none did. */
  readonly error: string | null;
  /** The person's decision that the attempt rests on; null where there is none. */
  readonly decision: StandingDecision | null;
  /** By the price of its time; null where none was known. */
  readonly price: number | null;
  readonly currency: string | null;
  /** Price of the task by the provider, as it came: its unit is not known. */
  readonly providerAmount: number | string | null;
}
