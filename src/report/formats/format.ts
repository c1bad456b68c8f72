import type { Report } from '../model.ts';
import type { ReportTimes } from '../times.ts';

/** One way to write a report down. A format makes text; somebody else writes it to a file. */
export interface ReportFormat {
  /** As in `--format`. */
  readonly name: string;
  /** The end of its files' names, with the dot: picks the format of `--report FILE`. */
  readonly extension: string;
  /** Loads what it needs only when it is asked for. */
  readonly write: (report: Report, place?: ReportPlace, times?: ReportTimes) => Promise<string>;
}

/** The place of a report's file, for formats that point to clips and name commands. */
export interface ReportPlace {
  /** Absolute folder of the file that is being written. */
  readonly folder: string;
  /** Absolute folder that the `file` of a row is relative to: the manifest's. */
  readonly root: string;
  /** Flags that commands on the manifest need besides, such as `--ledger FILE`, for formats that name commands. */
  readonly flags?: readonly string[];
}
