import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { audit, auditReport, tasksByKey } from '../test/faults/audit.ts';
import { type Ended, type Fault, type Provider, start, startProvider } from '../test/faults/program.ts';
import {
  doubtfulKeys,
  type Look,
  look,
  makeScene,
  promptsOf,
  readReport,
  type Scene,
} from '../test/faults/scene.ts';
import { settleByBooks } from '../test/faults/settle.ts';
import { steps } from '../test/faults/steps.ts';

/**
 * `npm run soak -- --minutes N`: kills, bad answers and parallel runs, drawn at random, for N minutes; the provider's
 * books are compared with the ledger after each batch of runs. Prints its counts. Ends with 1, and keeps the folder, at
 * the first promise that does not hold; `--seed` draws the same again.
 */
const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '5' }, seed: { type: 'string' } },
});
const minutes = Number(values.minutes);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
if (!(minutes > 0) || !Number.isInteger(seed))
  throw new Error('usage: npm run soak -- --minutes N [--seed N]');

const counts = {
  plans: 0,
  runs: 0,
  kills: 0,
  stops: 0,
  billed: 0,
  doubts: 0,
  refused: 0,
  'double submissions': 0,
  'lost ids': 0,
};

/** Mistakes of the provider in a plan; the answer does not tell in most of these, and some of them are paid for. */
const moods: readonly (readonly string[])[] = [
  [],
  ['--fail', 'lost:6%,5xx+billed:4%,5xx:4%'],
  ['--fail', 'reset:8%,cut:5%,malformed:5%'],
  ['--fail', '429=1:over12/s'],
  ['--fail', '400:10%,error-code:5%,no-id:3%,empty:3%'],
  ['--fail', 'stale:15%,late=300ms:10%,id-at=500:5%,in-data:10%'],
  ['--fail', 'connect/reset:5%', '--fail', '403:2%,408+billed:3%'],
];
const killSteps = steps.flatMap(({ at }) => ('process' in at ? [at.process] : []));

let state = seed >>> 0;
/** Below one, never twice the same row of numbers for two seeds (mulberry32). */
function random(): number {
  state = (state + 0x6d2b79f5) >>> 0;
  let mixed = Math.imul(state ^ (state >>> 15), state | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}
const upTo = (limit: number): number => 1 + Math.floor(random() * limit);
function pick<T>(items: readonly T[]): T {
  return items[Math.floor(random() * items.length)] as T;
}

/** One run, which one time in two comes to a violent end. */
async function disturbedRun(scene: Scene, books: Provider): Promise<Ended> {
  const concurrency = pick([1, 2, 4, 8, 16]);
  const fate = random();
  const fault: Fault | undefined =
    fate < 0.3 ? { step: pick(killSteps), nth: upTo(6), delayUs: upTo(800) } : undefined;
  const program = start(
    [
      ...[
        'run',
        'm.yaml',
        '--yes',
        '--quiet',
        '--concurrency',
        String(concurrency),
        '--answer-timeout',
        '20',
      ],
      ...(random() < 0.2 ? ['--rate', '40/s'] : []),
      ...(random() < 0.3 ? ['--limit', String(upTo(10))] : []),
    ],
    { cwd: scene.folder, env: books.env, ...(fault === undefined ? {} : { fault }) },
  );
  const timer =
    fate >= 0.3 && fate < 0.55
      ? setTimeout(() => program.child.kill('SIGKILL'), 150 + upTo(900))
      : fate < 0.65 && fate >= 0.55
        ? setTimeout(() => {
            counts.stops += 1;
            program.child.kill('SIGSTOP');
            setTimeout(() => program.child.kill(random() < 0.5 ? 'SIGCONT' : 'SIGKILL'), upTo(500));
          }, 150 + upTo(600))
        : undefined;
  const ended = await program.ended;
  clearTimeout(timer);
  counts.runs += 1;
  if (ended.signal === 'SIGKILL') counts.kills += 1;
  // Failures with which bad answers end a run, and nothing else: a bug has an exit code of its own.
  if (ended.signal === null && ![0, 1, 2].includes(ended.code ?? -1)) {
    throw new Error(`a run ended with ${ended.code}\n${ended.stderr}`);
  }
  return ended;
}

/** Compares ledger and books once the provider has read everything that was under way. */
async function compare(scene: Scene, books: Provider): Promise<Look> {
  await books.idle();
  const billed = await books.billed(promptsOf(scene));
  const now = await look(scene);
  const problems = audit({ scene, now, billed });
  counts['double submissions'] += [...tasksByKey(billed).values()].filter((ids) => ids.length > 1).length;
  counts['lost ids'] += problems.filter((problem) => problem.includes('is lost')).length;
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return now;
}

async function soakOnePlan(folder: string): Promise<void> {
  const books = await startProvider(['--latency', '0-40ms', ...pick(moods)], folder);
  try {
    const scene = await makeScene(folder, `plan-${counts.plans}`, 10 + upTo(50));
    for (let batch = upTo(5); batch > 0; batch -= 1) {
      await Promise.all(Array.from({ length: upTo(4) }, () => disturbedRun(scene, books)));
      counts.doubts += await settleByBooks(
        scene,
        await compare(scene, books),
        await books.billed(promptsOf(scene)),
      );
    }
    await finish(scene, books);
    const billed = await books.billed(promptsOf(scene));
    const problems = auditReport(scene, await readReport(scene), billed);
    if (problems.length > 0) throw new Error(problems.join('\n'));
    counts.plans += 1;
    counts.billed += billed.length;
  } finally {
    await books.stop();
  }
}

/** Runs without a kill until every request was accepted or refused. */
async function finish(scene: Scene, books: Provider): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    await start(['run', 'm.yaml', '--yes', '--quiet'], { cwd: scene.folder, env: books.env }).ended;
    counts.runs += 1;
    const now = await compare(scene, books);
    const settled = await settleByBooks(scene, now, await books.billed(promptsOf(scene)));
    counts.doubts += settled;
    const open =
      scene.keys.filter((key) => now.state(key) === 'pending').length + doubtfulKeys(scene, now).size;
    if (open === 0) {
      counts.refused += scene.keys.filter((key) => now.state(key) === 'refused').length;
      return;
    }
    if (tries > 50) throw new Error(`the plan does not come to an end: ${open} requests are open`);
  }
}

const folder = await mkdtemp(path.join(tmpdir(), 'shotlist-soak-'));
const end = Date.now() + minutes * 60_000;
console.log(`seed ${seed}, ${minutes} minutes, in ${folder}`);
try {
  while (Date.now() < end) {
    await soakOnePlan(folder);
    if (counts.plans % 10 === 0) console.log(JSON.stringify(counts));
  }
  console.log(`held: ${JSON.stringify(counts)}`);
  await rm(folder, { recursive: true, force: true });
} catch (error) {
  console.error(`broken after ${JSON.stringify(counts)}; seed ${seed}, see ${folder}`);
  console.error(error);
  process.exitCode = 1;
}
