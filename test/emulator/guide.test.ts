import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describeFailures, parseFailures } from '../../src/emulator/failures.ts';
import { parseLatency } from '../../src/emulator/latency.ts';
import { startRig } from './rig.ts';

const guide = readFileSync(new URL('../../docs/emulator.md', import.meta.url), 'utf8');

function written(flag: string): string[] {
  return [...guide.matchAll(new RegExp(`${flag} (?:'([^']+)'|([\\w.-]+))`, 'g'))].map(
    ([, quoted, bare]) => quoted ?? bare ?? '',
  );
}

describe('the guide to the emulator', () => {
  it('shows the list of failures as the program prints it', () => {
    expect(guide).toContain(`\`\`\`text\n${describeFailures().trimEnd()}\n\`\`\``);
  });

  it('shows only failures and delays that the program takes', () => {
    const failures = written('--fail').map(parseFailures);
    expect(failures.length).toBeGreaterThanOrEqual(8);
    for (const delay of [...written('--latency'), ...written('--task-time')]) parseLatency(delay);
  });

  it('shows the books with the fields that they have', async () => {
    const { create, get, emulator } = await startRig();
    await create();
    const shown = /```json\n(.*?)\n```/s.exec(guide)?.[1] ?? '';
    const books = await get(emulator.booksUrl);
    expect(fields(JSON.parse(shown))).toEqual(fields(books.json));
  });

  /** The names of every field, at every depth. */
  function fields(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(fields);
    if (typeof value !== 'object' || value === null) return null;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, fields(inner)]));
  }
});
