import { type Command, InvalidArgumentError, Option } from 'commander';
import { UsageError } from '../core/errors.ts';
import type { ArgumentDefinitions, Flag, OptionDefinition, OptionDefinitions } from './command.ts';

type Values = Readonly<Record<string, unknown>>;

/** Adds options to a command of commander's. The returned function reads their values once the command was parsed. */
export function addOptions(command: Command, definitions: OptionDefinitions): () => Values {
  const readers = Object.entries(definitions).map(([name, definition]) => {
    const option = newOption(definition);
    command.addOption(option);
    if (definition.negation !== undefined) command.addOption(described(definition.negation));
    return () => [name, givenOrOff(option, definition, command.opts()[option.attributeName()])] as const;
  });
  return () => Object.fromEntries(readers.map((read) => read()));
}

/** Adds arguments; the returned function names what commander hands to an action. */
export function addArguments(
  command: Command,
  definitions: ArgumentDefinitions,
): (words: readonly unknown[]) => Values {
  for (const { name, summary } of Object.values(definitions)) command.argument(name, summary);
  return (words) => Object.fromEntries(Object.keys(definitions).map((name, index) => [name, words[index]]));
}

function described({ flags, summary }: Flag): Option {
  return new Option(flags, summary);
}

function newOption(definition: OptionDefinition): Option {
  const option = described(definition);
  const { parse, repeatable } = definition;
  if (definition.choices !== undefined) option.choices([...definition.choices]);
  if (definition.default !== undefined) option.description += ` (default: ${definition.default})`;
  if (parse !== undefined || repeatable === true) {
    option.argParser((text: string, earlier: unknown) => {
      const value = parse === undefined ? text : parseValue(parse, text);
      return repeatable === true ? [...(Array.isArray(earlier) ? earlier : []), value] : value;
    });
  }
  return option;
}

/** A switch that is not given is false, and a list empty. */
function givenOrOff(option: Option, { repeatable }: OptionDefinition, given: unknown): unknown {
  if (option.isBoolean()) return given === true;
  return repeatable === true && given === undefined ? [] : given;
}

/** Lets commander say which option the value belongs to. */
function parseValue(parse: (text: string) => unknown, text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw error instanceof UsageError ? new InvalidArgumentError(error.message) : error;
  }
}
