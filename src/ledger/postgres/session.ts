import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { type ConnectionOptions, checkServerIdentity } from 'node:tls';
import type { Client, ClientConfig } from 'pg';
import type { Clock } from '../../core/clock.ts';
import { LedgerError } from '../../core/errors.ts';
import { ConnectionLostError, connectError } from './errors.ts';
import { type PostgresTarget, shownTarget } from './target.ts';

export type Row = readonly unknown[];

/** The place, clock and role of a session. */
export interface SessionOptions {
  readonly target: PostgresTarget;
  /** The clock of connections: heartbeats and time limits, which no test sets. */
  readonly waits: Clock;
  /** Runs claims: commits are on the disk, and on a synchronous standby, before they count. */
  readonly role: 'writer' | 'reader';
}

/** Time that a connection may take to be made, and a statement to be answered, in milliseconds. */
const connectTimeoutMs = 5000;
const statementTimeoutMs = { writer: 5000, reader: 60_000 } as const;
/** The server gives up first, so that what it says is heard. */
const answerSlackMs = 250;

/** int8 and json, by the numbers of their types: rows hold numbers, and JSON as it was written. */
const parsers: Readonly<Record<number, (text: string) => unknown>> = { 20: Number, 114: (text) => text };

/**
 * One connection to a ledger's server. Statements are answered in the order in which they are asked, several on their way at
 * a time. Once anything is amiss with it, it is closed and stays so: whoever asked does not know what became of that.
 */
export class Session {
  readonly #client: Client;
  readonly #options: SessionOptions;
  #lost: ConnectionLostError | undefined;
  readonly #onLost: (() => void)[] = [];

  private constructor(client: Client, options: SessionOptions) {
    this.#client = client;
    this.#options = options;
  }

