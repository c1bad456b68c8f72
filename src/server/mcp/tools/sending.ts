import { stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { UnsignedError, UsageError } from '../../../core/errors.ts';
import { readOrdinary } from '../../../core/read-file.ts';
import { readSavedPlan } from '../../../plan/read-saved-plan.ts';
import { afterPlan, afterReport } from '../../../project/next-actions.ts';
import type { Project } from '../../../project/project.ts';
import type { Desk } from '../desk.ts';
import { defineTool, manifestShape, selectionShape } from '../tool.ts';

export const savePlanTool = defineTool({
  name: 'save_plan',
  title: 'Save a plan, for a person to approve',
  description:
    'Plans, and saves the plan in the work tree, so that a person can look at it and approve it with `shotlist approve`. Sends nothing. It replaces no file but another plan that nobody approved.',
  level: 'plan',
  hints: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  shape: {
    manifest: manifestShape,
    file: z.string().min(1).max(4096).describe('Where: a .json file of this work tree, such as plan.json'),
    ...selectionShape,
    limitSubmissions: z
      .number()
      .int()
      .min(1)
      .max(1_000_000)
      .optional()
      .describe('Submit at most the first so many'),
    retryFailed: z
      .boolean()
      .optional()
      .describe('Submit tasks that failed and requests that were refused once more'),
  },
  async answer(desk, { manifest, file, limitSubmissions, ...selection }) {
    const named = await desk.manifest(manifest);
    const target = await desk.place(file, ['json']);
    await refuseReplacing(desk, target);
    return desk.withProject(named, async (project) => {
      const plan = await project.plan({ ...selection, limit: limitSubmissions });
      await project.tellOverBudget(plan);
      await project.writeFile(target, await project.planText(plan, target));
      const { project: name, summary } = plan;
      return {
        project: name,
        file: target,
        summary,
        nextActions: afterPlan(plan, desk.surroundings(project, target)),
      };
    });
  },
});

/** As many bytes as a plan that an agent may replace has at the most. */
const longestPlan = 64 * 1024 * 1024;

/** @throws UsageError for a file that is there and no plan, and for a plan that somebody approved. */
async function refuseReplacing(desk: Desk, target: string): Promise<void> {
  const file = path.resolve(desk.options.cwd, target);
  const read = await readOrdinary(file, longestPlan);
  const help = 'name another file';
  if (read.kind !== 'missing' && (read.kind !== 'text' || !isPlan(read.text, target))) {
    throw new UsageError(`${target} is there, and is no plan: it is not replaced`, { help });
  }
  const isSigned = await stat(`${file}.sig`).then(
    () => true,
    () => false,
  );
  if (isSigned) throw new UsageError(`${target} was approved: it is not replaced`, { help });
}

function isPlan(text: string, file: string): boolean {
  try {
    return readSavedPlan(text, file) !== null;
  } catch {
    return false;
  }
}

export const runTool = defineTool({
  name: 'run',
  title: 'Send a plan that a person approved',
  description:
    'Sends exactly what an approver of the storyboard signed, once, and nothing else: no storyboard, no plan without a signature. It costs money. Refused with unsigned, badSignature, unknownSigner, approvalExpired, planSpent or planOutOfDate, it has sent nothing.',
  level: 'run',
  hints: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  shape: {
    plan: z
      .string()
      .min(1)
      .max(4096)
      .describe('A plan of this work tree, saved and signed: plan.json with plan.json.sig'),
  },
  async answer(desk, { plan: named }, signal) {
    const file = await desk.place(named, ['json']);
    return desk.withProject(file, (project) => send(desk, project, file, signal), { refuseErrors: true });
  },
});

async function send(desk: Desk, project: Project, file: string, signal: AbortSignal) {
  const approval = await project.approval.check();
  // Without approvers nobody could have approved it, and an agent is not asked whether it may.
  if (approval === null) {
    throw new UnsignedError(
      project.approvedPlan === null
        ? `${file} is no saved plan: nothing was sent`
        : `${project.linted.manifest.source.file} names no approvers, so nobody could approve ${file}: nothing was sent`,
      {
        help: 'a person names `approvers` in the storyboard, and approves a saved plan with `shotlist approve`',
      },
    );
  }
  const plan = await project.plan();
  const result = await project.submit(plan, { signal });
  const made = await project.reports.make();
  const written = await project.reports.write(null, made);
  return {
    project: plan.project,
    approvedBy: approval.signer,
    result,
    summary: made.report.summary,
    reports: written,
    nextActions: afterReport(made.report, desk.surroundings(project)),
  };
}

export const collectTool = defineTool({
  name: 'collect',
  title: 'Save the clips of finished tasks',
  description:
    'Asks about unfinished tasks and saves the clips of finished ones in the folder of renders. It sends nothing that costs, and can be repeated for ever. It waits as long as `seconds` says, and asks once without.',
  level: 'run',
  hints: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  shape: {
    manifest: manifestShape,
    ...selectionShape,
    seconds: z
      .number()
      .int()
      .min(1)
      .max(600)
      .optional()
      .describe('How long to wait for tasks that are not finished'),
  },
  async answer(desk, { manifest, seconds, ...selection }, signal) {
    const file = await desk.manifest(manifest);
    return desk.withProject(
      file,
      async (project) => {
        const how = seconds === undefined ? { once: true } : { timeoutMs: seconds * 1000 };
        const result = await project.collect({ ...selection, ...how, signal });
        const made = await project.reports.make();
        await project.reports.renew(made);
        return {
          project: project.scope.project,
          result,
          summary: made.report.summary,
          nextActions: afterReport(made.report, desk.surroundings(project)),
        };
      },
      {},
    );
  },
});
