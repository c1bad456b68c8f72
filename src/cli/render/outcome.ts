import pc from 'picocolors';
import type { BudgetStanding } from '../../plan/budget.ts';
import type { Plan, PlanReason } from '../../plan/model.ts';
import type { FollowUp } from '../../project/follow-up.ts';
import type { Report, ReportRow } from '../../report/model.ts';
import type { RunResult } from '../../run/events.ts';
import { budgetLine } from './budget.ts';
import { renameHint } from './plan.ts';
import { columns, count, money, number } from './text.ts';

export interface Outcome {
  readonly color: boolean;
  readonly plan: Plan;
  /** Commands for the manifest that was sent. */
  readonly followUp: FollowUp;
  readonly report: Report;
  /** null where there was nothing to submit. */
  readonly result: RunResult | null;
  /** Keys that another run took, or a person settled, between plan and claim. */
  readonly lost?: readonly string[];
  readonly budget?: BudgetStanding | undefined;
  /** The report files that were written. */
  readonly written: readonly string[];
  /** The run waited for its tasks, and says itself what to do about their clips. */
  readonly collected?: boolean;
}

/** Rows of one kind that are listed before the rest is only counted. */
const listed = 10;

const blockedTexts: Readonly<Partial<Record<PlanReason, string>>> = {
  inDoubt: 'in doubt',
  sending: 'being sent by another run',
  renamed: 'perhaps paid under another name',
};

/** The end of a run: what became of it, what needs a person, and the command to type next. */
export function renderOutcome(outcome: Outcome): string {
  const { color, plan, report, result, written, followUp, collected = false } = outcome;
  const colors = pc.createColors(color);
  const selected = new Map(plan.requests.map(({ key, fingerprint }) => [key, fingerprint]));
  const rows = report.rows.filter(
    (row) => selected.get(row.key) === row.fingerprint || row.status === 'inDoubt',
  );
  const of = (status: ReportRow['status']): readonly ReportRow[] =>
    rows.filter((row) => row.status === status);
  const lines = [
    headline(result, plan, report, colors),
    outcome.budget === undefined ? '' : budgetLine(outcome.budget),
    result?.stopped
      ? `${colors.red('stopped')} ${result.stopped.message}\n${helpLine(stopHelp(result.stopped), colors)}`
      : '',
    problems(
      'not sent',
      of('pending').filter((row) => row.error !== null),
      colors,
    ),
    takenByOthers(outcome.lost ?? [], report, colors),
    sharedTasks(report, followUp, colors),
    // The end of the collect tells what became of the tasks.
    collected ? '' : whatNext({ of, report, plan, followUp, colors }),
    written.length > 0 ? `report: ${written.join(', ')}\n` : '',
  ];
  return lines.join('');
}

type Colors = ReturnType<typeof pc.createColors>;

function stopHelp({ reason, help }: NonNullable<RunResult['stopped']>): string | undefined {
  if (reason !== 'doubt') return help;
  return 'the provider, or the way to it, is in trouble: once it works again, settle what is in doubt, as below, and run again';
}

function headline(result: RunResult | null, plan: Plan, report: Report, colors: Colors): string {
  if (result === null) {
    return plan.summary.blocked > 0
      ? `${colors.bold('Nothing was sent')}: ${count(plan.summary.blocked, 'request')} blocked (${blockedBy(plan)}).\n`
      : `${colors.bold('Nothing to send')}: every selected request has been submitted before.\n`;
  }
  const parts = [
    `${number(result.accepted)} of ${count(result.planned, 'request')} submitted`,
    result.refused > 0 ? `${number(result.refused)} refused` : '',
    result.inDoubt > 0 ? `${number(result.inDoubt)} in doubt` : '',
    result.notSent > 0 ? `${number(result.notSent)} not sent` : '',
    result.lost > 0 ? `${number(result.lost)} left to another run` : '',
  ].filter((part) => part !== '');
  return `${colors.bold(parts.join(', '))}; ${spent(report)}.\n`;
}

/** Lists the requests that another run took, with their state and task as far as the ledger knows. */
function takenByOthers(lost: readonly string[], { rows }: Report, colors: Colors): string {
  if (lost.length === 0) return '';
  const taken = new Set(lost);
  const cells = rows
    .filter(({ key, superseded }) => taken.has(key) && !superseded)
    .map(({ key, status, taskId }) => [
      colors.dim('·'),
      key,
      status,
      taskId === null ? '' : `task ${taskId}`,
    ]);
  const more =
    cells.length > listed
      ? colors.dim(`  … and ${number(cells.length - listed)} more, see the report\n`)
      : '';
  return `\n${colors.bold('taken by another run')}\n${columns(cells.slice(0, listed))}${more}`;
}

/** `in doubt`, or `2 in doubt, 1 perhaps renamed`: also for a call that showed no plan. */
function blockedBy({ requests }: Plan): string {
  const blocked = requests.filter(({ action }) => action === 'blocked').map(({ reason }) => reason);
  const texts = [...new Set(blocked)].map((reason) => {
    const n = blocked.filter((each) => each === reason).length;
    const text = blockedTexts[reason] ?? reason;
    return n === blocked.length ? text : `${number(n)} ${text}`;
  });
  return texts.join(', ');
}

