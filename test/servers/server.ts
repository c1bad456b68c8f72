import { execFile, execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A PostgreSQL of a test's own, on a free port of this machine. */
export interface Server {
  readonly port: number;
  /** Its one database, for its owner. */
  readonly url: string;
  readonly folder: string;
  start(): Promise<void>;
  stop(mode: 'fast' | 'immediate'): Promise<void>;
  dispose(): Promise<void>;
}

const run = promisify(execFile);

/** Debian's folders, the newest first, else the PATH. Null where there is no PostgreSQL. */
export function programFolder(): string | null {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  for (const version of versions) {
    const folder = join(root, version, 'bin');
    if (existsSync(join(folder, 'initdb'))) return folder;
  }
  return null;
}

/** The server refuses to run as root: there, it runs as the user whom Debian's package made. */
export async function asServer(program: string, words: readonly string[]): Promise<void> {
  const file = join(programFolder() ?? '', program);
  if (process.getuid?.() !== 0) await run(file, [...words]);
  else await run('runuser', ['-u', 'postgres', '--', file, ...words]);
}

/** @param settings further lines of its configuration. */
export async function startServer(
  settings: readonly string[] = [],
  make: (data: string) => Promise<void> = (data) =>
    asServer('initdb', ['-D', data, '-U', 'shot', '--auth=trust', '-E', 'UTF8', '--locale=C']),
): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'shotlist-pg-'));
  chmodSync(folder, 0o755);
  if (process.getuid?.() === 0) execFileSync('chown', ['postgres', folder]);
  const data = join(folder, 'data');
  await make(data);
  const port = await freePort();
  const own = [
    "listen_addresses = '127.0.0.1'",
    `port = ${port}`,
    `unix_socket_directories = '${folder}'`,
    'max_connections = 100',
    ...settings,
  ];
  appendFileSync(join(data, 'postgresql.conf'), `${own.join('\n')}\n`);
  const start = (): Promise<void> =>
    asServer('pg_ctl', ['-D', data, '-l', join(folder, 'log'), '-w', 'start']);
  const stop = (mode: 'fast' | 'immediate'): Promise<void> =>
    asServer('pg_ctl', ['-D', data, '-m', mode, '-w', 'stop']);
  await start();
  return {
    ...{ port, folder, start, stop },
    url: `postgres://shot@127.0.0.1:${port}/postgres`,
    async dispose() {
      await stop('immediate').catch(() => {});
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
