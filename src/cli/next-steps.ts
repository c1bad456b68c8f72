import type { Plan } from '../plan/model.ts';
import type { CarriedOptions } from '../project/follow-up.ts';
import { afterPlan, afterReport, type NextAction, type PlanSurroundings } from '../project/next-actions.ts';
import type { Project } from '../project/project.ts';
import type { Report } from '../report/model.ts';
import { followUpOf } from './follow-up.ts';

/** What every document for scripts ends with. */
interface NextActions {
  readonly nextActions: readonly NextAction[];
}

type Called = { readonly options: CarriedOptions };

/** @param savedAs the file of the plan, where it has one. */
export function nextAfterPlan(
  call: Called,
  project: Project,
  plan: Plan,
  savedAs: string | null,
): NextActions {
  return { nextActions: afterPlan(plan, surroundings(call, project, plan.manifest, savedAs)) };
}

export function nextAfterReport(call: Called, project: Project, report: Report): NextActions {
  return { nextActions: afterReport(report, surroundings(call, project, report.manifest, null)) };
}

function surroundings(
  call: Called,
  project: Project,
  manifest: string,
  savedAs: string | null,
): PlanSurroundings {
  return { followUp: followUpOf(call, manifest), needsApproval: project.approval.isNeeded, savedAs };
}