/** `the project has spent 122 CNY`, as far as prices are known. */
function spent({ rows, summary }: Report): string {
  const unpriced = rows.filter(({ cost }) => cost === null).length;
  const known = `the project has spent ${money(summary.cost, summary.currency)}`;
  if (unpriced === 0) return known;
  const unknown = `${count(unpriced, 'request')} without a price in the manifest`;
  return summary.cost === 0 ? `the project has spent ${unknown}` : `${known} and ${unknown}`;
}

export function helpLine(help: string | undefined, colors: Colors): string {
  return help === undefined ? '' : `  ${colors.cyan('help')} ${help.replaceAll('\n', '\n       ')}\n`;
}

/** An id that two requests got is one task: one of them was not made, or nobody can tell which was billed. */
function sharedTasks({ rows }: Report, followUp: FollowUp, colors: Colors): string {
  const keys = new Map<string, string[]>();
  for (const { taskId, key } of rows) {
    if (taskId !== null) keys.set(taskId, [...(keys.get(taskId) ?? []), key]);
  }
  const shared = [...keys].filter(([, of]) => of.length > 1);
  const lines = shared.slice(0, listed).map(([taskId, of]) => {
    const names = `${of.slice(0, -1).join(', ')} and ${of.at(-1)}`;
    return `${colors.yellow('warning')} ${names} got the same task id, ${taskId}: there is one clip for ${of.length} requests\n`;
  });
  if (lines.length === 0) return '';
  const rest =
    shared.length > listed
      ? colors.dim(`  … and ${number(shared.length - listed)} more, see the report\n`)
      : '';
  const help = `look at the provider what was made and billed; what is missing is sent once more with:\n${followUp('run', '--resend', 'KEY')}`;
  return `\n${lines.join('')}${rest}${helpLine(help, colors)}`;
}

type RowsOf = (status: ReportRow['status']) => readonly ReportRow[];

export interface WhatNext {
  /** Rows that the call was about. */
  readonly of: RowsOf;
  readonly report: Report;
  /** Knows what a run would hold back. */
  readonly plan: Plan;
  readonly followUp: FollowUp;
  readonly colors: Colors;
}

/** Lists the requests that need a person, and the commands to type. */
export function whatNext({ of, report, plan, followUp, colors }: WhatNext): string {
  return [
    problems('refused', of('refused'), colors),
    problems('failed', of('failed'), colors),
    problems('in doubt', of('inDoubt'), colors),
    nextSteps(of, plan, followUp),
    fetchStep(report, followUp),
  ].join('');
}

function problems(title: string, rows: readonly ReportRow[], colors: Colors): string {
  if (rows.length === 0) return '';
  const cells = rows
    .slice(0, listed)
    .map((row) => [colors.red('!'), row.key, row.error ?? row.errorCode ?? '']);
  const rest =
    rows.length > listed ? colors.dim(`  … and ${number(rows.length - listed)} more, see the report\n`) : '';
  return `\n${colors.bold(title)}\n${columns(cells)}${rest}`;
}

/** One command for each thing that a person has to decide. */
function nextSteps(of: RowsOf, plan: Plan, followUp: FollowUp): string {
  const steps: string[] = [];
  const doubtful = of('inDoubt');
  if (doubtful.length > 0) {
    const key = (doubtful.length === 1 ? doubtful[0]?.key : undefined) ?? 'KEY';
    steps.push(
      `These may have been paid for, so they are not sent again by themselves. Look for them at the provider (console, bill, support), then:`,
      columns([
        [followUp('resolve', key, '--task-id', 'ID'), 'where a task exists'],
        [followUp('resolve', key, '--not-submitted'), 'where none does'],
      ]).trimEnd(),
    );
  }
  if (of('refused').length + of('failed').length > 0) {
    steps.push(
      `Mend what was refused or failed, or submit it as it is: ${followUp('run', '--retry-failed')}`,
    );
  }
  const adopting = renameHint(plan, followUp).trimEnd();
  if (adopting !== '') steps.push(adopting.replaceAll(/^ +/gm, ''));
  const blocked = new Set(plan.requests.filter(({ action }) => action === 'blocked').map(({ key }) => key));
  if (of('pending').some(({ key }) => !blocked.has(key)))
    steps.push(`Send what is pending: ${followUp('run')}`);
  return steps.length === 0 ? '' : `\n${steps.join('\n')}\n`;
}

/** Submitting is half of the job, and result URLs die. Counts all that the command fetches, whatever the call was about. */
function fetchStep({ rows }: Report, followUp: FollowUp): string {
  const open = rows.filter(
    ({ status, file }) =>
      status === 'queued' || status === 'processing' || (status === 'completed' && file === null),
  );
  const clips = open.length;
  if (clips === 0) return '';
  const gone = open.filter(({ superseded }) => superseded).length;
  const older = gone === 0 ? '' : ` (${number(gone)} of what the manifest no longer asks for)`;
  return `\nWait for ${clips === 1 ? 'the clip' : `the ${number(clips)} clips`}${older} and save ${clips === 1 ? 'it' : 'them'}: ${followUp('collect')}\n`;
}
