import path from 'node:path';
import type { Clock } from '../core/clock.ts';
import { ledgerBeside } from '../ledger/location.ts';
import type { ProjectFiles } from './files.ts';
import type { LedgerOpener } from './options.ts';

/** Names the journal of a manifest, unless a call names another. */
export function journalBeside(stem: string): string {
  return `${stem}.ledger.jsonl`;
}

export interface PlaceOptions {
  readonly files: ProjectFiles;
  readonly ledgers: LedgerOpener;
  readonly clock: Clock;
}

/**
 * The file beside which the ledger, the journal and the reports of a manifest are: what a link into another folder points
 * to, so that every way to name a manifest leads to what was paid. What was paid beside the link already stays there.
 *
 * @param file absolute.
 */
export async function placeOf(
  file: string,
  project: string,
  { files, ledgers, clock }: PlaceOptions,
): Promise<string> {
  const folder = await files.realPath(path.dirname(file));
  const real = await files.realPath(file);
  if (path.dirname(real) === folder) return file;
  const beside = ledgerBeside(path.dirname(file));
  if (!(await ledgers.exists(beside))) return real;
  const ledger = await ledgers.openForReading(beside, { clock, onSpooled: () => {} });
  const paid = await ledger.exportHistory(project).finally(() => ledger.close());
  return paid.length === 0 ? real : file;
}
