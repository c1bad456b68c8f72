import { existsSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import path from 'node:path';
import { audit, auditReport, tasksByKey } from './audit.ts';
import { ageLedger } from './first-release.ts';
import { type Ended, type Fault, type Provider, start } from './program.ts';
import { doubtfulKeys, type Look, look, makeScene, promptsOf, readReport, type Scene } from './scene.ts';
import { settleByBooks } from './settle.ts';
import type { Next, Step } from './step.ts';
import { layWire, type Wire } from './wire.ts';

export interface Cell {
  readonly step: Step;
  readonly inFlight: number;
  /** A folder of its own. */
  readonly folder: string;
  /** Letters, digits and hyphens; unlike that of any other cell of the same provider. */
  readonly project: string;
  readonly provider: Provider;
  /** A promise to break on purpose. */
  readonly broken?: Fault['broken'];
}

export interface CellResult {
  readonly step: Step;
  readonly kills: number;
  /** What the ledger said of the request that each kill was about, where it is known which one that was. */
  readonly seen: readonly string[];
}

/** Moments after the beginning of a commit at which it is cut, in microseconds. */
const commitDelays = [0, 40, 120, 300, 900];

/**
 * Kills one run after the other at a step, compares ledger and books after each, and lets further runs finish the plan.
 *
 * @throws Error with every promise that was broken.
 */
export async function runCell(cell: Cell): Promise<CellResult> {
  const { step, inFlight, provider } = cell;
  const nths = inFlight === 1 ? step.nths : step.many;
  const scene = await makeScene(cell.folder, cell.project, inFlight === 1 ? 12 : 64);
  const wire = await layWire(provider.port);
  try {
    const trial = new Trial(cell, scene, wire);
    if (step.setting.firstRelease) await trial.payInFirstRelease();
    for (const [index, nth] of nths.entries())
      await trial.kill(nth, commitDelays[index % commitDelays.length] ?? 0);
    await trial.finish();
    return { step, kills: trial.kills, seen: trial.seen };
  } finally {
    await wire.close();
  }
}

class Trial {
  readonly seen: string[] = [];
  kills = 0;
  readonly #cell: Cell;
  readonly #scene: Scene;
  readonly #wire: Wire;
  /** What the next run must make of the requests that kills were about. */
  readonly #expected = new Map<string, readonly Next[]>();

  constructor(cell: Cell, scene: Scene, wire: Wire) {
    this.#cell = cell;
    this.#scene = scene;
    this.#wire = wire;
  }

  /** Makes a ledger as the first release left it, with three requests that were paid. */
  async payInFirstRelease(): Promise<void> {
    await this.#run(['--limit', '3'], undefined);
    ageLedger(this.#scene.ledgerFile);
  }

  async kill(nth: number, delayUs: number): Promise<void> {
    const { step, inFlight, broken } = this.#cell;
    const { setting, at } = step;
    const fresh = await this.#look();
    const pending = this.#scene.keys.filter((key) => fresh.state(key) === 'pending');
    if (setting.spooled) await this.#run([], { refuse: 'answer' });
    const before = setting.spooled ? await this.#look() : fresh;
    const fault: Fault = { ...setting.fault, ...(broken === undefined ? {} : { broken }) };
    const ended =
      'wire' in at
        ? await this.#run(setting.args, broken === undefined ? undefined : fault, (kill) =>
            this.#wire.arm({ point: at.wire, nth, act: kill }),
          )
        : await this.#run(setting.args, { ...fault, step: at.process, nth, delayUs });
    if (ended.signal !== 'SIGKILL') {
      throw new Error(`the step was not reached: exit ${ended.code}\n${ended.stderr}`);
    }
    this.kills += 1;
    const now = await this.#audit(doubtfulKeys(this.#scene, before));
    const subject = subjectOf(step, pending, nth);
    if (inFlight === 1 && subject !== undefined) await this.#judge(subject, now);
  }

  /** Lets a run finish what is left, settles the doubts by the books, and lets another send the rest. */
  async finish(): Promise<void> {
    const undisturbed = await this.#run([], undefined);
    const after = await this.#audit(doubtfulKeys(this.#scene, await this.#look()));
    const doubts = this.#scene.keys.filter((key) => after.state(key) === 'inDoubt');
    expectCode(undisturbed, doubts.length > 0 ? 1 : 0);
    for (const [key, next] of this.#expected) {
      const state = after.state(key);
      const became = state === 'inDoubt' ? 'leaves it in doubt' : state === 'queued' ? undefined : state;
      const fits =
        became === undefined
          ? next.some((one) => one !== 'leaves it in doubt')
          : next.includes(became as Next);
      if (!fits) throw new Error(`the next run left ${key} ${state}; expected was: ${next.join(' or ')}`);
    }
    await settleByBooks(this.#scene, after, await this.#billed());
    if (doubts.length > 0) expectCode(await this.#run([], undefined), 0);
    const done = await this.#audit(new Set());
    const billed = await this.#billed();
    const unpaid = this.#scene.keys.filter(
      (key) => done.state(key) !== 'queued' || !tasksByKey(billed).has(key),
    );
    if (unpaid.length > 0) throw new Error(`never sent, though the plan is empty: ${unpaid.join(', ')}`);
    refuse(auditReport(this.#scene, await readReport(this.#scene), billed));
  }

  async #run(
    args: readonly string[],
    fault: Fault | undefined,
    armed?: (kill: () => void) => void,
  ): Promise<Ended> {
    const { inFlight, provider } = this.#cell;
    const program = start(
      ['run', 'm.yaml', '--yes', '--quiet', '--concurrency', String(inFlight), '--retries', '0', ...args],
      {
        cwd: this.#scene.folder,
        env: { ...provider.env, SHOTLIST_BASE_URL: this.#wire.baseUrl },
        ...(fault === undefined ? {} : { fault }),
      },
    );
    armed?.(() => program.child.kill('SIGKILL'));
    const ended = await program.ended;
    this.#wire.arm(null);
    await this.#wire.quiet();
    return ended;
  }

  async #audit(doubtfulBefore: ReadonlySet<string>): Promise<Look> {
    const now = await this.#look();
    const { asked } = this.#wire;
    const { inFlight } = this.#cell;
    refuse(audit({ scene: this.#scene, now, billed: await this.#billed(), asked, doubtfulBefore, inFlight }));
    return now;
  }

  #billed() {
    return this.#cell.provider.billed(promptsOf(this.#scene));
  }

  /** A ledger of an older version would be brought forward by looking at it, so a copy of it is looked at. */
  async #look(): Promise<Look> {
    const ledgerFolder = path.dirname(this.#scene.ledgerFile);
    if (this.#cell.step.stage !== 'the ledger itself' || !existsSync(ledgerFolder)) return look(this.#scene);
    const folder = path.join(this.#scene.folder, 'copy');
    await cp(ledgerFolder, folder, { recursive: true });
    const seen = await look({ ...this.#scene, ledgerFile: path.join(folder, 'ledger.db') });
    await rm(folder, { recursive: true });
    return seen;
  }

  async #judge(subject: string, now: Look): Promise<void> {
    const { step } = this.#cell;
    const state = now.state(subject);
    const billed = tasksByKey(await this.#billed()).has(subject);
    this.seen.push(state);
    this.#expected.set(subject, step.next);
    if (step.states.includes(state) && billed === step.billed) return;
    const say = (paid: boolean): string => (paid ? 'billed' : 'not billed');
    throw new Error(
      `killed ${step.name}, ${subject} is ${state} and ${say(billed)}; expected was ${step.states.join(' or ')} and ${say(step.billed)}`,
    );
  }
}

function subjectOf(step: Step, pending: readonly string[], nth: number): string | undefined {
  if (step.subject === 'nth') return pending[nth - 1];
  return step.subject === 'first' ? pending[0] : pending[2];
}

function expectCode(ended: Ended, code: number): void {
  if (ended.code !== code) throw new Error(`a run ended with ${ended.code}, not ${code}:\n${ended.stderr}`);
}

function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(`broken promises:\n${problems.join('\n')}`);
}
