import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseLedgerLocation } from '../../src/ledger/open-ledger.ts';
import { checkLedger } from '../../src/project/doctor/checks.ts';
import type { CliOptions, CliResult } from '../helpers/cli.ts';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';
import { emulator } from '../helpers/emulator.ts';
import { FakeClock } from '../helpers/fake-clock.ts';
import { writeFiles } from '../helpers/git.ts';

interface Check {
  readonly status: string;
  readonly message: string;
  readonly help: string | null;
}

async function doctor(
  options: Partial<CliOptions>,
  ...args: readonly string[]
): Promise<CliResult & { readonly checks: Readonly<Record<string, Check>> }> {
  const result = await shotlist(['doctor', '--format', 'json', ...args], {
    cwd: options.cwd ?? temporaryFolder(),
    ...options,
  });
  const { checks } = JSON.parse(result.stdout) as { checks: (Check & { name: string })[] };
  return { ...result, checks: Object.fromEntries(checks.map((check) => [check.name, check])) };
}

/** A gateway that answers everything in the same way. */
async function gateway(status: number, body: unknown, headers: Record<string, string> = {}): Promise<string> {
  const server = createServer((_, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/kyyReactApiServer`;
}

const key = { SHOTLIST_API_KEY: 'a-very-secret-key' };

describe('doctor', () => {
  it('finds nothing wrong where nothing is wrong, and creates nothing at the provider', async () => {
    const { env, books } = await emulator();
    const { checks, code } = await doctor({ env });
    expect(Object.entries(checks).map(([name, { status }]) => [name, status])).toEqual([
      ['versions', 'ok'],
      ['key', 'ok'],
      ['baseUrl', 'ok'],
      ['proxy', 'ok'],
      ['provider', 'ok'],
      ['clock', 'ok'],
      ['ledger', 'ok'],
    ]);
    expect(code).toBe(0);
    expect(books()).toHaveLength(0);
  });

  it('promise 10: never prints the key, nor a part of it, nor a password of a proxy', async () => {
    const baseUrl = await gateway(401, { error: { message: 'bad key a-very-secret-key' } });
    for (const args of [[], ['--offline'], ['--verbose']]) {
      const { stdout, stderr } = await shotlist(['doctor', ...args], {
        cwd: temporaryFolder(),
        env: { ...key, SHOTLIST_BASE_URL: baseUrl, HTTPS_PROXY: 'http://me:hunter2@proxy.example.com:1' },
      });
      expect(stdout + stderr).not.toMatch(/very-secret|hunter2/);
    }
  });

  it('says where a key could come from, and asks nobody without one', async () => {
    const { checks, code } = await doctor({});
    expect(checks['key']).toMatchObject({ status: 'problem', message: 'there is no API key' });
    expect(checks['key']?.help).toContain('SHOTLIST_API_KEY_FILE');
    expect(checks['provider']?.status).toBe('skipped');
    expect(code).toBe(2);
  });

  it.each([
    ['SHOTLIST_API_KEY', { ...key }, {}],
    ['the file that SHOTLIST_API_KEY_FILE names', { SHOTLIST_API_KEY_FILE: 'key.txt' }, { 'key.txt': 'k-1' }],
    ['.env in this folder', {}, { '.env': 'SHOTLIST_API_KEY=k-1\n' }],
  ])('says that the key is from %s', async (from, env, files) => {
    const cwd = temporaryFolder();
    writeFiles(cwd, files);
    const { checks } = await doctor({ cwd, env }, '--offline');
    expect(checks['key']).toMatchObject({ status: 'ok', message: `there is a key, from ${from}` });
  });

  it('tells a refused key from a wrong base URL', async () => {
    const login = await gateway(200, { code: '204', msg: '登录验证失败' });
    expect((await doctor({ env: { ...key, SHOTLIST_BASE_URL: login } })).checks['provider']).toMatchObject({
      status: 'problem',
      help: expect.stringContaining('SHOTLIST_API_KEY') as string,
    });
    const refused = await gateway(401, { error: 'no' });
    expect((await doctor({ env: { ...key, SHOTLIST_BASE_URL: refused } })).checks['provider']).toMatchObject({
      status: 'problem',
      message: expect.stringContaining('the key was refused') as string,
    });
    const wrong = await gateway(200, { code: 500, data: null, msg: 'No handler found for GET /x' });
    expect((await doctor({ env: { ...key, SHOTLIST_BASE_URL: wrong } })).checks['provider']).toMatchObject({
      status: 'problem',
      help: expect.stringContaining('base URL') as string,
    });
  });

  it('tells trouble of the provider from a network that does not reach it', async () => {
    const busy = await gateway(503, {});
    const { checks, code } = await doctor({ env: { ...key, SHOTLIST_BASE_URL: busy } });
    expect(checks['provider']).toMatchObject({ status: 'warning', help: 'try again later' });
    expect(code).toBe(0);
    const nobody = 'http://127.0.0.1:9/kyyReactApiServer';
    const unreached = await doctor({ env: { ...key, SHOTLIST_BASE_URL: nobody } });
    expect(unreached.checks['provider']).toMatchObject({ status: 'problem' });
    expect(unreached.checks['provider']?.message).toContain('not reached');
    // The code is told once.
    expect(unreached.checks['provider']?.message.match(/ECONNREFUSED/g)).toHaveLength(1);
    expect(unreached.checks['clock']).toMatchObject({
      status: 'skipped',
      message: expect.stringContaining('was not reached') as string,
    });
    expect(unreached.code).toBe(2);
  });

  it('finds a wrong base URL without asking', async () => {
    const doubled = 'https://zcbservice.aizfw.cn/kyyReactApiServer/kyyReactApiServer';
    expect(
      (await doctor({ env: { ...key, SHOTLIST_BASE_URL: doubled } }, '--offline')).checks['baseUrl'],
    ).toMatchObject({ status: 'problem', help: 'use https://zcbservice.aizfw.cn/kyyReactApiServer' });
    const plain = await doctor({ env: { ...key, SHOTLIST_BASE_URL: 'http://example.com/x' } });
    expect(plain.checks['baseUrl']?.message).toContain('not encrypted');
    expect(plain.checks['provider']?.status).toBe('skipped');
  });

  it('notices a clock that is off', async () => {
    const baseUrl = await gateway(404, {}, { date: new Date(Date.UTC(2026, 0, 1, 12)).toUTCString() });
    const at = (hour: number, minute: number): Promise<CliResult & { checks: Record<string, Check> }> =>
      doctor({
        env: { ...key, SHOTLIST_BASE_URL: baseUrl },
        clock: new FakeClock(Date.UTC(2026, 0, 1, hour, minute)),
      });
    expect((await at(12, 4)).checks['clock']?.status).toBe('ok');
    expect((await at(13, 0)).checks['clock']?.message).toBe("is 1 h ahead of the provider's");
    expect((await at(11, 30)).checks['clock']?.message).toBe("is 30 min behind the provider's");
  });

  it('looks at the ledger beside the manifest, and at the version of Node.js', async () => {
    const cwd = temporaryFolder();
    writeFiles(cwd, {
      'boards/neon.yaml': 'version: 1\n',
      'boards/.shotlist/ledger.db': 'no database, but long enough to be taken for one '.repeat(40),
    });
    const broken = await doctor({ cwd, env: key }, '--offline', 'boards/neon.yaml');
    expect(broken.checks['ledger']?.status).toBe('problem');
    expect(broken.code).toBe(2);
    expect((await doctor({ cwd, env: key }, '--offline', 'boards')).checks['ledger']).toEqual(
      broken.checks['ledger'],
    );
    const nobodys = await shotlist(['doctor', 'boards/noen.yaml'], { cwd, env: key });
    expect(nobodys).toMatchObject({ code: 2, stdout: '' });
    expect(nobodys.stderr).toContain('there is no file boards/noen.yaml');
    const fine = await doctor({ cwd, env: key, nodeVersion: '24.0.0' }, '--offline');
    expect(fine.checks['ledger']?.message).toContain('none yet; the first run makes .shotlist');
    expect(fine.checks['versions']?.status).toBe('ok');
    const old = await doctor({ cwd, env: key, nodeVersion: '20.9.1' }, '--offline');
    expect(old.checks['versions']).toMatchObject({
      status: 'problem',
      help: 'install Node.js 20.19 or newer',
    });
  });

  it('finds a network drive before there is a ledger on it', async () => {
    const cwd = temporaryFolder();
    const io = { cwd, clock: new FakeClock(0) };
    const ledger = path.join(cwd, '.shotlist/ledger.db');
    expect(await checkLedger(io, parseLedgerLocation(ledger, io.cwd), async () => 0x6969)).toMatchObject({
      status: 'problem',
      message: expect.stringContaining('on a network file system (NFS)') as string,
      help: expect.stringContaining('--ledger or SHOTLIST_LEDGER') as string,
    });
    expect((await checkLedger(io, parseLedgerLocation(ledger, io.cwd), async () => 0xef53)).status).toBe(
      'ok',
    );
  });

  it('reads well at 80 columns', async () => {
    const { stdout } = await shotlist(['doctor'], { cwd: temporaryFolder() });
    expect(stdout).toMatch(/^problem {2}Key {7}there is no API key\n {19}→ set SHOTLIST_API_KEY/m);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });
});
