import type { CommandCall } from '../cli/command.ts';
import type { Io } from '../cli/io.ts';
import { warn } from '../cli/warning.ts';
import { LedgerError } from '../core/errors.ts';
import type { SpoolReport } from '../ledger/spool/spool.ts';

/**
 * Takes in the answers that an earlier run could not record, before anything is planned or shown on the ledger's word: a
 * request whose id is known must not be shown as in doubt. A ledger that still takes nothing is no reason not to look;
 * whatever sends opens it again, and stops there.
 */
export async function takeInSpool({ io, verbosity }: CommandCall, ledgerFile: string): Promise<void> {
  const { spoolFolder, spoolWaits } = await import('../ledger/spool/spool.ts');
  if (!spoolWaits(ledgerFile)) return;
  const { openLedger } = await import('../ledger/open-ledger.ts');
  const onSpooled = (report: SpoolReport): void => tell(io, report, verbosity === 'quiet');
  try {
    const ledger = await openLedger(ledgerFile, { clock: io.clock, onSpooled });
    await ledger.close();
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    warn(
      io,
      `what an earlier run could not record is not in the ledger yet: ${error.message}`,
      `it is kept in ${spoolFolder(ledgerFile)}, and is taken in once the ledger can be written`,
    );
  }
}

function tell(io: Io, { file, result, key, taskId }: SpoolReport, quiet: boolean): void {
  if (result === 'recorded' && !quiet) {
    const what = taskId === null ? 'the answer to it' : `its task ${taskId}`;
    io.stderr.write(`${key}: ${what} could not be recorded by an earlier run, and is in the ledger now\n`);
  }
  if (result !== 'left') return;
  if (key === null) {
    warn(
      io,
      `${file} holds an answer that could not be recorded, and cannot be read`,
      'look for a task id in it, settle its request with `shotlist resolve`, then remove the file',
    );
    return;
  }
  const answer = taskId === null ? 'another answer' : `the task ${taskId}`;
  // The request may be another manifest's, of which only the shared ledger knows.
  warn(
    io,
    `${file} says that ${key} got ${answer} than the ledger has`,
    `compare it with \`shotlist history <manifest> ${key}\`, then remove the file`,
  );
}
