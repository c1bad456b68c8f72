import type { LintResult } from '../lint/lint.ts';
import type { Plan, PlanReason } from '../plan/model.ts';
import type { Report, ReportRow } from '../report/model.ts';
import type { FollowUp } from './follow-up.ts';
import type { FailureCode } from './refusal.ts';
import { command } from './shell.ts';

/** One thing to do next, for scripts and agents. Lists of them have the safest first. */
export interface NextAction {
  /** The command of the program; the server for agents has a tool of that name where an agent may do it. */
  readonly action: string;
  /** The whole command, ready for a POSIX shell. */
  readonly command: string;
  readonly why: string;
  /** Whether it can cost money. */
  readonly pays: boolean;
  /** Whether it is for a person to do, or to decide. */
  readonly needsPerson: boolean;
}

interface Manner {
  readonly pays?: boolean;
  readonly needsPerson?: boolean;
}

function next(words: string, why: string, { pays = false, needsPerson = false }: Manner = {}): NextAction {
  const [, action = 'help'] = words.split(' ');
  return { action, command: words, why, pays, needsPerson };
}

const decides: Manner = { needsPerson: true };
const decidesToPay: Manner = { pays: true, needsPerson: true };

/** What follows a lint of these files, as they were named. */
export function afterLint(
  { diagnostics, summary }: Pick<LintResult, 'diagnostics' | 'summary'>,
  files: readonly string[],
): readonly NextAction[] {
  const again = command('lint', ...files);
  const [first] = files;
  const isMendable = diagnostics.some(({ fixable }) => fixable);
  const fix = isMendable ? [next(`${again} --fix`, 'mend what has one right answer')] : [];
  if (summary.errors > 0) {
    return [...fix, next(again, 'mend the errors, as their help says, and look again')];
  }
  return [
    ...fix,
    ...(first === undefined ? [] : [next(command('plan', first), 'see what a run would send')]),
  ];
}

export interface PlanSurroundings {
  readonly followUp: FollowUp;
  /** Whether the manifest names approvers. */
  readonly needsApproval: boolean;
  /** The file that the plan was saved to, or opened from; null for none. */
  readonly savedAs: string | null;
}

/** What follows a look at a plan. */
export function afterPlan(plan: Plan, surroundings: PlanSurroundings): readonly NextAction[] {
  const { followUp } = surroundings;
  const has = (reason: PlanReason): boolean => plan.requests.some((request) => request.reason === reason);
  const renamed = plan.requests.find(({ paidAs }) => paidAs !== undefined);
  const actions: NextAction[] = [];
  if (has('inDoubt')) actions.push(settle(followUp));
  if (renamed?.paidAs !== undefined) {
    const isHere = renamed.paidAs.project === plan.project;
    const [from, to] = isHere ? [renamed.paidAs.key, renamed.key] : [renamed.paidAs.project, plan.project];
    actions.push(
      next(
        followUp('adopt', from, to),
        `say whether ${from} is ${to} now: it was paid under that name`,
        decides,
      ),
    );
  }
  if (plan.summary.submit > 0) actions.push(...toSend(surroundings));
  else if (has('submitted')) actions.push(fetch(followUp));
  if (has('failed') || has('refused')) actions.push(again(followUp));
  return actions;
}

/** What follows a report, or a status. */
export function afterReport(
  { rows }: Pick<Report, 'rows'>,
  surroundings: PlanSurroundings,
): readonly NextAction[] {
  const { followUp } = surroundings;
  const of = (...states: readonly ReportRow['status'][]): boolean =>
    rows.some(({ status, superseded }) => states.includes(status) && (!superseded || status === 'inDoubt'));
  const isOpen = rows.some(
    ({ status, file }) =>
      status === 'queued' || status === 'processing' || (status === 'completed' && file === null),
  );
  const actions: NextAction[] = [];
  if (isOpen) actions.push(fetch(followUp));
  if (of('inDoubt')) actions.push(settle(followUp));
  if (of('pending')) actions.push(next(followUp('plan'), 'see what a run would send of what is pending'));
  if (of('failed', 'refused')) actions.push(again(followUp));
  return actions;
}

