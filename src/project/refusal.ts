import { count } from '../core/count.ts';
import {
  ApprovalExpiredError,
  BadSignatureError,
  InterruptedError,
  LedgerError,
  LintFailedError,
  NotConfirmedError,
  PlanOutOfDateError,
  PlanSpentError,
  SetupError,
  ShotlistError,
  StoppedError,
  UnknownSignerError,
  UnsignedError,
  UsageError,
} from '../core/errors.ts';
import { BudgetError, ResolutionError } from '../ledger/model/failures.ts';
import type { LintResult } from '../lint/lint.ts';
import type { ProjectContext } from './context.ts';
import { type TaskDifference, TaskDiffersError } from './task-differences.ts';
import { UploadError } from './upload-error.ts';

/** Work that goes no further because of what the lint found. */
export class ManifestRefusedError extends LintFailedError {
  readonly findings: Pick<LintResult, 'diagnostics' | 'summary'>;

  constructor(message: string, help: string, findings: Pick<LintResult, 'diagnostics' | 'summary'>) {
    super(message, { help });
    this.findings = findings;
  }
}

/** @throws ManifestRefusedError while the manifest has errors: nothing that costs depends on it then. */
export function refuseLintErrors({ linted, result }: Pick<ProjectContext, 'linted' | 'result'>): void {
  refuseErrors(linted.manifest.source.file, result);
}

/** @param file the manifest, as it was named. @throws ManifestRefusedError where it has errors. */
export function refuseErrors(file: string, result: LintResult): void {
  if (result.summary.errors > 0) throw manifestRefused(file, result);
}

export function manifestRefused(file: string, result: LintResult): ManifestRefusedError {
  return new ManifestRefusedError(
    `${file} has ${count(result.summary.errors, 'error')}: nothing was sent`,
    'mend what is listed above; `shotlist lint` shows the same list',
    result,
  );
}

/** One kind of expected failure, and what programs call it. */
interface FailureKind<Code extends string> {
  readonly type: abstract new (...args: never[]) => ShotlistError;
  readonly code: Code;
  readonly meaning: string;
}

/** Every kind, the more special before the more general; docs/cli.md repeats them. */
export const failureKinds = [
  kind(LintFailedError, 'lint', 'the manifest has errors; `diagnostics` and `summary` as in `lint`'),
  kind(BudgetError, 'overBudget', 'the plan would cross a limit'),
  kind(PlanOutOfDateError, 'planOutOfDate', 'what a saved plan was approved against has moved'),
  kind(NotConfirmedError, 'notConfirmed', 'nobody confirmed that it may be sent'),
  kind(TaskDiffersError, 'taskDiffers', 'a task is not what was asked for; `differences` says in what'),
  kind(
    UnsignedError,
    'unsigned',
    'the manifest names approvers, and none of them signed what was to be sent',
  ),
  kind(BadSignatureError, 'badSignature', 'the plan is not as it was signed'),
  kind(UnknownSignerError, 'unknownSigner', 'the plan was signed by somebody who is no approver'),
  kind(ApprovalExpiredError, 'approvalExpired', 'the approval of the plan is over'),
  kind(PlanSpentError, 'planSpent', 'all that the plan approves was sent before'),
  kind(ResolutionError, 'resolution', 'a decision that does not fit what the ledger knows'),
  kind(StoppedError, 'stopped', 'stopped on purpose for another reason'),
  kind(UploadError, 'upload', 'local files could not be uploaded, and nothing was sent'),
  kind(UsageError, 'usage', 'the call is wrong'),
  kind(LedgerError, 'ledger', 'the ledger or the journal cannot be used'),
  kind(SetupError, 'setup', 'another part of the set-up is wrong: key, base URL, a file'),
  kind(InterruptedError, 'interrupted', 'a person stopped it'),
  kind(ShotlistError, 'failed', 'anything else'),
] as const;

function kind<const Code extends string>(
  type: FailureKind<Code>['type'],
  code: Code,
  meaning: string,
): FailureKind<Code> {
  return { type, code, meaning };
}

/** The code of an expected failure, for programs. */
export type FailureCode = (typeof failureKinds)[number]['code'];

/** A failure as programs get it; the names are those of reports and of findings. */
export interface Refusal {
  readonly errorCode: FailureCode;
  readonly error: string;
  /** Advice on what to do about it, one step a line. */
  readonly help: string | null;
  /** Findings of the lint, where it found errors. */
  readonly diagnostics?: LintResult['diagnostics'] | undefined;
  readonly summary?: LintResult['summary'] | undefined;
  /** The ways in which a task is not what was asked for. */
  readonly differences?: readonly TaskDifference[] | undefined;
}

/** The code of an expected failure; undefined for a bug, which keeps its stack. */
export function failureCode(error: unknown): FailureCode | undefined {
  return failureKinds.find(({ type }) => error instanceof type)?.code;
}

/** An expected failure as plain data, for callers that pass it on. */
export function refusalOf(error: ShotlistError): Refusal {
  const { diagnostics, summary } =
    error instanceof ManifestRefusedError ? error.findings : { diagnostics: undefined, summary: undefined };
  const differences = error instanceof TaskDiffersError ? error.differences : undefined;
  return {
    errorCode: failureCode(error) ?? 'failed',
    error: error.message,
    help: error.help ?? null,
    diagnostics,
    summary,
    differences,
  };
}
