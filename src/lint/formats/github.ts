import type { Diagnostic } from '../../core/diagnostic.ts';
import type { LintResult } from '../lint.ts';

/** Workflow commands of GitHub Actions, one a finding: each is shown beside its line in a pull request. */
export function github({ diagnostics }: LintResult): string {
  return diagnostics.map((diagnostic) => `${command(diagnostic)}\n`).join('');
}

function command(diagnostic: Diagnostic): string {
  const { rule, severity, message, help, file, line, column, endLine, endColumn } = diagnostic;
  const properties = {
    file: slashed(file),
    line,
    endLine,
    // GitHub takes columns only where a finding stays on its line, and its ends are inclusive.
    ...(endLine === line ? { col: column, endColumn: Math.max(column, endColumn - 1) } : {}),
    title: `shotlist ${rule}`,
  };
  const list = Object.entries(properties).map(([name, value]) => `${name}=${property(String(value))}`);
  const text = help === null ? message : `${message}\n${help}`;
  return `::${severity} ${list.join(',')}::${data(text)}`;
}

/** GitHub compares file names with those of the repository. */
function slashed(file: string): string {
  return file.replaceAll('\\', '/').replace(/^\.\//, '');
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
