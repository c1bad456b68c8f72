import { limits } from '../manifest/limits.ts';
import type { ProjectOptions } from '../project/options.ts';
import type { PlanSelection } from '../project/planning.ts';
import type { Project } from '../project/project.ts';
import { shownProbe } from './media.ts';
import type { PlanningCall, ProjectCall } from './options.ts';

/** Opens the project that a call names, with the call's flags, and closes it after `work`. */
export async function withProject<T>(
  call: ProjectCall,
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

/** Opens the project that a call names, for a caller that closes it. */
export async function openCalled(call: ProjectCall, file: string, more: ProjectOptions): Promise<Project> {
  const [{ openProject }, { showProjectEvent }] = await Promise.all([
    import('../project/open.ts'),
    import('./render/project-event.ts'),
  ]);
  const { io, options } = call;
  return openProject(file, {
    cwd: io.cwd,
    env: io.env,
    clock: io.clock,
    random: io.random,
    by: io.user,
    stdin: () => io.stdin.read(limits.manifestBytes),
    baseUrl: options.baseUrl,
    real: options.real === true ? true : undefined,
    ledger: options.ledger,
    journal: options.journal,
    models: options.models,
    allowPrivateMedia: options.allowPrivateMedia,
    probeMedia: shownProbe(call),
    onEvent: (event) => showProjectEvent(call, event),
    ...more,
  });
}

/** Reads the selection from a call's flags; flags that are not given are left out. */
export function selectionOf({ options }: PlanningCall): PlanSelection {
  const given = (list: readonly string[] | undefined) => (list?.length ? list : undefined);
  return {
    only: given(options.only),
    tags: given(options.tag),
    scenes: given(options.scene),
    limit: options.limit,
    retryFailed: options.retryFailed === true ? true : undefined,
    resend: given(options.resend),
  };
}
