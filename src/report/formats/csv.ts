import { stringify } from 'csv-stringify/sync';
import { csvFormat } from '../../core/csv.ts';
import type { Report, ReportRow } from '../model.ts';

/** The columns, in order. The type makes a key of `ReportRow` that is missing here an error. */
const columns = Object.keys({
  key: true,
  scene: true,
  shot: true,
  variant: true,
  take: true,
  model: true,
  mode: true,
  duration: true,
  ratio: true,
  resolution: true,
  status: true,
  taskId: true,
  errorCode: true,
  error: true,
  attempts: true,
  submittedAt: true,
  completedAt: true,
  videoUrl: true,
  actualDuration: true,
  file: true,
  cost: true,
  currency: true,
  superseded: true,
  fingerprint: true,
  prompt: true,
} satisfies Record<keyof ReportRow, true>);

/**
 * The rows of the report as CSV (RFC 4180, CRLF, header line) with a byte-order mark, without which spreadsheets take
 * UTF-8 for the local encoding. What has no value is an empty cell.
 */
export function csvReport(report: Report): string {
  return stringify([...report.rows], {
    ...csvFormat,
    header: true,
    columns,
  });
}
