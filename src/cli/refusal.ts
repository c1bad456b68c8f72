import { LintFailedError, type ShotlistError } from '../core/errors.ts';
import type { LintResult } from '../lint/lint.ts';
import type { CommandDefinition } from './command.ts';
import { failureOf } from './exit-codes.ts';

type Findings = Pick<LintResult, 'diagnostics' | 'summary'>;

/** A command that goes no further because of what the lint found. */
export class ManifestRefusedError extends LintFailedError {
  readonly findings: Findings;

  constructor(message: string, help: string, findings: Findings) {
    super(message, { help });
    this.findings = findings;
  }
}

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

/** A failure in place of the document that a script asked for; the names are those of reports and of findings. */
export function refusalJson(error: ShotlistError): string {
  const { name, code } = failureOf(error) ?? {};
  const { diagnostics, summary }: Partial<Findings> =
    error instanceof ManifestRefusedError ? error.findings : {};
  const refusal = {
    version: 1,
    errorCode: name,
    error: error.message,
    help: error.help ?? null,
    exitCode: code,
    diagnostics,
    summary,
  };
  return `${JSON.stringify(refusal, null, 2)}\n`;
}
