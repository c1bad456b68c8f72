import type { CollectResult } from '../collect/events.ts';
import type { ProjectCollectOptions, ReadyCollect } from '../project/collecting.ts';
import type { CommandCall } from './command.ts';
import type { CollectCall } from './options.ts';
import { collectEventLine } from './render/collect-event.ts';
import { CollectProgress } from './render/collect-progress.ts';
import { interruptLine } from './render/interrupt.ts';
import type { Stages } from './render/stages.ts';

/** Reads the options of a collect from a call's flags. */
export function collectOptionsOf({ options }: CollectCall): ProjectCollectOptions {
  const { download, name, qc, once, giveUp, interval, timeout, only, tag, scene } = options;
  const milliseconds = (seconds: number | undefined): number | undefined =>
    seconds === undefined ? undefined : seconds * 1000;
  return {
    ...{ download, name, once, giveUp, only },
    qc: qc === true ? true : undefined,
    ...{ tags: tag, scenes: scene },
    intervalMs: milliseconds(interval),
    timeoutMs: milliseconds(timeout),
  };
}

/** Collects as a stage of a call; Ctrl-C ends it soon. */
export function showCollect(
  call: CommandCall,
  stages: Stages,
  collect: ReadyCollect,
): Promise<CollectResult> {
  const progress = new CollectProgress(call.io.clock);
  return stages.stage(
    'Collect',
    async (show) => {
      const interrupt = new AbortController();
      const end = call.io.onInterrupt((signal) => {
        call.io.stderr.write(interruptLine(signal));
        interrupt.abort();
      });
      const over = new AbortController();
      if (call.animate) void tick(call, over.signal, () => show(progress.line()));
      try {
        return await collect.start({
          signal: interrupt.signal,
          onEvent: (event) => {
            progress.observe(event);
            const { verbosity, io } = call;
            const line = collectEventLine(event, {
              verbose: verbosity === 'verbose',
              timeZone: io.timeZone,
            });
            if (line !== null) io.stderr.write(`${line}\n`);
            show(progress.line(), event.type === 'found' && call.animate);
          },
        });
      } finally {
        over.abort();
        end();
      }
    },
    ({ stopped, problems, failed }) => ({
      text: progress.summary(),
      isClean: stopped === null && problems.length === 0 && failed === 0,
    }),
  );
}

/** Waiting times go on between answers, and a line that stands still looks like a program that does. */
async function tick({ io }: CommandCall, over: AbortSignal, show: () => void): Promise<void> {
  while (!over.aborted) {
    await io.clock.sleep(1000, over);
    if (!over.aborted) show();
  }
}
