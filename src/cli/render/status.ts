import pc from 'picocolors';
import { type RequestState, requestStates } from '../../ledger/ledger.ts';
import type { BudgetStanding } from '../../plan/budget.ts';
import type { FollowUp } from '../../project/follow-up.ts';
import type { Status } from '../../report/status.ts';
import { budgetLine, skippedLine, spentLine } from './budget.ts';
import { renderChoices, renderDisagreements } from './choices.ts';
import { columns, count, money, number } from './text.ts';

const stateTexts: Readonly<Record<RequestState, string>> = {
  pending: 'not sent yet',
  sending: 'a run is sending it',
  inDoubt: 'sent, outcome unknown',
  refused: 'refused by the provider, no task',
  queued: 'waiting at the provider',
  processing: 'being generated',
  completed: 'done',
  failed: 'the task failed',
  abandoned: 'given up by a person',
};

/** Requests that need a person and are listed before the rest is only counted. */
const listed = 20;

/** The facts around a status that its reader needs. */
export interface StatusView {
  /** Number of errors that the lint found. */
  readonly errors: number;
  /** Number of shots that the manifest skips. */
  readonly skippedShots: number;
  readonly budget: BudgetStanding;
  readonly followUp: FollowUp;
  readonly color: boolean;
}

/** The ledger's view for people: states that occur, the cost, and what needs a decision. */
export function renderStatus(
  status: Status,
  { errors, skippedShots, budget, followUp, color }: StatusView,
): string {
  const colors = pc.createColors(color);
  const { summary } = status;
  const states = requestStates
    .filter((state) => summary[state] > 0)
    .map((state) => [number(summary[state]), state, colors.dim(stateTexts[state])]);
  const extras = [
    status.superseded > 0 ? `${number(status.superseded)} of them no longer asked for by the manifest` : '',
    status.unpriced > 0 ? `${number(status.unpriced)} at a price that nobody stated` : '',
  ].filter((part) => part !== '');
  return [
    `${colors.bold(status.project)}  ${colors.dim(status.manifest)}\n\n`,
    columns(states),
    `\n${colors.bold(`${count(summary.total, 'request')}, ${money(summary.cost, summary.currency)} spent`)}${extras.map((part) => `; ${part}`).join('')}.\n`,
    skippedLine(skippedShots),
    spentLine(budget),
    budgetLine(budget),
    renderChoices(status, color),
    listing(status, color),
    renderDisagreements(status.disagreements, followUp, color),
    errors > 0
      ? `The manifest has ${count(errors, 'error')}: a shot that has some stands here as it was sent last.\n`
      : '',
    attention(status, followUp, colors),
  ].join('');
}

/** The requests that a call asks about, a line each. */
function listing({ requests }: Status, color: boolean): string {
  if (requests === undefined) return '';
  const colors = pc.createColors(color);
  const rows = requests.map(({ key, status, decision, reason, title, cost, currency }) => [
    key,
    status,
    decision === 'rejected' ? `rejected: ${reason}` : (decision ?? '–'),
    cost === null ? 'no price' : money(cost, currency),
    title ?? '',
  ]);
  const head = ['key', 'state', 'decision', 'cost', 'title'].map((name) => colors.dim(name));
  return `\n${columns([head, ...rows])}`;
}

function attention(status: Status, followUp: FollowUp, colors: ReturnType<typeof pc.createColors>): string {
  if (status.attention.length === 0) return '';
  const rows = status.attention
    .slice(0, listed)
    .map((row) => [colors.red('!'), row.key, row.status, row.error ?? row.errorCode ?? '']);
  const rest = status.attention.length - listed;
  const settle = status.attention.some((row) => row.status === 'inDoubt')
    ? `\nSettle what is in doubt with: ${followUp('resolve')}\n`
    : '';
  const again = status.attention.some((row) => row.status !== 'inDoubt')
    ? `\nMend what was refused or failed, or submit it as it is: ${followUp('run', '--retry-failed')}\n`
    : '';
  return `\n${colors.bold('Needs a person')}\n${columns(rows)}${rest > 0 ? colors.dim(`  … and ${number(rest)} more\n`) : ''}${settle}${again}`;
}
