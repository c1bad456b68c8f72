import type pc from 'picocolors';
import { count } from '../../core/count.ts';
import type { LintSummary } from '../lint.ts';

type Colors = ReturnType<typeof pc.createColors>;

/** Counts the findings, and the files, shots and requests that were checked. */
export function summaryLine(
  { files, shots, requests, errors, warnings }: LintSummary,
  colors: Colors,
): string {
  const looked = `${count(files, 'file')}, ${count(shots, 'shot')}, ${count(requests, 'request')}`;
  if (errors + warnings === 0) return `${colors.green('No problems')} in ${looked}\n`;
  const parts = [
    ...(errors > 0 ? [colors.red(count(errors, 'error'))] : []),
    ...(warnings > 0 ? [colors.yellow(count(warnings, 'warning'))] : []),
  ];
  const more = colors.dim('`shotlist rules <id>` explains a rule');
  return `${colors.bold(parts.join(', '))} in ${looked}. ${more}\n`;
}
