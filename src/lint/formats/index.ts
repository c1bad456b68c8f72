import type { LintResult } from '../lint.ts';
import { json } from './json.ts';
import type { PrettyOptions } from './pretty.ts';
import { pretty } from './pretty.ts';

/** What a format may want to know about where its text goes. */
export type FormatOptions = PrettyOptions;

/** Every format: a result as text, the last line ended. */
export const formats = { pretty, json } as const satisfies Record<
  string,
  (result: LintResult, options: FormatOptions) => string
>;
