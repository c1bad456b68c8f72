import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { CommandCall } from '../cli/command.ts';
import { rateInterval } from '../cli/parse-values.ts';
import { eventLine } from '../cli/render/event.ts';
import { RunProgress } from '../cli/render/progress.ts';
import type { Show, Stages } from '../cli/render/stages.ts';
import { count } from '../cli/render/text.ts';
import { SetupError } from '../core/errors.ts';
import type { Plan } from '../plan/model.ts';
import type { Provider } from '../provider/provider.ts';
import type { RunEvent, RunResult } from '../run/events.ts';
import { type Project, withLedger } from './project.ts';

/** A plan that could be sent now: key, provider and report folders are known to be right. */
export interface Submission {
  send(stages: Stages): Promise<RunResult>;
}

const defaults = { concurrency: 4, retries: 4, answerTimeoutSeconds: 120 };

/**
 * Looks at everything that can be wrong before a person is asked and anything is spent.
 *
 * @param approvedPlan the digest of the saved plan that this is; null for one that was made just now.
 * @throws SetupError for a missing key, a wrong base URL or a report that could not be written.
 */
export async function prepareSubmission(
  call: CommandCall,
  project: Project,
  plan: Plan,
  reportFiles: readonly string[] | null,
  approvedPlan: string | null,
): Promise<Submission> {
  const apiKey = await project.settings.apiKey();
  for (const file of reportFiles ?? [])
    await checkFolder(path.dirname(path.resolve(call.io.cwd, file)), file);

  const settings = project.linted.manifest.run;
  const number = (name: string): number | undefined => call.options[name] as number | undefined;
  const concurrency = number('concurrency') ?? settings.concurrency ?? defaults.concurrency;
  const rate = (call.options['rate'] as string | undefined) ?? settings.rate;
  const send = (provider: Provider, show: Show): Promise<RunResult> =>
    withLedger(call, project, async (ledger) => {
      const { run } = await import('../run/run.ts');
      const progress = new RunProgress(call.io.clock);
      const interrupts = listenForInterrupts(call);
      try {
        return await run({
          plan,
          scope: project.scope,
          ledger,
          provider,
          limits: project.linted.manifest.budget,
          prices: project.linted.manifest.budget.prices,
          concurrency,
          intervalMs: rate === null ? null : rateInterval(rate),
          retries: number('retries') ?? defaults.retries,
          by: call.io.user,
          approvedPlan,
          clock: call.io.clock,
          random: call.io.random,
          signal: interrupts.stop,
          leaveSignal: interrupts.leave,
          onEvent: (event) => {
            progress.observe(event);
            note(call, event);
            show(progress.line(), (event.type === 'stopping' || progress.isHeldUp) && call.animate);
          },
        });
      } finally {
        interrupts.end();
      }
    });

  return {
    async send(stages) {
      const { createVideosApi } = await import('../provider/videos-api.ts');
      // From here on no interrupt ends the program by itself: what was sent must get its summary and its report.
      call.io.onInterrupt(() => {});
      const provider = await createVideosApi({
        baseUrl: project.settings.baseUrl,
        apiKey,
        catalog: project.linted.catalog,
        connections: concurrency,
        answerTimeoutMs: (number('answerTimeout') ?? defaults.answerTimeoutSeconds) * 1000,
        proxy: project.settings.proxy,
        clock: call.io.clock,
      });
      try {
        return await stages.stage(
          `Submit ${count(plan.summary.submit, 'request')}`,
          (show) => send(provider, show),
          (result) => `Submit: ${result.accepted} of ${result.planned} submitted`,
        );
      } finally {
        await provider.close();
      }
    },
  };
}

/** What must not be missed among the progress; with `--verbose`, everything. */
function note(call: CommandCall, event: RunEvent): void {
  const line = eventLine(event, { verbose: call.verbosity === 'verbose', timeZone: call.io.timeZone });
  if (line !== null) call.io.stderr.write(`${line}\n`);
}

/** The first Ctrl-C stops taking new requests, the second leaves at once. */
function listenForInterrupts({ io }: CommandCall): {
  stop: AbortSignal;
  leave: AbortSignal;
  end: () => void;
} {
  const stop = new AbortController();
  const leave = new AbortController();
  const end = io.onInterrupt(() => (stop.signal.aborted ? leave : stop).abort());
  return { stop: stop.signal, leave: leave.signal, end };
}

async function checkFolder(folder: string, file: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() === true) return;
  throw new SetupError(`the report ${file} cannot be written: there is no folder ${folder}`, {
    help: 'create the folder, or name another file with --report; nothing was sent',
  });
}
