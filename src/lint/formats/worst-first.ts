import type { Diagnostic } from '../../core/diagnostic.ts';

/** Picks so many findings, errors before warnings, each in the order in which they came; and gives the rest. */
export function worstFirst(
  diagnostics: readonly Diagnostic[],
  most: number,
): { readonly shown: readonly Diagnostic[]; readonly left: readonly Diagnostic[] } {
  if (diagnostics.length <= most) return { shown: diagnostics, left: [] };
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const warnings = diagnostics.filter(({ severity }) => severity !== 'error');
  const all = [...errors, ...warnings];
  return { shown: all.slice(0, most), left: all.slice(most) };
}
