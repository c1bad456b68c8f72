import type { LedgerError } from '../core/errors.ts';
import type { SpoolReport } from '../ledger/spool/spool.ts';
import { type Emit, warn } from './events.ts';

/** Tells what became of an answer that an earlier run could not record. */
export function tellSpooled(emit: Emit, report: SpoolReport): void {
  emit({ type: 'spooled', report });
  const { file, result, key, taskId } = report;
  if (result !== 'left') return;
  if (key === null) {
    warn(
      emit,
      'spoolLeft',
      `${file} holds an answer that could not be recorded, and cannot be read`,
      'look for a task id in it, settle its request with `shotlist resolve`, then remove the file',
    );
    return;
  }
  const answer = taskId === null ? 'another answer' : `the task ${taskId}`;
  // The request may be another manifest's, of which only the shared ledger knows.
  warn(
    emit,
    'spoolLeft',
    `${file} says that ${key} got ${answer} than the ledger has`,
    `compare it with \`shotlist history <manifest> ${key}\`, then remove the file`,
  );
}

/** Tells that a ledger still does not take what an earlier run could not record. */
export function tellSpoolWaits(emit: Emit, folder: string, error: LedgerError): void {
  warn(
    emit,
    'spoolWaits',
    `what an earlier run could not record is not in the ledger yet: ${error.message}`,
    `it is kept in ${folder}, and is taken in once the ledger can be written`,
  );
}
