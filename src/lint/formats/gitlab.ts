import type { LintResult } from '../lint.ts';
import { Fingerprints } from './fingerprints.ts';
import { harmless } from './harmless.ts';

/** A Code Quality report of GitLab: shown in the merge request, and kept apart from what was there before. */
export function gitlab({ diagnostics, sources }: LintResult): string {
  const prints = new Fingerprints(sources);
  const issues = diagnostics.map((diagnostic) => {
    const { rule, severity, message, help, file, line, endLine } = diagnostic;
    return {
      description: harmless(help === null ? message : `${message}. ${help}`),
      check_name: rule,
      fingerprint: prints.of(diagnostic),
      severity: severity === 'error' ? 'major' : 'minor',
      location: {
        path: file.replaceAll('\\', '/').replace(/^\.\//, ''),
        lines: { begin: line, end: endLine },
      },
    };
  });
  return `${JSON.stringify(issues, null, 2)}\n`;
}
