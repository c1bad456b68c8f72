import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

// Checks the package that a user gets: packed, and installed in an empty folder, it must lint and plan there.

const root = path.resolve(import.meta.dirname, '..');
const folder = mkdtempSync(path.join(tmpdir(), 'shotlist-package-'));
const call = (command: string, args: readonly string[], cwd = folder): string =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

try {
  call('npm', ['pack', '--silent', '--pack-destination', folder], root);
  const [tarball] = readdirSync(folder);
  if (tarball === undefined) throw new Error('npm pack wrote nothing');
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
  call('npm', ['install', '--no-audit', '--no-fund', '--omit=dev', `./${tarball}`]);
  copyFileSync(path.join(root, 'examples/manifests/smallest.yaml'), path.join(folder, 'smallest.yaml'));

  const wanted = /^shotlist-(.+)\.tgz$/.exec(tarball)?.[1];
  const version = call('npx', ['shotlist', '--version']).trim();
  if (version !== wanted) throw new Error(`${tarball} says that it is ${version}`);
  call('npx', ['shotlist', 'lint', '--strict', 'smallest.yaml']);
  call('npx', ['shotlist', 'plan', 'smallest.yaml']);
  call(process.execPath, [
    '--input-type=module',
    '-e',
    "import { lint, plan, run } from 'shotlist'; if (!lint || !plan || !run) process.exit(1);",
  ]);
  console.log(`${tarball} works in an empty folder`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
