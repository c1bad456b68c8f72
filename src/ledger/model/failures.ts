import { LedgerError, StoppedError } from '../../core/errors.ts';

/** A request moved between plan and claim: another run, or a person, was faster. */
export class ClaimLostError extends StoppedError {
  readonly key: string;
  constructor(key: string, message: string, options: { help?: string; cause?: unknown } = {}) {
    super(message, options);
    this.key = key;
  }
}

/** Sending the plan would cross a limit of the manifest's budget. Nothing was sent. */
export class BudgetError extends StoppedError {}

/** A person's decision does not fit what the ledger knows. */
export class ResolutionError extends StoppedError {}

/** An answer could not be written to the ledger. */
export class UnrecordedError extends LedgerError {
  /** The id that came back, so that it can be shown; null where the answer carried none. */
  readonly taskId: string | null;
  /** The file that the answer was put in instead; null where that failed as well. */
  readonly spoolFile: string | null;
  constructor(
    message: string,
    details: { taskId: string | null; spoolFile: string | null; help?: string; cause?: unknown },
  ) {
    super(message, details);
    this.taskId = details.taskId;
    this.spoolFile = details.spoolFile;
  }
}
