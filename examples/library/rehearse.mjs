// Takes a manifest through the whole house on the emulator: no key, no cost.
// usage: node rehearse.mjs storyboard.yaml
import path from 'node:path';
import {
  systemClock as clock,
  collect,
  createVideosApi,
  lint,
  openLedger,
  plan,
  report,
  run,
  shippedCatalog,
  startEmulator,
} from 'shotlist';

const file = path.resolve(process.argv[2]);
const folder = path.dirname(file);
const { diagnostics, manifests, summary } = await lint([file], { cwd: process.cwd() });
for (const { file, line, column, message } of diagnostics)
  console.error(`${file}:${line}:${column} ${message}`);
if (summary.errors > 0) process.exit(1);

const [{ manifest, requests, catalog }] = manifests;
const { budget, project } = manifest;
const emulator = await startEmulator({
  catalog: shippedCatalog,
  key: 'rehearsal',
  clock,
  taskMs: { minMs: 100, maxMs: 300 },
});
const ledger = await openLedger(path.join(folder, '.shotlist', 'ledger.db'), { clock });
const provider = await createVideosApi({
  baseUrl: emulator.baseUrl,
  apiKey: emulator.key,
  catalog,
  connections: 4,
  clock,
});
try {
  const scope = { provider: provider.scope, project };
  const planned = plan({
    project,
    manifest: file,
    requests,
    entries: await ledger.read(scope),
    prices: budget.prices,
    currency: budget.currency,
  });
  const result = await run({
    plan: planned,
    scope,
    ledger,
    provider,
    limits: budget,
    prices: budget.prices,
    concurrency: 4,
    intervalMs: null,
    retries: 4,
    by: 'rehearse.mjs',
    clock,
    random: Math.random,
    signal: AbortSignal.timeout(60_000),
    onEvent: (event) => {
      if (event.type === 'settled') console.error(event.key, event.outcome.kind);
    },
  });
  await collect({
    scope,
    ledger,
    provider,
    download: { folder: path.join(folder, 'renders'), root: folder, subjects: requests },
    intervalMs: 100, // for the real provider leave it out
    clock,
    random: Math.random,
    onEvent: (event) => {
      if (event.type === 'saved') console.error(event.task.key, event.file.path);
    },
  });
  const entries = await ledger.read(scope);
  const { rows } = report({ manifest, requests, entries, catalog, now: clock.now() });
  console.error(`${result.accepted} of ${result.planned} submitted`);
  const done = rows.map(({ key, taskId, status, file }) => ({ key, taskId, status, file }));
  console.log(JSON.stringify(done));
} finally {
  await provider.close();
  await ledger.close();
  await emulator.close();
}
