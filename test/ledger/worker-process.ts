import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Answer, Order } from './worker.ts';

export interface WorkerProcess {
  readonly child: ChildProcess;
  /** Gives an order and waits for its answer. */
  ask(order: Order): Promise<Answer>;
  /** Gives an order and does not wait. */
  tell(order: Order): void;
  /** Every answer so far, in order. */
  readonly answers: readonly Answer[];
  /** Sends a signal, and waits for the end that it brings. */
  kill(): Promise<void>;
}

/** Another process that has a ledger of its own open; it is killed when the test is over. */
export async function startWorker(
  options: { readonly uid?: number | undefined; readonly fileSizeKiB?: number } = {},
): Promise<WorkerProcess> {
  const worker = fileURLToPath(new URL('worker.ts', import.meta.url));
  const limited = options.fileSizeKiB === undefined ? {} : { execPath: 'bash' };
  const execArgv = ['--import', 'tsx'];
  const child = fork(worker, [], {
    ...limited,
    execArgv:
      options.fileSizeKiB === undefined
        ? execArgv
        : ['-c', `ulimit -f ${options.fileSizeKiB}; exec "$0" "$@"`, process.execPath, ...execArgv],
    ...(options.uid === undefined ? {} : { uid: options.uid }),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const answers: Answer[] = [];
  const waiting: ((answer: Answer) => void)[] = [];
  const ready = once(child, 'message');
  await ready;
  child.on('message', (message) => {
    answers.push(message as Answer);
    waiting.shift()?.(message as Answer);
  });
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  onTestFinished(kill);
  return {
    child,
    answers,
    kill,
    tell: (order) => void child.send(order),
    ask: (order) =>
      new Promise((resolve) => {
        waiting.push(resolve);
        child.send(order);
      }),
  };
}
