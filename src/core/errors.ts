/**
 * An expected failure of the call, the set-up or the world: shown to people as message and help, without a stack. A
 * bug is any other error, and keeps its stack. Which exit code a failure gives is decided by `cli/exit-codes.ts` alone.
 */
export abstract class ShotlistError extends Error {
  /** Advice on what to do about it, one step a line; undefined where the message says it all. */
  readonly help: string | undefined;

  constructor(message: string, options: { help?: string | undefined; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.help = options.help;
  }
}

/** The call is wrong: a flag, an argument, or a combination of them. */
export class UsageError extends ShotlistError {}

/** The set-up is wrong: no key, key refused, balance empty, wrong base URL, a file that cannot be read or written. */
export class SetupError extends ShotlistError {}

/** The ledger cannot be used: corrupt, from a newer release, read-only, on a full disk, held by another process. */
export class LedgerError extends ShotlistError {}

/** Nothing was sent, on purpose: not confirmed, over budget, or the plan is out of date. */
export class StoppedError extends ShotlistError {}

/** Nothing was sent, because nobody said that it may be. */
export class NotConfirmedError extends StoppedError {}

/** Only a plan that an approver signed may be sent, and this is none. Nothing was sent. */
export abstract class NotApprovedError extends StoppedError {}

/** Nobody signed it. */
export class UnsignedError extends NotApprovedError {}

/** The plan is not as it was signed, or what stands beside it is no signature. */
export class BadSignatureError extends NotApprovedError {}

/** The signer is none of the approvers. */
export class UnknownSignerError extends NotApprovedError {}

/** It was signed, and may not be sent any more. */
export class ApprovalExpiredError extends NotApprovedError {}

/** All that it approves was sent before. */
export class PlanSpentError extends NotApprovedError {}

/** A person stopped the work. */
export class InterruptedError extends ShotlistError {}

/** The manifest has lint errors, so nothing that depends on it can go on. */
export class LintFailedError extends ShotlistError {}

/** Returns the name that the operating system or Node.js gives a failure, such as `ENOENT`; undefined for any other error. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Ledger, prices or manifest have changed since the plan was approved. Nothing was sent. */
export class PlanOutOfDateError extends StoppedError {}
