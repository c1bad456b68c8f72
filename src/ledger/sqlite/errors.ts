import { LedgerError, ShotlistError } from '../../core/errors.ts';

/** SQLite's primary result codes that a ledger tells apart. */
const codes = {
  error: 1,
  perm: 3,
  busy: 5,
  locked: 6,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cantOpen: 14,
  constraint: 19,
  notADatabase: 26,
} as const;

const nothingSent = 'Nothing was sent on the strength of it.';

/** The primary result code of an error of SQLite; undefined for any other error. */
function codeOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}

/** Another connection holds a lock that this one needs: worth another try. */
export function isBusy(error: unknown): boolean {
  const code = codeOf(error);
  return code === codes.busy || code === codes.locked;
}

/** The database's own uniqueness refused one statement; the transaction goes on. */
export function isConstraint(error: unknown): boolean {
  return codeOf(error) === codes.constraint;
}

/** True for an error that SQLite raised, and that is therefore about the file and not about a request. */
export function isSqliteError(error: unknown): boolean {
  return codeOf(error) !== undefined;
}

/** Turns an error of SQLite or the file system into one for people; other errors, and bugs, pass. */
export function ledgerError(error: unknown, file: string): unknown {
  if (error instanceof ShotlistError) return error;
  const code = codeOf(error);
  if (code !== undefined) {
    const { message, help } = explain(code, file, error);
    return new LedgerError(message, { help, cause: error });
  }
  if (error instanceof Error && 'syscall' in error) {
    return new LedgerError(`the ledger ${file} cannot be used: ${error.message}`, {
      help: `Check the folder and its permissions, or name another ledger with --ledger. ${nothingSent}`,
      cause: error,
    });
  }
  return error;
}

function explain(code: number, file: string, error: unknown): { message: string; help: string } {
  const said = error instanceof Error ? error.message : String(error);
  switch (code) {
    case codes.busy:
    case codes.locked:
      return {
        message: `the ledger ${file} is held by another process`,
        help: `Wait until that process is done (or stopped ones go on), then try again. ${nothingSent}`,
      };
    case codes.readOnly:
    case codes.perm:
      return {
        message: `the ledger ${file} cannot be written`,
        help: `Allow writing to the file and to its folder. ${nothingSent}`,
      };
    case codes.full:
      return {
        message: `the ledger ${file} cannot be written: the disk is full`,
        help: `Make room on that disk, then try again. ${nothingSent}`,
      };
    case codes.cantOpen:
      return {
        message: `the ledger ${file} cannot be opened`,
        help: `Check that the folder exists and that it, and the file, may be read and written. ${nothingSent}`,
      };
    case codes.notADatabase:
      return {
        message: `${file} is not a ledger: it is no SQLite database`,
        help: `Name the right file with --ledger, or move this one away. ${nothingSent}`,
      };
    case codes.corrupt:
      return {
        message: `the ledger ${file} is damaged: ${said}`,
        help: `Put back a copy of it, together with its -wal file. Moving it away makes the program forget what was paid. ${nothingSent}`,
      };
    case codes.ioError:
      return {
        message: `the ledger ${file} cannot be read or written: ${said}`,
        help: `Check the disk: it may be full, failing or gone. ${nothingSent}`,
      };
    default:
      return {
        message: `the ledger ${file} cannot be used: ${said}`,
        help: `The file is not as this program left it. Put back a copy of it. ${nothingSent}`,
      };
  }
}
