import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { Browser, findChromium } from '../test/helpers/browser.ts';
import { scenes } from './pictures/scenes.ts';
import { terminalPicture } from './pictures/svg.ts';
import { filmed } from './pictures/terminal.ts';

// The pictures of README.md, from real runs of the built program against the emulator: npm run pictures. Needs tmux and
// Chromium.

const root = path.resolve(import.meta.dirname, '..');
const images = path.join(root, 'docs/images');
const main = path.join(root, 'dist/main.js');
const chromium = findChromium();
if (chromium === undefined) throw new Error('Chromium is missing (Debian: apt-get install chromium)');
const folder = mkdtempSync(path.join(tmpdir(), 'shotlist-pictures-'));
const bin = path.join(folder, 'bin');
mkdirSync(bin);
mkdirSync(images, { recursive: true });
writeFileSync(path.join(bin, 'shotlist'), `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`);
chmodSync(path.join(bin, 'shotlist'), 0o755);

try {
  for (const scene of scenes) {
    const cwd = path.join(folder, scene.name);
    mkdirSync(cwd);
    for (const [name, text] of Object.entries(scene.files)) writeFileSync(path.join(cwd, name), text);
    const screen = await withEmulator([], async (env) =>
      filmed(scene.commands, scene.answers, { cwd, env, columns: scene.columns }),
    );
    write(`${scene.name}.svg`, terminalPicture(screen, scene));
  }
  write('report.png', await reportPage(path.join(folder, 'report'), chromium));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function write(name: string, content: string | Buffer): void {
  writeFileSync(path.join(images, name), content);
  console.log(`docs/images/${name}  ${Math.ceil(Buffer.byteLength(content) / 1000)} kB`);
}

/** The page about an example that was submitted and collected, with a task that failed and an answer that was lost. */
async function reportPage(cwd: string, executable: string): Promise<Buffer> {
  cpSync(path.join(root, 'examples/manifests/neon-alley'), cwd, { recursive: true });
  const flags = ['--fail', 'fails#6,lost#12', '--task-time', '300ms-1500ms'];
  await withEmulator(flags, async (env) => {
    const storyboard = 'neon-alley.yaml';
    call(cwd, env, 'run', storyboard, '--yes', '--concurrency', '2', '--rate', '20/s');
    call(cwd, env, 'collect', storyboard, '--interval', '0.5');
    call(cwd, env, 'report', storyboard, '-o', 'clips.html');
  });
  const browser = await Browser.launch(executable);
  try {
    const page = await browser.newPage({ width: 1240, height: 900 });
    await page.send('Emulation.setScrollbarsHidden', { hidden: true });
    await page.open(pathToFileURL(path.join(cwd, 'clips.html')).href);
    await page.until(`performance.getEntriesByName('ready').length === 1`);
    await page.click('input[value=s]');
    // The clips that are in view show themselves a moment later.
    await page.evaluate('new Promise((resolve) => setTimeout(resolve, 2500))');
    return await page.screenshot();
  } finally {
    await browser.close();
  }
}

function call(cwd: string, env: Readonly<Record<string, string>>, ...args: readonly string[]): void {
  try {
    execFileSync(process.execPath, [main, ...args], { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    // 1 says that the work has problems: some are wanted in the picture.
    if ((error as { readonly status?: number }).status !== 1) throw error;
  }
}

async function withEmulator<T>(
  flags: readonly string[],
  use: (env: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  const env: Record<string, string> = {
    PATH: `${bin}${path.delimiter}${process.env['PATH'] ?? ''}`,
    HOME: folder,
    TZ: 'UTC',
  };
  const emulator = spawn(process.execPath, [main, 'emulator', '--port', '8787', '--seed', '7', ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = new Promise((resolve) => emulator.once('exit', resolve));
  try {
    for await (const line of createInterface({ input: emulator.stdout })) {
      const [, name, value] = /^export (\w+)=(.*)$/.exec(line) ?? [];
      if (name !== undefined && value !== undefined) env[name] = value;
      if (env['SHOTLIST_API_KEY'] !== undefined) break;
    }
    if (env['SHOTLIST_BASE_URL'] === undefined) throw new Error('the emulator did not start');
    return await use(env);
  } finally {
    emulator.kill('SIGTERM');
    await exit;
  }
}
