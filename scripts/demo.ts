import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import pc from 'picocolors';

// The main job end to end, as a person would do it, on the built-in emulator: no key, no account, no cost.

const root = path.resolve(import.meta.dirname, '..');
const main = path.join(root, 'dist/main.js');
const storyboard = 'neon-alley.yaml';
const folder = mkdtempSync(path.join(tmpdir(), 'shotlist-demo-'));
cpSync(path.join(root, 'examples/manifests/neon-alley'), folder, { recursive: true });

say('A stand-in for the provider runs on this machine, for as long as this demo does.');
const { emulator, variables } = await startEmulator();
try {
  say('1. Check the storyboard before anything is spent.');
  shotlist('lint', storyboard);
  say('2. See what would be sent, why, and what it costs.');
  shotlist('plan', storyboard);
  say(
    '3. Submit it. --yes answers the question that a terminal would ask; the stand-in takes more than 30 a minute.',
  );
  shotlist('run', storyboard, '--yes', '--rate', '10/s');
  say('4. Run it again: nothing is sent twice.');
  shotlist('run', storyboard, '--yes');
  say('5. See where everything stands.');
  shotlist('status', storyboard);
} finally {
  emulator.kill('SIGTERM');
  await new Promise((resolve) => emulator.once('exit', resolve));
}
say(`The report of task ids: ${path.join(folder, 'neon-alley.report.csv')}`);

function say(text: string): void {
  console.log(`\n${pc.bold(text)}`);
}

function shotlist(...args: readonly string[]): void {
  console.log(`${pc.dim(`$ shotlist ${args.join(' ')}`)}\n`);
  const { status } = spawnSync(process.execPath, [main, ...args], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...variables },
  });
  if (status !== 0) throw new Error(`shotlist ${args.join(' ')} exited with ${status}`);
}

async function startEmulator(): Promise<{ emulator: ChildProcess; variables: Record<string, string> }> {
  const emulator = spawn(process.execPath, [main, 'emulator', '--seed', '1', '--latency', '50-250ms'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const variables: Record<string, string> = {};
  for await (const line of createInterface({ input: emulator.stdout })) {
    const [, name, value] = /^export (\w+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) variables[name] = value;
    if (Object.keys(variables).length === 2) return { emulator, variables };
  }
  throw new Error('the emulator did not start');
}
