import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { type OpenLedgerOptions, openLedger } from '../../src/ledger/open-ledger.ts';
import { TestClock } from './samples.ts';

/** A folder of its own for one test. */
export async function tempFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'shotlist-ledger-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Opens a ledger that is closed when the test is over. Waits for other processes are short. */
export async function open(file: string, options: Partial<OpenLedgerOptions> = {}): Promise<Ledger> {
  const ledger = await openLedger(file, { clock: new TestClock(), busyTimeoutMs: 50, ...options });
  onTestFinished(() => ledger.close());
  return ledger;
}
