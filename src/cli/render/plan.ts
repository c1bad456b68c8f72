import pc from 'picocolors';
import { addMoney } from '../../core/money.ts';
import { shotKeyOf } from '../../core/request-key.ts';
import { size } from '../../lint/media-words.ts';
import type { BudgetStanding } from '../../plan/budget.ts';
import { costByModel } from '../../plan/cost.ts';
import type { ChangedFile, Plan, PlannedRequest, PlannedUpload, PlanReason } from '../../plan/model.ts';
import type { FollowUp } from '../../project/follow-up.ts';
import type { Target } from '../../project/target.ts';
import { budgetLine, skippedLine, spentLine } from './budget.ts';
import { targetRows } from './target.ts';
import { columns, count, money, number } from './text.ts';

type Colors = ReturnType<typeof pc.createColors>;

/** Rows of one kind, or scenes, that are listed before the rest is only counted. */
const listed = 24;

const reasonTexts: Readonly<Record<PlanReason, string>> = {
  new: 'new',
  changed: 'changed',
  failed: 'the task failed',
  refused: 'refused by the provider',
  submitted: 'submitted before',
  completed: 'completed',
  abandoned: 'abandoned',
  inDoubt: 'in doubt: it may have been paid for',
  sending: 'another run is sending it',
  renamed: 'paid under another name',
};

/** The facts around a plan that its reader needs. */
export interface PlanView {
  readonly target: Target;
  readonly budget: BudgetStanding;
  /** Number of shots that the manifest skips. */
  readonly skippedShots: number;
  readonly followUp: FollowUp;
  readonly color: boolean;
}

/** A plan for people: what differs first, what stays as it is in numbers, the cost last. */
export function renderPlan(plan: Plan, view: PlanView): string {
  const colors = pc.createColors(view.color);
  const of = (action: PlannedRequest['action']): readonly PlannedRequest[] =>
    plan.requests.filter((request) => request.action === action);
  const sections = [
    `${colors.bold(plan.project)}  ${colors.dim(plan.manifest)}\n${columns(targetRows(view.target))}`,
    submitSection(of('submit'), plan, colors),
    blockedSection(of('blocked'), plan, view.followUp, colors),
    skipSection(of('skip'), colors),
    totals(plan, colors) +
      uploadLine(plan, view.target.storeHost) +
      skippedLine(view.skippedShots) +
      spentLine(view.budget) +
      budgetLine(view.budget, plan),
  ];
  return sections.filter((section) => section !== '').join('\n');
}

function submitSection(requests: readonly PlannedRequest[], plan: Plan, colors: Colors): string {
  if (requests.length === 0) return '';
  const fresh = requests.filter(({ reason }) => reason === 'new');
  const others = requests.filter(({ reason }) => reason !== 'new');
  return (
    `${colors.bold('Submit')}\n` +
    rows(others, plan, colors) +
    (fresh.length <= listed ? rows(fresh, plan, colors) : newByScene(fresh, plan, colors))
  );
}

function blockedSection(
  requests: readonly PlannedRequest[],
  plan: Plan,
  followUp: FollowUp,
  colors: Colors,
): string {
  if (requests.length === 0) return '';
  const settle = requests.some(({ reason }) => reason === 'inDoubt')
    ? `  Settle what is in doubt with: ${followUp('resolve')}\n`
    : '';
  return `${colors.bold('Blocked')}\n${rows(requests, plan, colors)}${settle}${renameHint(plan, followUp)}`;
}

/** Calls that are spelled out before the rest is only counted. */
const listedCalls = 6;

/** Shows the commands that tell of renames, and the one that pays again, with the first such request as the example. */
export function renameHint(plan: Plan, followUp: FollowUp): string {
  const renames = new Map<string, readonly [from: string, to: string]>();
  for (const { key, paidAs } of plan.requests) {
    if (paidAs === undefined) continue;
    const rename =
      paidAs.project === plan.project ? heads(paidAs.key, key) : ([paidAs.project, plan.project] as const);
    renames.set(rename.join(' '), rename);
  }
  const [first, ...others] = renames.values();
  if (first === undefined) return '';
  const [from, to] = first;
  const resent = plan.requests.find(({ paidAs }) => paidAs !== undefined)?.key ?? to;
  const calls = others.slice(0, listedCalls).map((each) => `    ${followUp('adopt', ...each)}\n`);
  const left = others.length - calls.length;
  return (
    `  If ${from} was renamed to ${to}, what was paid counts with: ${followUp('adopt', from, to)}\n` +
    (calls.length > 0 ? `  and for the other names with:\n${calls.join('')}` : '') +
    (left > 0 ? `    … and ${count(left, 'more name')}\n` : '') +
    `  To pay for it once more: ${followUp('run', '--resend', resent)}\n`
  );
}

