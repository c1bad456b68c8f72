/**
 * The library. `openProject` is its door, and the command line's: it lints, plans, sends, collects, reports and settles with
 * everything that keeps a request from being paid twice. The rooms behind it (`lint`, `plan`, `run`, `collect`, `report`,
 * plain data between them) are there for those who build their own; what `Project` protects from, they must know themselves.
 */
import { openProject as open } from './project/open.ts';
import type { ProjectOptions } from './project/options.ts';
import type { Project } from './project/project.ts';

/**
 * Opens a project: reads and lints its manifest, and finds out where its memory is. Settings come from `options`, then from
 * the environment of the process, then from a `.env` file in the working directory. Close the project when you are done.
 *
 * @param file the manifest, or a plan saved with `plan --out`, whose manifest is opened then.
 * @throws SetupError for a manifest that cannot be read and for settings that are wrong; UsageError for a saved plan that
 *   cannot be sent; LintFailedError where not even the project's name can be read.
 *
 * @example
 * await using project = await openProject('storyboard.yaml');
 * const plan = await project.plan();
 * await project.submit(plan, { maxCost: 50 });
 * await project.collect();
 */
export async function openProject(file: string, options: ProjectOptions = {}): Promise<Project> {
  const { env } = await import('node:process');
  return open(file, { ...options, env: options.env ?? env });
}

export type { Catalog, Model } from './catalog/catalog.ts';
export { shippedCatalog } from './catalog/shipped.ts';
export { type CollectOptions, collect, type DownloadOptions } from './collect/collect.ts';
export type { CollectEvent, CollectProblem, CollectResult, CollectStop } from './collect/events.ts';
export { type Clock, type Random, systemClock } from './core/clock.ts';
export type { Diagnostic, Severity } from './core/diagnostic.ts';
export {
  ApprovalExpiredError,
  BadSignatureError,
  InterruptedError,
  LedgerError,
  LintFailedError,
  NotApprovedError,
  PlanOutOfDateError,
  PlanSpentError,
  SetupError,
  ShotlistError,
  StoppedError,
  UnknownSignerError,
  UnsignedError,
  UsageError,
} from './core/errors.ts';
export type { Mode } from './core/mode.ts';
export type { TaskStatus } from './core/task-status.ts';
export { type Emulator, type EmulatorOptions, startEmulator } from './emulator/emulator.ts';
export type { RequestEvent } from './emulator/exchange.ts';
export { type FailureSpec, parseFailures } from './emulator/failures.ts';
export { type LatencySpec, parseLatency } from './emulator/latency.ts';
export type { BilledTask } from './emulator/tasks.ts';
export { type Journal, journalText, readJournal } from './ledger/journal/journal.ts';
export type { JournalEvent } from './ledger/journal/journal-event.ts';
export {
  BudgetError,
  ClaimLostError,
  type Ledger,
  type LedgerAttempt,
  type LedgerEntry,
  type LedgerScope,
  type RequestState,
  ResolutionError,
  UnrecordedError,
} from './ledger/ledger.ts';
export type {
  Adoption,
  Conflict,
  PaidElsewhere,
  Renaming,
  TakenIn,
  Violation,
} from './ledger/model/moving.ts';
export type { AttemptTimes } from './ledger/model/times.ts';
export { openLedger, openLedgerForReading } from './ledger/open-ledger.ts';
export {
  type LintedManifest,
  type LintOptions,
  type LintResult,
  lint,
  lintMedia,
  type MediaLintResult,
} from './lint/lint.ts';
export type { MediaProbe, ProbedMedium } from './lint/used-media.ts';
export type { FileBytes, ReadBytes } from './manifest/file-text.ts';
export type { Manifest, Request, RequestBody, Version } from './manifest/model.ts';
export type { MediaFacts, MediaKind } from './media/facts.ts';
export { type MediaRequest, type ProbeEvent, type ProbeOptions, probeMedia } from './media/probe.ts';
export { type ApproveInput, approve } from './plan/approve.ts';
export { checkBudget, type RunLimits } from './plan/budget.ts';
export type { Plan, PlanAction, PlannedRequest, PlanReason, PlanSummary } from './plan/model.ts';
export { type PlanInput, plan } from './plan/plan.ts';
export { readSavedPlan } from './plan/read-saved-plan.ts';
export {
  type Approval,
  type PlanWorld,
  type SavedPlan,
  savedPlanDigest,
  savedPlanText,
  savePlan,
} from './plan/saved-plan.ts';
export { limitSubmissions, type Selection, select } from './plan/select.ts';
export type { ApprovedBy } from './project/approval/approval.ts';
export type { Approvals } from './project/approval/approvals.ts';
export type { ApproveOptions, GivenApproval } from './project/approval/approve-plan.ts';
export type { Clips } from './project/clips.ts';
export type { ProjectCollectOptions, ReadyCollect } from './project/collecting.ts';
export type { CutMade, CutOptions } from './project/cutting.ts';
export { type ClipDecided, type ClipWish, offeredReasons } from './project/deciding.ts';
export type { Delivery, DeliveryOptions } from './project/delivering.ts';
export type { Earlier } from './project/earlier-revision.ts';
export type { Findings, ProjectEvent, ProjectWarning, WarningCode } from './project/events.ts';
export type { ProjectFiles } from './project/files.ts';
export type { MediaCheckOptions } from './project/media.ts';
export type { ExportedHistory } from './project/moving-history.ts';
export type {
  Environment,
  LedgerOpener,
  LedgerOpening,
  ProbeMedia,
  ProjectOptions,
  ProviderFactory,
} from './project/options.ts';
export type { PlanSelection } from './project/planning.ts';
export type { Project } from './project/project.ts';
export { type FailureCode, failureCode, type Refusal, refusalOf } from './project/refusal.ts';
export type { ProjectReport, ReportSelection, Reports } from './project/reporting.ts';
export type {
  Decision,
  OpenRequests,
  Settled,
  SettleOptions,
} from './project/settling.ts';
export type { PlanLimits, ReadySubmission, SubmitOptions } from './project/submission.ts';
export type { Target } from './project/target.ts';
export { type TaskDifference, TaskDiffersError } from './project/task-differences.ts';
export { UploadError } from './project/upload-error.ts';
export type { ReadyUpload, UploadOptions } from './project/uploading.ts';
export type { CreateOutcome, Provider, QueryOutcome } from './provider/provider.ts';
export { createVideosApi, type VideosApiOptions } from './provider/videos-api.ts';
export type {
  BillLine,
  BillMatch,
  KnownAttempt,
  MatchReason,
  Reconciliation,
  TaskCharge,
} from './report/bill/model.ts';
export type { Report, ReportRow, ReportSummary } from './report/model.ts';
export { type ReportInput, report } from './report/rows.ts';
export type { Status } from './report/status.ts';
export type { RunEvent, RunResult, StopReason } from './run/events.ts';
export type { PricedLimits } from './run/priced-limits.ts';
export { type RunOptions, run } from './run/run.ts';
