import { SetupError } from '../../core/errors.ts';

/** The location of a ledger on PostgreSQL. Parts that are left out are up to the usual `PG*` variables. */
export interface PostgresTarget {
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: string | undefined;
  /** One schema holds one ledger. */
  readonly schema: string;
  readonly sslMode: SslMode;
  /** Files of certificates and a key; `system` for the machine's own authorities. */
  readonly sslRootCert: string | undefined;
  readonly sslCert: string | undefined;
  readonly sslKey: string | undefined;
}

/** As libpq knows them. */
const sslModes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
export type SslMode = (typeof sslModes)[number];

const known = ['schema', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'host', 'port'];

/** Variables of the environment, by name. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads `postgres://user:password@host:port/database?schema=…&sslmode=…`; `env` fills what the URL leaves out.
 *
 * @throws SetupError for a URL that is none. Its message holds no password.
 */
export function parsePostgresUrl(text: string, env: Environment): PostgresTarget {
  const url = urlOf(text);
  const query = url.searchParams;
  for (const name of query.keys()) {
    if (known.includes(name)) continue;
    throw new SetupError(`the ledger's URL has an option ${JSON.stringify(name)}, which is not known`, {
      help: `Options are ${known.join(', ')}. Passwords belong into PGPASSWORD, .pgpass or before the @.`,
    });
  }
  const option = (name: string): string | undefined => query.get(name) || undefined;
  const schema = option('schema') ?? 'shotlist';
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema) || schema.startsWith('pg_')) {
    throw new SetupError(`${JSON.stringify(schema)} is no schema for a ledger`, {
      help: 'Use small letters, digits and underscores, as in ?schema=neon_alley',
    });
  }
  const port = option('port') ?? (url.port || env['PGPORT']?.trim() || undefined);
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) > 0 && Number(port) < 65_536)) {
    throw new SetupError(`${JSON.stringify(port)} is no port`);
  }
  const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return {
    host: option('host') ?? (decoded(hostname) || env['PGHOST']?.trim() || undefined),
    port: port === undefined ? undefined : Number(port),
    user: decoded(url.username) || env['PGUSER']?.trim() || undefined,
    password: decoded(url.password) || env['PGPASSWORD'] || undefined,
    database: decoded(url.pathname.slice(1)) || env['PGDATABASE']?.trim() || undefined,
    schema,
    sslMode: sslModeOf(option('sslmode') ?? (env['PGSSLMODE']?.trim() || 'prefer')),
    sslRootCert: option('sslrootcert') ?? (env['PGSSLROOTCERT']?.trim() || undefined),
    sslCert: option('sslcert') ?? (env['PGSSLCERT']?.trim() || undefined),
    sslKey: option('sslkey') ?? (env['PGSSLKEY']?.trim() || undefined),
  };
}

/** For people: where it is, and no password. */
export function shownTarget({ host, port, user, database, schema }: PostgresTarget): string {
  const at = `${user === undefined ? '' : `${user}@`}${host ?? 'localhost'}${port === undefined ? '' : `:${port}`}`;
  return `postgres://${at}/${database ?? ''}${schema === 'shotlist' ? '' : `?schema=${schema}`}`;
}

/** A name for files of this machine that belong to the ledger. */
export function fileNameOf({ host, port, database, schema }: PostgresTarget): string {
  const words = [host ?? 'localhost', String(port ?? 5432), database ?? 'default', schema];
  return words.map((word) => encodeURIComponent(word).replace(/[^A-Za-z0-9.-]/g, '_')).join('-');
}

function urlOf(text: string): URL {
  const [, scheme = '', rest = ''] = /^([a-z]+):\/\/(.*)$/is.exec(text) ?? [];
  const [authority = '', ...path] = rest.split('/');
  try {
    // `postgres:///database` names no host, which a URL of this kind may leave out.
    return new URL(`${scheme.toLowerCase()}://${authority}${path.length > 0 ? `/${path.join('/')}` : ''}`);
  } catch {
    throw new SetupError("the ledger's URL cannot be read", {
      help: 'Write it as postgres://user@host:5432/database, with % escapes for what is special in a password, or leave the password to PGPASSWORD or .pgpass',
    });
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function sslModeOf(text: string): SslMode {
  const mode = sslModes.find((each) => each === text);
  if (mode !== undefined) return mode;
  throw new SetupError(`${JSON.stringify(text)} is no sslmode`, {
    help: `choose one of ${sslModes.join(', ')}`,
  });
}
