import { randomUUID } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import { type Change, type Decision, type Facts, type NewEvent, noFacts, type Wanted } from '../backend.ts';
import { factText } from '../fact-text.ts';
import { appendChanges, FencedError } from './append.ts';
import { ConnectionLostError, isBusy, isConstraint } from './errors.ts';
import { type KnownRequest, KnownRequests } from './known.ts';
import { type Ask, type Loaded, loadFacts } from './load.ts';
import type { Session } from './session.ts';
import { factsFor, together, waves } from './waves.ts';
import type { Writer } from './writer.ts';

interface Member {
  readonly wanted: Wanted;
  readonly decide: (facts: Facts) => Decision<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

type Result = { readonly value: unknown } | { readonly error: unknown };

/** A member that was decided on what this process knows by itself. */
interface Quick {
  readonly member: Member;
  readonly known: KnownRequest;
  readonly changes: readonly Change[];
  readonly value: unknown;
}

export interface CommitLaneOptions {
  readonly writer: Writer;
  readonly waits: Clock;
  /** Facts as a decision sees them, from what was loaded inside a transaction. */
  readonly view: (session: Session, loaded: Promise<Loaded>) => Promise<Facts>;
  /** Time that others may hold the ledger before the members fail, in milliseconds. */
  readonly busyTimeoutMs: number;
  /** Makes an error fit for people. */
  readonly explain: (error: unknown) => unknown;
}

const pauseMs = 25;

/**
 * Group commit. Claims and answers of requests on which nothing else bears go out as one statement a batch, under a lock that
 * all such batches share. Everything else that waits at the same moment is loaded, decided and appended in one transaction,
 * under the same lock held alone: as if nobody else were there.
 */
export class CommitLane {
  readonly #options: CommitLaneOptions;
  readonly #known = new KnownRequests();
  #waiting: Member[] = [];
  #flushing: Promise<void> | undefined;

  constructor(options: CommitLaneOptions) {
    this.#options = options;
  }

