import type { Backend, Decision, Facts, Wanted } from '../../src/ledger/backend.ts';
import { emptyLedger } from '../../src/ledger/empty-ledger.ts';
import { ledgerOn } from '../../src/ledger/ledger-on.ts';
import { answered } from '../../src/ledger/life/answered.ts';
import type { LifeLock } from '../../src/ledger/life/life-locks.ts';
import type { LedgerLocation } from '../../src/ledger/location.ts';
import { LedgerReaderOn } from '../../src/ledger/reader-on.ts';
import type { LedgerOpener } from '../../src/project/options.ts';
import type { SeededRandom } from '../random.ts';
import type { Checkout, Machine, Process } from './machine.ts';

import type { Scheduler } from './scheduler.ts';
import { StoredLedger } from './stored-ledger.ts';

/** A ledger on a machine: what is on its disk for good, and who holds a life lock on it. */
interface Held {
  store: StoredLedger;
  readonly lives: Map<string, Process>;
}

/**
 * The ledgers of all machines, by path. What was committed is on the disk before anybody is told so; a commit that a kill
 * or a loss of power overtakes is there or not, and its process never hears.
 */
export class Ledgers {
  readonly #held = new Map<Machine, Map<string, Held>>();
  readonly #scheduler: Scheduler;
  readonly #random: SeededRandom;
  readonly #onClaim: (process: Process, key: string) => void;

  constructor(options: {
    readonly scheduler: Scheduler;
    readonly random: SeededRandom;
    readonly onClaim: (process: Process, key: string) => void;
  }) {
    this.#scheduler = options.scheduler;
    this.#random = options.random;
    this.#onClaim = options.onClaim;
  }

  /** Opens the ledgers of a process's machine. */
  of(process: Process): LedgerOpener {
    const backend = (location: LedgerLocation): Backend => {
      process.ledger = pathOf(location);
      return this.backend(process, process.machine, pathOf(location));
    };
    return {
      open: async (location, { clock, onSpooled }) => {
        await this.#soon(() => this.#at(process.machine, pathOf(location)));
        const ledger = await ledgerOn(backend(location), { clock, onSpooled });
        const { startRun } = ledger;
        ledger.startRun = async (spec) => {
          const run = await startRun.call(ledger, spec);
          const { claim } = run;
          run.claim = (identity, seen) => {
            this.#onClaim(process, identity.key);
            return claim.call(run, identity, seen);
          };
          return run;
        };
        return ledger;
      },
      openForReading: async (location) =>
        this.#soon(() =>
          this.#exists(process.machine, pathOf(location))
            ? new LedgerReaderOn(backend(location))
            : emptyLedger,
        ),
      exists: async (location) => {
        process.ledger = pathOf(location);
        return this.#soon(() => this.#exists(process.machine, pathOf(location)));
      },
      spool: () => null,
    };
  }

  /** The paths of a checkout's ledgers. */
  inside({ machine, path }: Checkout): readonly string[] {
    return this.all(machine).filter((file) => file.startsWith(`${path}/`));
  }

  all(machine: Machine): readonly string[] {
    return [...(this.#held.get(machine)?.keys() ?? [])];
  }

  text(machine: Machine, path: string): string {
    return this.#held.get(machine)?.get(path)?.store.text() ?? '';
  }

  copy(machine: Machine, path: string): StoredLedger {
    return this.#at(machine, path).store.copy();
  }

  putBack(machine: Machine, path: string, copy: StoredLedger): void {
    this.#at(machine, path).store = copy.copy();
  }

  remove(machine: Machine, path: string): void {
    this.#held.get(machine)?.delete(path);
  }

  #exists(machine: Machine, path: string): boolean {
    return this.#held.get(machine)?.has(path) === true;
  }

  #at(machine: Machine, path: string): Held {
    const ofMachine = this.#held.get(machine) ?? new Map<string, Held>();
    this.#held.set(machine, ofMachine);
    const held = ofMachine.get(path) ?? { store: new StoredLedger(), lives: new Map() };
    ofMachine.set(path, held);
    return held;
  }

  /** A disk takes a moment, now and then a long one. */
  #soon<T>(result: () => T): Promise<T> {
    const delay = this.#random.chance(0.03) ? this.#random.between(5, 900) : this.#random.between(0.05, 2);
    return this.#scheduler.after(delay, result);
  }

  /** The ledger at a path of a machine, as a process uses it. */
  backend(process: Process, machine: Machine, path: string): Backend {
    const held = this.#at(machine, path);
    const isLive = (id: string): boolean => held.lives.get(id)?.alive === true;
    const commit = <T>(wanted: Wanted, decide: (facts: Facts) => Decision<T>): Promise<T> =>
      this.#soon(() => held.store.commit(wanted, isLive, decide)).then((value) => this.#soon(() => value));
    return {
      load: (wanted) => this.#soon(() => answered(held.store.load(wanted, isLive))),
      commit,
      about: async () => ({ name: 'memory', schema: null }),
      damage: async () => [],
      check: () => {},
      spool: null,
      locks: {
        take: () =>
          this.#soon((): LifeLock => {
            const id = `run-${this.#random.hex(6)}`;
            held.lives.set(id, process);
            return { id, isHeld: () => held.lives.has(id), release: () => void held.lives.delete(id) };
          }),
      },
      close: async () => {},
    };
  }
}

function pathOf(location: LedgerLocation): string {
  return location.toString();
}
