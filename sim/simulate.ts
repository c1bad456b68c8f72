import { ShotlistError } from '../src/core/errors.ts';
import type { Plan } from '../src/plan/model.ts';
import type { Project } from '../src/project/project.ts';
import { agree } from './agreement.ts';
import { openIn, summary } from './commands.ts';
import { perform, share, switchTo, takeIn } from './people.ts';
import { SeededRandom } from './random.ts';
import type { Script } from './script.ts';
import type { Shot, Storyboard } from './storyboard.ts';
import { type Breach, Witness } from './witness.ts';
import { enter } from './world/current.ts';
import type { Bill } from './world/gateway.ts';
import { mainBranch } from './world/git.ts';
import type { Checkout, Process } from './world/machine.ts';
import { World } from './world/world.ts';

/** The outcome of a script. */
export interface Outcome {
  /** The first promise that was broken; null where all held. */
  readonly breach: Breach | null;
  readonly trace: readonly string[];
  readonly steps: number;
  readonly books: readonly Bill[];
  /** The events of all ledgers at the end, one a line. */
  readonly ledgers: readonly string[];
}

/** Events after which a command that has not ended never will. */
const patience = 30_000;

/** Lets a script happen, and looks at all that came of it. The same script gives the same outcome, byte for byte. */
export async function simulate(script: Script): Promise<Outcome> {
  const world = new World(script.seed, storyboardOf(script.seed), (made) => new Witness(made));
  const { scheduler, witness } = world;
  enter(world.surroundings());
  try {
    for (let subject = 0; subject < 6; subject += 1) witness.newSubject();
    for (const action of script.actions) {
      await perform(world, action);
      await scheduler.run(() => world.running.length === 0 && action.pause > 1000, action.pause);
      for (const process of world.running) witness.freshness(process);
      if (witness.breaches.length > 0) break;
    }
    if (witness.breaches.length === 0) await finish(world);
  } finally {
    enter(null);
  }
  return {
    breach: witness.breaches[0] ?? null,
    trace: world.trace,
    steps: scheduler.steps,
    books: world.gateway.books,
    ledgers: witness.breaches.length === 0 ? [] : ledgersOf(world),
  };
}

function ledgersOf({ machines, ledgers }: World): readonly string[] {
  return machines.flatMap((machine) =>
    ledgers.all(machine).flatMap((path) => [
      `${machine.name}:${path}`,
      ...ledgers
        .text(machine, path)
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => `  ${line}`),
    ]),
  );
}

function storyboardOf(seed: number): Storyboard {
  const random = new SeededRandom(`${seed}/storyboard`);
  const ids = ['heron', 'otter', 'lynx', 'owl'];
  const shots = ids
    .slice(0, 2 + random.below(3))
    .map((id, index): Shot => ({ id, subject: index + 1, version: 1, takes: random.chance(0.15) ? 2 : 1 }));
  return { project: 'film', maxRequests: 4 + random.below(30), shots };
}

/** Lets everything end, brings all branches and histories together as git does, and asks every ledger what it knows now. */
async function finish(world: World): Promise<void> {
  const { scheduler, witness } = world;
  await scheduler.run(() => world.running.length === 0, patience);
  for (const process of world.running) {
    witness.failed(process, new Error('it has not ended, and nothing suggests that it will'));
  }
  witness.accounted();
  for (const checkout of world.checkouts) {
    if (checkout.branch !== mainBranch) switchTo(world, checkout, mainBranch);
    for (const branch of world.repository.branches) takeIn(world, checkout, branch);
    share(world, checkout);
  }
  for (const checkout of world.checkouts) takeIn(world, checkout, mainBranch);
  for (const checkout of world.checkouts) {
    await command(world, 'last-look', checkout, async (process) => {
      const manifest = checkout.manifest();
      if (manifest === null) return;
      await using project = await openIn(world, process, manifest, false);
      const plan = await project.plan();
      const refused = await refusalOf(project, plan);
      if (refused === null) witness.foreseen(process, plan);
      world.note(`${checkout.name} would do: ${refused ?? summary(plan)}`);
      await witness.verified(checkout, project);
    });
  }
  await agree(world);
}

/** The reason why a plan would not be sent, whoever wanted it; null where it would be. */
async function refusalOf(project: Project, plan: Plan): Promise<string | null> {
  try {
    await project.prepareSubmit(plan);
    return null;
  } catch (error) {
    if (!(error instanceof ShotlistError)) throw error;
    return `${error.name}: ${error.message}`;
  }
}

/** One command after all others. */
async function command(
  world: World,
  name: string,
  checkout: Checkout,
  work: (process: Process) => Promise<void>,
): Promise<void> {
  const { witness, scheduler } = world;
  const manifest = checkout.manifest();
  if (manifest === null || witness.breaches.length > 0) return;
  const process = await world.start(name, checkout, async (started) => {
    witness.opening(started, manifest);
    try {
      await work(started);
      return 'done';
    } catch (error) {
      if (!(error instanceof ShotlistError)) throw error;
      return `${error.name}: ${error.message}`;
    }
  });
  await scheduler.run(() => process.over, patience);
}
