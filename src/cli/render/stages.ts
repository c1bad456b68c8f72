import type { Clock } from '../../core/clock.ts';
import type { CommandCall } from '../command.ts';

/** Shows a line about work under way; called as often as the work likes. What is urgent is not held back. */
export type Show = (line: string, urgent?: boolean) => void;

/** The end of a stage, in one line. */
export interface StageEnd {
  readonly text: string;
  /** False where it was stopped, or left something that a person has to look at: then it gets no tick. */
  readonly isClean: boolean;
}

/** Shows the stages of a command while they run. */
export interface Stages {
  /** Runs `work` as a stage named `title`; what it resolves to may say how the stage ended. */
  stage<T>(
    title: string,
    work: (show: Show) => Promise<T>,
    summary?: (result: T) => string | StageEnd,
  ): Promise<T>;
}

function endOf(summary: string | StageEnd): StageEnd {
  return typeof summary === 'string' ? { text: summary, isClean: true } : summary;
}

/** Live lines on a terminal, plain lines at intervals elsewhere, nothing when quiet. */
export async function createStages(call: CommandCall): Promise<Stages> {
  if (call.verbosity === 'quiet') return { stage: (_title, work) => work(() => {}) };
  return call.animate && call.verbosity !== 'verbose' ? liveStages(call) : plainStages(call);
}

/** Milliseconds between two updates of a live line: smooth, and cheap at thousands of events a second. */
const liveIntervalMs = 100;
/** Milliseconds between two plain lines, as in the log of a CI job. */
const plainIntervalMs = 5000;

async function liveStages({ io }: CommandCall): Promise<Stages> {
  const [{ DefaultRenderer, figures, Listr, ListrDefaultRendererLogLevels, ListrLogger }, { LiveOutput }] =
    await Promise.all([import('listr2'), import('./live-output.ts')]);
  const stream = io.stderr.stream;
  if (stream === null) throw new TypeError('a live display needs a terminal');
  // What redraws its lines counts them, so they are said before it gets them.
  const said = io.stderr.say ?? ((text: string) => text);
  /** listr2 looks at standard output alone: where that is a file, it would write plain lines into it. */
  class StderrRenderer extends DefaultRenderer {
    static override nonTTY = true;
  }
  return {
    async stage(title, work, summary) {
      type Result = Awaited<ReturnType<typeof work>>;
      let result: { readonly value: Result } | undefined;
      const list = new Listr(
        [
          {
            title: said(title),
            async task(_context, task) {
              const show = atMostEvery(liveIntervalMs, io.clock, (line) => {
                task.output = said(line);
              });
              result = { value: await work(show) };
              const end = endOf(summary?.(result.value) ?? title);
              task.title = said(end.text);
              if (!end.isClean) task.skip(task.title);
            },
          },
        ],
        {
          // Ctrl-C is the run's own affair; listr2 would end the process.
          registerSignalListeners: false,
          renderer: StderrRenderer,
          rendererOptions: {
            logger: new ListrLogger({ processOutput: new LiveOutput(stream) }),
            icon: { [ListrDefaultRendererLogLevels.SKIPPED_WITH_COLLAPSE]: figures.warning },
            showErrorMessage: false,
            collapseErrors: false,
          },
        },
      );
      await list.run();
      if (result === undefined) throw new TypeError('a stage ended without a result');
      return result.value;
    },
  };
}

function plainStages({ io }: CommandCall): Stages {
  return {
    async stage(title, work, summary) {
      const show = atMostEvery(plainIntervalMs, io.clock, (line) => io.stderr.write(`${title}: ${line}\n`));
      const result = await work(show);
      if (summary !== undefined) io.stderr.write(`${endOf(summary(result)).text}\n`);
      return result;
    },
  };
}

function atMostEvery(ms: number, clock: Clock, show: Show): Show {
  let last = clock.now();
  return (line, urgent = false) => {
    const now = clock.now();
    if (now - last < ms && !urgent) return;
    last = now;
    show(line);
  };
}
