import type { Clock } from '../../src/core/clock.ts';
import { Disk } from './disk.ts';
import type { Commit, Tree } from './git.ts';
import type { Owner, Scheduler } from './scheduler.ts';
import type { StoredLedger } from './stored-ledger.ts';

/** A computer: a disk, a clock that is never quite right, and what runs on it. */
export class Machine {
  readonly name: string;
  readonly disk: Disk;
  /** Time that its clock is ahead, in milliseconds. */
  clockAheadMs: number;
  readonly checkouts: Checkout[] = [];
  readonly #scheduler: Scheduler;

  constructor(name: string, scheduler: Scheduler, clockAheadMs: number) {
    this.name = name;
    this.clockAheadMs = clockAheadMs;
    this.#scheduler = scheduler;
    this.disk = new Disk(() => this.nowMs());
  }

  nowMs(): number {
    return this.#scheduler.now + this.clockAheadMs;
  }
}

/** A work tree of the repository on a machine. */
export class Checkout {
  readonly machine: Machine;
  /** Absolute. */
  readonly path: string;
  /** The branch that it stands on, and that it pushes to. */
  branch: string;
  /** The commit that it stands on. */
  commit: Commit;
  /** A copy of its ledgers that somebody kept, by path. */
  keptCopy: ReadonlyMap<string, StoredLedger> | null = null;

  constructor(
    machine: Machine,
    path: string,
    { branch, commit }: { readonly branch: string; readonly commit: Commit },
  ) {
    this.machine = machine;
    this.path = path;
    this.branch = branch;
    this.commit = commit;
    machine.disk.makeFolders(`${path}/.git`);
    this.write(commit.tree);
  }

  get name(): string {
    return `${this.machine.name}:${this.path}`;
  }

  /** The files that git would commit: all but ledgers and what a killed writer left. */
  tree(): Tree {
    const tree = new Map<string, string>();
    for (const [path, file] of this.machine.disk.files(this.path)) {
      if (isIgnored(path)) continue;
      tree.set(path, file.data.toString('utf8'));
    }
    return tree;
  }

  /** Makes the work tree that of a commit, as git does: files that change are new files. */
  write(tree: Tree): void {
    const { disk } = this.machine;
    const there = this.tree();
    for (const path of there.keys()) if (!tree.has(path)) disk.remove(`${this.path}/${path}`);
    for (const [path, text] of tree) {
      if (there.get(path) !== text) disk.put(`${this.path}/${path}`, text);
    }
  }

  /** The storyboard's path from the top; null where a merge or a person took it away. */
  manifest(): string | null {
    return [...this.tree().keys()].find((path) => path.endsWith('.yaml')) ?? null;
  }

  text(path: string): string | null {
    return this.machine.disk.text(`${this.path}/${path}`);
  }
}

function isIgnored(path: string): boolean {
  return /(^|\/)\.shotlist\//.test(path) || /(^|\/)\.shotlist-/.test(path) || path.endsWith('.lock');
}

/** A process of the program on a machine. */
export class Process implements Owner {
  readonly name: string;
  readonly checkout: Checkout;
  /** Ends new requests, as the first Ctrl-C or SIGTERM does. */
  readonly stop = new AbortController();
  /** Leaves at once, as the second does. */
  readonly leave = new AbortController();
  /** The ledger's name for the run of this process; null before it has one. */
  runId: string | null = null;
  /** The path of its ledger; null before one was opened. */
  ledger: string | null = null;
  /** The key that it was about to send when it was last heard of. */
  sendingKey: string | null = null;
  alive = true;
  over = false;
  /** The true time at which it was killed. */
  diedAt: number | null = null;
  readonly clock: Clock;

  constructor(name: string, checkout: Checkout, scheduler: Scheduler) {
    this.name = name;
    this.checkout = checkout;
    this.clock = processClock(this, scheduler);
  }

  get machine(): Machine {
    return this.checkout.machine;
  }

  /** SIGKILL: nothing of it happens any more. */
  kill(now: number): void {
    this.alive = false;
    this.over = true;
    this.diedAt = now;
  }
}

function processClock(process: Process, scheduler: Scheduler): Clock {
  return {
    now: () => process.machine.nowMs(),
    monotonic: () => scheduler.now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) return resolve();
        const done = (): void => {
          cancel();
          signal?.removeEventListener('abort', done);
          resolve();
        };
        const cancel = scheduler.schedule(ms, done, process);
        signal?.addEventListener('abort', done, { once: true });
      }),
  };
}
