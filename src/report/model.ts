import type { Mode } from '../core/mode.ts';
import type { RequestState } from '../ledger/ledger.ts';

/** One request of the report; the keys, in this order, are the columns of the CSV. */
export interface ReportRow {
  readonly key: string;
  readonly scene: string | null;
  readonly shot: string;
  readonly variant: string | null;
  readonly take: number;
  readonly model: string;
  readonly mode: Mode;
  /** In seconds. */
  readonly duration: number | null;
  /** As stated, else the catalog's default. */
  readonly ratio: string | null;
  readonly resolution: string | null;
  readonly status: RequestState;
  readonly taskId: string | null;
  readonly errorCode: string | null;
  readonly error: string | null;
  readonly attempts: number;
  readonly submittedAt: string | null;
  readonly completedAt: string | null;
  readonly videoUrl: string | null;
  readonly actualDuration: number | null;
  readonly file: string | null;
  /** What was billed as far as is known, in doubt included; null where the price is not known. */
  readonly cost: number | null;
  readonly currency: string | null;
  /** True for a request that was sent and that the manifest no longer holds. */
  readonly superseded: boolean;
  readonly fingerprint: string;
  readonly prompt: string;
}

/** The shape of the JSON report. */
export interface Report {
  readonly version: 1;
  readonly project: string;
  readonly manifest: string;
  readonly generatedAt: string;
  readonly rows: readonly ReportRow[];
  readonly summary: ReportSummary;
}

export type ReportSummary = { readonly total: number } & Readonly<Record<RequestState, number>> & {
    readonly cost: number;
    readonly currency: string | null;
  };
