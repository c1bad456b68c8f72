import type { CollectResult } from '../../collect/events.ts';
import { NotConfirmedError } from '../../core/errors.ts';
import type { Plan } from '../../plan/model.ts';
import type { ReadyCollect } from '../../project/collecting.ts';
import { refuseBadMedia } from '../../project/media.ts';
import type { Project } from '../../project/project.ts';
import type { ProjectReport } from '../../project/reporting.ts';
import { reportFormatOf } from '../../report/formats/index.ts';
import type { RunResult } from '../../run/events.ts';
import { openCalled, selectionOf } from '../called-project.ts';
import { collectOptionsOf, showCollect } from '../collecting.ts';
import { type CallOf, defineCommand, type Signature } from '../command.ts';
import { confirm } from '../confirming.ts';
import { type ExitCode, exitCodeAfterCollect, exitCodeAfterRun, exitCodes } from '../exit-codes.ts';
import { followUpOf } from '../follow-up.ts';
import { nextAfterPlan, nextAfterReport } from '../next-steps.ts';
import {
  baseUrlOption,
  checkedRate,
  collectOptions,
  journalOption,
  ledgerOption,
  limitOptions,
  mediaOptions,
  modelsOption,
  planningOptions,
  selectionOptions,
} from '../options.ts';
import { seconds, wholeNumber } from '../parse-values.ts';
import { renderCollectOutcome } from '../render/collect-outcome.ts';
import { fitLines } from '../render/fit.ts';
import { renderOutcome } from '../render/outcome.ts';
import { type PlanView, renderPlan } from '../render/plan.ts';
import { createStages, type Stages } from '../render/stages.ts';
import { count, number } from '../render/text.ts';
import { type Sent, showSubmission, submitOptionsOf, tellApproval } from '../submission.ts';
import { showUpload } from '../uploading.ts';

const signature = {
  arguments: {
    manifest: {
      name: '<manifest>',
      summary: 'the manifest (- reads standard input), or a plan saved with plan --out',
      completion: 'manifests',
    },
  },
  options: {
    yes: { flags: '--yes', summary: 'send without asking; never lifts a budget' },
    dryRun: { flags: '--dry-run', summary: 'show the plan, and stop' },
    partial: {
      flags: '--partial',
      summary: 'where local files could not be uploaded, send the requests that need none of them',
    },
    concurrency: {
      flags: '--concurrency <n>',
      summary: 'requests in flight at the most',
      parse: wholeNumber(1, 256),
      default: "the manifest's, or 4",
    },
    rate: {
      flags: '--rate <rate>',
      summary: 'requests at the most, evenly spaced: 30/min, 2/s, 500/h',
      parse: checkedRate,
      default: "the manifest's, or none",
    },
    retries: {
      flags: '--retries <n>',
      summary: 'how often to retry what provably was not sent',
      parse: wholeNumber(0, 100),
      default: '4',
    },
    answerTimeout: {
      flags: '--answer-timeout <seconds>',
      summary: 'how long to wait for an answer; without one the request is in doubt',
      parse: seconds,
      default: '120',
    },
    ...selectionOptions,
    ...limitOptions,
    ...planningOptions,
    wait: { flags: '--wait', summary: 'then wait for the tasks and save their clips, as collect does' },
    ...collectOptions,
    report: {
      flags: '--report <file>',
      summary: 'write the report here; the extension picks the format (repeatable)',
      repeatable: true,
      default: '<manifest>.report.csv and .json',
      completion: 'files',
      negation: { flags: '--no-report', summary: 'write no report' },
    },
    format: {
      flags: '--format <format>',
      summary: 'json writes the report to standard output',
      choices: ['pretty', 'json'],
      default: 'pretty',
    },
    ...ledgerOption,
    ...journalOption,
    ...baseUrlOption,
    ...mediaOptions,
    ...modelsOption,
  },
} as const satisfies Signature;
type Call = CallOf<typeof signature>;

