import type { LintResult } from '../lint.ts';

/**
 * The result for scripts: the contract's shape, one document.
 *
 * @param more what the document has besides.
 */
export function json(
  { diagnostics, summary }: Pick<LintResult, 'diagnostics' | 'summary'>,
  more: object = {},
): string {
  return `${JSON.stringify({ version: 1, diagnostics, summary, ...more }, null, 2)}\n`;
}
