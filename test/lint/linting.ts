import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { Diagnostic } from '../../src/core/diagnostic.ts';
import type { LintOptions, LintResult } from '../../src/lint/lint.ts';
import { lint } from '../../src/lint/lint.ts';

/** Writes files to a folder that goes away with the test, and gives its path. */
export async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'shotlist-lint-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  return folder;
}

/** Lints `a.yaml` with this text, beside other files. */
export async function lintText(
  text: string,
  files: Readonly<Record<string, string>> = {},
  options: Omit<LintOptions, 'cwd'> = {},
): Promise<LintResult> {
  return lint(['a.yaml'], { cwd: await folderWith({ 'a.yaml': text, ...files }), ...options });
}

/** The text that a diagnostic marks. */
export function marked(diagnostic: Diagnostic, text: string): string {
  const lines = text.split('\n');
  if (diagnostic.endLine === diagnostic.line) {
    return (lines[diagnostic.line - 1] ?? '').slice(diagnostic.column - 1, diagnostic.endColumn - 1);
  }
  return [
    (lines[diagnostic.line - 1] ?? '').slice(diagnostic.column - 1),
    ...lines.slice(diagnostic.line, diagnostic.endLine - 1),
    (lines[diagnostic.endLine - 1] ?? '').slice(0, diagnostic.endColumn - 1),
  ].join('\n');
}

/** Each diagnostic as `rule: marked text`, the shortest form in which it can be told apart. */
export function told({ diagnostics, sources }: LintResult): readonly string[] {
  return diagnostics.map(
    (diagnostic) => `${diagnostic.rule}: ${marked(diagnostic, sources.get(diagnostic.file) ?? '')}`,
  );
}

/** A manifest of these shots, written at the top level. */
export function shots(text: string, before = ''): string {
  return `version: 1\nproject: demo\n${before}shots:\n${text}`;
}
