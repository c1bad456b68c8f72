import { createHash } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import type { Diagnostic } from '../../core/diagnostic.ts';
import type { LintResult } from '../lint.ts';

/** Names a file by a relative reference, so that a service can look it up in the repository; absolute if named so. */
export function uriOf(file: string): string {
  if (/^(?:\/|[A-Za-z]:[\\/])/.test(file)) return pathToFileURL(file).href;
  return file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
}

/**
 * Knows a finding again after edits elsewhere: by its rule, its file and the line that it is about, not by where that line
 * stands. Findings that have all of that in common are told apart by their order.
 */
export class Fingerprints {
  readonly #lines: ReadonlyMap<string, readonly string[]>;
  readonly #met = new Map<string, number>();

  constructor(sources: LintResult['sources']) {
    this.#lines = new Map([...sources].map(([file, text]) => [file, text.split('\n')]));
  }

  of({ rule, file, line, key }: Diagnostic): string {
    const text = this.#lines.get(file)?.[line - 1]?.trim() ?? '';
    const same = JSON.stringify([rule, uriOf(file), key, text]);
    const before = this.#met.get(same) ?? 0;
    this.#met.set(same, before + 1);
    return createHash('sha256').update(`${same} ${before}`).digest('hex').slice(0, 32);
  }
}
