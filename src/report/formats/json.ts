import type { Report } from '../model.ts';

/**
 * The report as JSON for scripts: indented, so that a report kept in git shows what changed line by line.
 *
 * @param more what the document has besides.
 */
export function jsonReport(report: Report, more: object = {}): string {
  return `${JSON.stringify({ ...report, ...more }, null, 2)}\n`;
}
