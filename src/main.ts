#!/usr/bin/env node
import { version } from './core/version.ts';

// The only file that touches `process`. Everything else gets what it needs of the world handed in.

const argv = process.argv.slice(2);
if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
  // Answered before anything else is loaded: scripts ask for it often.
  process.stdout.write(`${version}\n`);
} else {
  await main();
}

async function main(): Promise<void> {
  const [{ runCli }, { processIo }] = await Promise.all([
    import('./cli/cli.ts'),
    import('./cli/process-io.ts'),
  ]);
  const io = processIo(process, argv);
  try {
    process.exitCode = await runCli(io);
  } catch (error) {
    io.stderr.write(
      `shotlist ${version} has a bug; please report it with the lines below.\n${error instanceof Error ? error.stack : String(error)}\n`,
    );
    process.exitCode = 70;
  }
}
