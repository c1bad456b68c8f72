import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { outputs } from './generate/outputs.ts';

/**
 * Writes every generated file. With `--check` it writes nothing, names the files that are out of date, and fails.
 */
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const check = process.argv.includes('--check');
const stale: string[] = [];

for (const output of outputs) {
  const file = path.join(root, output.file);
  const wanted = await output.content();
  const present = await readFile(file, 'utf8').catch(() => undefined);
  if (present === wanted) continue;
  stale.push(output.file);
  if (check) continue;
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, wanted);
}

if (check && stale.length > 0) {
  console.error(`Out of date: ${stale.join(', ')}\nRun: npm run generate`);
  process.exitCode = 1;
} else {
  for (const file of stale) console.error(`wrote ${file}`);
}
