import type { CollectResult } from '../collect/events.ts';
import type { Plan } from '../plan/model.ts';
import { type FailureCode, failureCode, failureKinds } from '../project/refusal.ts';
import type { Report } from '../report/model.ts';
import type { RunResult } from '../run/events.ts';

/** The exit codes of every command, and what each means; `--help` and docs/cli.md repeat it. */
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
      'stopped on purpose: over budget, plan out of date, not confirmed, not approved, or --exit-code with work to do',
  },
  stillRunning: { code: 4, meaning: 'still running: a wait timed out with tasks unfinished' },
  interrupted: { code: 130, meaning: 'interrupted' },
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]['code'];

/** The exit code of each kind of expected failure. */
const codes: Readonly<Record<FailureCode, keyof typeof exitCodes>> = {
  lint: 'problems',
  overBudget: 'stopped',
  planOutOfDate: 'stopped',
  notConfirmed: 'stopped',
  taskDiffers: 'stopped',
  unsigned: 'stopped',
  badSignature: 'stopped',
  unknownSigner: 'stopped',
  approvalExpired: 'stopped',
  planSpent: 'stopped',
  resolution: 'stopped',
  stopped: 'stopped',
  upload: 'problems',
  usage: 'setup',
  ledger: 'setup',
  setup: 'setup',
  interrupted: 'interrupted',
  failed: 'problems',
};

/** Every kind of expected failure with its exit code; docs/cli.md repeats them. */
export const failures = failureKinds.map(({ code: name, meaning }) => ({
  name,
  meaning,
  code: exitCodes[codes[name]].code,
}));

/** The exit code of an expected failure; undefined for a bug, which keeps its stack. */
export function exitCodeOf(error: unknown): ExitCode | undefined {
  const code = failureCode(error);
  return code === undefined ? undefined : exitCodes[codes[code]].code;
}

/** Judged by every request that the call selected, whether or not this run sent it. */
export function exitCodeAfterRun(result: RunResult | null, plan: Plan, report: Report): ExitCode {
  switch (result?.stopped?.reason) {
    case 'interrupted':
      return exitCodes.interrupted.code;
    case 'provider':
      return exitCodes.setup.code;
    default: {
      const selected = new Map(plan.requests.map(({ key, fingerprint }) => [key, fingerprint]));
      const fine = new Set(['queued', 'processing', 'completed', 'abandoned', 'sending']);
      const problem = report.rows.some(
        (row) => selected.get(row.key) === row.fingerprint && !fine.has(row.status),
      );
      // A request that a live run was sending when this one planned is that run's, as what it takes afterwards is.
      const blocked = plan.requests.some(
        ({ action, reason }) => action === 'blocked' && reason !== 'sending',
      );
      return problem || blocked ? exitCodes.problems.code : exitCodes.ok.code;
    }
  }
}

/** Judged by every request that is selected and was sent, whether or not this collect looked at it. */
export function exitCodeAfterCollect(
  result: CollectResult,
  report: Report,
  isSelected: ((key: string) => boolean) | null,
): ExitCode {
  switch (result.stopped?.reason) {
    case 'interrupted':
      return exitCodes.interrupted.code;
    case 'provider':
    case 'disk':
      return exitCodes.setup.code;
  }
  if (result.running > 0 || result.stopped?.reason === 'timeout') return exitCodes.stillRunning.code;
  const needsPerson = report.rows.some(
    ({ key, status, superseded }) =>
      (isSelected === null || isSelected(key)) &&
      (status === 'inDoubt' || (!superseded && (status === 'failed' || status === 'refused'))),
  );
  return needsPerson || result.problems.length > 0 ? exitCodes.problems.code : exitCodes.ok.code;
}
