import { existsSync } from 'node:fs';
import path from 'node:path';
import type { CollectResult } from '../../collect/events.ts';
import { NotConfirmedError } from '../../core/errors.ts';
import { checkBudget } from '../../plan/budget.ts';
import type { Plan } from '../../plan/model.ts';
import { makeApprovedPlan, readApprovedPlan } from '../../project/approved-plan.ts';
import { type Collecting, exitCodeAfterCollect, prepareCollect } from '../../project/collecting.ts';
import { followUpOf } from '../../project/follow-up.ts';
import { writeJournal } from '../../project/journal.ts';
import { checkMedia, refuseBadMedia, wantsMedia } from '../../project/media.ts';
import { readElsewhere } from '../../project/paid-elsewhere.ts';
import { makePlan, warnOverBudget } from '../../project/planning.ts';
import { type Project, readEntries, readProject, refuseOverwriting } from '../../project/project.ts';
import { makeReport, reportFiles, writeReports } from '../../project/reporting.ts';
import { prepareSubmission } from '../../project/submission.ts';
import { type Target, targetInWords, targetOf } from '../../project/target.ts';
import { findForgotten, refuseForgetfulLedger } from '../../project/unknown-payments.ts';
import type { Report } from '../../report/model.ts';
import type { RunResult } from '../../run/events.ts';
import { type CommandCall, type CommandDefinition, firstArgument } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { isYes } from '../io.ts';
import {
  baseUrlOption,
  checkedRate,
  collectOptions,
  journalOptions,
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
import { type PlanView, price, renderPlan } from '../render/plan.ts';
import { createStages, type Stages } from '../render/stages.ts';
import { count } from '../render/text.ts';

export const runCommand: CommandDefinition = {
  name: 'run',
  summary: 'lint, plan, confirm, submit, report',
  description:
    'Lints the manifest, plans, asks, submits what is new and writes the report. What was submitted before is never sent again by itself; a request whose outcome is unknown is listed, and waits for `shotlist resolve`. The first Ctrl-C sends nothing more and waits for the answers under way, the second leaves at once.',
  arguments: [
    { name: '<manifest>', summary: 'the manifest (- reads standard input), or a plan saved with plan --out' },
  ],
  options: [
    { flags: '--yes', summary: 'send without asking; never lifts a budget' },
    { flags: '--dry-run', summary: 'show the plan, and stop' },
    {
      flags: '--concurrency <n>',
      summary: 'requests in flight at the most',
      parse: wholeNumber(1, 256),
      default: "the manifest's, or 4",
    },
    {
      flags: '--rate <rate>',
      summary: 'requests at the most, evenly spaced: 30/min, 2/s, 500/h',
      parse: checkedRate,
      default: "the manifest's, or none",
    },
    {
      flags: '--retries <n>',
      summary: 'how often to retry what provably was not sent',
      parse: wholeNumber(0, 100),
      default: '4',
    },
    {
      flags: '--answer-timeout <seconds>',
      summary: 'how long to wait for an answer; without one the request is in doubt',
      parse: seconds,
      default: '120',
    },
    ...selectionOptions,
    ...limitOptions,
    ...planningOptions,
    { flags: '--wait', summary: 'then wait for the tasks and save their clips, as collect does' },
    ...collectOptions,
    {
      flags: '--report <file>',
      summary: 'write the report here; the extension picks the format (repeatable)',
      repeatable: true,
      default: '<manifest>.report.csv and .json',
    },
    { flags: '--no-report', summary: 'write no report' },
    {
      flags: '--format <format>',
      summary: 'json writes the report to standard output',
      choices: ['pretty', 'json'],
      default: 'pretty',
    },
    ledgerOption,
    ...journalOptions,
    baseUrlOption,
    ...mediaOptions,
    modelsOption,
  ],
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
};

async function execute(call: CommandCall): Promise<ExitCode> {
  const { io, options } = call;
  const files = reportFiles(call);
  const stages = await createStages(call);
  const prepared = await preparePlan(call, stages);
  const { project, plan } = prepared;
  for (const file of files ?? []) refuseOverwriting(call, project, path.resolve(io.cwd, file));
  if (options['dryRun'] === true) return showPlanOnly(call, prepared);

  if (call.verbosity !== 'quiet')
    io.stderr.write(`\n${renderPlan(plan, planView(call, prepared, call.color.stderr))}\n`);
  // A folder or a key that is wrong must be known before anything is paid for.
  const collecting = waits(call) ? await prepareCollect(call, project) : null;
  const result = await submitIfAny(call, prepared, stages, files);
  const collected = await collectIfWanted(collecting, result, stages, () => writeJournal(call, project));
  await writeJournal(call, project);
  const made = await makeReport(call, project);
  const { report } = made;
  const color = call.color.stderr;
  const { followUp } = planView(call, prepared, color);
  // What became of the requests is told even where no report takes it.
  const unwritten: unknown[] = [];
  const written = await writeReports(call, project, made, files).catch((error: unknown) => {
    unwritten.push(error);
    return [];
  });
  const shown = { color, plan, followUp, report, result, written, collected: collected !== null };
  io.stderr.write(renderOutcome(shown));
  if (collected !== null) {
    const { folder = null } = collecting ?? {};
    io.stderr.write(
      `\n${renderCollectOutcome({ color, followUp, plan, report, result: collected, folder })}`,
    );
  }
  if (options['format'] === 'json') {
    const { jsonReport } = await import('../../report/formats/json.ts');
    io.stdout.write(jsonReport(report));
  }
  if (unwritten.length > 0) throw unwritten[0];
  const code = exitCodeAfter(result, plan, report);
  if (collected === null || code === exitCodes.interrupted.code || code === exitCodes.setup.code) return code;
  const afterCollect = exitCodeAfterCollect(collected, report);
  return afterCollect === exitCodes.ok.code ? code : afterCollect;
}

/** Where to save clips is said by someone who wants them. */
function waits({ options }: CommandCall): boolean {
  return options['wait'] === true || typeof options['download'] === 'string';
}

/** Also after a run that stopped by itself: what was submitted goes on at the provider. */
async function collectIfWanted(
  collecting: Collecting | null,
  result: RunResult | null,
  stages: Stages,
  writeJournal: () => Promise<void>,
): Promise<CollectResult | null> {
  if (collecting === null || result?.stopped?.reason === 'interrupted') return null;
  if (result?.stopped?.reason === 'provider') return null;
  // A wait may be long, and end in any way.
  await writeJournal();
  return collecting.start(stages);
}

interface Prepared {
  readonly project: Project;
  readonly plan: Plan;
  /** The digest of the saved plan that this is the rest of; null for a plan that was made just now. */
  readonly approvedPlan: string | null;
}

/** Lint and plan; a limit that the plan would cross, or a bad medium, stops here, before anybody is asked. */
async function preparePlan(call: CommandCall, stages: Stages): Promise<Prepared> {
  const { options } = call;
  const limits = {
    maxCost: typeof options['maxCost'] === 'number' ? options['maxCost'] : null,
    maxRequests: typeof options['maxRequests'] === 'number' ? options['maxRequests'] : null,
  };
  const isMediaWanted = wantsMedia(call);
  const approved = await readApprovedPlan(call, firstArgument(call));
  const project = await stages.stage(
    'Lint',
    () =>
      readProject(call, approved?.manifest ?? firstArgument(call), { needPrices: limits.maxCost !== null }),
    ({ result: { summary } }) =>
      `Lint: ${count(summary.shots, 'shot')}, ${count(summary.warnings, 'warning')}`,
  );
  const entries = await readEntries(call, project);
  const plan =
    approved === null
      ? makePlan(call, project, entries, await readElsewhere(call, project))
      : await makeApprovedPlan(call, project, approved, entries);
  if (options['dryRun'] === true) warnOverBudget(call, project, plan, entries, limits);
  else checkBudget(plan, entries, project.linted.manifest.budget, limits);
  if (isMediaWanted) refuseBadMedia(await checkMedia(call, project, plan), plan);
  return { project, plan, approvedPlan: approved?.digest ?? null };
}

function planView(call: CommandCall, { project, plan }: Prepared, color: boolean): PlanView {
  return { target: targetOf(call, project), followUp: followUpOf(call, plan.manifest), color };
}

async function showPlanOnly(call: CommandCall, prepared: Prepared): Promise<ExitCode> {
  const { plan } = prepared;
  if (call.options['format'] === 'json') {
    const { planJson } = await import('../../plan/format.ts');
    call.io.stdout.write(planJson(plan));
  } else {
    const { stdout } = call.io;
    stdout.write(fitLines(renderPlan(plan, planView(call, prepared, call.color.stdout)), stdout));
  }
  return exitCodes.ok.code;
}

async function submitIfAny(
  call: CommandCall,
  { project, plan, approvedPlan }: Prepared,
  stages: Stages,
  files: readonly string[] | null,
): Promise<RunResult | null> {
  if (plan.summary.submit === 0) return null;
  await refuseForgetfulLedger(call, project, files);
  const submission = await prepareSubmission(call, project, plan, files, approvedPlan);
  // Whoever saved the plan has looked at it.
  if (approvedPlan === null) await confirm(call, plan, targetOf(call, project));
  try {
    return await submission.send(stages);
  } catch (error) {
    // Whatever went wrong, what was sent by then must not be without its report.
    await writeJournal(call, project);
    await reportInSpite(call, project, files).catch(() => undefined);
    throw error;
  }
}

/** A ledger that was taken away knows nothing, and a report of it would put out what an earlier report still knows. */
async function reportInSpite(
  call: CommandCall,
  project: Project,
  files: readonly string[] | null,
): Promise<void> {
  if (!existsSync(project.ledgerFile) || (await findForgotten(call, project, files)) !== null) return;
  await writeReports(call, project, await makeReport(call, project), files);
}

async function confirm(call: CommandCall, plan: Plan, target: Target): Promise<void> {
  if (call.options['yes'] === true) return;
  const { io } = call;
  const { submit } = plan.summary;
  if (!io.stdin.isTTY || !io.stderr.isTTY) {
    throw new NotConfirmedError(
      `${count(submit, 'request')} would be sent, and nobody confirmed it: nothing was sent`,
      {
        help: 'add --yes to send without a terminal',
      },
    );
  }
  const answer = await io.stdin.ask(
    `Submit ${count(submit, 'request')} ${price(plan)} ${targetInWords(target)}? [y/N] `,
  );
  if (!isYes(answer)) throw new NotConfirmedError('not confirmed: nothing was sent');
}

/** Judged by every request that the call selected, whether or not this run sent it. */
function exitCodeAfter(result: RunResult | null, plan: Plan, report: Report): ExitCode {
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
      // What a live run was sending when this one planned is that run's, as what it takes afterwards is.
      const blocked = plan.requests.some(
        ({ action, reason }) => action === 'blocked' && reason !== 'sending',
      );
      return problem || blocked ? exitCodes.problems.code : exitCodes.ok.code;
    }
  }
}
