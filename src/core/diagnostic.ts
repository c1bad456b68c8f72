/** One finding of the lint, placed and ready to show. The shape of `lint --format json`. */
export interface Diagnostic {
  /** Id of the rule, for example `frame-pair`. */
  readonly rule: string;
  readonly severity: Severity;
  /** One sentence without a full stop at the end that says what is wrong. */
  readonly message: string;
  /** Advice on what to do about it; null where the message says it all. */
  readonly help: string | null;
  /** The file as the caller named it; fragments and prompt files relative to the same base. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units, as editors count. */
  readonly column: number;
  readonly endLine: number;
  /** Exclusive. */
  readonly endColumn: number;
  /** The request, or the shot, that the finding is about; null where it is about neither or about many. */
  readonly key: string | null;
  /** True where `lint --fix` has one right answer. */
  readonly fixable: boolean;
}

export type Severity = 'error' | 'warning';
