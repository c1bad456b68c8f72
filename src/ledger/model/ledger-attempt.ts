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
  /** When it was claimed, right before it was sent; ISO 8601. */
  readonly submittedAt: string;
  /** Its own, which another attempt at the same may hide. */
  readonly state: RequestState;
  readonly taskId: string | null;
  readonly status: TaskStatus | null;
  /** What came in place of a task, in words; null where nothing did. */
  readonly error: string | null;
  /** What a person decided, where it is what the attempt rests on. */
  readonly decision: StandingDecision | null;
  /** By the price of its time; null where none was known. */
  readonly price: number | null;
  readonly currency: string | null;
  /** What the provider says that the task costs, as it came: its unit is not known. */
  readonly providerAmount: number | string | null;
}
