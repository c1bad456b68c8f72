import { UsageError } from '../core/errors.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Io } from './io.ts';

/** One flag. Parsing, `--help` and docs/cli.md come from it. */
export interface OptionDefinition {
  /** As commander writes it: `--rate <rate>`, `-o, --output <file>`, `--yes`. */
  readonly flags: string;
  readonly summary: string;
  /** Turns the text into a value; throws UsageError. Absent for switches and plain strings. */
  readonly parse?: (text: string) => unknown;
  readonly choices?: readonly string[];
  /** May be given more than once; the value is a list. */
  readonly repeatable?: boolean;
  /** Shown in help; the value itself is decided where it is used, since the manifest may say otherwise. */
  readonly default?: string;
}

export interface ArgumentDefinition {
  /** As commander writes it: `<manifest>`, `[key...]`. */
  readonly name: string;
  readonly summary: string;
}

/** One command: the only place that says what it is called, takes and means. */
export interface CommandDefinition {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** A paragraph or two for `--help`. */
  readonly description: string;
  readonly arguments: readonly ArgumentDefinition[];
  readonly options: readonly OptionDefinition[];
  readonly examples: readonly { readonly command: string; readonly summary: string }[];
  execute(call: CommandCall): Promise<ExitCode>;
}

/** One call of a command, parsed. */
export interface CommandCall {
  readonly io: Io;
  readonly arguments: readonly (string | readonly string[] | undefined)[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly verbosity: 'quiet' | 'normal' | 'verbose';
  readonly color: { readonly stdout: boolean; readonly stderr: boolean };
  /** Whether lines may be redrawn on standard error. */
  readonly animate: boolean;
}

/** The call's first argument, which commander has made sure is there. */
export function firstArgument(call: CommandCall): string {
  const [first] = call.arguments;
  if (typeof first !== 'string') throw new UsageError('an argument is missing');
  return first;
}

/** The words of a call's variadic argument. */
export function wordsAt(call: CommandCall, index: number): readonly string[] {
  const words = call.arguments[index];
  if (words === undefined) return [];
  return typeof words === 'string' ? [words] : words;
}
