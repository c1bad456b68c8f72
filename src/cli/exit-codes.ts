import {
  InterruptedError,
  LedgerError,
  LintFailedError,
  NotConfirmedError,
  SetupError,
  ShotlistError,
  StoppedError,
  UsageError,
} from '../core/errors.ts';
import { BudgetError, ResolutionError } from '../ledger/model/failures.ts';
import { PlanOutOfDateError } from '../plan/out-of-date.ts';

/** What the exit code of every command means; `--help` and docs/cli.md repeat it. */
export const exitCodes = {
  ok: { code: 0, meaning: 'all well' },
  problems: {
    code: 1,
    meaning:
      'the work has problems: lint errors, or a selected request refused, failed, of unknown outcome or still pending',
  },
  setup: {
    code: 2,
    meaning:
      'the call or the set-up is wrong: usage, unreadable file, no key, key refused, balance empty, wrong base URL, ledger unusable',
  },
  stopped: {
    code: 3,
    meaning:
      'stopped on purpose: over budget, plan out of date, not confirmed, or --exit-code with work to do',
  },
  stillRunning: { code: 4, meaning: 'still running: a wait timed out with tasks unfinished' },
  interrupted: { code: 130, meaning: 'interrupted' },
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]['code'];

/** One kind of expected failure: what it is called in JSON, what it means, and the exit code that it gives. */
interface Failure {
  readonly type: abstract new (...args: never[]) => ShotlistError;
  readonly name: string;
  readonly meaning: string;
  readonly code: ExitCode;
}

/** Every kind, the more special before the more general; docs/cli.md repeats them. */
export const failures = [
  failure(
    LintFailedError,
    'lint',
    'the manifest has errors; `diagnostics` and `summary` as in `lint`',
    'problems',
  ),
  failure(BudgetError, 'overBudget', 'the plan would cross a limit', 'stopped'),
  failure(PlanOutOfDateError, 'planOutOfDate', 'what a saved plan was approved against has moved', 'stopped'),
  failure(NotConfirmedError, 'notConfirmed', 'nobody confirmed that it may be sent', 'stopped'),
  failure(ResolutionError, 'resolution', 'a decision that does not fit what the ledger knows', 'stopped'),
  failure(StoppedError, 'stopped', 'stopped on purpose for another reason', 'stopped'),
  failure(UsageError, 'usage', 'the call is wrong', 'setup'),
  failure(LedgerError, 'ledger', 'the ledger or the journal cannot be used', 'setup'),
  failure(SetupError, 'setup', 'another part of the set-up is wrong: key, base URL, a file', 'setup'),
  failure(InterruptedError, 'interrupted', 'a person stopped it', 'interrupted'),
  failure(ShotlistError, 'failed', 'anything else', 'problems'),
] as const;

function failure<const Name extends string>(
  type: Failure['type'],
  name: Name,
  meaning: string,
  code: keyof typeof exitCodes,
): Failure & { readonly name: Name } {
  return { type, name, meaning, code: exitCodes[code].code };
}

/** What kind of expected failure an error is; undefined for a bug, which keeps its stack. */
export function failureOf(error: unknown): (typeof failures)[number] | undefined {
  return failures.find(({ type }) => error instanceof type);
}
