import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../core/clock.ts';

/** Where the ledger of a folder's manifests is, unless another one is named; absolute where the folder is. */
export function ledgerIn(folder: string): string {
  return path.join(folder, '.shotlist', 'ledger.db');
}

/**
 * The file beside which the ledger, the journal and the reports of a manifest are: what a link into another folder points
 * to, so that every way to name a manifest leads to what was paid. What was paid beside the link already stays there.
 *
 * @param file absolute.
 */
export async function placeOf(file: string, project: string, clock: Clock): Promise<string> {
  const folder = await realpath(path.dirname(file)).catch(() => path.dirname(file));
  const real = await realpath(file).catch(() => file);
  if (path.dirname(real) === folder) return file;
  const ledgerFile = ledgerIn(path.dirname(file));
  if (!existsSync(ledgerFile)) return real;
  const { openLedgerForReading } = await import('../ledger/open-ledger.ts');
  const ledger = await openLedgerForReading(ledgerFile, { clock });
  const paid = await ledger.exportHistory(project).finally(() => ledger.close());
  return paid.length === 0 ? real : file;
}