function skipSection(requests: readonly PlannedRequest[], colors: Colors): string {
  if (requests.length === 0) return '';
  const reasons = new Map<PlanReason, number>();
  for (const { reason } of requests) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  const hint = (reason: PlanReason): string =>
    reason === 'failed' || reason === 'refused' ? colors.dim('--retry-failed submits them again') : '';
  return (
    `${colors.bold('Skip')}\n` +
    columns(
      [...reasons].map(([reason, n]) => [colors.dim('·'), number(n), reasonTexts[reason], hint(reason)]),
    )
  );
}

function rows(requests: readonly PlannedRequest[], plan: Plan, colors: Colors): string {
  const cells = requests
    .slice(0, listed)
    .map((request) => [
      marker(request, colors),
      request.key,
      reasonText(request, plan),
      request.model,
      request.mode,
      request.cost === null ? 'no price' : money(request.cost, plan.summary.currency),
    ]);
  return columns(cells) + rest(requests.length, 'request', colors);
}

/** Two keys without the variant and take that they share: a shot's key takes all its requests. */
function heads(from: string, to: string): readonly [string, string] {
  const [fromShot, toShot] = [shotKeyOf(from), shotKeyOf(to)];
  return from.slice(fromShot.length) === to.slice(toShot.length) ? [fromShot, toShot] : [from, to];
}

function reasonText({ reason, changed, changedFiles, paidAs }: PlannedRequest, plan: Plan): string {
  if (reason === 'changed') return `changed: ${changed.join(', ')}${filesText(changedFiles)}`;
  if (paidAs === undefined) return reasonTexts[reason];
  return paidAs.project === plan.project
    ? `renamed? paid as ${paidAs.key}`
    : `renamed? paid in project ${paidAs.project}`;
}

/** Hashes as git shows them: enough to tell two contents apart. */
export function filesText(files: readonly ChangedFile[] = []): string {
  const short = (hash: string | null): string => hash?.slice(0, 8) ?? 'not known';
  const shown = files.map(({ path, before, after }) => `${path} ${short(before)} → ${short(after)}`);
  return shown.length === 0 ? '' : ` (${shown.join(', ')})`;
}

/** Says what goes up before anything is sent, as far as is known. */
function uploadLine({ summary: { upload, submit } }: Plan, host: string | null): string {
  if (upload === undefined || upload.files === 0 || submit === 0 || host === null) return '';
  return `${uploadText(upload)} to upload to ${host} first, unless the store has them.\n`;
}

/** `2 files, 3.4 MB` */
export function uploadText({ files, bytes }: PlannedUpload): string {
  return `${count(files, 'file')}, ${size(bytes)}`;
}

function marker(request: PlannedRequest, colors: Colors): string {
  if (request.action === 'blocked') return colors.red('!');
  return request.reason === 'new' ? colors.green('+') : colors.yellow('~');
}

function newByScene(requests: readonly PlannedRequest[], plan: Plan, colors: Colors): string {
  const scenes = new Map<string | null, PlannedRequest[]>();
  for (const request of requests) {
    const group = scenes.get(request.scene);
    if (group === undefined) scenes.set(request.scene, [request]);
    else group.push(request);
  }
  const cells = [...scenes].slice(0, listed).map(([scene, group]) => {
    const cost = addMoney(group.map((request) => request.cost ?? 0));
    return [
      colors.green('+'),
      scene ?? '(no scene)',
      `${number(group.length)} new`,
      group.some((request) => request.cost === null) ? 'no price' : money(cost, plan.summary.currency),
    ];
  });
  const more = scenes.size > listed ? `  … and ${count(scenes.size - listed, 'more scene')}; ` : '  ';
  return (
    columns(cells) + colors.dim(`${more}--format json lists every request, --only and --scene show some\n`)
  );
}

function rest(total: number, noun: string, colors: Colors): string {
  return total > listed
    ? colors.dim(
        `  … and ${count(total - listed, `more ${noun}`)}; --format json lists every request, --only and --scene show some\n`,
      )
    : '';
}

function totals(plan: Plan, colors: Colors): string {
  const { summary } = plan;
  if (summary.submit === 0) {
    return `${colors.bold('Nothing to submit')}: ${count(summary.requests, 'request')}, ${number(summary.skip)} to skip, ${number(summary.blocked)} blocked.\n`;
  }
  const byModel = costByModel(plan.requests).map(({ model, requests, price, cost }) => [
    model,
    price === null ? count(requests, 'request') : `${number(requests)} × ${money(price, summary.currency)}`,
    cost === null ? 'no price' : `= ${money(cost, summary.currency)}`,
  ]);
  return (
    `${columns(byModel)}${colors.bold(`${count(summary.submit, 'request')} to submit ${price(plan)}`)}` +
    `; ${number(summary.skip)} to skip, ${number(summary.blocked)} blocked, ${number(summary.requests)} in all.\n`
  );
}

/** Says what a plan costs, as far as prices are known. The question before a run uses the same words. */
export function price({ summary }: Plan): string {
  const { submit, unpriced, cost, currency } = summary;
  if (unpriced === submit) return 'at a price that the manifest does not state';
  const rest =
    unpriced > 0 ? `, and ${count(unpriced, 'request')} at a price that the manifest does not state` : '';
  return `for ${money(cost, currency)}${rest}`;
}
