import path from 'node:path';
import type { CollectResult } from '../collect/events.ts';
import type { LedgerEntry, LedgerEvent, LedgerScope } from '../ledger/ledger.ts';
import type { Adoption, TakenIn, Violation } from '../ledger/model/moving.ts';
import type { LintedManifest, LintResult, MediaLintResult } from '../lint/lint.ts';
import { type BudgetStanding, budgetStanding, checkBudget } from '../plan/budget.ts';
import type { Comparison } from '../plan/comparison.ts';
import type { Plan } from '../plan/model.ts';
import type { Selection } from '../plan/select.ts';
import type { Report } from '../report/model.ts';
import { type Status, status } from '../report/status.ts';
import type { RunResult } from '../run/events.ts';
import { Approvals } from './approval/approvals.ts';
import { type ApprovedPlan, planApproved, refuseSelection } from './approved-plan.ts';
import { Clips } from './clips.ts';
import { type ProjectCollectOptions, prepareCollect, type ReadyCollect } from './collecting.ts';
import type { ProjectContext } from './context.ts';
import type { Earlier } from './earlier-revision.ts';
import { readHistory } from './history.ts';
import { checkMedia, type MediaCheckOptions } from './media.ts';
import { type ExportedHistory, exportHistory, importHistory, verifyLedger } from './moving-history.ts';
import { planText, refuseOverwriting } from './outputs.ts';
import { readPaidElsewhere } from './paid-elsewhere.ts';
import { makePlan, type PlanSelection, tellOverBudget } from './planning.ts';
import { refuseLintErrors } from './refusal.ts';
import { adoptName } from './renaming.ts';
import { type ReportSelection, Reports } from './reporting.ts';
import type { AllSettled, Decision, OpenRequests, Settled, SettleOptions } from './settling.ts';
import * as settling from './settling.ts';
import {
  type PlanLimits,
  prepareSubmission,
  type ReadySubmission,
  runLimits,
  type SubmitOptions,
} from './submission.ts';
import { type Target, targetOf } from './target.ts';
import { warnOfLeftBehind } from './unknown-payments.ts';
import { prepareSelected, type ReadyUpload } from './uploading.ts';

/**
 * An open project: a manifest, its one ledger, its provider, its journal. It prints nothing and asks nobody; what happens
 * is told to the listener that it was opened with. Expected failures are thrown as `ShotlistError`, with what to do.
 */
export class Project implements AsyncDisposable {
  readonly #context: ProjectContext;
  readonly #approved: ApprovedPlan | null;
  /** The facts that each plan was made from, so that its budget is judged by the same ones. */
  readonly #facts = new WeakMap<Plan, readonly LedgerEntry[]>();

  /** What was found behind the URLs of each plan. */
  readonly #media = new WeakMap<Plan, MediaLintResult['facts']>();

  /** Made by `openProject`. */
  constructor(context: ProjectContext, approved: ApprovedPlan | null) {
    this.#context = context;
    this.#approved = approved;
  }

  /** The manifest with its requests and the catalog in force. */
  get linted(): LintedManifest {
    return this.#context.linted;
  }

  /** The digest of the saved plan that was opened in place of a manifest; null where none was. */
  get approvedPlan(): string | null {
    return this.#approved?.digest ?? null;
  }

  /** The scope under which the ledger files this project's requests. */
  get scope(): LedgerScope {
    return this.#context.scope;
  }

