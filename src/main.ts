#!/usr/bin/env node
import path from 'node:path';
import type { Input, Io, Output } from './cli/io.ts';
import { loadProgram } from './core/code-cache.ts';
import { version } from './core/version.ts';

// The only file that touches `process`. Everything else gets what it needs of the world handed in.

const argv = process.argv.slice(2);

/** `EX_SOFTWARE` of sysexits.h: apart from every exit code that says something about the user's work. */
const bugExitCode = 70;
/** The code of `exitCodes.setup`, which is not loaded here. */
const setupExitCode = 2;

const stderr = output(process.stderr, () => {
  // There is nowhere left to say so, and the work goes on.
});
const stdout = output(process.stdout, (error) => {
  const why = error.message.replace(/^[A-Z]+: /, '').replace(/, write$/, '');
  stderr.write(
    `error standard output cannot be written: ${why}\n  help free some space, or send the output somewhere else\n`,
  );
});

if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
  // Answered before anything else is loaded: scripts ask for it often.
  stdout.write(`${version}\n`);
} else {
  void main().then((code) => {
    process.exitCode = code;
  });
}
// Whatever the result was, nobody got it.
process.on('exit', (code) => {
  if (stdout.isBroken && code !== bugExitCode) process.exitCode = setupExitCode;
});

async function main(): Promise<number> {
  try {
    const program = loadProgram(path.join(import.meta.dirname, 'program.js'), {
      caches: cachesFolder(),
      uid: process.getuid?.() ?? null,
      name: argv.find((word) => /^[a-z]{2,16}$/.test(word)) ?? 'help',
      made: [version, process.version, process.versions.v8, process.platform, process.arch].join(' '),
    });
    const { runCli, ...world } = program.exports as Program;
    const code = await runCli(processIo(world));
    // A command that is not known is not called often.
    if (code !== setupExitCode) program.keep();
    return code;
  } catch (error) {
    if (isOutOfFiles(error)) {
      stderr.write(
        'error this process may not open as many files as it needs\n  help raise the limit, for example with: ulimit -n 1024\n',
      );
      return setupExitCode;
    }
    const details = error instanceof Error ? error.stack : String(error);
    stderr.write(`This is a bug in shotlist ${version}. Please report it with these lines:\n${details}\n`);
    return bugExitCode;
  }
}

type Program = typeof import('./program.ts');

/** The folder of this user's caches; null where that is not known, or where compiled code is not to be kept. */
function cachesFolder(): string | null {
  const { env, platform } = process;
  if (env['NODE_DISABLE_COMPILE_CACHE'] !== undefined) return null;
  if (platform === 'win32') return env['LOCALAPPDATA'] ?? null;
  const home = env['HOME'];
  if (platform === 'darwin') return home === undefined ? null : path.join(home, 'Library', 'Caches');
  return env['XDG_CACHE_HOME'] || (home === undefined ? null : path.join(home, '.cache'));
}

/** True where too many files are open, however the error was wrapped. Even the program is read from files. */
function isOutOfFiles(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && (at.code === 'EMFILE' || at.code === 'ENFILE')) return true;
  }
  return false;
}

function processIo({ systemClock, userAtHost }: Omit<Program, 'runCli'>): Io {
  return {
    argv,
    env: process.env,
    cwd: process.cwd(),
    stdin: input(process.stdin),
    stdout,
    stderr,
    get channel() {
      return { input: process.stdin, output: process.stdout };
    },
    clock: systemClock,
    random: Math.random,
    get timeZone() {
      return Intl.DateTimeFormat().resolvedOptions().timeZone;
    },
    nodeVersion: process.versions.node,
    get user() {
      return userAtHost();
    },
    onInterrupt(listener) {
      // A terminal that is closed is an interrupt like any other: the answers under way are paid for.
      const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
      for (const signal of signals) process.on(signal, listener);
      return () => {
        for (const signal of signals) process.off(signal, listener);
      };
    },
  };
}

interface ProcessOutput extends Output {
  /** Something that was written to it is lost. */
  readonly isBroken: boolean;
}

/** @param onBroken called once, with the first error. */
function output(stream: NodeJS.WriteStream, onBroken: (error: Error) => void): ProcessOutput {
  let isBroken = false;
  const fail = (error: NodeJS.ErrnoException): void => {
    // A reader that has seen enough (`| head`) closes the pipe: that is its right, and no failure of ours.
    if (error.code === 'EPIPE' || isBroken) return;
    isBroken = true;
    onBroken(error);
  };
  stream.on('error', fail);
  return {
    get isBroken() {
      return isBroken;
    },
    get isTTY() {
      return stream.isTTY === true;
    },
    get columns() {
      // A terminal that does not know its width says 0.
      return stream.columns || 80;
    },
    write: (text) => {
      try {
        stream.write(text);
      } catch (error) {
        // Files are written at once, and what goes wrong there may be thrown.
        if (!(error instanceof Error)) throw error;
        fail(error);
      }
    },
    stream: stream.isTTY === true ? stream : null,
  };
}

function input(stream: NodeJS.ReadStream): Input {
  return {
    get isTTY() {
      return stream.isTTY === true;
    },
    async read(maxBytes) {
      const chunks: Uint8Array[] = [];
      let length = 0;
      for await (const chunk of stream as AsyncIterable<Uint8Array>) {
        chunks.push(chunk);
        length += chunk.length;
        if (length > maxBytes) break;
      }
      return Buffer.concat(chunks);
    },
    async ask(question) {
      const { createInterface } = await import('node:readline/promises');
      // Line by line from the terminal itself, so that Ctrl-C at the question ends the program as anywhere else.
      const lines = createInterface({ input: stream, output: process.stderr, terminal: false });
      try {
        return await new Promise<string | null>((resolve, reject) => {
          lines.once('close', () => resolve(null));
          lines.question(question).then(resolve, reject);
        });
      } finally {
        lines.close();
      }
    },
  };
}
