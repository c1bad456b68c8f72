import { hostname, userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { systemClock } from '../core/clock.ts';
import type { Input, Io, Output } from './io.ts';

/** The world of a real process. Takes the process as an argument, so that `main.ts` stays the only one to name it. */
export function processIo(process: NodeJS.Process, argv: readonly string[]): Io {
  return {
    argv,
    env: process.env,
    cwd: process.cwd(),
    stdin: input(process),
    stdout: output(process.stdout),
    stderr: output(process.stderr),
    clock: systemClock,
    random: Math.random,
    user: `${userName()}@${hostname()}`,
    onInterrupt(listener) {
      const signals = ['SIGINT', 'SIGTERM'] as const;
      for (const signal of signals) process.on(signal, listener);
      return () => {
        for (const signal of signals) process.off(signal, listener);
      };
    },
  };
}

function output(stream: NodeJS.WriteStream): Output {
  // A reader that has seen enough (`| head`) closes the pipe: that is its right, and no failure of ours.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return {
    get isTTY() {
      return stream.isTTY === true;
    },
    get columns() {
      return stream.columns ?? 80;
    },
    write: (text) => {
      stream.write(text);
    },
  };
}

function input(process: NodeJS.Process): Input {
  const { stdin, stderr } = process;
  return {
    get isTTY() {
      return stdin.isTTY === true;
    },
    async read() {
      const chunks: Uint8Array[] = [];
      for await (const chunk of stdin) chunks.push(chunk as Uint8Array);
      return Buffer.concat(chunks);
    },
    async ask(question) {
      // Line by line from the terminal itself, so that Ctrl-C at the question interrupts the program as anywhere else.
      const lines = createInterface({ input: stdin, output: stderr, terminal: false });
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

/** Accounts without an entry in the user database, as in some containers, have no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}
