import type { ReportFile, Row, Summary } from '../generated/report-types.ts';

/** One request of the report; the keys, in this order, are the columns of the CSV. */
export type ReportRow = Readonly<Row>;

export type ReportSummary = Readonly<Summary>;

/** The shape of the JSON report, as `schemas/report.schema.json` publishes it. */
export interface Report extends Readonly<Omit<ReportFile, 'rows' | 'summary'>> {
  readonly rows: readonly ReportRow[];
  readonly summary: ReportSummary;
}
