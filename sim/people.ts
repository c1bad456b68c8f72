import { adopt, collect, look, run, start } from './commands.ts';
import type { Action, ActionKind } from './script.ts';
import { manifestText, readStoryboard, type Shot, type Storyboard } from './storyboard.ts';
import { type Commit, mainBranch } from './world/git.ts';
import type { Checkout } from './world/machine.ts';
import type { World } from './world/world.ts';

const shotNames = ['heron', 'otter', 'lynx', 'owl', 'crane', 'stoat', 'wren', 'ibis'] as const;
const branchNames = [mainBranch, 'cut-a', 'cut-b'] as const;
const projectNames = ['film', 'film-b', 'teaser'] as const;

/** One action, in one checkout, with its choices. */
interface Doing {
  readonly world: World;
  readonly checkout: Checkout;
  readonly choices: Action['choices'];
}

/** Lets somebody do something. What cannot be done at that moment is left out. */
export async function perform(world: World, { kind, choices }: Action): Promise<void> {
  const checkout = choose(world.checkouts, choices[0]);
  if (checkout === undefined) return;
  await deeds[kind]({ world, checkout, choices });
}

function choose<T>(list: readonly T[], choice: number): T | undefined {
  return list[Math.floor(choice * list.length)];
}

const deeds: Readonly<Record<ActionKind, (doing: Doing) => Promise<void> | void>> = {
  run: async ({ world, checkout, choices: [, how, size] }) => {
    const storyboard = storyboardOf(checkout);
    const resent = how > 0.88 ? choose(storyboard?.shots ?? [], size) : undefined;
    const wishes = {
      retryFailed: how < 0.15,
      resend: resent === undefined ? [] : [resent.id],
      concurrency: 1 + Math.floor(size * 4),
    };
    await start(world, 'run', checkout, run(world, wishes));
  },
  collect: async ({ world, checkout }) => void (await start(world, 'collect', checkout, collect)),
  plan: (doing) => lookAt(doing, 'plan'),
  status: (doing) => lookAt(doing, 'status'),
  report: (doing) => lookAt(doing, 'report'),
  verify: async ({ world, checkout }) =>
    void (await start(world, 'verify', checkout, (project) => world.witness.verified(checkout, project))),

  share: ({ world, checkout }) => share(world, checkout),
  pull: ({ world, checkout }) => pull(world, checkout),
  // A branch that nobody has yet begins where its maker stands.
  switchBranch: ({ world, checkout, choices: [, which] }) => {
    const branch = choose(branchNames, which);
    if (branch !== undefined && branch !== checkout.branch) switchTo(world, checkout, branch);
  },
  mergeBranch: ({ world, checkout, choices: [, which] }) => {
    const branch = choose(
      world.repository.branches.filter((name) => name !== checkout.branch),
      which,
    );
    if (branch !== undefined) takeIn(world, checkout, branch);
  },
  clone: ({ world, choices: [, where] }) => {
    const machine =
      world.machines.length < 3 && where < 0.7 ? world.addMachine() : choose(world.machines, where);
    if (machine === undefined || world.checkouts.length > 5) return;
    world.note(`${world.addCheckout(machine).name} is cloned`);
  },

  kill: ({ world, choices: [who] }) => {
    const process = choose(world.running, who);
    if (process === undefined) return;
    world.witness.freshness(process);
    process.kill(world.scheduler.now);
    world.note(`${process.name} is killed`);
  },
  interrupt: ({ world, choices: [who] }) => {
    const process = choose(world.running, who);
    if (process === undefined) return;
    const isFirst = !process.stop.signal.aborted;
    world.note(`${process.name} is interrupted${isFirst ? '' : ' once more'}`);
    return world.scheduler.as(process, () => (isFirst ? process.stop : process.leave).abort());
  },
  losePower: ({ world, checkout: { machine } }) => {
    for (const process of world.running.filter((each) => each.machine === machine)) {
      world.witness.freshness(process);
      process.kill(world.scheduler.now);
    }
    machine.disk.losePower(world.stream(`power ${world.scheduler.steps}`));
    world.note(`${machine.name}'s computer loses power`);
  },

  edit: (doing) =>
    change(doing, ({ shots, ...rest }, shot) => {
      const newest = Math.max(...doing.world.witness.versionsOf(shot.subject), shot.version);
      return { ...rest, shots: replace(shots, shot, { ...shot, version: newest + 1 }) };
    }),
  restore: (doing) =>
    change(doing, ({ shots, ...rest }, shot) => {
      const versions = doing.world.witness.versionsOf(shot.subject);
      const version = choose(versions, doing.choices[2]) ?? shot.version;
      return { ...rest, shots: replace(shots, shot, { ...shot, version }) };
    }),
  rename: (doing) =>
    change(doing, ({ shots, ...rest }, shot) => {
      const free = shotNames.filter((name) => shots.every(({ id }) => id !== name));
      const id = choose(free, doing.choices[2]) ?? shot.id;
      return { ...rest, shots: replace(shots, shot, { ...shot, id }) };
    }),
  swap: (doing) =>
    change(doing, ({ shots, ...rest }, shot) => {
      const other = choose(shots, doing.choices[2]) ?? shot;
      const swapped = shots.map((each) => {
        if (each === shot) return { ...each, id: other.id };
        return each === other ? { ...each, id: shot.id } : each;
      });
      return { ...rest, shots: swapped };
    }),
  add: (doing) =>
    change(doing, ({ shots, ...rest }) => {
      const free = shotNames.filter((name) => shots.every(({ id }) => id !== name));
      const id = choose(free, doing.choices[2]);
      if (id === undefined || shots.length > 5) return { ...rest, shots };
      return {
        ...rest,
        shots: [...shots, { id, subject: doing.world.witness.newSubject(), version: 1, takes: 1 }],
      };
    }),
  remove: (doing) =>
    change(doing, ({ shots, ...rest }, shot) => ({
      ...rest,
      shots: shots.length < 2 ? shots : shots.filter((each) => each !== shot),
    })),
  renameProject: (doing) =>
    change(doing, (storyboard) => ({
      ...storyboard,
      project: choose(projectNames, doing.choices[1]) ?? storyboard.project,
    })),
  renameFile: (doing) =>
    move(doing, (path) =>
      path.replace(/[^/]+$/, choose(['film.yaml', 'cut.yaml', 'new.yaml'], doing.choices[1]) ?? 'film.yaml'),
    ),
  moveFile: (doing) =>
    move(doing, (path) => (path.includes('/') ? path.replace(/^[^/]+\//, '') : `acts/${path}`)),

  adopt: async ({ world, checkout, choices: [, which] }) => {
    const hint = choose(world.witness.hintsFor(checkout), which);
    if (hint === undefined) return lookAt({ world, checkout, choices: [0, 0, 0] }, 'plan');
    await start(world, 'adopt', checkout, adopt(hint.from, hint.to));
  },
  settle: async ({ world, checkout, choices: [, which, how] }) => {
    await start(world, 'resolve', checkout, (project, process) =>
      world.witness.settle(process, project, which, how),
    );
  },

  deleteLedger: ({ world, checkout }) => {
    if (world.running.some((process) => process.machine === checkout.machine)) return;
    world.witness.beforeLoss(checkout);
    for (const path of world.ledgers.inside(checkout)) world.ledgers.remove(checkout.machine, path);
    for (const path of checkout.machine.disk.files(checkout.path).keys()) {
      if (path.includes('.shotlist/')) checkout.machine.disk.remove(`${checkout.path}/${path}`);
    }
    world.note(`the ledgers of ${checkout.name} are deleted`);
  },
  keepCopy: ({ world, checkout }) => {
    checkout.keptCopy = new Map(
      world.ledgers.inside(checkout).map((path) => [path, world.ledgers.copy(checkout.machine, path)]),
    );
    world.note(`somebody keeps a copy of the ledgers of ${checkout.name}`);
  },
  putCopyBack: ({ world, checkout }) => {
    if (checkout.keptCopy === null) return;
    if (world.running.some((process) => process.machine === checkout.machine)) return;
    world.witness.beforeLoss(checkout);
    for (const [path, copy] of checkout.keptCopy) world.ledgers.putBack(checkout.machine, path, copy);
    world.note(`the old copy of the ledgers of ${checkout.name} is put back`);
  },
  setClock: ({ world, checkout: { machine }, choices: [, by] }) => {
    machine.clockAheadMs = Math.round((by - 0.5) * 2 * 3_600_000);
    world.note(`${machine.name}'s clock is ${Math.round(machine.clockAheadMs / 1000)} s ahead now`);
  },
  wait: async ({ world, choices: [, long] }) => {
    const until = world.scheduler.now + 1000 + long ** 3 * 3_600_000;
    await world.scheduler.run(until, 3000);
  },
};

async function lookAt({ world, checkout }: Doing, what: 'plan' | 'status' | 'report'): Promise<void> {
  const work = look(what, (plan) => world.witness.hinted(checkout, plan));
  await start(world, what, checkout, work, { readOnly: true });
}

function storyboardOf(checkout: Checkout): Storyboard | null {
  const path = checkout.manifest();
  const text = path === null ? null : checkout.text(path);
  return text === null ? null : readStoryboard(text);
}

function change(doing: Doing, edited: (storyboard: Storyboard, shot: Shot) => Storyboard): void {
  const { world, checkout, choices } = doing;
  const path = checkout.manifest();
  const before = storyboardOf(checkout);
  const shot = choose(before?.shots ?? [], choices[1]);
  if (path === null || before === null || shot === undefined) return;
  const text = manifestText(edited(before, shot));
  if (text === checkout.text(path)) return;
  checkout.machine.disk.put(`${checkout.path}/${path}`, text);
  world.witness.edited(checkout, readStoryboard(text));
  world.note(`${checkout.name} asks for ${describe(readStoryboard(text))}`);
}

function describe({ project, shots }: Storyboard): string {
  return `${project}: ${shots.map(({ id, subject, version }) => `${id} = ${subject}.${version}`).join(', ')}`;
}

function replace(shots: readonly Shot[], old: Shot, next: Shot): readonly Shot[] {
  return shots.map((shot) => (shot === old ? next : shot));
}

/** Moves the manifest, mostly with its journal, now and then without. Ledgers stay where they are. */
function move({ world, checkout, choices }: Doing, moved: (path: string) => string): void {
  const path = checkout.manifest();
  if (path === null) return;
  const target = moved(path);
  if (target === path || checkout.text(target) !== null) return;
  const { disk } = checkout.machine;
  disk.put(`${checkout.path}/${target}`, checkout.text(path) ?? '');
  disk.remove(`${checkout.path}/${path}`);
  const [journal, next] = [path, target].map((each) => each.replace(/\.yaml$/, '.ledger.jsonl'));
  const text = journal === undefined ? null : checkout.text(journal);
  const goesAlong = text !== null && next !== undefined && choices[2] < 0.5;
  if (goesAlong) {
    disk.put(`${checkout.path}/${next}`, text);
    disk.remove(`${checkout.path}/${journal}`);
  }
  world.witness.moved(checkout);
  world.note(`${checkout.name}: ${path} is ${target} now${goesAlong ? ', with its journal' : ''}`);
}

/** Commits everything, takes in what others pushed to the same branch, and pushes. */
export function share(world: World, checkout: Checkout): void {
  pull(world, checkout);
  world.repository.push(checkout.branch, checkout.commit);
  world.note(`${checkout.name} pushes commit ${checkout.commit.number} to ${checkout.branch}`);
}

function pull(world: World, checkout: Checkout): void {
  takeIn(world, checkout, checkout.branch);
}

/** Commits everything, and merges what was pushed to a branch. */
export function takeIn(world: World, checkout: Checkout, branch: string): void {
  commitAll(world, checkout);
  const theirs = world.repository.headOf(branch);
  if (theirs !== undefined) standOn(checkout, world.repository.merge(checkout.commit, theirs));
  world.note(`${checkout.name} stands on commit ${checkout.commit.number}`);
}

/** Commits everything, and goes to another branch: its files are there then, and the ledgers stay, which git does not keep. */
export function switchTo(world: World, checkout: Checkout, branch: string): void {
  commitAll(world, checkout);
  world.repository.push(checkout.branch, checkout.commit);
  checkout.branch = branch;
  standOn(checkout, world.repository.headOf(branch) ?? checkout.commit);
  world.witness.moved(checkout);
  world.note(`${checkout.name} switches to ${branch}, commit ${checkout.commit.number}`);
}

function commitAll(world: World, checkout: Checkout): void {
  const tree = checkout.tree();
  if (isSame(tree, checkout.commit.tree)) return;
  checkout.commit = world.repository.commit(tree, [checkout.commit]);
}

function standOn(checkout: Checkout, commit: Commit): void {
  if (commit !== checkout.commit) checkout.write(commit.tree);
  checkout.commit = commit;
}

function isSame(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([path, text]) => b.get(path) === text);
}
