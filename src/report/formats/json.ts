import type { Report } from '../model.ts';

/** The report as JSON for scripts: indented, so that a report kept in git shows what changed line by line. */
export function jsonReport(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
