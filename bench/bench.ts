import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Pool } from 'undici';
import { benchLint, benchStart } from './lint.bench.ts';
import { benchMedia } from './media.bench.ts';
import type { Result } from './result.ts';
import { writeStoryboard } from './storyboards.ts';

// Ratios of two measurements taken in turn, in one run: machines differ and are noisy, ratios travel.

const root = path.resolve(import.meta.dirname, '..');
const main = path.join(root, 'dist/main.js');
const folder = mkdtempSync(path.join(tmpdir(), 'shotlist-bench-'));

try {
  const results = [
    ...benchStart({ main, folder }),
    ...benchLint({ main, folder, root }),
    await throughput(),
    await memory(),
    ...(await benchMedia()),
  ];
  const width = Math.max(...results.map(({ what }) => what.length));
  for (const { what, measured, bar, ok } of results) {
    console.log(`${ok ? 'ok  ' : 'OVER'}  ${what.padEnd(width)}  ${measured.padStart(10)}  (${bar})`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function throughput(): Promise<Result> {
  const total = 5000;
  const concurrency = 64;
  const file = path.join(folder, 'throughput.yaml');
  writeStoryboard(file, total);
  const { lint, plan } = await library();
  const [linted] = (await lint([file], { cwd: folder })).manifests;
  if (linted === undefined) throw new Error('the storyboard could not be read');
  const { manifest, requests } = linted;
  const planned = plan({
    project: manifest.project,
    manifest: file,
    requests,
    entries: [],
    prices: manifest.budget.prices,
    currency: manifest.budget.currency,
  });

  const ratios: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const server = await startServer();
    const bare = await time(() =>
      sendBare(
        server.port,
        concurrency,
        planned.requests.map(({ body }) => JSON.stringify(body)),
      ),
    );
    const ours = await time(() =>
      sendThroughLedger(server.port, concurrency, linted, planned, path.join(folder, `${round}.db`)),
    );
    ratios.push(bare / ours);
    server.stop();
  }
  const ratio = median(ratios);
  return {
    what: `${total} requests through the ledger / bare undici`,
    measured: `${Math.round(ratio * 100)} %`,
    bar: 'at least 25 %',
    ok: ratio >= 0.25,
  };
}

async function sendBare(port: number, concurrency: number, bodies: readonly string[]): Promise<void> {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: concurrency, pipelining: 1 });
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
      const answer = await pool.request({
        method: 'POST',
        path: '/kyyReactApiServer/v1/videos/videos',
        headers: { 'content-type': 'application/json', authorization: 'Bearer bench-key' },
        body,
      });
      await answer.body.json();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  await pool.close();
}

type Library = typeof import('../src/index.ts');
type Linted = Awaited<ReturnType<Library['lint']>>['manifests'][number];

async function sendThroughLedger(
  port: number,
  concurrency: number,
  { manifest, catalog }: Linted,
  planned: ReturnType<Library['plan']>,
  ledgerFile: string,
): Promise<void> {
  const { createVideosApi, openLedger, run, systemClock } = await library();
  const ledger = await openLedger(ledgerFile, { clock: systemClock });
  const provider = await createVideosApi({
    baseUrl: `http://127.0.0.1:${port}/kyyReactApiServer`,
    apiKey: 'bench-key',
    catalog,
    connections: concurrency,
    clock: systemClock,
  });
  const result = await run({
    plan: planned,
    scope: { provider: provider.scope, project: manifest.project },
    ledger,
    provider,
    limits: { maxCost: null, maxRequests: null, prices: manifest.budget.prices },
    concurrency,
    intervalMs: null,
    retries: 0,
    by: 'bench@here',
    clock: systemClock,
    random: Math.random,
  });
  await provider.close();
  await ledger.close();
  if (result.accepted !== planned.summary.submit) throw new Error(`only ${result.accepted} were accepted`);
}

async function memory(): Promise<Result> {
  const file = path.join(folder, 'memory.yaml');
  writeStoryboard(file, 10_000);
  const server = await startServer();
  const peakFile = path.join(folder, 'peak');
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', path.join(root, 'bench/peak-memory.mjs'), main, 'run', file, '--yes', '--concurrency', '64'],
    {
      cwd: folder,
      encoding: 'utf8',
      env: {
        ...process.env,
        PEAK_MEMORY_FILE: peakFile,
        SHOTLIST_BASE_URL: `http://127.0.0.1:${server.port}/kyyReactApiServer`,
        SHOTLIST_API_KEY: 'bench-key',
      },
    },
  );
  server.stop();
  if (status !== 0 || !existsSync(peakFile)) throw new Error(`the run exited with ${status}: ${stderr}`);
  const peak = Number(readFileSync(peakFile, 'utf8'));
  return {
    what: 'peak memory of a run of 10,000 requests',
    measured: `${Math.round(peak)} MiB`,
    bar: 'under 400 MiB',
    ok: peak < 400,
  };
}

async function startServer(): Promise<{ port: number; stop: () => void }> {
  const child: ChildProcess = fork(path.join(root, 'bench/server.mjs'));
  const port = await new Promise<number>((resolve) =>
    child.once('message', (message) => resolve(Number(message))),
  );
  return { port, stop: () => child.disconnect() };
}

/** The built library, as a user gets it. */
function library(): Promise<Library> {
  return import(path.join(root, 'dist/index.js')) as Promise<Library>;
}

async function time(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
