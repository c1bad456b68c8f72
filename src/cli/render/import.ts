import pc from 'picocolors';
import { harmless } from '../../lint/formats/harmless.ts';
import type { ImportSummary } from '../../spreadsheet/import.ts';
import type { TableProblem } from '../../spreadsheet/problem.ts';
import type { Output } from '../io.ts';
import { proseWidth } from '../language.ts';
import { count, number, wrap } from './text.ts';

/** Lines of a difference that are shown before a question; a long one is better read from `--dry-run`. */
const previewLines = 200;

/** Lists the problems of a table with their places. */
export function tableProblems(problems: readonly TableProblem[], file: string, color: boolean): string {
  const colors = pc.createColors(color);
  return problems
    .map((problem) => {
      const { message, help, severity = 'error' } = problem;
      const place = colors.cyan(harmless(placeOf(problem, file)));
      const label = severity === 'error' ? colors.red('error') : colors.yellow('warning');
      return `${colors.bold(label)} ${colors.bold(harmless(message))}\n  ${place}\n  ${colors.cyan('help:')} ${harmless(help)}\n\n`;
    })
    .join('');
}

function placeOf({ subject, line, row, column }: TableProblem, file: string): string {
  if (subject !== undefined) return subject.replace(/:$/, '');
  const parts = [
    line === undefined ? file : `${file}, line ${line}`,
    row === undefined || row === line ? '' : `row ${row}`,
    column === undefined ? '' : `column ${column}`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** The difference, in color where that is wanted. An import keeps line ends, so none is shown. */
export function importPreview(diff: string, color: boolean): string {
  const colors = pc.createColors(color);
  const lines = diff.trimEnd().split(/\r?\n/);
  const shown = lines.slice(0, previewLines).map((line) => {
    if (/^(?:---|\+\+\+) /.test(line)) return colors.bold(harmless(line));
    if (line.startsWith('@@')) return colors.cyan(harmless(line));
    if (line.startsWith('+')) return colors.green(harmless(line));
    return line.startsWith('-') ? colors.red(harmless(line)) : harmless(line);
  });
  const rest = lines.length - shown.length;
  const more = rest > 0 ? [colors.dim(`… ${count(rest, 'more line')}: --dry-run shows them all`)] : [];
  return `${[...shown, ...more].join('\n')}\n\n`;
}

/** Something to know, broken to the width of the terminal that it is for. */
export function noteText(note: string, output: Output): string {
  const width = proseWidth(output, output.columns);
  return `note: ${wrap(harmless(note), Math.max(width - 6, 30)).join('\n      ')}\n`;
}

/** Sums up an import in one line. */
export function importSummaryLine({ added, changed, skipped, back, unchanged }: ImportSummary): string {
  const parts = [
    [added.length, 'added'],
    [changed.length, 'changed'],
    [skipped.length, 'not in the table: skipped'],
    [back.length, 'back'],
    [unchanged, 'unchanged'],
  ] as const;
  const said = parts.filter(([n]) => n > 0).map(([n, what]) => `${number(n)} ${what}`);
  return `shots: ${said.length === 0 ? 'none' : said.join(', ')}\n`;
}
