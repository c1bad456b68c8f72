import { randomUUID } from 'node:crypto';
import { type Clock, systemClock } from '../../core/clock.ts';
import { LedgerError } from '../../core/errors.ts';
import type { Backend, Decision, Facts, Medium, Wanted } from '../backend.ts';
import { answered } from '../life/answered.ts';
import type { LifeLock, LifeLocks } from '../life/life-locks.ts';
import { FileSpool, type Spool } from '../spool/spool.ts';
import { CommitLane } from './commit-lane.ts';
import { ConnectionLostError, ledgerError } from './errors.ts';
import { liveRuns, returningRuns } from './lives.ts';
import { type Loaded, leaseMs, loadFacts } from './load.ts';
import { migrate, refuseOtherVersion } from './migrate.ts';
import { PaceLane } from './pace-lane.ts';
import { Session } from './session.ts';
import { type PostgresTarget, shownTarget } from './target.ts';
import { giveUpMs, type Life, pauseMs, Writer, WrongLedgerError } from './writer.ts';

export interface PostgresOptions {
  readonly clock: Clock;
  readonly newRunId?: (() => string) | undefined;
  /** Time that others may hold the ledger before that is an error, in milliseconds; a minute by default. */
  readonly busyTimeoutMs?: number | undefined;
  /** The clock of connections: heartbeats and time limits. The system's by default, whatever `clock` says. */
  readonly waits?: Clock | undefined;
}

/**
 * A backend on PostgreSQL, made there where there is none.
 *
 * @param spoolName the path that a ledger's file would have on this machine: its spool is beside it.
 * @throws LedgerError for everything that keeps it from being trusted.
 */
export async function openPostgres(
  target: PostgresTarget,
  spoolName: string,
  options: PostgresOptions,
): Promise<Backend> {
  const backend = new PostgresBackend(target, new FileSpool(spoolName), options);
  try {
    await backend.open('make');
    return backend;
  } catch (error) {
    await backend.close();
    throw error;
  }
}

/** A backend for looking only; null where there is no ledger yet, which is then not made. */
export async function openPostgresForReading(
  target: PostgresTarget,
  options: PostgresOptions,
): Promise<Backend | null> {
  const backend = new PostgresBackend(target, null, options);
  try {
    if (await backend.open('look')) return backend;
  } catch (error) {
    await backend.close();
    throw error;
  }
  await backend.close();
  return null;
}

/** True where there is a ledger already. */
export async function postgresLedgerExists(target: PostgresTarget): Promise<boolean> {
  const session = await Session.open({ target, waits: systemClock, role: 'reader' });
  try {
    return (await refuseOtherVersion(session, target)) !== 'missing';
  } catch (error) {
    throw ledgerError(error, shownTarget(target));
  } finally {
    await session.close();
  }
}

class PostgresBackend implements Backend {
  readonly spool: Spool | null;
  readonly locks: LifeLocks;
  readonly #target: PostgresTarget;
  readonly #clock: Clock;
  readonly #waits: Clock;
  readonly #writer: Writer;
  readonly #lane: CommitLane;
  readonly #pace: PaceLane;
  #reader: Promise<Session> | undefined;
  #reading: Promise<unknown> = Promise.resolve();
  /** The ledger's own id. */
  #id: unknown;
  /** Runs whose claims were seen: who is not alive in a later look was dead before it. */
  readonly #seen = new Set<string>();

