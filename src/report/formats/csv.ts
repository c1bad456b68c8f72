import { stringify } from 'csv-stringify/sync';
import { csvFormat } from '../../core/csv.ts';
import { columnNames } from '../columns.ts';
import type { Report } from '../model.ts';

/**
 * The rows of the report as CSV (RFC 4180, CRLF, header line) with a byte-order mark, without which spreadsheets take
 * UTF-8 for the local encoding. What has no value is an empty cell.
 */
export function csvReport(report: Report): string {
  return stringify([...report.rows], {
    ...csvFormat,
    header: true,
    columns: [...columnNames],
  });
}
