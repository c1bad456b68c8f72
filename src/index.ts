/**
 * The library: the same functions as the command line, and plain data between them.
 *
 * `lint` reads and checks manifests, `plan` decides what to send and why, `run` sends it through a ledger and a
 * provider, `collect` waits for the tasks and saves their clips, `report` tells what became of it.
 */
export type { Catalog, Model } from './catalog/catalog.ts';
export { shippedCatalog } from './catalog/shipped.ts';
export { type CollectOptions, collect, type DownloadOptions } from './collect/collect.ts';
export type { CollectEvent, CollectProblem, CollectResult, CollectStop } from './collect/events.ts';
export { type Clock, type Random, systemClock } from './core/clock.ts';
export type { Diagnostic, Severity } from './core/diagnostic.ts';
export {
  InterruptedError,
  LedgerError,
  LintFailedError,
  SetupError,
  ShotlistError,
  StoppedError,
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
export type { Manifest, Request, RequestBody, Version } from './manifest/model.ts';
export type { MediaFacts, MediaKind } from './media/facts.ts';
export { type MediaRequest, type ProbeEvent, type ProbeOptions, probeMedia } from './media/probe.ts';
export { type ApproveInput, approve } from './plan/approve.ts';
export { checkBudget, type RunLimits } from './plan/budget.ts';
export type { Plan, PlanAction, PlannedRequest, PlanReason, PlanSummary } from './plan/model.ts';
export { PlanOutOfDateError } from './plan/out-of-date.ts';
export { type PlanInput, plan } from './plan/plan.ts';
export { readSavedPlan } from './plan/read-saved-plan.ts';
export {
  type PlanWorld,
  type SavedPlan,
  savedPlanDigest,
  savedPlanText,
  savePlan,
} from './plan/saved-plan.ts';
export { limitSubmissions, type Selection, select } from './plan/select.ts';
export type { CreateOutcome, Provider, QueryOutcome } from './provider/provider.ts';
export { createVideosApi, type VideosApiOptions } from './provider/videos-api.ts';
export type { Report, ReportRow, ReportSummary } from './report/model.ts';
export { type ReportInput, report } from './report/rows.ts';
export type { RunEvent, RunResult, StopReason } from './run/events.ts';
export { type RunOptions, run } from './run/run.ts';