  /** The provider that a plan would be sent to, and the ledger that would remember it. */
  get target(): Target {
    return targetOf(this.#context);
  }

  /** Gives the lint's result of the time when the project was opened. */
  async lint(): Promise<LintResult> {
    return this.#context.result;
  }

  /**
   * Decides what to send and why, what to leave alone, and the cost. Sends nothing. Of an opened saved plan it is what is
   * left to send.
   *
   * @param against another revision, whose requests a selection may name as well; see `readEarlier`.
   * @throws LintFailedError while the manifest has errors; UsageError for a selection of nothing; PlanOutOfDateError.
   *
   * @example
   * const plan = await project.plan({ scenes: ['sc010'] });
   * console.log(plan.summary.submit, 'to send, for', plan.summary.cost);
   */
  async plan(selection: PlanSelection = {}, against?: Earlier | null): Promise<Plan> {
    refuseLintErrors(this.#context);
    if (this.#approved !== null) refuseSelection(selection, this.#approved.file);
    const entries = await this.entries();
    const plan =
      this.#approved === null
        ? makePlan(
            this.#context,
            selection,
            { entries, elsewhere: await readPaidElsewhere(this.#context) },
            against?.linted?.requests,
          )
        : await planApproved(this.#context, this.#approved, entries);
    this.#facts.set(plan, entries);
    if (this.#context.options.readOnly === true) await warnOfLeftBehind(this.#context, plan);
    return plan;
  }

  /** Plans what a run would do next, as far as mistakes let the manifest be read: to be shown, not to be sent. */
  async outlook(): Promise<Plan> {
    const elsewhere = await readPaidElsewhere(this.#context);
    return makePlan(this.#context, {}, { entries: await this.entries(), elsewhere });
  }

  /** @throws BudgetError for a plan that would cross the manifest's budget, or these limits. */
  async checkBudget(plan: Plan, limits: PlanLimits = {}): Promise<void> {
    const { budget } = this.linted.manifest;
    checkBudget(plan, await this.#factsOf(plan), budget, runLimits(limits));
  }

  /** The manifest's budget, and how much of it is spent, by what the ledger holds now. */
  async budget(): Promise<BudgetStanding> {
    return budgetStanding(await this.entries(), this.linted.manifest.budget);
  }

  /** Warns of what `checkBudget` would refuse, where a plan is only shown. */
  async tellOverBudget(plan: Plan, limits: PlanLimits = {}): Promise<void> {
    tellOverBudget(this.#context, plan, await this.#factsOf(plan), runLimits(limits));
  }

  /** Looks at the media of a plan over the network. The findings are told, and decide nothing; `submit` notes what it pays with. */
  async checkMedia(plan: Plan, options: MediaCheckOptions = {}): Promise<MediaLintResult> {
    const result = await checkMedia(this.#context, plan, options);
    this.#media.set(plan, result.facts);
    return result;
  }

  /**
   * Sends what a plan submits, each request claimed in the ledger first and recorded after. Limits, lint, a ledger that
   * forgot and the key are checked before the first; the journal is written before it returns or throws.
   *
   * @throws BudgetError, LedgerError, SetupError; nothing was sent then, unless the ledger failed on the way.
   *
   * @example
   * const result = await project.submit(plan, { maxCost: 50 });
   * console.log(result.accepted, 'of', result.planned, 'submitted');
   */
  async submit(plan: Plan, options: SubmitOptions = {}): Promise<RunResult> {
    return (await this.prepareSubmit(plan, options)).send();
  }

  /** Prepares the upload of the selected requests' local files that the store lacks; null for none. */
  prepareUpload(selection: Selection = {}): Promise<ReadyUpload | null> {
    return prepareSelected(this.#context, selection);
  }

  /** The same in two steps, for callers who ask a person in between. */
  async prepareSubmit(plan: Plan, options: SubmitOptions = {}): Promise<ReadySubmission> {
    refuseLintErrors(this.#context);
    const known = { entries: await this.#factsOf(plan), media: this.#media.get(plan) ?? new Map() };
    return prepareSubmission(this.#context, plan, known, this.#approved, options);
  }

  /** Tells if what was opened may be sent, and signs a saved plan so that it may. */
  get approval(): Approvals {
    return new Approvals(this.#context, this.#approved, () => this.plan());
  }

  /**
   * Waits for tasks and saves their clips. It sends nothing that costs; stopped or killed, the next one goes on.
   *
   * @throws UsageError for a name template that is none, SetupError, LedgerError.
   */
  async collect(options: ProjectCollectOptions = {}): Promise<CollectResult> {
    return (await this.prepareCollect(options)).start();
  }

  /** The same in two steps: what can be wrong is known before anything is paid for. */
  prepareCollect(options: ProjectCollectOptions = {}): Promise<ReadyCollect> {
    return prepareCollect(this.#context, options);
  }

  /** A row for each request, in manifest order, as the ledger has it now. */
  async report(): Promise<Report> {
    return (await this.reports.make()).report;
  }

  /** Reports as files, in every format. */
  get reports(): Reports {
    return new Reports(this.#context);
  }

  /** The clips: decisions on them, and the cut. */
  get clips(): Clips {
    return new Clips(this.#context);
  }

  /**
   * The state of every request, in one screen.
   *
   * @param selection lists these requests, and sums up no others.
   */
  async status(selection?: ReportSelection): Promise<Status> {
    return status((await this.reports.make(selection)).report, selection !== undefined);
  }

  /** Everything the ledger knows of the project's requests. */
  async entries(): Promise<readonly LedgerEntry[]> {
    return (await this.#context.ledger.reader()).read(this.scope);
  }

  /** Requests that wait for a person: those in doubt, or of the keys named, those in doubt or decided by a person. */
  open(keys: readonly string[] = []): Promise<OpenRequests> {
    return settling.readOpen(this.#context, keys);
  }

  /**
   * Settles requests whose outcome is unknown, or that a person settled otherwise: all, or none where a key is a mistake.
   * A task id is checked with the provider first, and what it says is held against what was sent.
   *
   * @param keys null for every request in doubt.
   * @throws UsageError for a key that waits for nothing, ResolutionError for what the ledger refuses, TaskDiffersError.
   * @example
   * await project.resolve(['sc010/sh0030@2'], { kind: 'taskId', taskId: 'video_123' });
   */
  resolve(keys: readonly string[] | null, decision: Decision, options?: SettleOptions): Promise<AllSettled> {
    return settling.settleAll(this.#context, keys, decision, options);
  }

  /** One that `open` gave. */
  settle(entry: LedgerEntry, decision: Decision, options?: SettleOptions): Promise<Settled> {
    return settling.settleOne(this.#context, entry, decision, options);
  }

  /**
   * Says that a shot, variant, scene or project was renamed: what was paid under the old name counts for the new one.
   *
   * @throws UsageError for names that do not fit the manifest, ResolutionError for what the ledger refuses.
   */
  adopt(from: string, to: string): Promise<readonly Adoption[]> {
    return adoptName(this.#context, from, to);
  }

  /**
   * A request's life: everything that ever happened to a key, oldest first.
   *
   * @throws UsageError for a key that neither manifest nor ledger knows.
   */
  history(key: string): Promise<readonly LedgerEvent[]> {
    return readHistory(this.#context, key);
  }

  /**
   * The project's history as a journal: what `importHistory` of another ledger takes in.
   *
   * @param file where it is written as well. @throws UsageError for one that the project reads.
   */
  exportHistory(file?: string): Promise<ExportedHistory> {
    return exportHistory(this.#context, this.#approved?.file, file);
  }

  /** Takes in what other ledgers exported, all or nothing; what contradicts this one is told and kept. */
  importHistory(journals: readonly { readonly name: string; readonly text: string }[]): Promise<TakenIn> {
    return importHistory(this.#context, journals);
  }

  /**
   * Finds everything that breaks an invariant of the ledger, or in which it disagrees with other ledgers and journals;
   * empty for a whole one.
   */
  verify(others: readonly string[] = []): Promise<readonly Violation[]> {
    return verifyLedger(this.#context, others);
  }

  /** Reads another revision of the manifest: a git ref, `REF:path`, or a file. */
  async readEarlier(against: string): Promise<Earlier> {
    return (await import('./earlier-revision.ts')).readEarlier(this.#context, against);
  }

  /** Finds what changed since that revision, request by request, and what that costs. */
  async compare(plan: Plan, earlier: Earlier, selection: PlanSelection = {}): Promise<Comparison> {
    return (await import('./earlier-revision.ts')).compareWith(this.#context, plan, earlier, selection);
  }

  /** The text of a plan for approval, to be written to `file`: it names its manifest from there. */
  async planText(plan: Plan, file: string): Promise<string> {
    return planText(this.#context, plan, await this.#factsOf(plan), file);
  }

  /** Writes a file whole or not at all. @throws UsageError for one that the project reads. */
  async writeFile(file: string, text: string): Promise<void> {
    this.refuseOverwriting(file);
    await this.#context.files.write(path.resolve(this.#context.cwd, file), text);
  }

  /** @throws UsageError for a file that the project reads: a storyboard is not kept twice. */
  refuseOverwriting(file: string): void {
    refuseOverwriting(this.#context, this.#approved?.file, file);
  }

  /** Closes the ledger. Nothing that was asked for may be under way. */
  async close(): Promise<void> {
    await this.#context.journal.idle();
    await this.#context.ledger.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #factsOf(plan: Plan): Promise<readonly LedgerEntry[]> {
    return this.#facts.get(plan) ?? this.entries();
  }
}
