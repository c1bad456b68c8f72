import type { Plan } from '../../plan/model.ts';
import type { ApprovedPlan } from '../approved-plan.ts';
import type { ProjectContext } from '../context.ts';
import { type ApprovedBy, expectApprovable, refuseSpent, requireApproval } from './approval.ts';
import type { ApproveOptions, GivenApproval } from './approve-plan.ts';

/** The approval that a plan needs before it is sent, where a manifest names approvers, and the signing. */
export class Approvals {
  readonly #context: ProjectContext;
  readonly #approved: ApprovedPlan | null;
  readonly #plan: () => Promise<Plan>;

  /** @param plan gives what is left to send of what was opened. */
  constructor(context: ProjectContext, approved: ApprovedPlan | null, plan: () => Promise<Plan>) {
    this.#context = context;
    this.#approved = approved;
    this.#plan = plan;
  }

  /** Whether somebody has to sign what is sent. */
  get isNeeded(): boolean {
    const { settings, linted } = this.#context;
    return settings.approvers !== null || linted.manifest.approvers !== null;
  }

  /**
   * Checks that what was opened may be sent, and gives who said so; null where the manifest names no approvers.
   * `submit` asks this itself.
   *
   * @throws NotApprovedError that says what is missing; PlanOutOfDateError for another ledger.
   */
  check(): Promise<ApprovedBy | null> {
    return requireApproval(this.#context, this.#approved);
  }

  /** @throws PlanSpentError where a saved plan was opened of which everything was sent. */
  refuseSpent(plan: Plan): void {
    if (this.#approved !== null) refuseSpent(plan, this.#approved);
  }

  /** @throws UsageError for a manifest; PlanSpentError, StoppedError for a plan that sends nothing. */
  expect(plan: Plan): void {
    expectApprovable(this.#approved, plan);
  }

  /**
   * Signs the saved plan that was opened with a person's SSH key. Writes the plan, which says then until when it is approved,
   * and `<plan>.sig`.
   *
   * @throws UsageError for a manifest; PlanOutOfDateError, PlanSpentError, StoppedError for a plan that sends nothing;
   *   SetupError where there is no key.
   *
   * @example
   * await using project = await openProject('plan.json', { readOnly: true });
   * const { expiresAt } = await project.approval.give({ key: 'id_ed25519' });
   */
  async give(options: ApproveOptions = {}): Promise<GivenApproval> {
    const { approvePlan } = await import('./approve-plan.ts');
    return approvePlan(this.#context, expectApprovable(this.#approved, await this.#plan()), options);
  }
}