  /**
   * @throws LedgerError for a server that cannot be had, or is none for a ledger: a standby, a pooler that hands one
   *   connection to several clients.
   */
  static async open(options: SessionOptions): Promise<Session> {
    const client = await connected(options);
    const session = new Session(client, options);
    client.on('error', (error) => session.#lose(error));
    client.on('end', () => session.#lose(new Error('the server closed the connection')));
    client.on('notice', (notice) => {
      // A commit that was cut short while it waited for a standby: on this server's disk, and perhaps nowhere else.
      if (notice.code === '01000' && notice.routine === 'SyncRepWaitForLSN')
        session.#lose(new Error(notice.message));
    });
    try {
      await session.#refuseUnfit();
    } catch (error) {
      session.destroy();
      throw error;
    }
    return session;
  }

  get isLost(): boolean {
    return this.#lost !== undefined;
  }

  /** The number of its process on the server. */
  get pid(): number {
    return (this.#client as Client & { readonly processID: number }).processID;
  }

  /** Called once, when it is known to be lost. */
  onLost(listener: () => void): void {
    if (this.#lost !== undefined) listener();
    else this.#onLost.push(listener);
  }

  /**
   * The rows of a statement, as lists.
   *
   * @param name of a statement that the server is to remember.
   * @throws ConnectionLostError where nobody knows what became of it; what the server refused otherwise.
   */
  async rows(text: string, values: readonly unknown[] = [], name?: string): Promise<readonly Row[]> {
    if (this.#lost !== undefined) throw this.#lost;
    const query = {
      text,
      values: [...values],
      rowMode: 'array' as const,
      ...(name === undefined ? {} : { name }),
    };
    const answer = this.#client.query<Row[]>(query);
    // One that is lost meanwhile is told of below.
    answer.catch(() => {});
    const { role, waits } = this.#options;
    const late = new AbortController();
    const limit = statementTimeoutMs[role] + answerSlackMs;
    try {
      return await Promise.race([
        answer.then(({ rows }) => {
          if (this.#lost !== undefined) throw this.#lost;
          return rows;
        }),
        waits.sleep(limit, late.signal).then((): never => {
          if (!late.signal.aborted) this.#lose(new Error(`no answer within ${limit / 1000} s`));
          throw this.#lost ?? new Error('over');
        }),
      ]);
    } catch (error) {
      if (isServersWord(error)) throw error;
      this.#lose(error instanceof Error ? error : new Error(String(error)));
      throw this.#lost ?? error;
    } finally {
      late.abort();
    }
  }

  /** Closes it politely. */
  async close(): Promise<void> {
    if (this.#lost !== undefined) return;
    this.#lost = new ConnectionLostError(new Error('the ledger is closed'));
    const late = new AbortController();
    const ended = this.#client.end().catch(() => {});
    await Promise.race([ended, this.#options.waits.sleep(1000, late.signal)]);
    late.abort();
    this.destroy();
  }

  /** Closes it without a word. */
  destroy(): void {
    this.#lose(new Error('the connection was given up'));
  }

  #lose(error: Error): void {
    const { connection } = this.#client as Client & { readonly connection: { stream: { destroy(): void } } };
    connection.stream.destroy();
    if (this.#lost !== undefined) return;
    this.#lost = new ConnectionLostError(error);
    for (const listener of this.#onLost.splice(0)) listener();
  }

  async #refuseUnfit(): Promise<void> {
    const shown = shownTarget(this.#options.target);
    const [row = []] = await this.rows(
      `SELECT pg_backend_pid(), pg_is_in_recovery(), current_setting('server_encoding'),
       current_setting('server_version_num')::int, current_setting('synchronous_commit')`,
    );
    const [pid, isStandby, encoding, version, commit] = row;
    if (pid !== this.pid) {
      throw new LedgerError(
        `${shown} is behind a pooler that shares connections, so no lock can be trusted there`,
        {
          help: 'Connect to the server itself: its own port, and not that of PgBouncer or the like. Nothing was sent.',
        },
      );
    }
    if (isStandby === true) {
      throw new LedgerError(`${shown} is a standby: what is written now is not known there yet`, {
        help: 'Name the primary server. Nothing was sent.',
      });
    }
    if (encoding !== 'UTF8') {
      throw new LedgerError(`the database of ${shown} is in ${encoding}, and a ledger needs UTF8`, {
        help: "Make a database for it: CREATE DATABASE studio ENCODING 'UTF8' TEMPLATE template0",
      });
    }
    if (Number(version) < 130_000) {
      throw new LedgerError(
        `${shown} runs PostgreSQL ${Math.floor(Number(version) / 10_000)}, and a ledger needs 13 or newer`,
        {
          help: 'Upgrade the server.',
        },
      );
    }
    // A setting that waits for more than this server's disk stays as it is.
    if (['off', 'local', 'remote_write'].includes(String(commit)))
      await this.rows('SET synchronous_commit = on');
  }
}

/** An error that the server answered with: the statement was refused, and the session goes on. */
function isServersWord(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return false;
  // Class 57P: the session is ended; 08: the connection failed.
  return /^[0-9A-Z]{5}$/.test(error.code) && !/^(?:57P|08)/.test(error.code) && 'severity' in error;
}

async function connected(options: SessionOptions): Promise<Client> {
  const { sslMode } = options.target;
  if (sslMode === 'disable') return connectWith(options, false);
  const tls = await tlsOptions(options.target);
  try {
    return await connectWith(options, tls);
  } catch (error) {
    const mayGoWithout = sslMode === 'prefer' || sslMode === 'allow';
    const isUnknown = error instanceof LedgerError && /does not support SSL/.test(String(error.cause));
    if (mayGoWithout && isUnknown) return connectWith(options, false);
    throw error;
  }
}

async function connectWith(
  { target, role, waits }: SessionOptions,
  ssl: false | ConnectionOptions,
): Promise<Client> {
  const { default: pg } = await import('pg');
  const { host, port, user, password, database, schema } = target;
  const settings = [
    `search_path=${schema},pg_temp`,
    `statement_timeout=${statementTimeoutMs[role]}`,
    ...['tcp_keepalives_idle=10', 'tcp_keepalives_interval=5', 'tcp_keepalives_count=3'],
    'client_min_messages=warning',
    'standard_conforming_strings=on',
  ];
  const config: ClientConfig & { readonly pipeline: boolean } = {
    ...{ host, port, user, password, database, ssl },
    application_name: 'shotlist',
    options: settings.map((each) => `-c ${each}`).join(' '),
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: {
      getTypeParser: (type: number) => parsers[type] ?? pg.types.getTypeParser(type, 'text'),
    } as ClientConfig['types'],
    // Several statements on their way at a time.
    pipeline: true,
  };
  const client = new pg.Client(config);
  client.on('error', () => {});
  const late = new AbortController();
  try {
    await Promise.race([
      client.connect(),
      waits.sleep(connectTimeoutMs, late.signal).then((): never => {
        throw new Error(`no answer within ${connectTimeoutMs / 1000} s`);
      }),
    ]);
    return client;
  } catch (error) {
    const { connection } = client as Client & { readonly connection?: { stream: { destroy(): void } } };
    connection?.stream.destroy();
    throw connectError(error, shownTarget(target));
  } finally {
    late.abort();
  }
}

async function tlsOptions(target: PostgresTarget): Promise<ConnectionOptions> {
  const { sslMode, sslRootCert, sslCert, sslKey, host } = target;
  const read = async (file: string, what: string): Promise<string> => {
    try {
      return await readFile(file, 'utf8');
    } catch (error) {
      throw new LedgerError(`${what} of the ledger's server cannot be read: ${file}`, {
        help: 'Check sslrootcert, sslcert and sslkey, and PGSSLROOTCERT, PGSSLCERT and PGSSLKEY.',
        cause: error,
      });
    }
  };
  const own = sslRootCert !== undefined && sslRootCert !== 'system';
  // As libpq does: a certificate authority that is named is asked.
  const verifies = sslMode.startsWith('verify') || (sslMode === 'require' && own);
  return {
    rejectUnauthorized: verifies,
    ...(own ? { ca: await read(sslRootCert, 'the certificate authority') } : {}),
    ...(sslCert === undefined ? {} : { cert: await read(sslCert, 'the certificate') }),
    ...(sslKey === undefined ? {} : { key: await read(sslKey, 'the key') }),
    // By the name that was asked for, whatever the certificate was chosen by.
    checkServerIdentity: (_, certificate) =>
      sslMode === 'verify-full' ? checkServerIdentity(host ?? 'localhost', certificate) : undefined,
    ...(host === undefined || isIP(host) !== 0 ? {} : { servername: host }),
  };
}
