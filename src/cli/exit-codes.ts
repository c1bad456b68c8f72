import {
  InterruptedError,
  LedgerError,
  LintFailedError,
  SetupError,
  ShotlistError,
  StoppedError,
  UsageError,
} from '../core/errors.ts';

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

/** The exit code of an expected failure; undefined for a bug, which keeps its stack. */
export function exitCodeOf(error: unknown): ExitCode | undefined {
  if (!(error instanceof ShotlistError)) return undefined;
  if (error instanceof LintFailedError) return exitCodes.problems.code;
  if (error instanceof InterruptedError) return exitCodes.interrupted.code;
  if (error instanceof StoppedError) return exitCodes.stopped.code;
  if (error instanceof UsageError || error instanceof SetupError || error instanceof LedgerError) {
    return exitCodes.setup.code;
  }
  return exitCodes.problems.code;
}