export const runCommand = defineCommand({
  name: 'run',
  summary: 'lint, plan, confirm, submit, report',
  description:
    'Lints the manifest, plans, asks, uploads the local files that the store lacks, submits what is new and writes the report. What was submitted before is never sent again by itself; a request whose outcome is unknown is listed, and waits for `shotlist resolve`. The first Ctrl-C sends nothing more and waits for the answers under way, the second leaves at once.',
  ...signature,
  examples: [
    { command: 'shotlist run storyboard.yaml', summary: 'show the plan, ask, submit' },
    {
      command: 'shotlist run storyboard.yaml --yes --max-cost 50 --report out.csv',
      summary: 'in a script: no question, a ceiling, one report',
    },
    { command: 'shotlist run plan.json', summary: 'send exactly what was approved, or nothing' },
    {
      command: 'shotlist run storyboard.yaml --only sc010/sh0030 --limit 1',
      summary: 'try one request of a shot',
    },
  ],
  execute,
});

async function execute(call: Call): Promise<ExitCode> {
  const reports = reportFilesOf(call);
  const stages = await createStages(call);
  const project = await open(call, stages);
  try {
    const plan = await planAndCheck(call, project);
    for (const file of reports ?? []) project.refuseOverwriting(file);
    if (call.options.dryRun) return await showPlanOnly(call, project, plan);
    return await submitAndTell({ call, project, plan, stages, reports });
  } finally {
    await project.close();
  }
}

/** One run of a call. */
interface Run {
  readonly call: Call;
  readonly project: Project;
  readonly plan: Plan;
  readonly stages: Stages;
  /** The reports that were named; null for those beside the manifest. */
  readonly reports: readonly string[] | null;
}

/** @throws UsageError for an extension that names no format. */
function reportFilesOf({ options: { report } }: Call): readonly string[] | null {
  if (report === false) return [];
  for (const file of report) reportFormatOf(file);
  return report.length === 0 ? null : report;
}

async function open(call: Call, stages: Stages): Promise<Project> {
  const { options } = call;
  const opening = {
    refuseErrors: true,
    readOnly: options.dryRun,
    needPrices: options.maxCost !== undefined,
  };
  const { project } = await stages.stage(
    'Lint',
    async () => {
      const opened = await openCalled(call, call.arguments.manifest, opening);
      return { project: opened, summary: (await opened.lint()).summary };
    },
    ({ project: { linted }, summary }) => {
      const { skippedShots } = linted.manifest;
      const skipped = skippedShots === 0 ? '' : ` (${number(skippedShots)} skipped)`;
      return `Lint: ${count(summary.shots, 'shot')}${skipped}, ${count(summary.warnings, 'warning')}`;
    },
  );
  return project;
}

/** A limit that the plan would cross, or a bad medium, stops here, before anybody is asked. */
async function planAndCheck(call: Call, project: Project): Promise<Plan> {
  const { dryRun } = call.options;
  const approval = dryRun ? null : await project.approval.check();
  const plan = await project.plan(selectionOf(call));
  if (approval !== null) tellApproval(call, project, plan, approval);
  const limits = submitOptionsOf(call);
  if (dryRun) await project.tellOverBudget(plan, limits);
  else await project.checkBudget(plan, limits);
  if (call.options.media) refuseBadMedia(await project.checkMedia(plan), plan);
  return plan;
}

async function showPlanOnly(call: Call, project: Project, plan: Plan): Promise<ExitCode> {
  const { stdout } = call.io;
  if (call.options.format === 'json') {
    const { planJson } = await import('../../plan/format.ts');
    const savedAs = project.approvedPlan === null ? null : call.arguments.manifest;
    stdout.write(planJson(plan, nextAfterPlan(call, project, plan, savedAs)));
  } else {
    const view = await planView(call, project, plan, call.color.stdout);
    stdout.write(fitLines(renderPlan(plan, view), stdout));
  }
  return exitCodes.ok.code;
}

