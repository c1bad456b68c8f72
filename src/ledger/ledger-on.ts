import type { Clock } from '../core/clock.ts';
import type { Backend, Change } from './backend.ts';
import { LedgerCollectorOn } from './collector-on.ts';
import { adopt, factsForRenaming } from './decide/adopt.ts';
import { decideClips, factsForDecisions, type WordOnClips } from './decide/decide-clips.ts';
import { factsForRun, reserve } from './decide/reserve.ts';
import {
  factsForCorrection,
  factsForResolution,
  type PersonsWord,
  resolve,
  takesTaskBack,
} from './decide/resolve.ts';
import { factsForSpooled, takeInSpooled } from './decide/spooled.ts';
import { factsForTakeIn, takeIn } from './decide/take-in.ts';
import { factsForTask, updateTask } from './decide/task.ts';
import type { JournalEvent } from './journal/journal-event.ts';
import type { Ledger, LedgerCollector, LedgerRun } from './ledger.ts';
import type { DecisionOnClip } from './model/clip-decision.ts';
import type { LedgerEntry } from './model/entry.ts';
import type { LedgerScope, RequestIdentity } from './model/identity.ts';
import type { Adoption, Renaming, TakenIn } from './model/moving.ts';
import type { Resolution, TaskUpdate } from './model/outcome.ts';
import type { RunSpec } from './model/run-spec.ts';
import { LedgerReaderOn } from './reader-on.ts';
import { LedgerRunOn } from './run-on.ts';
import type { SpoolReport } from './spool/spool.ts';

export interface LedgerOptions {
  readonly clock: Clock;
  /** Told of each answer that an earlier run could not record, and of what became of it now. */
  readonly onSpooled?: ((report: SpoolReport) => void) | undefined;
}

/** A ledger on a backend; answers that an earlier run could not record are taken in first. */
export async function ledgerOn(backend: Backend, options: LedgerOptions): Promise<Ledger> {
  const ledger = new LedgerOn(backend, options);
  try {
    await ledger.takeInSpool();
    return ledger;
  } catch (error) {
    await ledger.close();
    throw error;
  }
}

/** Loads what a decision wants to know, lets it decide, and appends what follows: whatever the backend is made of. */
class LedgerOn extends LedgerReaderOn implements Ledger {
  readonly #backend: Backend;
  readonly #clock: Clock;
  readonly #onSpooled: (report: SpoolReport) => void;
  /** Held here, because a lock ends when its connection is collected as garbage. */
  readonly #runs = new Set<LedgerRunOn | LedgerCollectorOn>();

  constructor(backend: Backend, { clock, onSpooled = () => {} }: LedgerOptions) {
    super(backend);
    this.#backend = backend;
    this.#clock = clock;
    this.#onSpooled = onSpooled;
  }

  async startRun(spec: RunSpec): Promise<LedgerRun> {
    const lock = await this.#backend.locks.take();
    try {
      const reservation = await this.#backend.commit(factsForRun(spec), (facts) =>
        reserve(facts, spec, lock.id, this.#clock.now()),
      );
      const run: LedgerRunOn = new LedgerRunOn({
        ...{ lock, spec, reservation, backend: this.#backend, clock: this.#clock },
        onClosed: () => this.#runs.delete(run),
      });
      this.#runs.add(run);
      return run;
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  async resolve(
    scope: LedgerScope,
    identity: RequestIdentity,
    resolution: Resolution,
    by: string,
  ): Promise<LedgerEntry> {
    const [settled] = await this.resolveAll(scope, [identity], resolution, by);
    if (settled === undefined) throw new Error('one request was settled, and none came back');
    return settled;
  }

  async resolveAll(
    scope: LedgerScope,
    identities: readonly RequestIdentity[],
    resolution: Resolution,
    by: string,
  ): Promise<readonly LedgerEntry[]> {
    const word: PersonsWord = { scope, identities, resolution, by, nowMs: this.#clock.now() };
    const looked = await this.#backend.load(factsForResolution(word));
    const wanted = takesTaskBack(looked, word) ? factsForCorrection : factsForResolution;
    await this.#backend.commit(wanted(word), (facts) => resolve(facts, word));
    return Promise.all(identities.map((identity) => this.entry(scope, identity)));
  }

  decideClips(
    scope: LedgerScope,
    decisions: readonly DecisionOnClip[],
    by: string,
  ): Promise<readonly boolean[]> {
    const word: WordOnClips = { scope, decisions, by, nowMs: this.#clock.now() };
    return this.#backend.commit(factsForDecisions(word), (facts) => decideClips(facts, word));
  }

  updateTask(scope: LedgerScope, identity: RequestIdentity, update: TaskUpdate): Promise<void> {
    return this.#backend.commit(factsForTask(scope, identity), (facts) =>
      updateTask(facts, scope, identity, update, this.#clock.now()),
    );
  }

  async startCollector(scope: LedgerScope): Promise<LedgerCollector> {
    const lock = await this.#backend.locks.take();
    const collector: LedgerCollectorOn = new LedgerCollectorOn({
      ...{ lock, scope, backend: this.#backend, clock: this.#clock },
      onClosed: () => this.#runs.delete(collector),
    });
    this.#runs.add(collector);
    return collector;
  }

  async takeIn(events: readonly JournalEvent[], digest: string | null): Promise<TakenIn> {
    const { known } = await this.#backend.load({ known: events });
    // Most events of a journal are known already, and need no more than that.
    const fresh = events.filter(({ id }) => !known.has(id));
    const noted: readonly Change[] = digest === null ? [] : [{ type: 'journal', digest }];
    const old = events.length - fresh.length;
    if (fresh.length === 0 && noted.length === 0) return { added: 0, known: old, conflicts: [] };
    return this.#backend.commit(factsForTakeIn(fresh), (facts) => {
      const { changes, value } = takeIn(facts, fresh);
      return { changes: [...changes, ...noted], value: { ...value, known: value.known + old } };
    });
  }

  adopt(
    provider: string,
    renaming: Renaming,
    by: string,
    only?: readonly RequestIdentity[],
  ): Promise<readonly Adoption[]> {
    const word = { provider, renaming, by, only, nowMs: this.#clock.now() };
    return this.#backend.commit(factsForRenaming(word), (facts) => adopt(facts, word));
  }

  /** Takes in what earlier runs could not record. A file goes once its answer is on the disk, never before. */
  async takeInSpool(): Promise<void> {
    const { spool } = this.#backend;
    for (const { file, answer } of spool?.waiting() ?? []) {
      const result =
        answer === null
          ? 'left'
          : await this.#backend.commit(factsForSpooled(answer), (facts) => takeInSpooled(facts, answer));
      if (result !== 'left') spool?.remove(file);
      const taskId = answer?.outcome.kind === 'accepted' ? answer.outcome.taskId : null;
      this.#onSpooled({ file, result, key: answer?.request.key ?? null, taskId });
    }
  }

  override async close(): Promise<void> {
    await Promise.all([...this.#runs].map((run) => run.close()));
    await super.close();
  }
}
