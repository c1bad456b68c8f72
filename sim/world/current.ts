import type { SeededRandom } from '../random.ts';
import type { Disk } from './disk.ts';
import type { Owner, Scheduler } from './scheduler.ts';

/** The simulated files, random bytes and time that code gets in place of those of Node.js. */
export interface Surroundings {
  readonly scheduler: Scheduler;
  /** Draws how long a disk takes, and what counts as random. */
  readonly random: SeededRandom;
  readonly diskIsSlow: boolean;
  /** The disk of the machine whose process runs now. */
  disk(): Disk;
  /** The time as that machine's clock shows it, in milliseconds since the epoch. */
  nowMs(): number;
  owner(): Owner | null;
}

let surroundings: Surroundings | null = null;

/** One simulation runs at a time: modules that stand in for those of Node.js have no other way to know theirs. */
export function enter(next: Surroundings | null): void {
  surroundings = next;
}

export function here(): Surroundings {
  if (surroundings === null) throw new Error('no simulation runs');
  return surroundings;
}
