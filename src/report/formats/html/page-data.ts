import type { AttemptTimes } from '../../../ledger/model/times.ts';
import type { PageColumnName } from '../../columns.ts';
import type { Report, ReportRow, ReportSummary } from '../../model.ts';

/** A request as the page shows it. */
export interface PageRow extends AttemptTimes, Pick<ReportRow, PageColumnName | 'prompt'> {
  /** The clip's URL relative to the page; null while it is not on disk. */
  readonly clip: string | null;
}

/** One array a field, all in the order of the report: the names of the fields are not repeated for each request. */
export type PageColumns = { readonly [Field in Exclude<keyof PageRow, 'prompt'>]: readonly PageRow[Field][] };

/**
 * Data that the page holds. The provider's result URLs are left out: they can carry a key id, they die within a day,
 * and a page is made to be handed on.
 */
export interface PageData
  extends Pick<Report, 'project' | 'manifest' | 'generatedAt' | 'choosing' | 'title' | 'scenes'> {
  /** Whether a review serves the page, and takes down what is decided on it. */
  readonly isLive: boolean;
  /** Flags that commands on the page need besides, as the call had them: the ledger, the provider, the catalog. */
  readonly flags: readonly string[];
  readonly summary: ReportSummary;
  /** Each prompt once: the takes of a shot share theirs. */
  readonly prompts: readonly string[];
  readonly columns: PageColumns & {
    /** Index into `prompts`. */
    readonly prompt: readonly number[];
  };
}
