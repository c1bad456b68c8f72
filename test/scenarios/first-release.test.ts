import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Plan } from '../../src/plan/model.ts';
import type { Report } from '../../src/report/model.ts';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';

const fixtures = path.resolve(import.meta.dirname, '../fixtures/first-release');
const program = path.resolve(import.meta.dirname, '../../dist/main.js');

/** The way out: a proxy that lets nothing through, and counts who wanted to go to the provider. */
async function proxy(): Promise<{
  readonly env: Readonly<Record<string, string>>;
  readonly wanted: string[];
}> {
  const wanted: string[] = [];
  const server = createServer((_, response) => response.writeHead(502).end());
  server.on('connect', (request, socket) => {
    wanted.push(String(request.url));
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const env = {
    SHOTLIST_API_KEY: 'k',
    SHOTLIST_BASE_URL: 'https://api.example.com/x',
    HTTPS_PROXY: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    NO_PROXY: '',
  };
  return { env, wanted };
}

/** A folder with the manifest of the first release, and what of its files somebody kept. */
function folderWith(...kept: readonly ('ledger.db' | 'storyboard.ledger.jsonl' | 'plan.json')[]): string {
  const cwd = temporaryFolder();
  mkdirSync(path.join(cwd, '.shotlist'));
  for (const name of ['storyboard.yaml', ...kept]) {
    const target = name === 'ledger.db' ? '.shotlist/ledger.db' : name;
    copyFileSync(path.join(fixtures, name), path.join(cwd, target));
  }
  return cwd;
}

/** The report of everything but the one shot that the first release never sent. */
async function reportOf(cwd: string, env: Readonly<Record<string, string>>): Promise<Report['rows']> {
  const { stdout } = await shotlist(['report', 'storyboard.yaml', '--format', 'json'], { cwd, env });
  return (JSON.parse(stdout) as Report).rows.filter(({ key }) => key !== 'sc010/untouched');
}

describe.each([
  ['its ledger', ['ledger.db']],
  ['its journal', ['storyboard.ledger.jsonl']],
] as const)('promise 12: what the first release paid is not paid again, with %s', (_, kept) => {
  it('by a run of the manifest, which tries to send what was never sent and nothing else', async () => {
    const [cwd, { env, wanted }] = [folderWith(...kept), await proxy()];
    const { stdout } = await shotlist(['plan', 'storyboard.yaml', '--format', 'json'], { cwd, env });
    const { requests } = JSON.parse(stdout) as Plan;
    expect(requests.filter(({ action }) => action === 'submit').map(({ key }) => key)).toEqual([
      'sc010/untouched',
    ]);
    const before = await reportOf(cwd, env);
    expect(before.find(({ key }) => key === 'sc010/heron')).toMatchObject({ taskId: 'task_heron' });
    await shotlist(['run', 'storyboard.yaml', '--yes', '--retries', '0', '--no-report'], { cwd, env });
    expect(wanted).toEqual(['api.example.com:443']);
    expect(await reportOf(cwd, env)).toEqual(before);
  });

  it('by a run of the plan that it saved', async () => {
    const [cwd, { env, wanted }] = [folderWith(...kept, 'plan.json'), await proxy()];
    const before = await reportOf(cwd, env);
    await shotlist(['run', 'plan.json', '--retries', '0', '--no-report'], { cwd, env });
    expect(wanted.length).toBeLessThanOrEqual(1);
    expect(await reportOf(cwd, env)).toEqual(before);
  });
});

it('promise 12: the built program brings a ledger of the first release forward, and every invariant of it holds', async () => {
  const [cwd, { env, wanted }] = [folderWith('ledger.db', 'storyboard.ledger.jsonl'), await proxy()];
  const call = (...args: readonly string[]) =>
    promisify(execFile)(process.execPath, [program, ...args], { cwd, env });
  await call('ledger', 'verify', 'storyboard.yaml');
  const { requests } = JSON.parse((await call('plan', 'storyboard.yaml', '--format', 'json')).stdout) as Plan;
  expect(requests.filter(({ action }) => action === 'submit').map(({ key }) => key)).toEqual([
    'sc010/untouched',
  ]);
  expect(wanted).toEqual([]);
});
