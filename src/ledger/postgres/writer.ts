import type { Clock } from '../../core/clock.ts';
import { LedgerError } from '../../core/errors.ts';
import { ConnectionLostError } from './errors.ts';
import { type Row, Session } from './session.ts';
import { type PostgresTarget, shownTarget } from './target.ts';

/** Time between two signs of life of a session, and time for which a lost one is sought, in milliseconds. */
const heartbeatMs = 5000;
export const giveUpMs = 60_000;
export const pauseMs = 100;

/** A life that this process holds: the number of its advisory lock, and the run or collector. */
interface Life {
  readonly no: number;
  readonly id: string;
  /** In milliseconds of the monotonic clock: since when the lock is held without a break. */
  heldSince: number;
  /** Others have ended it meanwhile. */
  isFenced: boolean;
}

export interface WriterOptions {
  readonly target: PostgresTarget;
  readonly waits: Clock;
  /** Checked after each connection: migrations are there, and it is the ledger that it was. */
  readonly greet: (session: Session) => Promise<void>;
}

/**
 * The one connection on which a process holds its lives and commits. Where it is lost, it is made again: the old session is
 * ended and every lock taken again before anything else is asked, so that whatever was under way there has come to its end.
 */
export class Writer {
  readonly #options: WriterOptions;
  readonly #lives = new Map<number, Life>();
  #session: Session | undefined;
  /** The server's process behind the old session, to end it for certain: its id alone may be another's by now. */
  #backend: { readonly pid: unknown; readonly startedAt: unknown } | undefined;
  #tail: Promise<unknown> = Promise.resolve();
  #closed = new AbortController();
  #beating = false;
  #gaveUp: LedgerError | undefined;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** True where a run or a collector of this process lives. */
  get isAlive(): boolean {
    return this.#lives.size > 0;
  }

  /** @throws LedgerError once the server was away for too long. */
  check(): void {
    if (this.#gaveUp !== undefined) throw this.#gaveUp;
  }

  /** Does one thing at a time. Where the connection was lost, it is made again first. */
  alone<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const done = this.#tail.then(async () => work(await this.#connected()));
    this.#tail = done.catch(() => {});
    return done;
  }

  /** Begins a life under this id. */
  async begin(id: string): Promise<Life> {
    return this.alone(async (session) => {
      const [row] = await session.rows('INSERT INTO lives (id) VALUES ($1) RETURNING no', [id]);
      const no = Number(row?.[0]);
      await lock(session, no);
      await session.rows("DELETE FROM commits WHERE noted_at < clock_timestamp() - interval '1 day'");
      const life: Life = { no, id, heldSince: this.#options.waits.monotonic(), isFenced: false };
      this.#lives.set(no, life);
      this.#beat();
      return life;
    });
  }

  /** Ends a life. Where the server cannot be told, the end of the session tells it. */
  async end({ no }: Life): Promise<void> {
    if (!this.#lives.delete(no)) return;
    try {
      await this.alone(async (session) => {
        await session.rows('UPDATE lives SET ended_at = clock_timestamp() WHERE no = $1', [no]);
        await session.rows('SELECT pg_advisory_unlock(lock_class(), $1)', [no]);
      });
    } catch {
      this.#session?.destroy();
    }
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await this.#tail;
    await this.#session?.close();
  }

  async #connected(): Promise<Session> {
    this.check();
    if (this.#session?.isLost === false) return this.#session;
    const isFirst = this.#session === undefined;
    const { waits, target } = this.#options;
    const end = waits.monotonic() + giveUpMs;
    for (;;) {
      try {
        return await this.#connect();
      } catch (error) {
        if (!(error instanceof LedgerError) || isFirst || isFinal(error)) throw error;
        if (waits.monotonic() >= end || this.#closed.signal.aborted) {
          this.#gaveUp = new LedgerError(`the ledger ${shownTarget(target)} was away for over a minute`, {
            help: 'Nothing more is sent. Run again once the server is back.',
            cause: error,
          });
          throw this.#gaveUp;
        }
        await waits.sleep(pauseMs, this.#closed.signal);
      }
    }
  }

  async #connect(): Promise<Session> {
    const { target, waits, greet } = this.#options;
    const session = await Session.open({ target, waits, role: 'writer' });
    try {
      await greet(session);
      await this.#endOld(session);
      const [[pid, startedAt] = []] = await session.rows(
        'SELECT pid, backend_start::text FROM pg_stat_activity WHERE pid = pg_backend_pid()',
      );
      for (const life of this.#lives.values()) await this.#resume(session, life);
      // A commit of its own: what was committed before it is as safe as this is.
      if (this.#lives.size > 0) await this.#seen(session);
      this.#backend = { pid, startedAt };
      this.#session = session;
      return session;
    } catch (error) {
      session.destroy();
      throw error instanceof LedgerError ? error : new ConnectionLostError(error as Error);
    }
  }

  async #endOld(session: Session): Promise<void> {
    if (this.#backend === undefined) return;
    const { pid, startedAt } = this.#backend;
    const old: readonly unknown[] = [pid, startedAt];
    const which = 'FROM pg_stat_activity WHERE pid = $1 AND backend_start::text = $2';
    for (let tries = 0; tries < 50; tries += 1) {
      const left = await session.rows(`SELECT pg_terminate_backend(pid) ${which}`, old);
      if (left.length === 0) return;
      await this.#options.waits.sleep(pauseMs);
    }
    throw new ConnectionLostError(new Error('the old session does not end'));
  }

  /** Takes the lock of a life again; a run that others have ended meanwhile stays ended. */
  async #resume(session: Session, life: Life): Promise<void> {
    await lock(session, life.no);
    life.heldSince = this.#options.waits.monotonic();
    const ended = await session.rows('SELECT 1 FROM runs WHERE id = $1 AND ended_at IS NOT NULL', [life.id]);
    life.isFenced ||= ended.length > 0;
  }

  #seen(session: Session): Promise<readonly Row[]> {
    return session.rows('UPDATE lives SET seen_at = clock_timestamp() WHERE no = ANY($1::int[])', [
      [...this.#lives.keys()],
    ]);
  }

  /** Says every few seconds that it lives, and so learns when the server is gone. */
  #beat(): void {
    if (this.#beating) return;
    this.#beating = true;
    const { waits } = this.#options;
    const { signal } = this.#closed;
    void (async () => {
      while (this.#lives.size > 0 && !signal.aborted) {
        await waits.sleep(heartbeatMs, signal);
        if (this.#lives.size === 0 || signal.aborted) break;
        // A lost session is made again by that, too.
        await this.alone((session) => this.#seen(session)).catch(() => {});
      }
      this.#beating = false;
    })();
  }
}

export type { Life };

async function lock(session: Session, no: number): Promise<void> {
  const [row] = await session.rows('SELECT pg_try_advisory_lock(lock_class(), $1)', [no]);
  if (row?.[0] !== true)
    throw new ConnectionLostError(new Error('the life lock is still held by the old session'));
}

/** Waiting does not help. */
function isFinal(error: LedgerError): boolean {
  return error instanceof WrongLedgerError;
}

/** Another ledger answers at this place now. */
export class WrongLedgerError extends LedgerError {}
