import { LedgerError, ShotlistError } from '../../core/errors.ts';

/** The connection went away: what was asked for may have been done, or not. */
export class ConnectionLostError extends LedgerError {
  constructor(cause: Error) {
    super(`the connection to the ledger's server was lost: ${cause.message}`, {
      help: 'Check the server and the network, and run again: everything starts from what the ledger holds.',
      cause,
    });
  }
}

/** The code of what the server refused; undefined for any other error. */
export function stateOfError(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('severity' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** The database's own rules refused one member of a batch. */
export function isConstraint(error: unknown): boolean {
  return stateOfError(error)?.startsWith('23') === true;
}

/** Somebody else holds what this needs, for now: waiting was cut short, or two waited for each other. */
export function isBusy(error: unknown): boolean {
  return ['55P03', '57014', '40P01', '40001', '53300'].includes(stateOfError(error) ?? '');
}

const nothingSent = 'Nothing was sent on the strength of it.';

/** Turns what kept a connection from being made into an error for people. */
export function connectError(error: unknown, shown: string): unknown {
  if (error instanceof ShotlistError) return error;
  const said = error instanceof Error ? error.message || errorCode(error) : String(error);
  const fail = (help: string): LedgerError =>
    new LedgerError(`the ledger ${shown} cannot be reached: ${said}`, {
      help: `${help} ${nothingSent}`,
      cause: error,
    });
  const state = stateOfError(error);
  if (state?.startsWith('28') === true || /password|SASL|SCRAM/i.test(said)) {
    return fail('Check user and password: before the @ of the URL, in PGPASSWORD, or in .pgpass.');
  }
  if (/startup parameter/i.test(said)) {
    return fail(
      'That is a pooler such as PgBouncer, where no lock can be trusted: connect to the server itself.',
    );
  }
  if (state === '3D000') return fail('Make the database first: CREATE DATABASE, or createdb.');
  if (state === '53300')
    return fail('The server has no connection left: raise max_connections, or stop a run.');
  if (/certificate|self.signed|altnames|SSL|TLS/i.test(said)) {
    return fail('Check sslmode and sslrootcert: the server has to show a certificate that you trust.');
  }
  return fail('Check host, port and network, and that the server runs.');
}

/** Turns what the server refused into an error for people; other errors, and bugs, pass. */
export function ledgerError(error: unknown, shown: string): unknown {
  const state = stateOfError(error);
  if (error instanceof ShotlistError || state === undefined) return error;
  const said = error instanceof Error ? error.message : String(error);
  const fail = (what: string, help: string): LedgerError =>
    new LedgerError(`the ledger ${shown} ${what}`, { help: `${help} ${nothingSent}`, cause: error });
  switch (state) {
    case '42501':
      return fail(`does not let this user do that: ${said}`, 'Ask for the grants that docs/team.md names.');
    case '42P01':
    case '3F000':
      return fail('is not there', 'Make it with: shotlist ledger init.');
    case '25006':
      return fail('may only be read', 'Name the primary server, or a user that may write.');
    case '55P03':
    case '57014':
    case '40P01':
      return fail('is held by another process for long', 'Wait until that process is done, then try again.');
    case '53100':
      return fail('cannot be written: the disk of the server is full', 'Make room there, then try again.');
    default:
      return fail(`cannot be used: ${said} (${state})`, "Look into the server's log.");
  }
}

function errorCode(error: Error): string {
  const { code } = error as Error & { readonly code?: unknown };
  if (typeof code === 'string') return code;
  const [first] = error instanceof AggregateError ? error.errors : [];
  return first instanceof Error ? first.message : 'no reason was given';
}
