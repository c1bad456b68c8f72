import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import type { CliResult } from './cli.ts';

/** The built program, as a user runs it. */
export const builtMain = path.resolve(import.meta.dirname, '../../dist/main.js');

/** Runs the built program in a process of its own, with nothing of this machine's settings. */
export async function built(
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>>; readonly stdin?: string },
): Promise<CliResult> {
  const child = spawn(process.execPath, [builtMain, ...args], {
    cwd: options.cwd,
    env: { PATH: process.env['PATH'], HOME: options.cwd, NO_COLOR: '1', ...options.env },
  });
  child.stdin.end(options.stdin ?? '');
  const [stdout, stderr, code] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    exitOf(child),
  ]);
  return { code, stdout, stderr };
}

/** Starts the built emulator in a process of its own, and ends it with the test. */
export async function builtEmulator(
  args: readonly string[],
  cwd: string,
): Promise<{ readonly env: Readonly<Record<string, string>>; readonly booksUrl: string }> {
  const child = spawn(process.execPath, [builtMain, 'emulator', ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await exitOf(child);
  });
  const env: Record<string, string> = {};
  for await (const line of createInterface({ input: child.stdout })) {
    const [, name, value] = /^export (\w+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) env[name] = value;
    if (Object.keys(env).length === 2) break;
  }
  return { env, booksUrl: new URL('/emulator/books', env['SHOTLIST_BASE_URL']).href };
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve(child.exitCode);
    child.once('exit', (code, signal) => resolve(code ?? (signal === null ? -1 : 128)));
  });
}
