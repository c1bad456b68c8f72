import { spawnSync } from 'node:child_process';
import path from 'node:path';

// Builds, and says nothing unless that fails: whoever runs the demo or the tests wants to see those.

const root = path.resolve(import.meta.dirname, '..');
const { status, stdout, stderr } = spawnSync('npm', ['run', 'build'], { cwd: root, encoding: 'utf8' });
if (status !== 0) {
  console.error(`${stdout}${stderr}`);
  process.exitCode = status ?? 1;
}
