import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';

const main = path.resolve(import.meta.dirname, '../../dist/main.js');
const preload = path.join(import.meta.dirname, 'kill-at.mjs');

/** What a process does wrong on purpose; `kill-at.mjs` explains each. */
export interface Fault {
  readonly step?: string;
  readonly nth?: number;
  readonly delayUs?: number;
  readonly refuse?: 'claim' | 'answer';
  readonly broken?: 'claim' | 'answer' | 'lock';
  readonly stop?: boolean;
  readonly bugAt?: string;
  readonly clock?: number;
  readonly clockAt?: string;
}

export interface Ended {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Program {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** What it has said on standard error so far. */
  said(): string;
}

export interface ProgramOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly fault?: Fault;
  /** In KiB: no file of the process may become larger. */
  readonly largestFile?: number;
}

/** Starts the built program in a process of its own, with nothing of this machine's settings. */
export function start(args: readonly string[], options: ProgramOptions): Program {
  const { cwd, env, fault, largestFile } = options;
  const node = [process.execPath, ...(fault === undefined ? [] : ['--import', preload]), main, ...args];
  const [command = '', ...rest] =
    largestFile === undefined ? node : ['bash', '-c', `ulimit -f ${largestFile}; exec "$0" "$@"`, ...node];
  const child = spawn(command, rest, {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: cwd,
      NO_COLOR: '1',
      ...(fault === undefined ? {} : { FAULT: JSON.stringify(fault) }),
      ...env,
    },
  });
  const stdout = collected(child.stdout);
  const stderr = collected(child.stderr);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout: stdout(), stderr: stderr() }));
  });
  return { child, ended, said: stderr };
}

function collected(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}

export interface BilledTask {
  readonly id: string;
  readonly body: { readonly prompt: string };
}

/** The emulator in a process of its own, which keeps the books. */
export interface Provider {
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
  /** Every task that it billed for prompts that begin so. */
  billed(prompt: string): Promise<readonly BilledTask[]>;
  traffic(): Promise<{ readonly maxInFlight: { readonly create: number } }>;
  /** Resolves once no create call is open. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

export async function startProvider(args: readonly string[], cwd: string): Promise<Provider> {
  const { child, ended } = start(['emulator', '--task-time', '3600s', ...args], { cwd });
  const env: Record<string, string> = {};
  if (child.stdout === null) throw new Error('the emulator has no standard output');
  for await (const line of createInterface({ input: child.stdout })) {
    const [, name, value] = /^export (\w+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) env[name] = value;
    if (Object.keys(env).length === 2) break;
  }
  const baseUrl = env['SHOTLIST_BASE_URL'];
  if (baseUrl === undefined) throw new Error(`the emulator did not start: ${(await ended).stderr}`);
  // An emulator that resets connections resets those of its readers too.
  const books = async (): Promise<Books> => {
    for (let tries = 1; ; tries += 1) {
      try {
        return (await (await fetch(new URL('/emulator/books', baseUrl))).json()) as Books;
      } catch (error) {
        if (tries === 20) throw error;
      }
    }
  };
  return {
    port: Number(new URL(baseUrl).port),
    env,
    billed: async (prompt) => (await books()).billed.filter(({ body }) => body.prompt.startsWith(prompt)),
    traffic: books,
    idle: async () => {
      while ((await books()).inFlight.create > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    },
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

interface Books {
  readonly billed: readonly BilledTask[];
  readonly inFlight: { readonly create: number };
  readonly maxInFlight: { readonly create: number };
}