async function submitAndTell(run: Run): Promise<ExitCode> {
  const { call, project, plan, stages } = run;
  if (call.verbosity !== 'quiet') {
    const view = await planView(call, project, plan, call.color.stderr);
    call.io.stderr.write(`\n${renderPlan(plan, view)}\n`);
  }
  // A folder or a key that is wrong must be known before anything is paid for.
  const collect = waits(call) ? await project.prepareCollect(collectOptionsOf(call)) : null;
  const sent = await submitIfAny(run);
  const goesOn = collect !== null && !endsWithout(sent?.result ?? null);
  const collected = goesOn ? await showCollect(call, stages, collect) : null;
  return tell(run, sent, collect, collected);
}

/** True where the call waits: whoever names a folder for clips wants them. */
function waits({ options }: Call): boolean {
  return options.wait || typeof options.download === 'string';
}

/** A run that stopped by itself is waited for as well: what was submitted goes on at the provider. */
function endsWithout(result: RunResult | null): boolean {
  const reason = result?.stopped?.reason;
  return reason === 'interrupted' || reason === 'provider';
}

async function submitIfAny({ call, project, plan, stages, reports }: Run): Promise<Sent | null> {
  if (plan.summary.submit === 0) return null;
  const submission = await project.prepareSubmit(plan, {
    ...submitOptionsOf(call),
    partial: call.options.partial,
    reports,
  });
  // Whoever saved the plan has looked at it.
  try {
    if (project.approvedPlan === null) await confirm(call, plan, project.target, submission.upload);
    if (submission.upload !== null) await showUpload(call, stages, submission.upload);
    return await showSubmission(call, stages, submission, plan.summary.submit);
  } catch (error) {
    await submission.upload?.close();
    if (error instanceof NotConfirmedError) throw error;
    // Whatever went wrong, what was sent by then must not be without its report.
    await project.reports.writeInSpite(reports).catch(() => undefined);
    throw error;
  }
}

/** Tells what became of the requests, even where no report could be written. */
async function tell(
  run: Run,
  sent: Sent | null,
  collect: ReadyCollect | null,
  collected: CollectResult | null,
): Promise<ExitCode> {
  const { call, project, plan } = run;
  const made = await project.reports.make();
  const { report } = made;
  const written = await writeReports(run, made);
  const color = call.color.stderr;
  const followUp = followUpOf(call, plan.manifest);
  const shown = { color, plan, followUp, report };
  const { files } = written;
  const { result = null, lost = [] } = sent ?? {};
  const budget = result === null ? undefined : await project.budget();
  const told = { result, lost, budget, written: files, collected: collected !== null };
  call.io.stderr.write(renderOutcome({ ...shown, ...told }));
  if (collected !== null) {
    const folder = collect?.folder ?? null;
    call.io.stderr.write(`\n${renderCollectOutcome({ ...shown, result: collected, folder })}`);
  }
  if (call.options.format === 'json') {
    const { jsonReport } = await import('../../report/formats/json.ts');
    call.io.stdout.write(jsonReport(report, nextAfterReport(call, project, report)));
  }
  if (written.failure !== undefined) throw written.failure.error;
  const code = exitCodeAfterRun(result, plan, report);
  if (collected === null || code === exitCodes.interrupted.code || code === exitCodes.setup.code) return code;
  const afterCollect = exitCodeAfterCollect(collected, report, collect?.isSelected ?? null);
  return afterCollect === exitCodes.ok.code ? code : afterCollect;
}

async function writeReports(
  { project, reports }: Run,
  made: ProjectReport,
): Promise<{ readonly files: readonly string[]; readonly failure?: { readonly error: unknown } }> {
  try {
    return { files: await project.reports.write(reports, made) };
  } catch (error) {
    return { files: [], failure: { error } };
  }
}

async function planView(call: Call, project: Project, plan: Plan, color: boolean): Promise<PlanView> {
  const { skippedShots } = project.linted.manifest;
  const followUp = followUpOf(call, plan.manifest);
  return { target: project.target, budget: await project.budget(), skippedShots, followUp, color };
}
