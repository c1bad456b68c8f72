import type { ShotlistError } from '../core/errors.ts';
import { refusalOf } from '../project/refusal.ts';
import { exitCodeOf } from './exit-codes.ts';

/** Whether a script reads what a call prints. Looked for in the words themselves, since a call may be wrong in others. */
export function wantsJson(argv: readonly string[]): boolean {
  // There standard output is the text that was mended.
  if (argv[0] === 'lint' && argv.includes('--fix')) return false;
  return argv.some(
    (word, index) => word === '--format=json' || (word === '--format' && argv[index + 1] === 'json'),
  );
}

/** A failure in place of the document that a script asked for. */
export function refusalJson(error: ShotlistError): string {
  const { errorCode, error: message, help, diagnostics, summary } = refusalOf(error);
  const exitCode = exitCodeOf(error);
  const refusal = { version: 1, errorCode, error: message, help, exitCode, diagnostics, summary };
  return `${JSON.stringify(refusal, null, 2)}\n`;
}
