import type { FailureSpec } from '../../emulator/failures.ts';
import { readCatalog } from '../../project/catalog.ts';
import { type CommandCall, defineCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { modelsOption } from '../options.ts';
import { wholeNumber } from '../parse-values.ts';

export const emulatorCommand = defineCommand({
  name: 'emulator',
  summary: 'run a local stand-in for the provider',
  description:
    'Starts a stand-in for the provider on this machine, for rehearsals, demos and tests: the same checks, tasks that take their time, a small clip at the end, and failures on demand. Prints the two variables to set in another terminal, and runs until Ctrl-C. Nothing is ever billed.',
  arguments: {},
  options: {
    port: {
      flags: '--port <port>',
      summary: 'where to listen',
      parse: wholeNumber(0, 65_535),
      default: 'any free port',
    },
    latency: {
      flags: '--latency <time>',
      summary: 'before each answer: 200ms, 1s, 50-400ms',
      default: 'none',
    },
    taskTime: {
      flags: '--task-time <time>',
      summary: 'from submission to the finished clip',
      default: '2s-5s',
    },
    fail: {
      flags: '--fail <failures>',
      summary: 'fail on purpose, for example 5xx:3%,429:over30/min (repeatable; --list-failures explains)',
      repeatable: true,
    },
    listFailures: { flags: '--list-failures', summary: 'explain --fail, and stop' },
    seed: {
      flags: '--seed <n>',
      summary: 'the same ids and fates for the same requests',
      parse: wholeNumber(0, Number.MAX_SAFE_INTEGER),
      default: 'the time',
    },
    ...modelsOption,
  },
  examples: [
    { command: 'shotlist emulator', summary: 'start it, and follow what it prints' },
    {
      command: "shotlist emulator --port 8787 --fail 'lost:2%,429:over30/min' --seed 7",
      summary: 'a hard day, repeatable',
    },
  ],
  async execute(call) {
    const { io, options } = call;
    if (options.listFailures) {
      const { describeFailures } = await import('../../emulator/failures.ts');
      io.stdout.write(describeFailures());
      return exitCodes.ok.code;
    }
    const [{ startEmulator }, { parseLatency }, catalog, fail] = await Promise.all([
      import('../../emulator/emulator.ts'),
      import('../../emulator/latency.ts'),
      readCatalog(call.options.models, call.io.cwd),
      parseAllFailures(options.fail),
    ]);
    const { port, seed, latency, taskTime } = options;
    const emulator = await startEmulator({
      catalog,
      port: port ?? 0,
      key: 'emulator-key',
      clock: io.clock,
      fail,
      ...(seed === undefined ? {} : { seed }),
      ...(latency === undefined ? {} : { latencyMs: parseLatency(latency) }),
      ...(taskTime === undefined ? {} : { taskMs: parseLatency(taskTime) }),
    });
    io.stderr.write('In another terminal:\n\n');
    io.stdout.write(
      `export SHOTLIST_BASE_URL=${emulator.baseUrl}\nexport SHOTLIST_API_KEY=${emulator.key}\n`,
    );
    io.stderr.write(`\nWhat it billed: ${emulator.booksUrl}\nSeed ${emulator.seed}. Ctrl-C stops it.\n`);
    await interrupted(call);
    await emulator.close();
    return exitCodes.ok.code;
  },
});

async function parseAllFailures(written: readonly string[]): Promise<readonly FailureSpec[]> {
  if (written.length === 0) return [];
  const { parseFailures } = await import('../../emulator/failures.ts');
  return written.flatMap(parseFailures);
}

function interrupted({ io }: CommandCall): Promise<void> {
  return new Promise((resolve) => {
    const end = io.onInterrupt(() => {
      end();
      resolve();
    });
  });
}
