import { extname } from 'node:path';
import { UsageError } from '../../core/errors.ts';
import type { ReportFormat } from './format.ts';

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
