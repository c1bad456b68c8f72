import type { ShotlistError } from '../core/errors.ts';
import { afterRefusal } from '../project/next-actions.ts';
import { refusalOf } from '../project/refusal.ts';
import type { CommandDefinition } from './command.ts';
import { exitCodeOf } from './exit-codes.ts';

/**
 * Tells whether a script reads what a call prints. Looks at the words themselves, since a call may be wrong in others.
 *
 * @param called the command of the call; several where it names none.
 */
export function wantsJson(argv: readonly string[], called: readonly CommandDefinition[]): boolean {
  const [command, ...others] = called;
  const textFlag = others.length === 0 ? command?.textFlag : undefined;
  if (textFlag !== undefined && argv.includes(textFlag)) return false;
  return argv.some(
    (word, index) => word === '--format=json' || (word === '--format' && argv[index + 1] === 'json'),
  );
}

/** A failure in place of the document that a script asked for. */
export function refusalJson(error: ShotlistError, argv: readonly string[]): string {
  const { errorCode, error: message, help, diagnostics, summary, differences } = refusalOf(error);
  const exitCode = exitCodeOf(error);
  const nextActions = afterRefusal(errorCode, argv.slice(1).find(isFile));
  const refusal = {
    version: 1,
    errorCode,
    error: message,
    help,
    exitCode,
    diagnostics,
    summary,
    differences,
    nextActions,
  };
  return `${JSON.stringify(refusal, null, 2)}\n`;
}

/** A manifest or a plan, by its name: what the call was about. */
function isFile(word: string): boolean {
  return !word.startsWith('-') && /\.(ya?ml|json)$/i.test(word);
}
