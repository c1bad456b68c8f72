import { ShotlistError } from '../src/core/errors.ts';
import type { Plan } from '../src/plan/model.ts';
import { openProject } from '../src/project/open.ts';
import type { Project } from '../src/project/project.ts';
import type { Checkout, Process } from './world/machine.ts';
import type { World } from './world/world.ts';

/** The provider's address: a real one by name, so that journals are kept. */
const baseUrl = 'https://video.example.com/api';

/** A person's wishes for a run. */
export interface RunWishes {
  readonly retryFailed: boolean;
  readonly resend: readonly string[];
  readonly concurrency: number;
}

/** Opens the project of a checkout as the command line does, with the simulated world in place of the machine. */
export function openIn(
  world: World,
  process: Process,
  manifest: string,
  readOnly: boolean,
): Promise<Project> {
  const { checkout, machine } = process;
  const random = world.stream(process.name);
  return openProject(manifest, {
    cwd: checkout.path,
    env: { SHOTLIST_API_KEY: 'sim-key', SHOTLIST_BASE_URL: baseUrl },
    by: machine.name,
    clock: process.clock,
    random: () => random.next(),
    ledgers: world.ledgers.of(process),
    createProvider: async () => world.gateway.connect(process, new URL(baseUrl).origin),
    readOnly,
    onEvent: (event) => world.witness.told(process, event),
  });
}

type Work = (project: Project, process: Process) => Promise<string>;

/** Begins a command in a checkout. An expected failure is an ending like any other; a bug is the witness's business. */
export async function start(
  world: World,
  name: string,
  checkout: Checkout,
  work: Work,
  { readOnly = false }: { readonly readOnly?: boolean } = {},
): Promise<Process | null> {
  const manifest = checkout.manifest();
  if (manifest === null) return null;
  return world.start(name, checkout, async (process) => {
    try {
      world.witness.opening(process, manifest);
      await using project = await openIn(world, process, manifest, readOnly);
      return await work(project, process);
    } catch (error) {
      if (!(error instanceof ShotlistError)) throw error;
      return `${error.name}: ${error.message}`;
    }
  });
}

export function run(world: World, wishes: RunWishes): Work {
  return async (project, process) => {
    const resend = keptIn(project, wishes.resend);
    const plan = await project.plan({ retryFailed: wishes.retryFailed, resend });
    world.witness.planned(process, project, plan, resend);
    if (plan.summary.submit === 0) return `nothing to send (${summary(plan)})`;
    const result = await project.submit(plan, {
      concurrency: wishes.concurrency,
      retries: 2,
      signal: process.stop.signal,
      leaveSignal: process.leave.signal,
    });
    const { accepted, refused, inDoubt, notSent, lost, stopped } = result;
    return `accepted ${accepted}, refused ${refused}, in doubt ${inDoubt}, not sent ${notSent}, lost ${lost}${stopped === null ? '' : `, stopped: ${stopped.reason}`}`;
  };
}

/** A key that is gone cannot be sent again. */
function keptIn(project: Project, keys: readonly string[]): readonly string[] {
  const there = new Set(project.linted.requests.map(({ key }) => key));
  return keys.filter((key) => there.has(key));
}

export function summary({ requests }: Plan): string {
  const counts = new Map<string, number>();
  for (const { reason } of requests) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => `${count} ${reason}`).join(', ');
}

export const collect: Work = async (project, process) => {
  const { completed, failed, running } = await project.collect({
    download: false,
    once: process.name.length % 2 === 0,
    intervalMs: 45_000,
    timeoutMs: 600_000,
    signal: process.stop.signal,
  });
  return `completed ${completed}, failed ${failed}, running ${running}`;
};

export function adopt(from: string, to: string): Work {
  return async (project) => `adopted ${(await project.adopt(from, to)).length} from ${from} to ${to}`;
}

/** Looks, and leaves what it learnt with whoever asked. */
export function look(what: 'plan' | 'status' | 'report', seen: (plan: Plan) => void): Work {
  return async (project) => {
    if (what === 'status') return `status of ${(await project.status()).summary.total}`;
    if (what === 'report') return `report of ${(await project.report()).rows.length} rows`;
    const plan = await project.plan();
    seen(plan);
    return `plan: ${summary(plan)}`;
  };
}
