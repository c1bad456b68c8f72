import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundle } from './build.ts';
import { type Mutant, mutants } from './mutants.ts';

const usage = `npm run sim -- [--seeds N] [--seed S] [--fresh] [--trace] [--mutant NAME | --mutants]

  --seeds N       how many seeds, from 1 on (1000)
  --seed S        only this one, or the first of --seeds
  --fresh         begin at a seed that nobody has chosen
  --trace         print all that happens
  --mutant NAME   plant a fault in the program first: it has to be found
  --mutants       each of them, one after the other`;

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const buildFolder = path.join(root, 'node_modules/.cache/shotlist-sim');

interface Found {
  readonly code: number;
  readonly output: string;
}

/** Seeds are shared out in pieces, so that no worker waits for a slower one. */
const pieceLength = 250;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string' },
      seed: { type: 'string' },
      fresh: { type: 'boolean', default: false },
      trace: { type: 'boolean', default: false },
      mutant: { type: 'string' },
      mutants: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return print(usage);
  const first = values.fresh ? freshSeed() : Number(values.seed ?? 1);
  const seeds = Number(values.seeds ?? (values.seed === undefined ? 1000 : 1));
  if (values.mutants) return huntAll(mutants, first, Number(values.seeds ?? 20_000));
  if (values.mutant !== undefined) {
    const mutant = mutants.find(({ name }) => name === values.mutant);
    if (mutant === undefined) {
      print(
        `no mutant is called ${values.mutant}; there are:\n${mutants.map(({ name }) => `  ${name}`).join('\n')}`,
      );
      return 2;
    }
    const { output } = await explore(await built(mutant), first, seeds, values.trace);
    print(output);
    return 0;
  }
  const { code, output } = await explore(await built(null), first, seeds, values.trace);
  print(output);
  return code;
}

function freshSeed(): number {
  const seed = 1_000_000 + Math.floor(Math.random() * 1_000_000_000);
  print(`begins at seed ${seed}`);
  return seed;
}

async function built(mutant: Mutant | null): Promise<string> {
  const folder = path.join(buildFolder, mutant?.name ?? 'program');
  await mkdir(folder, { recursive: true });
  return bundle(folder, mutant);
}

/** Plants each fault, and tells which are found and by which seed. */
async function huntAll(all: readonly Mutant[], first: number, seeds: number): Promise<number> {
  let missed = 0;
  for (const mutant of all) {
    const { code, output } = await explore(await built(mutant), first, seeds, false);
    const [last = ''] = output.trimEnd().split('\n').slice(-1);
    if (code === 0) missed += 1;
    print(`${code === 0 ? 'MISSED' : 'found '}  ${mutant.name}  ${code === 0 ? '' : last}`);
  }
  print(`${all.length - missed} of ${all.length} mutants found`);
  return missed === 0 ? 0 : 1;
}

/** Runs seeds on every core until one breaks a promise, or all are done. */
async function explore(file: string, first: number, seeds: number, trace: boolean): Promise<Found> {
  const pieces: { readonly from: number; readonly count: number }[] = [];
  for (let from = first; from < first + seeds; from += pieceLength) {
    pieces.push({ from, count: Math.min(pieceLength, first + seeds - from) });
  }
  const totals = { seeds: 0, steps: 0, bills: 0, seconds: 0 };
  let broken: Found | null = null;
  const traces: string[] = [];
  const worker = async (): Promise<void> => {
    for (let piece = pieces.shift(); piece !== undefined && broken === null; piece = pieces.shift()) {
      const found = await runPiece(file, piece.from, piece.count, trace);
      if (found.code !== 0) {
        broken ??= found;
        return;
      }
      const lines = found.output.trimEnd().split('\n');
      const counted = JSON.parse(lines.pop() ?? '{}') as typeof totals;
      for (const name of ['seeds', 'steps', 'bills', 'seconds'] as const) totals[name] += counted[name];
      traces.push(...lines);
    }
  };
  await Promise.all(Array.from({ length: Math.min(os.availableParallelism(), pieces.length) }, worker));
  if (broken !== null) return broken;
  const { steps, bills, seconds } = totals;
  const told = `${totals.seeds} seeds, ${steps} steps, ${bills} paid requests: every promise held (${seconds.toFixed(0)} s of processor time)`;
  return { code: 0, output: [...traces, told].join('\n') };
}

function runPiece(file: string, from: number, count: number, trace: boolean): Promise<Found> {
  const flags = ['--from', String(from), '--seeds', String(count), ...(trace ? ['--trace'] : [])];
  const child = spawn(process.execPath, [file, ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
  const parts: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  child.stderr.on('data', (part: Buffer) => parts.push(part));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(parts).toString('utf8') }));
  });
}

function print(text: string): 0 {
  process.stdout.write(`${text}\n`);
  return 0;
}

process.exitCode = await main();
