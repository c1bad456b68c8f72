import path from 'node:path';
import type { CommandCall } from '../cli/command.ts';
import { type ExitCode, exitCodes } from '../cli/exit-codes.ts';
import { collectEventLine } from '../cli/render/collect-event.ts';
import { CollectProgress } from '../cli/render/collect-progress.ts';
import type { Stages } from '../cli/render/stages.ts';
import type { CollectOptions } from '../collect/collect.ts';
import type { CollectResult } from '../collect/events.ts';
import { UsageError } from '../core/errors.ts';
import type { Report } from '../report/model.ts';
import { type Project, withLedger } from './project.ts';

/** A collect that could begin now: key, folder and name template are known to be right. */
export interface Collecting {
  /** Where clips go, as people know it; null where none are downloaded. */
  readonly folder: string | null;
  start(stages: Stages): Promise<CollectResult>;
}

const defaultFolder = 'renders';
const questionsAtOnce = 8;

/**
 * Looks at everything that can be wrong before anything is asked.
 *
 * @throws UsageError for a folder or name template that is none, SetupError for a missing key or a folder that cannot be written.
 */
export async function prepareCollect(call: CommandCall, project: Project): Promise<Collecting> {
  const { io, options } = call;
  const apiKey = await project.settings.apiKey();
  const root = path.dirname(project.stem);
  const asked = options['download'];
  // An unset variable of a shell; it would mean the working directory.
  if (asked === '') throw new UsageError('--download names no folder', { help: 'write --download DIR' });
  const folder = typeof asked === 'string' ? path.resolve(io.cwd, asked) : path.join(root, defaultFolder);
  const download = asked === false ? null : await downloadOptions(call, project, folder, root);
  return {
    folder: download === null ? null : `${path.relative(io.cwd, folder) || '.'}${path.sep}`,
    start: async (stages) => {
      const [{ createVideosApi }, { prepareFolder }] = await Promise.all([
        import('../provider/videos-api.ts'),
        import('../collect/disk.ts'),
      ]);
      // Not before: somebody may still have said no.
      if (download !== null) await prepareFolder(folder);
      const provider = await createVideosApi({
        baseUrl: project.settings.baseUrl,
        apiKey,
        catalog: project.linted.catalog,
        connections: questionsAtOnce,
        answerTimeoutMs: 30_000,
        proxy: project.settings.proxy,
        clock: io.clock,
      });
      const progress = new CollectProgress(io.clock);
      try {
        return await stages.stage(
          'Collect',
          (show) =>
            withLedger(call, project, (ledger) =>
              start(call, progress, show, { ...common(call, project), ledger, provider, download }),
            ),
          () => progress.summary(),
        );
      } finally {
        await provider.close();
      }
    },
  };
}

async function downloadOptions(
  { options }: CommandCall,
  project: Project,
  folder: string,
  root: string,
): Promise<NonNullable<CollectOptions['download']>> {
  const [{ defaultNameTemplate, parseNameTemplate }, { checkFolder }] = await Promise.all([
    import('../collect/file-names.ts'),
    import('../collect/disk.ts'),
  ]);
  const nameTemplate = (options['name'] as string | undefined) ?? defaultNameTemplate;
  parseNameTemplate(nameTemplate);
  await checkFolder(folder);
  const { manifest, requests } = project.linted;
  const subjects = requests.map((request) => ({ ...request, project: manifest.project }));
  return { folder, root, nameTemplate, subjects, proxy: project.settings.proxy };
}

function common({ io, options }: CommandCall, project: Project) {
  const milliseconds = (name: string): number | undefined => {
    const value = options[name];
    return typeof value === 'number' ? value * 1000 : undefined;
  };
  return {
    scope: project.scope,
    once: options['once'] === true,
    intervalMs: milliseconds('interval'),
    timeoutMs: milliseconds('timeout'),
    clock: io.clock,
    random: io.random,
  };
}

async function start(
  call: CommandCall,
  progress: CollectProgress,
  show: (line: string, urgent?: boolean) => void,
  options: CollectOptions,
): Promise<CollectResult> {
  const { collect } = await import('../collect/collect.ts');
  const interrupt = new AbortController();
  const end = call.io.onInterrupt(() => interrupt.abort());
  const over = new AbortController();
  if (call.animate) void tick(call, over.signal, () => show(progress.line()));
  try {
    return await collect({
      ...options,
      signal: interrupt.signal,
      onEvent: (event) => {
        progress.observe(event);
        const line = collectEventLine(event, {
          verbose: call.verbosity === 'verbose',
          timeZone: call.io.timeZone,
        });
        if (line !== null) call.io.stderr.write(`${line}\n`);
        show(progress.line(), event.type === 'found' && call.animate);
      },
    });
  } finally {
    over.abort();
    end();
  }
}

/** Waiting times go on between answers, and a line that stands still looks like a program that does. */
async function tick({ io }: CommandCall, over: AbortSignal, show: () => void): Promise<void> {
  while (!over.aborted) {
    await io.clock.sleep(1000, over);
    if (!over.aborted) show();
  }
}

/** Judged by every request of the manifest that was sent, whether or not this collect looked at it. */
export function exitCodeAfterCollect(result: CollectResult, report: Report): ExitCode {
  switch (result.stopped?.reason) {
    case 'interrupted':
      return exitCodes.interrupted.code;
    case 'provider':
    case 'disk':
      return exitCodes.setup.code;
  }
  if (result.running > 0) return exitCodes.stillRunning.code;
  const needsPerson = report.rows.some(
    ({ status, superseded }) =>
      status === 'inDoubt' || (!superseded && (status === 'failed' || status === 'refused')),
  );
  return needsPerson || result.problems.length > 0 ? exitCodes.problems.code : exitCodes.ok.code;
}
