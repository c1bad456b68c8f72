import { parseArgs } from 'node:util';
import { scriptOf } from './script.ts';
import { shrink } from './shrink.ts';
import { type Outcome, simulate } from './simulate.ts';

/** Runs seeds in this process, and tells the first that breaks a promise, shrunk. Bundled with the program's own code. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      from: { type: 'string', default: '1' },
      seeds: { type: 'string', default: '1000' },
      trace: { type: 'boolean', default: false },
      survey: { type: 'boolean', default: false },
    },
  });
  const from = Number(values.from);
  const seeds = Number(values.seeds);
  const began = performance.now();
  let steps = 0;
  let bills = 0;
  const broken = new Map<string, number[]>();
  for (let seed = from; seed < from + seeds; seed += 1) {
    const outcome = await simulate(scriptOf(seed));
    steps += outcome.steps;
    bills += outcome.books.length;
    if (values.trace) print(outcome.trace);
    if (outcome.breach !== null && values.survey) {
      const { promise } = outcome.breach;
      broken.set(promise, [...(broken.get(promise) ?? []), seed]);
    } else if (outcome.breach !== null) {
      await tell(seed, outcome);
      return 1;
    }
  }
  for (const [promise, found] of broken) {
    print([`${promise}: ${found.length} seeds, as ${found.slice(0, 8).join(', ')}`]);
  }
  const seconds = (performance.now() - began) / 1000;
  print([JSON.stringify({ seeds, steps, bills, seconds: Number(seconds.toFixed(1)) })]);
  return 0;
}

async function tell(seed: number, outcome: Outcome): Promise<void> {
  const { breach } = outcome;
  const script = scriptOf(seed);
  const shortest = await shrink(script, async (shorter) => {
    return (await simulate(shorter)).breach?.promise === breach?.promise;
  });
  const last = await simulate(shortest);
  print([
    `Seed ${seed} breaks ${breach?.promise}: ${breach?.message}`,
    '',
    `The shortest script that still does (${shortest.actions.length} of ${script.actions.length} actions):`,
    ...last.trace,
    '',
    "The provider's books:",
    ...last.books.map(({ taskId, process, prompt }) => `  ${taskId}  ${process}  ${prompt}`),
    '',
    'The ledgers:',
    ...last.ledgers.map((line) => `  ${line}`),
    '',
    JSON.stringify({ seed, promise: breach?.promise, message: last.breach?.message }),
  ]);
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

process.exitCode = await main();