  constructor(target: PostgresTarget, spool: Spool | null, options: PostgresOptions) {
    const { clock, newRunId = randomUUID, busyTimeoutMs = 60_000, waits = systemClock } = options;
    this.spool = spool;
    this.#target = target;
    this.#clock = clock;
    this.#waits = waits;
    this.#writer = new Writer({ target, waits, greet: (session) => this.#greet(session) });
    const explain = (error: unknown): unknown => ledgerError(error, shownTarget(target));
    this.#lane = new CommitLane({
      ...{ writer: this.#writer, waits, busyTimeoutMs, explain },
      view: (session, loaded) => this.#inTransaction(session, loaded),
    });
    this.#pace = new PaceLane({ writer: this.#writer, clock, explain });
    this.locks = {
      take: async () => {
        try {
          return this.#lifeLock(await this.#writer.begin(newRunId()));
        } catch (error) {
          throw explain(error);
        }
      },
    };
  }

  /** False where there is no ledger, and none is made. */
  async open(mode: 'make' | 'look'): Promise<boolean> {
    try {
      const session = await this.#readerSession();
      const found = await refuseOtherVersion(session, this.#target);
      if (found !== 'current') {
        if (mode === 'look' && found === 'missing') return false;
        if (mode === 'look') throw olderLedger(this.#target);
        await migrate(session, this.#target);
      }
      const [row] = await session.rows('SELECT id::text FROM ledger');
      this.#id = row?.[0];
      return true;
    } catch (error) {
      throw ledgerError(error, shownTarget(this.#target));
    }
  }

  async load(wanted: Wanted): Promise<Facts> {
    const work = this.#reading.then(() => this.#load(wanted));
    this.#reading = work.catch(() => {});
    try {
      return await work;
    } catch (error) {
      throw ledgerError(error, shownTarget(this.#target));
    }
  }

  commit<T>(wanted: Wanted, decide: (facts: Facts) => Decision<T>): Promise<T> {
    const { pace, runs, ...rest } = wanted;
    if (pace === true && runs === true && Object.keys(rest).length === 0) return this.#pace.add(decide);
    return this.#lane.add(wanted, decide);
  }

  async about(): Promise<Medium> {
    const session = await this.#readerSession();
    const [row] = await session.rows(
      "SELECT current_setting('server_version'), (SELECT version FROM ledger)",
    );
    return { name: `PostgreSQL ${String(row?.[0]).split(' ')[0]}`, schema: Number(row?.[1]) };
  }

  async damage(): Promise<readonly string[]> {
    return [];
  }

  check(): void {
    this.#writer.check();
  }

  async close(): Promise<void> {
    await this.#lane.idle();
    await this.#reading;
    await this.#writer.close();
    const reader = await this.#reader?.catch(() => undefined);
    await reader?.close();
  }

  #lifeLock(life: Life): LifeLock {
    return {
      id: life.id,
      leaseMs,
      isHeld: () => !life.isFenced,
      heldSince: () => life.heldSince,
      release: () => this.#writer.end(life),
    };
  }

  async #greet(session: Session): Promise<void> {
    const [row] = await session.rows('SELECT id::text FROM ledger');
    if (row?.[0] === this.#id) return;
    throw new WrongLedgerError(`another ledger answers at ${shownTarget(this.#target)} now`, {
      help: 'Nothing more is sent. Look which server that is, then run again.',
    });
  }

  async #load(wanted: Wanted): Promise<Facts> {
    const end = this.#waits.monotonic() + giveUpMs;
    for (let tries = 0; ; tries += 1) {
      try {
        return await this.#look(await this.#readerSession(), wanted);
      } catch (error) {
        // Looking changes nothing, so it may be done again on a new connection. Only a run has reason to wait for one.
        const mayWait = this.#writer.isAlive && this.#waits.monotonic() < end;
        const isLost = error instanceof ConnectionLostError;
        if (!(error instanceof LedgerError) || !(mayWait || (isLost && tries === 0))) throw error;
        await this.#waits.sleep(pauseMs);
      }
    }
  }

  /** Asks first who lives, and then for the events, so that what a run recorded just before its end is among them. */
  async #look(session: Session, wanted: Wanted): Promise<Facts> {
    for (;;) {
      const seq = needsSeq(wanted) ? session.rows('SELECT settled_seq()') : [];
      const live = await liveRuns(session);
      const [begin, loaded] = [
        session.rows('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY'),
        loadFacts((text, values) => session.rows(text, values), wanted),
      ];
      const [, facts, [position]] = await Promise.all([begin, loaded, seq, session.rows('COMMIT')]);
      const young = openRuns(facts).filter((id) => !live.has(id) && !this.#seen.has(id));
      for (const id of openRuns(facts)) this.#seen.add(id);
      // Not alive by a look that began before they were seen: perhaps younger than that look.
      if (young.length > 0) continue;
      return this.#facts(facts, live, Number(position?.[0] ?? 0), new Set());
    }
  }

  async #inTransaction(session: Session, loading: Promise<Loaded>): Promise<Facts> {
    const [live, returning, loaded] = await Promise.all([liveRuns(session), returningRuns(session), loading]);
    return this.#facts(loaded, live, 0, returning);
  }

  #facts(
    { slotInMs, versions: _, ...facts }: Loaded,
    live: ReadonlySet<string>,
    seq: number,
    returning: ReadonlySet<string>,
  ): Facts {
    const now = this.#clock.monotonic();
    return answered({
      ...facts,
      seq,
      pace: slotInMs === undefined ? undefined : { lastSlot: now + slotInMs, askedAt: now },
      isLive: (id) => live.has(id),
      mayReturn: (id) => returning.has(id),
    });
  }

  async #readerSession(): Promise<Session> {
    const known = await this.#reader;
    if (known?.isLost === false) return known;
    const { target } = { target: this.#target };
    this.#reader = Session.open({ target, waits: this.#waits, role: 'reader' });
    try {
      return await this.#reader;
    } catch (error) {
      this.#reader = undefined;
      throw error instanceof LedgerError ? error : ledgerError(error, shownTarget(target));
    }
  }
}

function olderLedger(target: PostgresTarget): LedgerError {
  return new LedgerError(`the ledger ${shownTarget(target)} was made by an older release`, {
    help: 'Bring it forward with: shotlist ledger migrate. Nothing was changed.',
  });
}

/** Only looks at a whole scope go on from a position. */
function needsSeq({ requests = [] }: Wanted): boolean {
  return requests.some((each) => !('fingerprints' in each));
}

/** Runs that have not ended, or have open claims. */
function openRuns({ requests, runs }: Loaded): readonly string[] {
  const open = [...runs.values()].filter(({ ended }) => !ended).map(({ id }) => id);
  for (const { events } of requests) {
    for (const event of events) {
      if (event.type !== 'claimed') continue;
      const isSettled = events.some(
        (other) => other.type === 'settled' && other.run === event.run && other.attempt === event.attempt,
      );
      if (!isSettled) open.push(event.run);
    }
  }
  return [...new Set(open)];
}
