import { LedgerError } from '../core/errors.ts';
import type { SpoolReport } from '../ledger/spool.ts';
import type { CommandCall } from './command.ts';

/**
 * Takes in the answers that an earlier run could not record, before anything is planned or shown on the ledger's word: a
 * request whose id is known must not be shown as in doubt. A ledger that still takes nothing is no reason not to look;
 * whatever sends opens it again, and stops there.
 */
export async function takeInSpool({ io, verbosity }: CommandCall, ledgerFile: string): Promise<void> {
  const { spoolFolder, spoolWaits } = await import('../ledger/spool.ts');
  if (!spoolWaits(ledgerFile)) return;
  const { openLedger } = await import('../ledger/sqlite.ts');
  const onSpooled = (report: SpoolReport): void => {
    const line = spoolLine(report, verbosity === 'quiet');
    if (line !== null) io.stderr.write(line);
  };
  try {
    const ledger = await openLedger(ledgerFile, { clock: io.clock, onSpooled });
    await ledger.close();
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    io.stderr.write(
      `warning what an earlier run could not record is not in the ledger yet: ${error.message}\n  help it is kept in ${spoolFolder(ledgerFile)}, and is taken in once the ledger can be written\n`,
    );
  }
}

/** Null for what needs nobody's attention. */
function spoolLine({ file, result, key, taskId }: SpoolReport, quiet: boolean): string | null {
  const what = taskId === null ? 'the answer to it' : `its task ${taskId}`;
  switch (result) {
    case 'known':
      return null;
    case 'recorded':
      return quiet
        ? null
        : `${key}: ${what} could not be recorded by an earlier run, and is in the ledger now\n`;
    case 'left':
      return key === null
        ? `warning ${file} holds an answer that could not be recorded, and cannot be read\n  help look for a task id in it, settle its request with \`shotlist resolve\`, then remove the file\n`
        : `warning ${file} says that ${key} got ${taskId === null ? 'another answer' : `the task ${taskId}`} than the ledger has\n  help compare it with \`shotlist history <manifest> ${key}\`, then remove the file\n`;
  }
}