/** What follows the approval of a plan. @param run the command that sends it. */
export function afterApproval(run: string): readonly NextAction[] {
  return [next(run, 'send what was approved, once', { pays: true })];
}

/** What follows a look at the ledger or at the set-up, by whether all is well. */
export function afterChecks(isWell: boolean, again: string, plan: string | null): readonly NextAction[] {
  if (!isWell) return [next(again, 'mend what is listed, as its help says, and look again', decides)];
  return plan === null ? [] : [next(plan, 'see what a run would send')];
}

/**
 * What follows a refusal.
 *
 * @param file the manifest or plan that was named; undefined where none was.
 */
export function afterRefusal(code: FailureCode, file: string | undefined): readonly NextAction[] {
  const onFile = (name: string, ...words: readonly string[]): string =>
    command(name, ...(file === undefined ? ['--help'] : [file, ...words]));
  const isPlan = file !== undefined && /\.json$/i.test(file);
  const newPlan = next(
    isPlan ? command('plan', '--help') : onFile('plan', '--out', 'plan.json'),
    'make a new plan with `plan --out`, and look at it',
  );
  const approve = next(
    command('approve', isPlan ? file : 'plan.json'),
    'have a person look at the plan and approve it',
    decides,
  );
  switch (code) {
    case 'lint':
      return [next(onFile('lint'), 'mend the errors, as their help says, and look again')];
    case 'unsigned':
      return isPlan ? [approve] : [newPlan, approve];
    case 'badSignature':
    case 'unknownSigner':
    case 'approvalExpired':
      return [approve];
    case 'planSpent':
    case 'planOutOfDate':
      return [newPlan];
    case 'notConfirmed':
      return [
        next(onFile('plan'), 'see what would be sent'),
        next(onFile('run', '--yes'), 'send it, once somebody has said that it may be', decidesToPay),
      ];
    case 'overBudget':
      return [
        next(
          onFile('plan'),
          'see what would be sent, and choose less of it; a person decides on more',
          decides,
        ),
      ];
    case 'resolution':
    case 'taskDiffers':
    case 'stopped':
    case 'interrupted':
      return [next(onFile('status'), 'see where every request stands')];
    case 'ledger':
    case 'upload':
    case 'setup':
      return [next(onFile('doctor'), 'see what is wrong with the set-up, and what to do about it')];
    case 'usage':
    case 'failed':
      return [next(command('help'), 'see how the commands are called')];
  }
}

function toSend({ followUp, needsApproval, savedAs }: PlanSurroundings): readonly NextAction[] {
  const file = savedAs ?? 'plan.json';
  if (!needsApproval) {
    return savedAs === null
      ? [next(followUp('run'), 'send it, once somebody has said that it may be', decidesToPay)]
      : [
          next(
            command('run', savedAs),
            'send exactly this plan, once somebody has looked at it',
            decidesToPay,
          ),
        ];
  }
  return [
    ...(savedAs === null
      ? [next(followUp('plan', '--out', file), 'save the plan, for a person to approve')]
      : []),
    next(command('approve', file), 'have a person look at the plan and approve it', decides),
    next(command('run', file), 'send what was approved, once', { pays: true }),
  ];
}

function settle(followUp: FollowUp): NextAction {
  return next(
    followUp('resolve'),
    'look at the provider for what is in doubt, and say what became of it: it may have been paid for',
    decides,
  );
}

function fetch(followUp: FollowUp): NextAction {
  return next(followUp('collect'), 'wait for the tasks, and save their clips: result URLs live about a day');
}

function again(followUp: FollowUp): NextAction {
  return next(
    followUp('run', '--retry-failed'),
    'mend what failed or was refused, or submit it as it is, and pay for it again',
    decidesToPay,
  );
}
