import type { FailureSpec } from '../../emulator/failures.ts';
import { readCatalog } from '../../project/catalog.ts';
import type { CommandCall, CommandDefinition } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { modelsOption } from '../options.ts';
import { wholeNumber } from '../parse-values.ts';

export const emulatorCommand: CommandDefinition = {
  name: 'emulator',
  summary: 'run a local stand-in for the provider',
  description:
    'Starts a stand-in for the provider on this machine, for rehearsals, demos and tests: the same checks, tasks that take their time, a small clip at the end, and failures on demand. Prints the two variables to set in another terminal, and runs until Ctrl-C. Nothing is ever billed.',
  arguments: [],
  options: [
    {
      flags: '--port <port>',
      summary: 'where to listen',
      parse: wholeNumber(0, 65_535),
      default: 'any free port',
    },
    { flags: '--latency <time>', summary: 'before each answer: 200ms, 1s, 50-400ms', default: 'none' },
    { flags: '--task-time <time>', summary: 'from submission to the finished clip', default: '2s-5s' },
    {
      flags: '--fail <failures>',
      summary: 'fail on purpose, for example 5xx:3%,429:over30/min (repeatable; --list-failures explains)',
      repeatable: true,
    },
    { flags: '--list-failures', summary: 'explain --fail, and stop' },
    {
      flags: '--seed <n>',
      summary: 'the same ids and fates for the same requests',
      parse: wholeNumber(0, Number.MAX_SAFE_INTEGER),
      default: 'the time',
    },
    modelsOption,
  ],
  examples: [
    { command: 'shotlist emulator', summary: 'start it, and follow what it prints' },
    {
      command: "shotlist emulator --port 8787 --fail 'lost:2%,429:over30/min' --seed 7",
      summary: 'a hard day, repeatable',
    },
  ],
  async execute(call) {
    const { io, options } = call;
    if (options['listFailures'] === true) {
      const { describeFailures } = await import('../../emulator/failures.ts');
      io.stdout.write(describeFailures());
      return exitCodes.ok.code;
    }
    const [{ startEmulator }, { parseLatency }, catalog, fail] = await Promise.all([
      import('../../emulator/emulator.ts'),
      import('../../emulator/latency.ts'),
      readCatalog(call),
      parseAllFailures(options['fail']),
    ]);
    const latency = options['latency'] as string | undefined;
    const taskTime = options['taskTime'] as string | undefined;
    const emulator = await startEmulator({
      catalog,
      port: (options['port'] as number | undefined) ?? 0,
      key: 'emulator-key',
      clock: io.clock,
      fail,
      ...(options['seed'] === undefined ? {} : { seed: options['seed'] as number }),
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
};

async function parseAllFailures(written: unknown): Promise<readonly FailureSpec[]> {
  if (!Array.isArray(written)) return [];
  const { parseFailures } = await import('../../emulator/failures.ts');
  return (written as readonly string[]).flatMap(parseFailures);
}

function interrupted({ io }: CommandCall): Promise<void> {
  return new Promise((resolve) => {
    const end = io.onInterrupt(() => {
      end();
      resolve();
    });
  });
}
