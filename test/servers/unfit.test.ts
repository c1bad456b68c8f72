import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLedger, openLedgerForReading } from '../../src/ledger/open-ledger.ts';
import { accepted, pending, request, requests, reserve, scope, spec } from '../ledger/samples.ts';
import { freshLedger } from './postgres.ts';
import { asServer, freePort, programFolder, type Server, startServer } from './server.ts';

const pgbouncer = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer'].find((file) => existsSync(file));

/** Runs statements as the owner of the server. */
async function asOwner(server: Server, text: string): Promise<void> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await client.query(text).finally(() => client.end());
}

describe.skipIf(programFolder() === null)('a server', { timeout: 120_000 }, () => {
  let server: Server;
  beforeAll(async () => {
    server = await startServer(['fsync = off', 'wal_level = replica']);
  });
  afterAll(() => server?.dispose());

  it.skipIf(pgbouncer === undefined)('behind PgBouncer in transaction mode is refused', async () => {
    const port = await freePort();
    const folder = mkdtempSync(path.join(tmpdir(), 'shotlist-pool-'));
    chmodSync(folder, 0o777);
    const settings = [
      '[databases]',
      `* = host=127.0.0.1 port=${server.port}`,
      '[pgbouncer]',
      ...['listen_addr = 127.0.0.1', `listen_port = ${port}`, 'unix_socket_dir =', 'auth_type = any'],
      ...['pool_mode = transaction', 'ignore_startup_parameters = options'],
    ];
    // With `auth_type = any` everybody is this one.
    const forced = settings.map((line) => (line.startsWith('* =') ? `${line} user=shot` : line));
    writeFileSync(path.join(folder, 'pool.ini'), `${forced.join('\n')}\n`);
    const words = [path.join(folder, 'pool.ini')];
    const pool: ChildProcess =
      process.getuid?.() === 0
        ? spawn('runuser', ['-u', 'postgres', '--', pgbouncer ?? '', ...words], { stdio: 'ignore' })
        : spawn(pgbouncer ?? '', words, { stdio: 'ignore' });
    try {
      await listening(port);
      const url = freshLedger(`postgres://shot@127.0.0.1:${port}/postgres`);
      await expect(openLedger(url)).rejects.toThrow(/pooler that shares connections/);
    } finally {
      pool.kill('SIGINT');
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('that is a standby is refused', async () => {
    const url = freshLedger(server.url);
    await (await openLedger(url)).close();
    const copying = ['-h', '127.0.0.1', '-p', String(server.port), '-U', 'shot', '-R', '-c', 'fast'];
    const standby = await startServer(['fsync = off'], (data) =>
      asServer('pg_basebackup', ['-D', data, ...copying]),
    );
    try {
      const there = url.replace(`:${server.port}/`, `:${standby.port}/`);
      await expect(openLedger(there)).rejects.toThrow(/is a standby/);
      await expect(openLedgerForReading(there)).rejects.toThrow(/is a standby/);
    } finally {
      await standby.dispose();
    }
  });

  it('lets roles with the grants of the guide spend, or look, and no more', async () => {
    const url = freshLedger(server.url);
    const schema = new URL(url).searchParams.get('schema') ?? '';
    await (await openLedger(url)).close();
    const guide = readFileSync(path.join(import.meta.dirname, '../../docs/team.md'), 'utf8');
    const grants = [...guide.matchAll(/^GRANT [\s\S]*?;$/gm)].map(([text]) =>
      text.replaceAll('shotlist', schema),
    );
    expect(grants.length).toBeGreaterThan(5);
    await asOwner(server, `CREATE ROLE artist LOGIN; CREATE ROLE producer LOGIN; ${grants.join('\n')}`);
    const as = (role: string): string => url.replace('shot@', `${role}@`);
    const artist = await openLedger(as('artist'));
    const run = await artist.startRun(spec(reserve(requests(2))));
    const { attempt } = await run.claim(request(0), pending);
    await run.settle(request(0), attempt, accepted('video_1'));
    const update = { taskId: 'video_1', status: 'completed', error: null, actualDuration: 5 } as const;
    await artist.updateTask(scope, request(0), { ...update, videoUrl: 'https://cdn.example.com/1' });
    const collector = await artist.startCollector(scope);
    expect(await collector.takeDownload({ ...request(0), taskId: 'video_1' })).not.toBeNull();
    await collector.close();
    await run.close();
    const old = { project: scope.project, key: request(0).key };
    const now = { project: scope.project, key: 'sc010/new' };
    await artist.adopt(scope.provider, { from: old, to: now }, 'mika@studio');
    await artist.close();
    const producer = await openLedgerForReading(as('producer'));
    expect((await producer.totals(scope)).states).toMatchObject({ completed: 1, pending: 1 });
    await producer.close();
    const trying = await openLedger(as('producer'));
    await expect(trying.startRun(spec(reserve([request(1)])))).rejects.toThrow(/does not let this user/);
    await trying.close();
    await expect(asOwner(server, `DELETE FROM ${schema}.events`)).rejects.toThrow(/never rewritten/);
    await expect(asOwner(server, `UPDATE ${schema}.events SET type = 'x'`)).rejects.toThrow(
      /never rewritten/,
    );
  });

  it('has to show a certificate that is trusted, for its own name, where that is asked for', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'shotlist-tls-'));
    const [key, cert] = [path.join(server.folder, 'data/server.key'), path.join(folder, 'server.crt')];
    const words = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'];
    const names = ['-addext', 'subjectAltName=DNS:localhost'];
    execFileSync('openssl', [...words, ...names, '-keyout', key, '-out', cert], { stdio: 'ignore' });
    writeFileSync(path.join(server.folder, 'data/server.crt'), readFileSync(cert));
    if (process.getuid?.() === 0) execFileSync('chown', ['postgres', key]);
    chmodSync(key, 0o600);
    await asOwner(server, "ALTER SYSTEM SET ssl = 'on'");
    await asOwner(server, 'SELECT pg_reload_conf()');
    const open = async (host: string, options: string): Promise<void> => {
      const url = freshLedger(server.url).replace('127.0.0.1', host);
      await (await openLedger(`${url}&${options}`)).close();
    };
    try {
      await expect
        .poll(() => open('localhost', `sslmode=verify-full&sslrootcert=${cert}`).then(() => 'open', String), {
          timeout: 20_000,
        })
        .toBe('open');
      await expect(open('127.0.0.1', `sslmode=verify-full&sslrootcert=${cert}`)).rejects.toThrow();
      await expect(open('localhost', 'sslmode=verify-full')).rejects.toThrow();
      await open('127.0.0.1', `sslmode=verify-ca&sslrootcert=${cert}`);
      await open('127.0.0.1', 'sslmode=require');
    } finally {
      await asOwner(server, "ALTER SYSTEM SET ssl = 'off'");
      await asOwner(server, 'SELECT pg_reload_conf()');
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

/** Resolves once somebody listens. */
async function listening(port: number): Promise<void> {
  await expect
    .poll(
      () =>
        new Promise<boolean>((resolve) => {
          const socket = connect(port, '127.0.0.1');
          socket.once('connect', () => {
            socket.destroy();
            resolve(true);
          });
          socket.once('error', () => resolve(false));
        }),
      { timeout: 20_000 },
    )
    .toBe(true);
}
