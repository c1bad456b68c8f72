import { extname } from 'node:path';
import { UsageError } from '../../core/errors.ts';
import type { Report } from '../model.ts';
import type { ReportTimes } from '../times.ts';

/** One way to write a report down. A format makes text; somebody else writes it to a file. */
export interface ReportFormat {
  /** As in `--format`. */
  readonly name: string;
  /** What a file of it ends in, with the dot: picks the format of `--report FILE`. */
  readonly extension: string;
  /** Loads what it needs only when it is asked for. */
  readonly write: (report: Report, place?: ReportPlace, times?: ReportTimes) => Promise<string>;
}

/** Where a report is written, for formats that point to files beside it and commands beyond it. */
export interface ReportPlace {
  /** Absolute folder of the file that is being written. */
  readonly folder: string;
  /** Absolute folder that the `file` of a row is relative to: the manifest's. */
  readonly root: string;
  /** What commands on the manifest need besides, such as `--ledger FILE`, for formats that name commands. */
  readonly flags?: readonly string[];
}

export const reportFormats: readonly ReportFormat[] = [
  {
    name: 'csv',
    extension: '.csv',
    write: async (report) => (await import('./csv.ts')).csvReport(report),
  },
  {
    name: 'json',
    extension: '.json',
    write: async (report) => (await import('./json.ts')).jsonReport(report),
  },
  {
    name: 'html',
    extension: '.html',
    write: async (report, place, times) => (await import('./html/html.ts')).htmlReport(report, place, times),
  },
  {
    name: 'junit',
    extension: '.xml',
    write: async (report) => (await import('./junit.ts')).junitReport(report),
  },
];

/**
 * The format that a file name asks for by its extension, whatever the case.
 *
 * @throws UsageError where no format has that extension.
 */
export function reportFormatOf(file: string): ReportFormat {
  const extension = extname(file).toLowerCase();
  const format = reportFormats.find((candidate) => candidate.extension === extension);
  if (format !== undefined) return format;
  const known = reportFormats.map((candidate) => candidate.extension).join(' or ');
  throw new UsageError(
    extension === ''
      ? `the report file ${file} has no extension, so its format is unknown`
      : `no report can be written as ${extension}: ${file}`,
    { help: `end the file name in ${known}` },
  );
}
