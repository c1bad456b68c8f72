import type { Diagnostic } from '../core/diagnostic.ts';
import type { LintResult } from '../lint/lint.ts';

/** What is wrong with a manifest that could not be read at all; a fragment that could not is a mistake in the manifest. */
export function unreadableManifest({ manifests, diagnostics }: LintResult): Diagnostic | undefined {
  const unread = manifests.filter(({ manifest }) => manifest.source.text === '');
  const named = new Set(unread.map(({ manifest }) => manifest.source.file));
  return diagnostics.find(({ rule, file }) => rule === 'unreadable-file' && named.has(file));
}
