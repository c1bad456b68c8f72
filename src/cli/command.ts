import type { ExitCode } from './exit-codes.ts';
import type { Io } from './io.ts';

/** The candidates that a shell offers for a word: one of these kinds, or the words themselves. */
export type Completion =
  | 'files'
  | 'manifests'
  | 'keys'
  /** Keys of requests that wait for a decision. */
  | 'doubts'
  | 'tags'
  | 'scenes'
  | 'models'
  | 'rules'
  | 'refs'
  | readonly string[];

/** A flag as help and docs/cli.md show it. */
export interface Flag {
  /** As commander writes it: `--rate <rate>`, `-o, --output <file>`, `--yes`. */
  readonly flags: string;
  readonly summary: string;
}

/** One option. Parsing, its type, `--help`, completion and docs/cli.md come from it. */
export interface OptionDefinition extends Flag {
  /** Turns the text into a value; throws UsageError. Absent for switches and plain strings. */
  readonly parse?: (text: string) => unknown;
  readonly choices?: readonly string[];
  /** May be given more than once; the value is a list. */
  readonly repeatable?: boolean;
  /** The flag that turns it off, as `--no-report`; the value is false then. */
  readonly negation?: Flag;
  /** Shown in help; the value itself is decided where it is used, since the manifest may say otherwise. */
  readonly default?: string;
  /** Completes its value, where it has no `choices`. */
  readonly completion?: Completion;
}

export interface ArgumentDefinition {
  /** As commander writes it: `<manifest>`, `[key...]`. */
  readonly name: string;
  readonly summary: string;
  readonly completion?: Completion;
}

/** Options by the names under which a command reads their values, in the order of help. */
export type OptionDefinitions = Readonly<Record<string, OptionDefinition>>;
/** Arguments by the names under which a command reads them, in the order in which they are given. */
export type ArgumentDefinitions = Readonly<Record<string, ArgumentDefinition>>;

type OneValue<D> = D extends { readonly parse: (text: string) => infer Value }
  ? Value
  : D extends { readonly choices: readonly (infer Choice)[] }
    ? Choice
    : string;

/**
 * The value of an option: a switch is a boolean, a repeatable option a list, empty where it is not given, and every other
 * option is undefined where it is not given.
 */
export type OptionValue<D> =
  | (D extends { readonly flags: `${string}<${string}` }
      ? D extends { readonly repeatable: true }
        ? readonly OneValue<D>[]
        : OneValue<D> | undefined
      : boolean)
  | (D extends { readonly negation: object } ? false : never);

export type OptionValues<Definitions> = {
  readonly [Name in keyof Definitions]: OptionValue<Definitions[Name]>;
};

type ArgumentValue<Name> = Name extends `${string}...${string}`
  ? readonly string[]
  : Name extends `<${string}`
    ? string
    : string | undefined;

export type ArgumentValues<Definitions> = {
  readonly [Name in keyof Definitions]: ArgumentValue<
    Definitions[Name] extends { readonly name: infer Written } ? Written : never
  >;
};

/** One call of a command, parsed. */
export interface CommandCall<Options = object, Arguments = object> {
  readonly io: Io;
  readonly arguments: Arguments;
  readonly options: Options;
  readonly verbosity: 'quiet' | 'normal' | 'verbose';
  readonly color: { readonly stdout: boolean; readonly stderr: boolean };
  /** True where lines may be redrawn on standard error. */
  readonly animate: boolean;
}

/** The arguments and options of a command. */
export interface Signature {
  readonly arguments: ArgumentDefinitions;
  readonly options: OptionDefinitions;
}

/** The call of a command with this signature, for functions that stand beside its definition. */
export type CallOf<S extends Signature> = CommandCall<
  OptionValues<S['options']>,
  ArgumentValues<S['arguments']>
>;

interface Definition<Arguments extends ArgumentDefinitions, Options extends OptionDefinitions> {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** A paragraph or two for `--help`. */
  readonly description: string;
  readonly arguments: Arguments;
  readonly options: Options;
  readonly examples: readonly { readonly command: string; readonly summary: string }[];
  /**
   * The flag with which standard output holds text and no document, even where `--format json` is given. Without it,
   * `--format json` means one JSON document on standard output, a refusal included.
   */
  readonly textFlag?: string;
}

type AnyValues = Readonly<Record<string, unknown>>;

/** One command: the only place that says what it is called, takes and means. */
export interface CommandDefinition extends Definition<ArgumentDefinitions, OptionDefinitions> {
  execute(call: CommandCall<AnyValues, AnyValues>): Promise<ExitCode>;
}

/** Defines a command. The values that `execute` gets have the types that `arguments` and `options` imply. */
export function defineCommand<
  const Arguments extends ArgumentDefinitions,
  const Options extends OptionDefinitions,
>({
  execute,
  ...definition
}: Definition<Arguments, Options> & {
  execute(call: NoInfer<CommandCall<OptionValues<Options>, ArgumentValues<Arguments>>>): Promise<ExitCode>;
}): CommandDefinition {
  return {
    ...definition,
    // The one cast between words and values: what is called was parsed by this very definition.
    execute: (call) => execute(call as CommandCall<OptionValues<Options>, ArgumentValues<Arguments>>),
  };
}

/** Every flag of these options, the negations included. */
export function flagsIn(options: OptionDefinitions): readonly (Flag & Partial<OptionDefinition>)[] {
  return Object.values(options).flatMap((option) =>
    option.negation === undefined ? [option] : [option, option.negation],
  );
}
