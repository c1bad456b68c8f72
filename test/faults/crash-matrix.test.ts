import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CellResult, runCell } from './matrix.ts';
import { type Provider, startProvider } from './program.ts';
import { steps } from './steps.ts';
import { printedTable, withTable } from './table.ts';

const page = path.resolve(import.meta.dirname, '../../docs/spend-safety.md');
const results: CellResult[] = [];
let folder: string;
let provider: Provider;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'shotlist-crashes-'));
  provider = await startProvider([], folder);
});
afterAll(async () => {
  await provider.stop();
  await rm(folder, { recursive: true, force: true });
});

const cells = steps.flatMap((step, index) =>
  [1, 8].flatMap((inFlight) =>
    inFlight > 1 && step.many.length === 0 ? [] : { step, inFlight, project: `c${index}-${inFlight}` },
  ),
);

describe.concurrent('promises 1 to 5: whatever dies, nothing is paid for twice and no paid task is lost', () => {
  it.each(cells)('killed $step.name, with $inFlight in flight', { timeout: 280_000 }, async (cell) => {
    const result = await runCell({ ...cell, folder, provider });
    results.push(result);
  });
});

describe('the crash matrix', () => {
  it('kills at least three hundred times', () => {
    expect(results).toHaveLength(cells.length);
    expect(results.reduce((sum, { kills }) => sum + kills, 0)).toBeGreaterThanOrEqual(300);
  });

  it('is the table of docs/spend-safety.md', async () => {
    console.log(printedTable(results));
    const text = await readFile(page, 'utf8');
    await expect(withTable(text, results)).toMatchFileSnapshot(page);
  });
});

describe('the harness', () => {
  const at = (wire: string) => {
    const step = steps.find((candidate) => 'wire' in candidate.at && candidate.at.wire === wire);
    if (step === undefined) throw new Error(`no step at ${wire}`);
    return step;
  };

  it('notices a program that does not keep its claims', async () => {
    const broken = runCell({
      step: at('wholeRequest'),
      inFlight: 1,
      project: 'no-claims',
      folder,
      provider,
      broken: 'claim',
    });
    await expect(broken).rejects.toThrow(/is lost|went out on the wire without a claim/);
  });

  it('notices a program that does not keep the ids that it was given', async () => {
    const kept = steps.find(({ at }) => 'process' in at && at.process === 'end:committed');
    if (kept === undefined) throw new Error('no such step');
    const broken = runCell({
      step: kept,
      inFlight: 1,
      project: 'no-ids',
      folder,
      provider,
      broken: 'answer',
    });
    await expect(broken).rejects.toThrow(/came into doubt/);
  });
});
