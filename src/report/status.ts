import type { Report, ReportRow, ReportSummary } from './model.ts';

/** A project's standing in one screen: the shape of `status --format json`. */
export interface Status {
  readonly version: 1;
  readonly project: string;
  readonly manifest: string;
  readonly generatedAt: string;
  readonly summary: ReportSummary;
  /** Rows that were paid, or may have been, at a price that nobody stated: the summary's cost leaves them out. */
  readonly unpriced: number;
  /** Rows that the manifest no longer holds; they are in the summary's counts and cost. */
  readonly superseded: number;
  /** The result of choosing, beyond the summary; left out where nothing is decided and no failed task cost money. */
  readonly choosing?: Report['choosing'];
  /** Versions of which people picked different takes, neither knowing of the other; left out where there are none. */
  readonly disagreements?: Report['disagreements'];
  /** The requests that were asked about, in the report's order; left out where everything is meant. */
  readonly requests?: readonly ListedRow[];
  /** Requests that do not go on by themselves, in the report's order. */
  readonly attention: readonly AttentionRow[];
}

/** A request of a listing. */
export type ListedRow = Pick<
  ReportRow,
  | 'key'
  | 'title'
  | 'tags'
  | 'status'
  | 'taskId'
  | 'file'
  | 'cost'
  | 'currency'
  | 'decision'
  | 'reason'
  | 'note'
  | 'superseded'
>;

/** A request that a person has to look at: refused, failed or of unknown outcome. */
export type AttentionRow = Pick<
  ReportRow,
  'key' | 'status' | 'taskId' | 'errorCode' | 'error' | 'submittedAt' | 'superseded'
>;

/**
 * Sums up a report: how many requests are in which state, their cost, and those that need a decision.
 *
 * @param isListed whether its requests are listed as well.
 */
export function status(report: Report, isListed = false): Status {
  const { rows, summary } = report;
  return {
    version: 1,
    project: report.project,
    manifest: report.manifest,
    generatedAt: report.generatedAt,
    summary,
    unpriced: rows.filter((row) => row.cost === null).length,
    superseded: rows.filter((row) => row.superseded).length,
    ...(report.choosing === undefined ? {} : { choosing: report.choosing }),
    ...(report.disagreements === undefined ? {} : { disagreements: report.disagreements }),
    ...(isListed ? { requests: rows.map(listed) } : {}),
    attention: rows.filter(needsAttention).map((row) => ({
      key: row.key,
      status: row.status,
      taskId: row.taskId,
      errorCode: row.errorCode,
      error: row.error,
      submittedAt: row.submittedAt,
      superseded: row.superseded,
    })),
  };
}

function listed(row: ReportRow): ListedRow {
  const { key, title, tags, status: state, taskId, file, cost, currency } = row;
  const { decision, reason, note, superseded } = row;
  return {
    ...{ key, title, tags, status: state, taskId, file, cost, currency },
    ...{ decision, reason, note, superseded },
  };
}

/** A failed or refused request of an older edit was answered by that edit; one in doubt may still have been paid. */
function needsAttention(row: ReportRow): boolean {
  if (row.status === 'inDoubt') return true;
  return !row.superseded && (row.status === 'refused' || row.status === 'failed');
}
