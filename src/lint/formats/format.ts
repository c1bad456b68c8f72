import type { LintResult } from '../lint.ts';

/** The screen or file that the text of a format goes to. */
export interface FormatOptions {
  readonly color: boolean;
  /** Of the terminal, in columns. */
  readonly width: number;
  /** True where warnings fail the call. */
  readonly strict: boolean;
}

/** A result as text, its last line ended. What is heavy is loaded when it is needed. */
export type Format = (result: LintResult, options: FormatOptions) => Promise<string>;

/** Ways in which a result can be written. */
export const formatNames = ['pretty', 'json', 'sarif', 'github', 'gitlab', 'rdjson', 'junit'] as const;

export type FormatName = (typeof formatNames)[number];
