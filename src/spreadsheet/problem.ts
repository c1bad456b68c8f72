import { ShotlistError } from '../core/errors.ts';

/** A mistake in a table or in a mapping, and its place. */
export interface TableProblem {
  /** A sentence; with `subject`, the rest of one. */
  readonly message: string;
  readonly help: string;
  /** The file as a whole, where the message is about it. */
  readonly subject?: string | undefined;
  /** In the file, from 1. */
  readonly line?: number | undefined;
  /** As a spreadsheet counts. */
  readonly row?: number | undefined;
  /** The header of the column. */
  readonly column?: string | undefined;
  /** A warning is a question: nothing is written before it is answered. */
  readonly severity?: 'error' | 'warning' | undefined;
}

/** A table that cannot be taken in. Nothing was written. */
export class TableError extends ShotlistError {
  readonly problems: readonly TableProblem[];

  constructor(problems: readonly TableProblem[]) {
    const [first] = problems;
    super(
      first === undefined ? 'the table cannot be read' : `${first.subject ?? ''} ${first.message}`.trim(),
      {
        help: first?.help,
      },
    );
    this.problems = problems;
  }
}
