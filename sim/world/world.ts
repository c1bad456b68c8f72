import { SeededRandom } from '../random.ts';
import { manifestText, type Storyboard } from '../storyboard.ts';
import type { Witness } from '../witness.ts';
import type { Surroundings } from './current.ts';
import { Gateway, type Weather } from './gateway.ts';
import { mainBranch, Repository } from './git.ts';
import { Ledgers } from './ledgers.ts';
import { Checkout, Machine, Process } from './machine.ts';
import { Scheduler } from './scheduler.ts';

/** Monday, 5 January 2026, nine in the morning. */
const beginning = Date.UTC(2026, 0, 5, 9);

const names = ['anna', 'bo', 'chen', 'dora'] as const;

/** Everything there is: time, the provider, the repository, computers, and what runs on them. */
export class World {
  readonly seed: number;
  readonly scheduler = new Scheduler(beginning);
  readonly weather: Weather;
  readonly gateway: Gateway;
  readonly repository: Repository;
  readonly ledgers: Ledgers;
  readonly machines: Machine[] = [];
  readonly processes: Process[] = [];
  /** Everything that happened, a line each: the same seed gives the same lines. */
  readonly trace: string[] = [];
  readonly witness: Witness;
  readonly #random: SeededRandom;
  #checkouts = 0;

  constructor(seed: number, storyboard: Storyboard, witnessOf: (world: World) => Witness) {
    this.seed = seed;
    this.#random = new SeededRandom(`${seed}/world`);
    this.weather = weatherOf(this.#random.stream('weather'));
    this.witness = witnessOf(this);
    this.gateway = new Gateway({
      scheduler: this.scheduler,
      random: this.#random.stream('gateway'),
      weather: this.weather,
      onBill: (bill) => this.witness.billed(bill),
    });
    this.ledgers = new Ledgers({
      scheduler: this.scheduler,
      random: this.#random.stream('ledgers'),
      onClaim: (process, key) => this.witness.claiming(process, key),
    });
    const tree = new Map([['film.yaml', manifestText(storyboard)]]);
    this.repository = new Repository(tree, this.#random.stream('git'));
    this.addCheckout(this.addMachine());
  }

  get checkouts(): readonly Checkout[] {
    return this.machines.flatMap((machine) => machine.checkouts);
  }

  /** Those that still do something. */
  get running(): readonly Process[] {
    return this.processes.filter(({ over }) => !over);
  }

  stream(name: string): SeededRandom {
    return this.#random.stream(name);
  }

  addMachine(): Machine {
    const number = this.machines.length;
    const name = names[number % names.length] ?? 'someone';
    const clock = this.#random.stream(`clock ${number}`);
    // Most clocks are right within a second; some are not.
    const ahead = clock.chance(0.35) ? clock.between(-30 * 60_000, 30 * 60_000) : clock.between(-1000, 1000);
    const machine = new Machine(name, this.scheduler, Math.round(ahead));
    this.machines.push(machine);
    return machine;
  }

  addCheckout(machine: Machine): Checkout {
    this.#checkouts += 1;
    const commit = this.repository.headOf(mainBranch);
    if (commit === undefined) throw new Error('there is nothing to clone');
    const checkout = new Checkout(machine, `/home/${machine.name}/film-${this.#checkouts}`, {
      branch: mainBranch,
      commit,
    });
    machine.checkouts.push(checkout);
    return checkout;
  }

  /** Begins a command; it goes on while time does. */
  async start(
    name: string,
    checkout: Checkout,
    work: (process: Process) => Promise<string>,
  ): Promise<Process> {
    const process = new Process(`${name}-${this.processes.length + 1}`, checkout, this.scheduler);
    this.processes.push(process);
    this.note(`${process.name} begins in ${checkout.name}`);
    await this.scheduler.as(process, () => {
      work(process).then(
        (outcome) => this.#ended(process, outcome),
        (error: unknown) => this.#ended(process, this.witness.failed(process, error)),
      );
    });
    return process;
  }

  #ended(process: Process, outcome: string): void {
    process.over = true;
    this.note(`${process.name} ends: ${outcome}`);
  }

  note(line: string): void {
    this.trace.push(`${String(this.scheduler.steps).padStart(6)}  ${line}`);
  }

  /** The stand-ins for Node.js's files, time and random bytes. */
  surroundings(): Surroundings {
    const { scheduler } = this;
    const process = (): Process | null => (scheduler.current instanceof Process ? scheduler.current : null);
    const fallback = this.machines[0];
    return {
      scheduler,
      random: this.#random.stream('surroundings'),
      diskIsSlow: this.#random.stream('disk').chance(0.2),
      disk: () => {
        const machine = process()?.machine ?? fallback;
        if (machine === undefined) throw new Error('there is no machine');
        return machine.disk;
      },
      nowMs: () => process()?.machine.nowMs() ?? scheduler.now,
      owner: process,
    };
  }
}

function weatherOf(random: SeededRandom): Weather {
  const isFair = random.chance(0.4);
  const some = (most: number): number => (isFair || random.chance(0.4) ? 0 : random.between(0, most));
  return {
    lostAnswer: some(0.25),
    notSent: some(0.2),
    refused: some(0.15),
    throttled: some(0.2),
    serverError: some(0.15),
    taskFails: some(0.3),
    retryAfterMs: random.pick([null, 1000, 5000, 60_000]),
  };
}
