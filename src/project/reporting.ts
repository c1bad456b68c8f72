import path from 'node:path';
import type { CommandCall } from '../cli/command.ts';
import { shotKey } from '../plan/select.ts';
import { type ReportPlace, reportFormatOf } from '../report/formats/index.ts';
import type { Report } from '../report/model.ts';
import { type ReportInput, report } from '../report/rows.ts';
import { type ReportTimes, timesByIdentity } from '../report/times.ts';
import { carriedFlags } from './follow-up.ts';
import { type Project, readEntries } from './project.ts';

/** A report, and what stands beside its rows. */
export interface ProjectReport {
  readonly report: Report;
  readonly times: ReportTimes;
}

/** The report of a project as the ledger has it now. */
export async function makeReport(call: CommandCall, project: Project): Promise<ProjectReport> {
  const { manifest, requests, catalog } = project.linted;
  const entries = await readEntries(call, project);
  return {
    report: report({
      ...{ manifest, requests, entries, catalog },
      now: call.io.clock.now(),
      isHidden: hiddenByMistakes(project),
    }),
    times: timesByIdentity(entries),
  };
}

/** Which shots mistakes hide: those that have some, and, where it is not known whose they are, all that are not to be seen. */
function hiddenByMistakes({ linted, result }: Project): ReportInput['isHidden'] {
  const errors = result.diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return undefined;
  const { versions } = linted.manifest;
  const seen = new Set(versions.map(({ shotKey }) => shotKey));
  const mistaken = new Set([
    ...versions.filter(({ broken }) => broken.size > 0).map((version) => version.shotKey),
    ...errors.flatMap(({ key }) => (key === null ? [] : [key.replace(/[:@].*$/, '')])),
  ]);
  const isUnclear = errors.some(({ key }) => key === null);
  return (shot) => mistaken.has(shotKey(shot)) || (isUnclear && !seen.has(shotKey(shot)));
}

/**
 * The report files that a call asks for, as named; an empty list for none, null for the default ones.
 *
 * @throws UsageError for an extension that names no format.
 */
export function reportFiles(call: CommandCall): readonly string[] | null {
  const asked = call.options['report'];
  if (asked === false) return [];
  if (!Array.isArray(asked)) return null;
  const files = asked as readonly string[];
  for (const file of files) reportFormatOf(file);
  return files;
}

/** Where a report goes that is written into `folder`, an absolute path: it points to clips from there. */
export function reportPlace(call: CommandCall, project: Project, folder: string): ReportPlace {
  return { folder, root: path.dirname(project.stem), flags: carriedFlags(call) };
}

/** Where a run writes reports that name no file, absolute. */
export function defaultReportFiles({ stem }: Project): readonly string[] {
  return [`${stem}.report.csv`, `${stem}.report.json`];
}

/** Writes the report to every file asked for, each whole or not at all, and tells their names. */
export async function writeReports(
  call: CommandCall,
  project: Project,
  { report, times }: ProjectReport,
  files: readonly string[] | null,
): Promise<readonly string[]> {
  const { writeFileAtomically } = await import('../core/write-file.ts');
  const { cwd } = call.io;
  const targets = files ?? defaultReportFiles(project);
  for (const file of targets) {
    const target = path.resolve(cwd, file);
    const place = reportPlace(call, project, path.dirname(target));
    await writeFileAtomically(target, await reportFormatOf(file).write(report, place, times));
  }
  return targets.map((file) => path.relative(cwd, path.resolve(cwd, file)) || file);
}
