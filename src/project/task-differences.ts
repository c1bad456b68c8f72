import { clipDeviations } from '../core/clip-deviations.ts';
import { duration, isoTime } from '../core/clock.ts';
import { ResolutionError } from '../ledger/ledger.ts';

/** Parameters of a request, as far as a task can be held against them. */
export interface SentFacts {
  readonly model: string;
  /** Time of its claim, right before it was sent, in milliseconds since the epoch. */
  readonly claimedAt: number;
  /** In seconds; null where it did not say. */
  readonly duration: number | null;
}

/** The provider's facts about a task. */
export interface TaskFacts {
  readonly model?: string | undefined;
  /** In milliseconds since the epoch. */
  readonly createdAt?: number | undefined;
  /** In seconds. */
  readonly actualDuration: number | null;
}

/** One thing in which a task is not what a request asked for. */
export interface TaskDifference {
  readonly what: 'model' | 'created' | 'duration';
  /** As the request has it: a model, ISO 8601, seconds. */
  readonly expected: string | number;
  /** As the provider says, likewise. */
  readonly found: string | number;
  readonly message: string;
}

/** A task is not what the request that it is said to be of asked for. */
export class TaskDiffersError extends ResolutionError {
  readonly key: string;
  readonly taskId: string;
  readonly differences: readonly TaskDifference[];

  constructor(key: string, taskId: string, differences: readonly TaskDifference[]) {
    super(
      `task ${taskId} is not what ${key} asked for: ${differences.map(({ message }) => message).join('; ')}`,
      {
        help: `Look again which task is that of ${key}. If it is this one all the same, add --force. Nothing was changed.`,
      },
    );
    this.key = key;
    this.taskId = taskId;
    this.differences = differences;
  }
}

/**
 * The time that a task's making may be from the claim, in milliseconds: a claim is written right before it is sent, a
 * connection may take its time, a machine may fall asleep amid it, and the clocks of two machines differ.
 */
const slackMs = { before: 30_000, after: 60 * 60_000 };

/** Finds contradictions of a task to the request that it is said to be of. Pure; silence contradicts nothing. */
export function taskDifferences(sent: SentFacts, task: TaskFacts): readonly TaskDifference[] {
  return [modelOf(sent, task), createdOf(sent, task), durationOf(sent, task)].filter((each) => each !== null);
}

function modelOf({ model: expected }: SentFacts, { model: found }: TaskFacts): TaskDifference | null {
  if (found === undefined || found.toLowerCase() === expected.toLowerCase()) return null;
  return { what: 'model', expected, found, message: `its model is ${found}, and ${expected} was asked for` };
}

function createdOf({ claimedAt }: SentFacts, { createdAt }: TaskFacts): TaskDifference | null {
  if (createdAt === undefined) return null;
  const late = createdAt - claimedAt;
  if (late >= -slackMs.before && late <= slackMs.after) return null;
  const [expected, found] = [isoTime(claimedAt), isoTime(createdAt)];
  const when = `${duration(Math.abs(late))} ${late < 0 ? 'before' : 'after'} the request was sent`;
  return { what: 'created', expected, found, message: `it was made at ${found}, ${when}` };
}

function durationOf({ duration: expected }: SentFacts, { actualDuration }: TaskFacts): TaskDifference | null {
  const asked = { duration: expected, ratio: null, resolution: null };
  const [deviation] = clipDeviations(asked, { seconds: actualDuration, width: null, height: null });
  if (deviation === undefined || expected === null || actualDuration === null) return null;
  return { what: 'duration', expected, found: actualDuration, message: `its clip ${deviation}` };
}
