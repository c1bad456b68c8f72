import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

/** The rows of docs/spend-safety.md that name a test. */
const rows = readFileSync(path.join(root, 'docs/spend-safety.md'), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, promise, file, test] = /^\| (.*?) \| `(test\/\S+\.test\.ts)` \| (.*) \|$/.exec(line) ?? [];
    return promise === undefined || file === undefined || test === undefined ? [] : [{ promise, file, test }];
  });

it('each promise of docs/spend-safety.md has the test that it names', () => {
  expect(rows.length).toBeGreaterThanOrEqual(26);
  const lost = rows.filter(({ file, test }) => !readFileSync(path.join(root, file), 'utf8').includes(test));
  expect(lost).toEqual([]);
});
