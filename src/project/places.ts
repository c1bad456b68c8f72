import { realpath } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../core/clock.ts';
import { ledgerBeside, ledgerExists, openLedgerForReading } from '../ledger/open-ledger.ts';

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
  const location = ledgerBeside(path.dirname(file));
  if (!(await ledgerExists(location))) return real;
  const ledger = await openLedgerForReading(location, { clock });
  const paid = await ledger.exportHistory(project).finally(() => ledger.close());
  return paid.length === 0 ? real : file;
}
