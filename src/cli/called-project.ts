import type { LintOptions } from '../lint/lint.ts';
import { limits } from '../manifest/limits.ts';
import type { ProjectOptions } from '../project/options.ts';
import type { PlanSelection } from '../project/planning.ts';
import type { Project } from '../project/project.ts';
import type { CommandCall } from './command.ts';
import { shownProbe } from './media.ts';

/** Opens the project that a call names, with the call's flags, and closes it after `work`. */
export async function withProject<T>(
  call: CommandCall,
  file: string,
  more: ProjectOptions,
  work: (project: Project) => Promise<T>,
): Promise<T> {
  const project = await openCalled(call, file, more);
  try {
    return await work(project);
  } finally {
    await project.close();
  }
}

/** The same for who closes it. */
export async function openCalled(call: CommandCall, file: string, more: ProjectOptions): Promise<Project> {
  const [{ openProject }, { showProjectEvent }] = await Promise.all([
    import('../project/open.ts'),
    import('./render/project-event.ts'),
  ]);
  const { io, options } = call;
  const text = (name: string): string | undefined => options[name] as string | undefined;
  return openProject(file, {
    cwd: io.cwd,
    env: io.env,
    clock: io.clock,
    random: io.random,
    get by() {
      return io.user;
    },
    stdin: stdinOf(call),
    baseUrl: text('baseUrl'),
    ledger: text('ledger'),
    journal: options['journal'] as string | false | undefined,
    models: text('models'),
    allowPrivateMedia: options['allowPrivateMedia'] === true ? true : undefined,
    probeMedia: shownProbe(call),
    onEvent: (event) => showProjectEvent(call, event),
    ...more,
  });
}

function stdinOf({ io }: CommandCall): LintOptions['stdin'] {
  return () => io.stdin.read(limits.manifestBytes);
}

/** What a call selects of a manifest. */
export function selectionOf({ options }: CommandCall): PlanSelection {
  const list = (name: string): readonly string[] | undefined =>
    options[name] as readonly string[] | undefined;
  return {
    only: list('only'),
    tags: list('tag'),
    scenes: list('scene'),
    limit: options['limit'] as number | undefined,
    retryFailed: options['retryFailed'] as boolean | undefined,
    resend: list('resend'),
  };
}
