import { SeededRandom } from './random.ts';

/** The kinds of action, by how often each happens. The numbers of an action choose among what is there at that time. */
export const actionWeights = {
  run: 26,
  collect: 7,
  plan: 3,
  status: 2,
  report: 1,
  verify: 1,
  share: 9,
  pull: 9,
  switchBranch: 2.5,
  mergeBranch: 3,
  clone: 4,
  kill: 7,
  interrupt: 3,
  losePower: 2,
  edit: 6,
  restore: 3,
  rename: 7,
  swap: 2,
  add: 4,
  remove: 1,
  renameProject: 1.5,
  renameFile: 1,
  moveFile: 1,
  adopt: 9,
  settle: 7,
  deleteLedger: 2,
  keepCopy: 1.5,
  putCopyBack: 1.5,
  setClock: 3,
  wait: 8,
} as const;

export type ActionKind = keyof typeof actionWeights;

export interface Action {
  readonly kind: ActionKind;
  /** In [0, 1): whom, what and how. */
  readonly choices: readonly [number, number, number];
  /** Number of events before the next action begins: few, so that what people do overlaps. */
  readonly pause: number;
}

/** All actions in the world of a seed, from the beginning. */
export interface Script {
  readonly seed: number;
  readonly actions: readonly Action[];
}

export function scriptOf(seed: number): Script {
  const random = new SeededRandom(`${seed}/script`);
  const count = 3 + random.below(14);
  const actions = Array.from({ length: count }, (): Action => {
    const kind = random.weighted(actionWeights);
    const choices = [random.next(), random.next(), random.next()] as const;
    return { kind, choices, pause: pauseAfter(random) };
  });
  return { seed, actions };
}

function pauseAfter(random: SeededRandom): number {
  const kind = random.weighted({ none: 1, moment: 3, while: 3, end: 4 });
  if (kind === 'none') return 0;
  if (kind === 'moment') return 1 + random.below(12);
  if (kind === 'while') return 12 + random.below(120);
  return 2000;
}
