import type { LintResult } from '../lint.ts';

/** The result for scripts: the contract's shape, one document. */
export function json({ diagnostics, summary }: LintResult): string {
  return `${JSON.stringify({ version: 1, diagnostics, summary }, null, 2)}\n`;
}
