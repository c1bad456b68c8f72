import { count } from '../../core/count.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import type { LintResult } from '../lint.ts';
import { harmless } from './harmless.ts';
import { worstFirst } from './worst-first.ts';

/** Rows of the table: a summary of more than a mebibyte is refused whole, and nobody reads a thousand rows. */
const rowsShown = 200;

/** The findings as Markdown, for the summary of a job: the worst first, the rest counted. Empty where there are none. */
export function stepSummary({ diagnostics, summary }: Pick<LintResult, 'diagnostics' | 'summary'>): string {
  if (diagnostics.length === 0) return '';
  const { errors, warnings } = summary;
  const { shown, left } = worstFirst(diagnostics, rowsShown);
  const counts = [
    ...(errors > 0 ? [count(errors, 'error')] : []),
    ...(warnings > 0 ? [count(warnings, 'warning')] : []),
  ];
  return [
    `### shotlist lint: ${counts.join(', ')}`,
    '',
    '| | where | finding |',
    '|---|---|---|',
    ...shown.map(row),
    ...(left.length === 0 ? [] : ['', `And ${count(left.length, 'more finding')}, in the log of the step.`]),
    '',
    '',
  ].join('\n');
}

function row({ severity, rule, message, help, file, line, column }: Diagnostic): string {
  const place = `\`${file}:${line}:${column}\``;
  const text = help === null ? cell(message) : `${cell(message)}<br>${cell(help)}`;
  return `| ${severity} | ${cell(place)} | **${rule}** ${text} |`;
}

/** A text inside a cell: one line, and nothing in it that ends the cell or begins a tag. */
function cell(text: string): string {
  return harmless(text.replace(/\s+/g, ' ')).replaceAll('|', '\\|').replaceAll('<', '&lt;').slice(0, 600);
}
