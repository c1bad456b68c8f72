import pc from 'picocolors';
import type { Diagnostic } from '../../core/diagnostic.ts';
import type { LintResult } from '../lint.ts';
import { codeFrame } from './code-frame.ts';
import type { FormatOptions } from './format.ts';
import { harmless } from './harmless.ts';
import { summaryLine } from './summary-line.ts';

type Colors = ReturnType<typeof pc.createColors>;

/** The result for people: each finding with the line that it is about, and a summary line. */
export function pretty(
  result: Pick<LintResult, 'diagnostics' | 'summary' | 'sources'>,
  { color, width }: Pick<FormatOptions, 'color' | 'width'>,
): string {
  const colors = pc.createColors(color);
  const lines = new Map<string, readonly string[]>();
  const lineOf = ({ file, line }: Diagnostic): string => {
    const all = lines.get(file) ?? (result.sources.get(file) ?? '').split(/\r?\n/);
    lines.set(file, all);
    return all[line - 1] ?? '';
  };
  const findings = result.diagnostics.map((diagnostic) =>
    finding(diagnostic, lineOf(diagnostic), width, colors),
  );
  return [...findings, summaryLine(result.summary, colors)].join('\n');
}

function finding(diagnostic: Diagnostic, text: string, width: number, colors: Colors): string {
  const { rule, severity, message, help, file, line, column, key } = diagnostic;
  const paint = severity === 'error' ? colors.red : colors.yellow;
  const number = String(line);
  const gutter = ' '.repeat(number.length);
  const bar = colors.dim('│');
  const place = harmless(`${file}:${line}:${column}`);
  const about = key === null ? '' : colors.dim(`  ${harmless(key)}`);
  const { code, mark } = codeFrame(text, diagnostic, Math.max(width - number.length - 4, 20));
  const lines = [
    `${colors.bold(paint(severity))} ${colors.dim(rule)}  ${colors.bold(harmless(message))}`,
    ` ${gutter} ${colors.cyan(place)}${about}`,
    ...(code === '' ? [] : [` ${colors.dim(number)} ${bar} ${code}`, ` ${gutter} ${bar} ${paint(mark)}`]),
    ...(help === null ? [] : [` ${gutter} ${colors.cyan('help:')} ${harmless(help)}`]),
  ];
  return lines.map((each) => `${each}\n`).join('');
}
