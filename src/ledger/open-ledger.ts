import { systemClock } from '../core/clock.ts';
import { emptyLedger } from './empty-ledger.ts';
import type { Ledger, LedgerReader } from './ledger.ts';
import { type LedgerOptions, ledgerOn } from './ledger-on.ts';
import { LedgerLocation, parseLedgerLocation } from './location.ts';
import { LedgerReaderOn } from './reader-on.ts';
import { FileSpool, type Spool } from './spool/spool.ts';
import type { SqliteOptions } from './sqlite/sqlite-backend.ts';

export { LedgerLocation, ledgerBeside, parseLedgerLocation } from './location.ts';

export interface OpenLedgerOptions extends LedgerOptions, SqliteOptions {}

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
  const { target } = locationOf(location);
  const whole = { clock: systemClock, ...options };
  const { openSqlite } = await import('./sqlite/sqlite-backend.ts');
  return ledgerOn(await openSqlite(target.kind === 'file' ? target.file : null, whole), whole);
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
  const { target } = locationOf(location);
  if (target.kind === 'process') return emptyLedger;
  const { openSqliteForReading } = await import('./sqlite/sqlite-backend.ts');
  const backend = await openSqliteForReading(target.file, { clock: systemClock, ...options });
  return backend === null ? emptyLedger : new LedgerReaderOn(backend);
}

/** True where there is a ledger already. */
export async function ledgerExists(location: LedgerLocation): Promise<boolean> {
  const { target } = location;
  if (target.kind !== 'file') return false;
  const { isThere } = await import('./sqlite/ledger-file.ts');
  return isThere(target.file);
}

/** Finds the spool of a ledger: answers wait there that it could not take. */
export function spoolOf(location: LedgerLocation): Spool | null {
  return location.target.kind === 'file' ? new FileSpool(location.target.file) : null;
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
  if (target.kind !== 'file') return { exists: false, unwritable: null };
  const { examineFile } = await import('./sqlite/ledger-file.ts');
  return examineFile(target.file, options.fileSystemType);
}

function locationOf(location: LedgerLocation | string): LedgerLocation {
  // A relative path of a library's caller is relative to where its process is.
  return location instanceof LedgerLocation ? location : parseLedgerLocation(location, '.');
}
