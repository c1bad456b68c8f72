import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Result } from './result.ts';
import { type StoryboardOptions, writeFullStoryboard } from './storyboards.ts';

interface Place {
  /** The built program. */
  readonly main: string;
  /** For what is written. */
  readonly folder: string;
}

interface LintPlace extends Place {
  /** The project. */
  readonly root: string;
}

/** Whole calls of the program against whole calls of Node.js that do nothing. */
export function benchStart({ main, folder }: Place): readonly Result[] {
  const small = path.join(folder, 'twenty.yaml');
  writeFullStoryboard(small, 20);
  const nothing = ['-e', '0'];
  return [
    ratio('shotlist --version / node -e 0', cpuRatio(folder, 21, [main, '--version'], nothing), 1.1),
    ratio('lint 20 shots / node -e 0', cpuRatio(folder, 21, [main, 'lint', small], nothing), 1.5),
  ];
}

/** Whole lints against whole processes that read the same file with js-yaml and hold it against the schema with ajv. */
export function benchLint({ main, folder, root }: LintPlace): readonly Result[] {
  const script = path.join(root, 'bench/js-yaml-ajv.mjs');
  const against = (shots: number, bar: number, pairs: number): Result => {
    const file = path.join(folder, `${shots}.yaml`);
    writeFullStoryboard(file, shots);
    const measured = cpuRatio(folder, pairs, [main, 'lint', file], [script, file]);
    return ratio(`lint ${shots.toLocaleString('en')} shots / js-yaml and ajv`, measured, bar);
  };
  return [
    against(1000, 0.8, 15),
    against(10_000, 1, 9),
    ...firstRelease({ main, folder }),
    peak(main, folder, root),
  ];
}

/** Against an older build, where the environment names its `main.js`. */
function firstRelease({ main, folder }: Place): readonly Result[] {
  const older = process.env['BENCH_OLDER_MAIN'];
  if (older === undefined) return [];
  const against = (what: string, bar: number, options: StoryboardOptions): Result => {
    const file = path.join(folder, 'older.yaml');
    writeFullStoryboard(file, 10_000, options);
    const measured = cpuRatio(folder, 5, [main, 'lint', file], [older, 'lint', file]);
    return ratio(`lint 10,000 shots, ${what} / the older build`, measured, bar);
  };
  return [
    against('none wrong', 0.3, {}),
    against('one wrong', 0.45, { wrong: 'one' }),
    against('each wrong', 0.45, { wrong: 'each' }),
  ];
}

function peak(main: string, folder: string, root: string): Result {
  const peakFile = path.join(folder, 'lint-peak');
  const file = path.join(folder, '10000.yaml');
  const preload = path.join(root, 'bench/peak-memory.mjs');
  const env = { ...process.env, PEAK_MEMORY_FILE: peakFile };
  const { status } = spawnSync(process.execPath, ['--import', preload, main, 'lint', file], { env });
  if (status !== 0 || !existsSync(peakFile)) throw new Error(`the lint exited with ${status}`);
  const measured = Number(readFileSync(peakFile, 'utf8'));
  return {
    what: 'peak memory of a lint of 10,000 shots',
    measured: `${Math.round(measured)} MiB`,
    bar: 'at most 130 MiB',
    ok: measured <= 130,
  };
}

function ratio(what: string, measured: number, bar: number): Result {
  return { what, measured: measured.toFixed(2), bar: `at most ${bar.toFixed(2)}`, ok: measured <= bar };
}

/** The median, pair by pair, of the CPU time of A over that of B: user and system, as whole processes, in turn. */
function cpuRatio(cwd: string, pairs: number, a: readonly string[], b: readonly string[]): number {
  const cpu = (args: readonly string[]): number => {
    const before = childrenCpu();
    const { status, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
    if (status !== 0) throw new Error(`node ${args.join(' ')} exited with ${status}: ${stderr}`);
    return childrenCpu() - before;
  };
  // What is compiled for the first time is kept.
  cpu(a);
  cpu(b);
  const ratios = Array.from({ length: pairs }, () => cpu(a) / cpu(b)).sort((x, y) => x - y);
  return ratios[Math.floor(pairs / 2)] ?? Number.NaN;
}

/** CPU time of the children that have ended, in clock ticks: Linux says. */
function childrenCpu(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? [];
  return Number(fields[13]) + Number(fields[14]);
}
