import path from 'node:path';
import { SetupError } from '../core/errors.ts';
import { isRehearsalScope } from '../core/rehearsal.ts';
import { shotKey, shotKeyOf } from '../core/request-key.ts';
import type { RequestState } from '../ledger/ledger.ts';
import type { Selection } from '../plan/select.ts';
import { profileAt } from '../provider/profiles.ts';
import type { BillLine, Reconciliation } from '../report/bill/model.ts';
import type { ReportPlace } from '../report/formats/format.ts';
import { reportFormatOf } from '../report/formats/index.ts';
import type { Report } from '../report/model.ts';
import { type ReportInput, report } from '../report/rows.ts';
import { type ReportTimes, timesByIdentity } from '../report/times.ts';
import type { ProjectContext } from './context.ts';
import { warn } from './events.ts';
import { carriedFlags } from './follow-up.ts';
import { reconcileBill } from './reconciling.ts';
import { reportTarget } from './rehearsal-reports.ts';
import { selectedKeys } from './selected-tasks.ts';
import { findForgotten } from './unknown-payments.ts';

/** Selects the requests that a report is about; everything where nothing is said. */
export interface ReportSelection extends Selection {
  readonly states?: readonly RequestState[] | undefined;
}

/** A report, and what stands beside its rows. */
export interface ProjectReport {
  readonly report: Report;
  readonly times: ReportTimes;
}

/** The reports of a project as files: each whole or not at all, its format picked by its extension. */
export class Reports {
  readonly #context: ProjectContext;

  constructor(context: ProjectContext) {
    this.#context = context;
  }

  /**
   * The report as the ledger has it now, with the times beside its rows, as formats take it.
   *
   * @throws UsageError for a selection of nothing.
   */
  make(selection: ReportSelection = {}): Promise<ProjectReport> {
    return makeReport(this.#context, selection);
  }

  /** Holds a bill of the provider against the ledger, and settles nothing. */
  reconcile(bill: readonly BillLine[]): Promise<Reconciliation> {
    return reconcileBill(this.#context, bill);
  }

  /** The place of a report that is written into `folder`, an absolute path: it points to clips from there. */
  place(folder: string): ReportPlace {
    return reportPlace(this.#context, folder);
  }

  /** The absolute file that a report for this one is written to: a rehearsal's never takes the place of a real one. */
  target(file: string): Promise<string> {
    return reportTarget(this.#context, path.resolve(this.#context.cwd, file));
  }

  /**
   * Writes the report to every file asked for, and tells their names.
   *
   * @param files null for `<manifest>.report.csv` and `.report.json`.
   *
   * @example
   * await project.reports.write(['clips.html']);
   */
  async write(files: readonly string[] | null = null, made?: ProjectReport): Promise<readonly string[]> {
    return writeReports(this.#context, made ?? (await this.make()), files);
  }

  /**
   * Writes the reports of a run that failed. A ledger that was taken away knows nothing, and a report of it would put out
   * what an earlier report still knows.
   */
  async writeInSpite(files: readonly string[] | null): Promise<void> {
    const context = this.#context;
    if (!(await context.ledger.exists()) || (await findForgotten(context, files)) !== null) return;
    await this.write(files);
  }

  /** Brings the reports beside the manifest up to date that are there, and tells their names. None is begun here. */
  async renew(made: ProjectReport): Promise<readonly string[]> {
    const { files, emit } = this.#context;
    const there: string[] = [];
    for (const file of defaultReportFiles(this.#context)) {
      if ((await files.kindOf(file)) !== null) there.push(file);
    }
    // A ledger that knows less than they do must not put out what they know.
    if (there.length === 0 || (await findForgotten(this.#context, null)) !== null) return [];
    try {
      return await this.write(there, made);
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      warn(emit, 'reportNotRenewed', `the report is as it was before: ${error.message}`);
      return [];
    }
  }
}

async function makeReport(
  context: ProjectContext,
  { states, ...selection }: ReportSelection,
): Promise<ProjectReport> {
  const { manifest, requests, catalog } = context.linted;
  const entries = await (await context.ledger.reader()).read(context.scope);
  return {
    report: report({
      ...{ manifest, requests, entries, catalog, states },
      isSelected: selectedKeys(selection, requests, entries),
      now: context.clock.now(),
      resultUrlLifeMs: profileAt(context.settings.baseUrl).resultUrlLifeMs,
      isHidden: hiddenByMistakes(context),
      isRehearsal: isRehearsalScope(context.scope.provider),
    }),
    times: timesByIdentity(entries),
  };
}

/** Tells the shots that mistakes hide: those that have some, and, where a mistake is nobody's, all that are unseen. */
function hiddenByMistakes({ linted, result }: ProjectContext): ReportInput['isHidden'] {
  const errors = result.diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return undefined;
  const { versions } = linted.manifest;
  const seen = new Set(versions.map(({ shotKey }) => shotKey));
  const mistaken = new Set([
    ...versions.filter(({ broken }) => broken.size > 0).map((version) => version.shotKey),
    ...errors.flatMap(({ key }) => (key === null ? [] : [shotKeyOf(key)])),
  ]);
  const isUnclear = errors.some(({ key }) => key === null);
  return (shot) => mistaken.has(shotKey(shot)) || (isUnclear && !seen.has(shotKey(shot)));
}

function reportPlace({ stem, options }: ProjectContext, folder: string): ReportPlace {
  return { folder, root: path.dirname(stem), flags: carriedFlags(options) };
}

/** The files of reports that name none, absolute. */
export function defaultReportFiles({ stem }: Pick<ProjectContext, 'stem'>): readonly string[] {
  return [`${stem}.report.csv`, `${stem}.report.json`];
}

async function writeReports(
  context: ProjectContext,
  { report, times }: ProjectReport,
  named: readonly string[] | null,
): Promise<readonly string[]> {
  const { cwd, files } = context;
  const targets: string[] = [];
  for (const file of named ?? defaultReportFiles(context)) {
    const target = await reportTarget(context, path.resolve(cwd, file));
    targets.push(target);
    const place = reportPlace(context, path.dirname(target));
    await files.write(target, await reportFormatOf(file).write(report, place, times));
  }
  return targets.map((file) => path.relative(cwd, file) || file);
}
