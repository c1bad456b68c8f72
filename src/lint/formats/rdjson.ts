import type { Diagnostic } from '../../core/diagnostic.ts';
import { homepage } from '../../core/version.ts';
import type { Edit } from '../../manifest/model.ts';
import { SourceIndex } from '../../manifest/source-index.ts';
import type { SourceFix } from '../found.ts';
import type { LintResult } from '../lint.ts';
import { harmless } from './harmless.ts';

/** The Diagnostic Format of reviewdog, which comments on pull requests of many services and suggests fixes there. */
export function rdjson({ diagnostics, fixes, sources }: LintResult): string {
  const lines = new Map([...sources].map(([file, text]) => [file, text.split('\n')]));
  const position = ({ file }: Pick<Diagnostic, 'file'>, line: number, column: number): object => ({
    line,
    column: byteColumn(lines.get(file)?.[line - 1] ?? '', column),
  });
  const report = {
    source: { name: 'shotlist', url: homepage },
    diagnostics: diagnostics.map((diagnostic) => {
      const { rule, severity, message, help, file, line, column, endLine, endColumn } = diagnostic;
      const fix = fixes.get(diagnostic);
      return {
        message: harmless(help === null ? message : `${message}. ${help}`),
        location: {
          path: file.replaceAll('\\', '/').replace(/^\.\//, ''),
          range: {
            start: position(diagnostic, line, column),
            end: position(diagnostic, endLine, endColumn),
          },
        },
        severity: severity === 'error' ? 'ERROR' : 'WARNING',
        code: { value: rule },
        ...(fix === undefined ? {} : { suggestions: suggestionsOf(diagnostic, fix, position) }),
      };
    }),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

function suggestionsOf(
  diagnostic: Diagnostic,
  { edits, source }: SourceFix,
  position: (of: Diagnostic, line: number, column: number) => object,
): readonly object[] {
  const index = source.index ?? new SourceIndex(source.text);
  return edits.map(({ start, end, text }: Edit) => {
    const from = index.position(start);
    const to = index.position(end);
    return {
      range: {
        start: position(diagnostic, from.line, from.column),
        end: position(diagnostic, to.line, to.column),
      },
      text,
    };
  });
}

/** Columns of that format count bytes of UTF-8, from 1. */
function byteColumn(line: string, column: number): number {
  return Buffer.byteLength(line.slice(0, column - 1)) + 1;
}
