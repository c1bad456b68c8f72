// CPU of the program itself for each question about a task and for each clip saved, at several numbers of tasks. They
// must be the same whatever the number: `node bench/collect-scale.mjs 500 10000`, after `npm run build`.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const main = path.resolve(import.meta.dirname, '../dist/main.js');
const sizes = process.argv.slice(2).map(Number);
for (const tasks of sizes.length === 0 ? [500, 10_000] : sizes) await measure(tasks);

async function measure(tasks) {
  const cwd = mkdtempSync(path.join(tmpdir(), 'shotlist-bench-'));
  const shots = Array.from({ length: tasks }, (_, i) => `  - { id: sh${i}, prompt: clip ${i} }`);
  const head = 'version: 1\nproject: bench\ndefaults: { model: videos, duration: 5 }\nshots:\n';
  writeFileSync(path.join(cwd, 'm.yaml'), `${head}${shots.join('\n')}\n`);
  const emulator = spawn(process.execPath, [
    main,
    'emulator',
    '--task-time',
    '50ms',
    '--quiet',
    '--port',
    '0',
  ]);
  try {
    const env = { ...process.env, ...(await variablesOf(emulator)), CI: 'true' };
    await cpuOf(['run', 'm.yaml', '--yes', '--quiet', '--no-report', '--concurrency', '64'], cwd, env);
    const started = await cpuOf(['status', 'm.yaml', '--format', 'json'], cwd, env);
    const polled = await cpuOf(['collect', 'm.yaml', '--no-download', '--quiet'], cwd, env);
    const saved = await cpuOf(['collect', 'm.yaml', '--quiet'], cwd, env);
    const each = (cpu) => `${(Math.max(0, cpu - started) / tasks).toFixed(2)} ms CPU`;
    console.log(`${tasks} tasks: ${each(polled)} a poll, ${each(saved)} a save`);
  } finally {
    emulator.kill('SIGTERM');
    rmSync(cwd, { recursive: true, force: true });
  }
}

/** What the emulator says to export. */
function variablesOf(emulator) {
  return new Promise((resolve) => {
    let text = '';
    emulator.stdout.on('data', (piece) => {
      text += piece;
      const variables = [...text.matchAll(/export (\w+)=(\S+)/g)].map(([, name, value]) => [name, value]);
      if (/API_KEY=\S+\n/.test(text)) resolve(Object.fromEntries(variables));
    });
  });
}

/** User and system time of one call of the program, in milliseconds: told by the process itself as it ends. */
async function cpuOf(args, cwd, env) {
  const tell =
    'process.on("exit",()=>{const{user,system}=process.cpuUsage();require("node:fs").writeSync(3,String((user+system)/1000))})';
  const preload = `data:text/javascript,import{createRequire}from"node:module";const require=createRequire("${main}");${tell}`;
  const stdio = ['ignore', 'ignore', 'ignore', 'pipe'];
  const child = spawn(process.execPath, ['--import', preload, main, ...args], { cwd, env, stdio });
  let told = '';
  child.stdio[3].on('data', (piece) => {
    told += piece;
  });
  await new Promise((resolve) => child.once('close', resolve));
  return Number(told);
}
