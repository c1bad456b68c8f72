import { systemClock } from '../core/clock.ts';
import { SetupError } from '../core/errors.ts';
import type { Backend, Medium } from './backend.ts';
import { type CopiedLedger, copyHistory } from './copy.ts';
import { emptyLedger } from './empty-ledger.ts';
import type { Ledger, LedgerReader } from './ledger.ts';
import { type LedgerOptions, ledgerOn } from './ledger-on.ts';
import { LedgerLocation, parseLedgerLocation } from './location.ts';
import type { PostgresOptions } from './postgres/postgres-backend.ts';
import { LedgerReaderOn } from './reader-on.ts';
import { FileSpool, type Spool } from './spool/spool.ts';
import type { SqliteOptions } from './sqlite/sqlite-backend.ts';

export type { CopiedLedger } from './copy.ts';
export { LedgerLocation, ledgerBeside, parseLedgerLocation } from './location.ts';

export interface OpenLedgerOptions extends LedgerOptions, SqliteOptions, PostgresOptions {}

/**
 * Opens the ledger at `location`, and makes it where there is none; `:memory:` gives one that goes with the process.
 * Answers that an earlier run could not record are taken in first. This is the one place that chooses a backend.
 *
 * @throws LedgerError for everything that keeps a ledger from being trusted: damaged, another program's, from a newer
 *   release, not writable, held by another process for long, on a network file system.
 * @throws SetupError for a location that no backend answers to.
 */
export async function openLedger(
  location: LedgerLocation | string,
  options: Partial<OpenLedgerOptions> = {},
): Promise<Ledger> {
  const whole = { clock: systemClock, ...options };
  return ledgerOn(await openBackend(locationOf(location), whole), whole);
}

/** Opens what the ledger at `location` is made of, and makes it where there is none. */
async function openBackend(
  { target, localName }: LedgerLocation,
  options: OpenLedgerOptions,
): Promise<Backend> {
  if (target.kind === 'postgres') {
    const { openPostgres } = await import('./postgres/postgres-backend.ts');
    return openPostgres(target.server, localName ?? '', options);
  }
  const { openSqlite } = await import('./sqlite/sqlite-backend.ts');
  return openSqlite(target.kind === 'file' ? target.file : null, options);
}

/**
 * Opens the ledger at `location` for looking only. One that does not exist yet reads as empty, and is not made.
 *
 * @throws LedgerError as `openLedger` does.
 */
export async function openLedgerForReading(
  location: LedgerLocation | string,
  options: Partial<OpenLedgerOptions> = {},
): Promise<LedgerReader> {
  const backend = await openBackendForReading(locationOf(location), { clock: systemClock, ...options });
  return backend === null ? emptyLedger : new LedgerReaderOn(backend);
}

async function openBackendForReading(
  { target }: LedgerLocation,
  options: OpenLedgerOptions,
): Promise<Backend | null> {
  if (target.kind === 'process') return null;
  if (target.kind === 'postgres') {
    const { openPostgresForReading } = await import('./postgres/postgres-backend.ts');
    return openPostgresForReading(target.server, options);
  }
  const { openSqliteForReading } = await import('./sqlite/sqlite-backend.ts');
  return openSqliteForReading(target.file, options);
}

/** A run or a collector at work on a ledger. */
export interface LiveRun {
  readonly id: string;
  readonly by: string;
  readonly project: string;
  readonly provider: string;
}

/** The medium of a ledger, and the runs at work on it. */
export interface LedgerAbout extends Medium {
  readonly runs: readonly LiveRun[];
}

/** Tells what the ledger at `location` is kept in, and which runs live; null where there is none. */
export async function aboutLedger(
  location: LedgerLocation,
  options: Partial<OpenLedgerOptions> = {},
): Promise<LedgerAbout | null> {
  const backend = await openBackendForReading(location, { clock: systemClock, ...options });
  if (backend === null) return null;
  try {
    const { runs, isLive } = await backend.load({ runs: true });
    const live = [...runs.values()].filter(({ id, ended }) => !ended && isLive(id));
    return {
      ...(await backend.about()),
      runs: live.map(({ id, by, scope: { project, provider } }) => ({ id, by, project, provider })),
    };
  } finally {
    await backend.close();
  }
}

/**
 * Copies a whole ledger into an empty one: all of it or nothing. Answers that wait for the old one are taken in first.
 *
 * @throws LedgerError where a run lives on either side, or the target holds something else; SetupError where there is nothing
 *   to copy.
 */
export async function copyLedger(
  from: LedgerLocation,
  to: LedgerLocation,
  options: Partial<OpenLedgerOptions> = {},
): Promise<CopiedLedger> {
  const whole = { clock: systemClock, ...options };
  if (!(await ledgerExists(from))) throw new SetupError(`there is no ledger at ${from}`);
  if (from.equals(to)) throw new SetupError(`${from} cannot be copied into itself`);
  await (await openLedger(from, whole)).close();
  const source = await openBackend(from, whole);
  try {
    const target = await openBackend(to, whole);
    try {
      return await copyHistory(source, target);
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

/** True where there is a ledger already. */
export async function ledgerExists(location: LedgerLocation): Promise<boolean> {
  const { target } = location;
  if (target.kind === 'postgres') {
    const { postgresLedgerExists } = await import('./postgres/postgres-backend.ts');
    return postgresLedgerExists(target.server);
  }
  if (target.kind !== 'file') return false;
  const { isThere } = await import('./sqlite/ledger-file.ts');
  return isThere(target.file);
}

/** Finds the spool of a ledger: answers wait there that it could not take. */
export function spoolOf(location: LedgerLocation): Spool | null {
  return location.localName === null ? null : new FileSpool(location.localName);
}

/** Obstacles to a ledger, apart from its contents. */
export interface LedgerCondition {
  readonly exists: boolean;
  /** The file or folder that may not be written, as people know it; null where everything may. */
  readonly unwritable: string | null;
}

/** @throws LedgerError where a ledger cannot be kept at all: on a network file system. */
export async function examineLedger(
  location: LedgerLocation,
  options: { readonly fileSystemType?: OpenLedgerOptions['fileSystemType'] | undefined } = {},
): Promise<LedgerCondition> {
  const { target } = location;
  if (target.kind === 'postgres') return { exists: await ledgerExists(location), unwritable: null };
  if (target.kind !== 'file') return { exists: false, unwritable: null };
  const { examineFile } = await import('./sqlite/ledger-file.ts');
  return examineFile(target.file, options.fileSystemType);
}

function locationOf(location: LedgerLocation | string): LedgerLocation {
  // A relative path of a library's caller is relative to where its process is.
  return location instanceof LedgerLocation ? location : parseLedgerLocation(location, '.');
}