  add<T>(wanted: Wanted, decide: (facts: Facts) => Decision<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ wanted, decide, resolve: (value) => resolve(value as T), reject });
      this.#flushing ??= this.#flush();
    });
  }

  /** Resolves once nothing waits to be written. */
  async idle(): Promise<void> {
    while (this.#flushing !== undefined) await this.#flushing;
  }

  async #flush(): Promise<void> {
    while (this.#waiting.length > 0) {
      // After the answers that this turn of the event loop brings, so that they all share the commit.
      await new Promise<void>((resolve) => setImmediate(resolve));
      const members = this.#waiting.splice(0);
      const { quick, slow } = this.#sorted(members);
      try {
        if (quick.length > 0) slow.push(...(await this.#commitQuick(quick)));
        if (slow.length > 0) await this.#commitSlow(slow);
      } catch (error) {
        const reason = this.#options.explain(error);
        for (const member of members) member.reject(reason);
      }
    }
    this.#flushing = undefined;
  }

  /** Decides what can be decided without asking. A refusal is no reason to refuse: it is asked again with what is there. */
  #sorted(members: readonly Member[]): { readonly quick: readonly Quick[]; readonly slow: Member[] } {
    const quick: Quick[] = [];
    const slow: Member[] = [];
    const taken = new Set<number>();
    for (const member of members) {
      const known = this.#known.find(member.wanted);
      const decided = known === undefined || taken.has(known.request.id) ? undefined : tried(member, known);
      if (known === undefined || decided === undefined || !decided.changes.every(isQuick)) slow.push(member);
      else {
        taken.add(known.request.id);
        quick.push({ member, known, ...decided });
      }
    }
    return { quick, slow };
  }

  /** @returns the members that have to be decided anew. */
  async #commitQuick(quick: readonly Quick[]): Promise<readonly Member[]> {
    const batch = randomUUID();
    const entries = JSON.stringify(quick.map(entryOf));
    const done = await this.#persist(async (session, before) => {
      if (before !== undefined) {
        const found = await findEvents(session, quick);
        if (found.size > 0) return found;
      }
      const rows = await session.rows(
        'SELECT appended FROM append_batch($1, $2)',
        [batch, entries],
        'append-batch',
      );
      return new Set(rows.map(([id]) => id));
    });
    const again: Member[] = [];
    for (const each of quick) {
      if (eventsOf(each).every(({ id }) => done.has(id))) {
        this.#known.follow(each.known, each.changes);
        each.member.resolve(each.value);
      } else {
        this.#known.forget(each.known.request.id);
        again.push(each.member);
      }
    }
    return again;
  }

  async #commitSlow(members: readonly Member[]): Promise<void> {
    let results: ReadonlyMap<Member, Result>;
    try {
      results = await this.#transact(members);
    } catch (error) {
      if (!isConstraint(error) && !(error instanceof FencedError)) throw error;
      if (members.length === 1) throw error;
      // One bad member fails its batch, and then all go again, one by one: that is rare, so it may cost.
      for (const member of members) {
        await this.#commitSlow([member]).catch((reason) => member.reject(this.#options.explain(reason)));
      }
      return;
    }
    for (const [member, result] of results) {
      if ('error' in result) member.reject(result.error);
      else member.resolve(result.value);
    }
  }

  #transact(members: readonly Member[]): Promise<ReadonlyMap<Member, Result>> {
    return this.#persist(
      async (session, before: { batch: string; results: ReadonlyMap<Member, Result> } | undefined, note) => {
        if (before !== undefined) {
          const found = await session.rows('SELECT 1 FROM commits WHERE id = $1', [before.batch]);
          if (found.length > 0) return before.results;
        }
        const batch = randomUUID();
        const ask: Ask = (text, values) => session.rows(text, values);
        const results = new Map<Member, Result>();
        const learnt: (() => void)[] = [];
        const opening = Promise.all([
          ask('BEGIN'),
          ask('SELECT pg_advisory_xact_lock(lock_class(), 0)'),
          ask('INSERT INTO commits (id) VALUES ($1)', [batch]),
        ]);
        opening.catch(() => {});
        try {
          for (const wave of waves(members)) {
            const facts = this.#options.view(session, loadFacts(ask, together(wave)));
            facts.catch(() => {});
            await opening;
            const seen = await facts;
            const changes: Change[] = [];
            for (const member of wave) {
              const own = wave.length === 1 ? seen : factsFor(member.wanted, seen);
              try {
                const decision = member.decide(own);
                changes.push(...decision.changes);
                results.set(member, { value: decision.value });
              } catch (error) {
                results.set(member, { error });
              }
            }
            if (changes.length === 0) continue;
            const made = await appendChanges(ask, changes);
            learnt.push(() => this.#learn(seen, changes, made));
          }
          note({ batch, results });
          await ask('COMMIT');
        } catch (error) {
          if (!(error instanceof ConnectionLostError)) await ask('ROLLBACK');
          throw error;
        }
        for (const learn of learnt) learn();
        return results;
      },
    );
  }

  #learn(facts: Facts, changes: readonly Change[], made: ReadonlyMap<string, number>): void {
    for (const change of changes) {
      if (change.type === 'event' || change.type === 'file') this.#known.forget(change.request);
    }
    if (changes.some((change) => change.type === 'run' && !change.run.ended)) {
      this.#known.learn(facts, changes, made);
    }
  }

  /**
   * Works until it is known what came of it. Where the connection is lost amid that, it is made again, and `work` is told
   * what it had noted the time before.
   */
  async #persist<T, N>(
    work: (session: Session, before: N | undefined, note: (noted: N) => void) => Promise<T>,
  ): Promise<T> {
    const { writer, waits, busyTimeoutMs } = this.#options;
    let noted: N | undefined;
    let isLost = false;
    for (let waited = 0; ; ) {
      try {
        return await writer.alone((session) => {
          const before = isLost ? (noted ?? (true as N)) : undefined;
          return work(session, before, (next) => {
            noted = next;
          });
        });
      } catch (error) {
        if (error instanceof ConnectionLostError) {
          isLost = true;
          continue;
        }
        if (!isBusy(error) || waited >= busyTimeoutMs) throw error;
        waited += pauseMs;
        await waits.sleep(pauseMs);
      }
    }
  }
}

function tried({ decide }: Member, { request }: KnownRequest): Decision<unknown> | undefined {
  try {
    return decide({ ...noFacts, requests: [request], isLive: () => true });
  } catch {
    return undefined;
  }
}

/** Claims and answers under the name of the request itself. */
function isQuick(change: Change): boolean {
  if (change.type === 'task') return true;
  return change.type === 'event' && (change.event.type === 'claimed' || change.event.type === 'settled');
}

function eventsOf({ changes }: Quick): readonly NewEvent[] {
  return changes.flatMap((change) => (change.type === 'event' ? [change.event] : []));
}

function entryOf({ known: { request, version }, changes }: Quick): Readonly<Record<string, unknown>> {
  const [change] = changes.flatMap((each) => (each.type === 'event' ? [each] : []));
  const task = changes.find((each) => each.type === 'task');
  if (change === undefined) throw new Error('a batch appends events');
  const { event, guard = null } = change;
  const named = 'attempt' in event ? { run: event.run, attempt: event.attempt } : {};
  return {
    ...{ request: request.id, version, at: event.at, type: event.type, id: event.id, guard },
    ...{ project: event.place.project, key: event.place.key, ...named, fact: factText(event) },
    ...{ provider: request.provider, task: task?.id ?? null },
  };
}

/** Finds the events of a batch that are in, where the answer to it was lost. */
async function findEvents(session: Session, quick: readonly Quick[]): Promise<ReadonlySet<unknown>> {
  const events = quick.flatMap(eventsOf);
  const rows = await session.rows(
    'SELECT events.id FROM unnest($1::text[], $2::text[]) AS name (at, id) JOIN events ON events.at = name.at AND events.id = name.id',
    [events.map(({ at }) => at), events.map(({ id }) => id)],
  );
  return new Set(rows.map(([id]) => id));
}
