import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gather, problemsOf, readFragment } from './changes/fragments.ts';

/**
 * Gathers the fragments of `changes/` into the newest release of CHANGELOG.md, and removes them. With `--check` it changes
 * nothing, and fails where a fragment is not well-formed.
 */
const root = path.resolve(import.meta.dirname, '..');
const folder = path.join(root, 'changes');
const changelog = path.join(root, 'CHANGELOG.md');
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.md') && name !== 'README.md')
  .sort();
const texts = new Map(names.map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]));
const problems = [...texts].flatMap(([name, text]) =>
  problemsOf(text).map((problem) => `changes/${name}: ${problem}`),
);

if (problems.length > 0) {
  console.error(problems.join('\n'));
  console.error(
    'A fragment is a line `### Section`, an empty line, and items that begin with `- `; see CONTRIBUTING.md.',
  );
  process.exitCode = 1;
} else if (!process.argv.includes('--check')) {
  const fragments = [...texts.values()].flatMap(readFragment);
  writeFileSync(changelog, gather(readFileSync(changelog, 'utf8'), fragments));
  for (const name of names) rmSync(path.join(folder, name));
  console.log(`${names.length} fragments gathered into CHANGELOG.md`);
}
