import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { runCli } from '../../src/cli/cli.ts';
import type { Io } from '../../src/cli/io.ts';
import { type Clock, systemClock } from '../../src/core/clock.ts';

/** What one call of the program did. */
export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What standard input holds. */
  readonly stdin?: string;
  /** Answers at questions, as if on a terminal; without any there is no terminal. */
  readonly answers?: readonly (string | (() => Promise<string>))[];
  /** Width of the terminal. */
  readonly columns?: number;
  readonly clock?: Clock;
  readonly nodeVersion?: string;
  readonly timeZone?: string;
  /** Sees each piece of standard error as it is written. */
  readonly onStderr?: (text: string) => void;
  /** Sees each piece of either output as it is written, and answers as they are typed: what a terminal would show. */
  readonly onOutput?: (text: string) => void;
  /** Gets a function that presses Ctrl-C. */
  readonly onInterruptible?: (press: (signal?: string) => void) => void;
}

/** Runs the program in this process, as `main.ts` would, in a world of the test's own. */
export async function shotlist(args: readonly string[], options: CliOptions): Promise<CliResult> {
  const out: string[] = [];
  const err: string[] = [];
  const answers = [...(options.answers ?? [])];
  const isTTY = options.answers !== undefined;
  const { columns = isTTY ? 120 : 80 } = options;
  const listeners = new Set<(signal: string) => void>();
  const io: Io = {
    argv: args,
    env: { CI: '1', NO_COLOR: '1', ...options.env },
    cwd: options.cwd,
    stdin: {
      isTTY,
      read: async () => new TextEncoder().encode(options.stdin ?? ''),
      ask: async (question) => {
        err.push(question);
        const next = answers.shift();
        const answer = typeof next === 'function' ? await next() : (next ?? null);
        options.onOutput?.(`${question}${answer ?? ''}
`);
        return answer;
      },
    },
    stdout: {
      isTTY: false,
      columns,
      stream: null,
      write: (text) => {
        out.push(text);
        options.onOutput?.(text);
      },
    },
    stderr: {
      isTTY,
      columns,
      stream: null,
      write: (text) => {
        err.push(text);
        options.onStderr?.(text);
        options.onOutput?.(text);
      },
    },
    // Nobody speaks to a server that is started so: it ends at once.
    channel: { input: Readable.from([]), output: new PassThrough() },
    clock: options.clock ?? systemClock,
    random: () => 0.5,
    timeZone: options.timeZone ?? 'UTC',
    nodeVersion: options.nodeVersion ?? process.versions.node,
    user: 'tester@here',
    onInterrupt(listener) {
      listeners.add(listener);
      options.onInterruptible?.((signal = 'SIGINT') => {
        for (const each of listeners) each(signal);
      });
      return () => listeners.delete(listener);
    },
  };
  const code = await runCli(io);
  return { code, stdout: out.join(''), stderr: err.join('') };
}

/** A folder that is gone when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'shotlist-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
