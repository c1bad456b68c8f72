import type { JsonObject } from '../core/canonical-json.ts';
import { type Clock, isoTime } from '../core/clock.ts';
import type { TaskStatus } from '../core/task-status.ts';
import { delayWithin, type LatencySpec } from './latency.ts';
import type { Draws } from './random.ts';

/** The forms of ids that the gateway has been seen to give. */
export type IdStyle = 'video' | 'proj' | 'numeric';

/** The end of a task: it ends well, fails after its time, or is failed in the very answer that makes it. */
export type Fate = 'completes' | 'fails' | 'failsAtOnce';

/** One task that was billed. Its body is as it was received; the key that paid for it is not kept. */
export interface Task {
  readonly id: string;
  /** Position in the order of billing, from 1. */
  readonly order: number;
  readonly body: JsonObject;
  /** The duration that was asked for. */
  readonly seconds: number;
  /** Milliseconds since the epoch, when the request was wholly read. */
  readonly billedAtMs: number;
  /** From then: when it leaves the queue, and when it ends. */
  readonly queuedMs: number;
  readonly totalMs: number;
  readonly fate: Fate;
  /** The failure that was injected into the create call, as it was written; null where there was none. */
  readonly failure: string | null;
  answer: BilledTask['answer'];
  polls: number;
  downloads: number;
}

/** A line of the books: what was billed, for comparison with what a client believes. */
export interface BilledTask {
  readonly id: string;
  /** Position in the order of billing, from 1. */
  readonly order: number;
  /** ISO 8601. */
  readonly billedAt: string;
  readonly body: JsonObject;
  /** The failure that was injected into the create call, as it was written; null where there was none. */
  readonly failure: string | null;
  /**
   * State of the answer: `waiting` not yet, `sent` all of it was handed to the connection, which does not prove
   * that it arrived, `lost` the connection ended first.
   */
  readonly answer: 'waiting' | 'sent' | 'lost';
  readonly status: TaskStatus;
  /** Number of times that its result was asked for, and its clip. */
  readonly polls: number;
  readonly downloads: number;
}

export interface Billing {
  readonly body: JsonObject;
  readonly seconds: number;
  readonly idStyle: IdStyle;
  readonly fate: Fate;
  readonly failure: string | null;
}

/** Every task that was ever billed, and what the API shows of each as time passes. */
export interface Tasks {
  bill(billing: Billing): Task;
  get(id: string): Task | undefined;
  /** The task made last; undefined before the first. */
  last(): Task | undefined;
  status(task: Task): TaskStatus;
  /** The task as the API shows it now. */
  show(task: Task): JsonObject;
  books(): readonly BilledTask[];
}

export interface TasksOptions {
  readonly clock: Clock;
  readonly draws: Draws;
  readonly taskMs: LatencySpec;
  /** A fresh link to the clip of a task. */
  readonly clipUrl: (task: Task) => string;
}

/** The part of a task's time that it waits before the work begins. */
const queuedShare = 0.3;

export function createTasks({ clock, draws, taskMs, clipUrl }: TasksOptions): Tasks {
  const tasks = new Map<string, Task>();
  let last: Task | undefined;

  const status = (task: Task): TaskStatus => {
    const age = clock.now() - task.billedAtMs;
    if (age >= task.totalMs) return task.fate === 'completes' ? 'completed' : 'failed';
    return age < task.queuedMs ? 'queued' : 'processing';
  };

  return {
    bill: ({ body, seconds, idStyle, fate, failure }) => {
      const order = tasks.size + 1;
      const totalMs = fate === 'failsAtOnce' ? 0 : delayWithin(taskMs, draws.fraction('task time', order));
      const task: Task = {
        id: taskId(idStyle, order, draws),
        order,
        body,
        seconds,
        billedAtMs: clock.now(),
        queuedMs: Math.floor(totalMs * queuedShare),
        totalMs,
        fate,
        failure,
        answer: 'waiting',
        polls: 0,
        downloads: 0,
      };
      tasks.set(task.id, task);
      last = task;
      return task;
    },
    get: (id) => tasks.get(id),
    last: () => last,
    status,
    show: (task) => {
      const now = status(task);
      return {
        id: task.id,
        object: 'video',
        created: Math.floor(task.billedAtMs / 1000),
        model: task.body['model'] ?? null,
        status: now,
        error: now === 'failed' ? 'The content was refused by the safety review' : null,
        ...(now === 'completed' ? { video_url: clipUrl(task), actualDuration: secondsOf(task) } : {}),
      };
    },
    books: () =>
      [...tasks.values()].map((task) => ({
        id: task.id,
        order: task.order,
        billedAt: isoTime(task.billedAtMs),
        body: task.body,
        failure: task.failure,
        answer: task.answer,
        status: status(task),
        polls: task.polls,
        downloads: task.downloads,
      })),
  };
}

/** The duration that was asked for, in seconds. */
export function secondsOf(task: Task): number {
  return task.seconds;
}

// The order is part of every id, so that no two of one emulator can be the same; the drawn part tells emulators apart.
function taskId(style: IdStyle, order: number, draws: Draws): string {
  const serial = order.toString(16).padStart(8, '0');
  if (style === 'numeric')
    return `${1 + Math.floor(draws.fraction('id', order) * 8999)}${String(order).padStart(9, '0')}`;
  return `${style}_${draws.hex('id', order, 16)}${serial}`;
}
