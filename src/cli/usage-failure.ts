import { UsageError } from '../core/errors.ts';
import { nearest } from '../core/suggest.ts';
import { command } from '../project/shell.ts';
import { type CommandDefinition, type Flag, flagsIn } from './command.ts';
import { commandNames } from './commands/index.ts';
import { commonOptions } from './options.ts';

/** Words that people try, and the commands that they mean. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ...['check', 'validate', 'test'].map((word) => [word, 'lint'] as const),
  ...['submit', 'send', 'start', 'render', 'generate', 'create'].map((word) => [word, 'run'] as const),
  ...['cost', 'price', 'estimate', 'dry-run', 'preview'].map((word) => [word, 'plan'] as const),
  ...['download', 'wait', 'poll', 'fetch', 'watch'].map((word) => [word, 'collect'] as const),
  ...['list', 'ls', 'show', 'progress'].map((word) => [word, 'status'] as const),
  ['new', 'init'],
  ['diff', 'plan --against'],
  ['retry', 'run --retry-failed'],
  ['rename', 'adopt'],
  ['log', 'history'],
  ['version', '--version'],
]);

/** The options of the program itself. */
const programOptions: readonly Flag[] = [
  { flags: '-V, --version', summary: '' },
  { flags: '-h, --help', summary: '' },
];

/** A mistake in a call, as commander words it, in the way in which every other failure is shown. */
export function usageFailure(
  text: string,
  argv: readonly string[],
  commands: readonly CommandDefinition[],
): UsageError {
  const [, message = text] = /^error: ([^\n]*)/.exec(text) ?? [];
  const called = commands.find(({ name }) => name === argv[0]);
  return (
    unknownCommand(message, argv) ??
    unknownOption(message, called, commands) ??
    badValue(message, called) ??
    tooMany(message, called) ??
    new UsageError(message.replace(/\.$/, ''), { help: seeHelp(called) })
  );
}

function seeHelp(called: CommandDefinition | undefined): string {
  return called === undefined ? '`shotlist help` shows what there is' : helpOf(called);
}

function helpOf({ name }: CommandDefinition): string {
  return `\`shotlist help ${name}\` shows what there is`;
}

function unknownCommand(message: string, argv: readonly string[]): UsageError | undefined {
  const [, word] = /^unknown command '(.*)'$/.exec(message) ?? [];
  return word === undefined ? undefined : noSuchCommand(word, argv);
}

/** @param argv the whole call: a manifest without a command is told what to put before it. */
export function noSuchCommand(word: string, argv: readonly string[]): UsageError {
  if (/\.(?:ya?ml|json)$/i.test(word)) {
    return new UsageError(`a command is missing before ${word}`, {
      help: `for example: ${command('lint', ...argv)}`,
    });
  }
  const suggestion = otherNames.get(word.toLowerCase()) ?? nearest(word, commandNames);
  return new UsageError(`there is no command '${word}'`, {
    help: suggestion === undefined ? '`shotlist help` lists them' : `did you mean ${suggestion}?`,
  });
}

function unknownOption(
  message: string,
  called: CommandDefinition | undefined,
  commands: readonly CommandDefinition[],
): UsageError | undefined {
  const [, given] = /^unknown option '(.*)'$/.exec(message) ?? [];
  if (given === undefined) return undefined;
  const flag = given.replace(/=.*$/s, '');
  const own = called === undefined ? programOptions : [...flagsIn(called.options), ...flagsIn(commonOptions)];
  const suggestion = nearest(flag, own.flatMap(flagsOf));
  const help = suggestion === undefined ? undefined : `did you mean ${suggestion}?`;
  return new UsageError(`unknown option '${flag}'`, {
    help: help ?? flagOfAnother(flag, called, commands) ?? seeHelp(called),
  });
}

/** A flag that other commands have, or nearly. */
function flagOfAnother(
  flag: string,
  called: CommandDefinition | undefined,
  commands: readonly CommandDefinition[],
): string | undefined {
  const meant = nearest(
    flag,
    commands.flatMap(({ options }) => flagsIn(options).flatMap(flagsOf)),
  );
  if (meant === undefined || meant.length < 3) return undefined;
  const takers = commands.filter(({ options }) => flagsIn(options).flatMap(flagsOf).includes(meant));
  const names = takers.map(({ name }) => name).join(', ');
  const others = called === undefined ? '' : `; ${helpOf(called)}`;
  return `${meant} is an option of ${names}${others}`;
}

function flagsOf({ flags }: Flag): readonly string[] {
  return flags.split(/[ ,]+/).filter((part) => part.startsWith('-'));
}

function badValue(message: string, called: CommandDefinition | undefined): UsageError | undefined {
  const missing = /^option '(?:-\w, )?(--[\w-]+)[^']*' argument missing$/.exec(message);
  if (missing !== null) return new UsageError(`${missing[1]} needs a value`, { help: seeHelp(called) });
  const [, flag, value, why = ''] =
    /^option '(?:-\w, )?(--[\w-]+)[^']*' argument '(.*)' is invalid\. (.*)$/s.exec(message) ?? [];
  if (flag === undefined || value === undefined) return undefined;
  const [, choices] = /^Allowed choices are (.*)\.$/.exec(why) ?? [];
  if (choices === undefined) return new UsageError(`${flag}: ${why}`, { help: seeHelp(called) });
  const suggestion = nearest(value, choices.split(', '));
  return new UsageError(`${flag} cannot be '${value}'`, {
    help:
      suggestion === undefined
        ? `choose one of ${choices}`
        : `did you mean ${suggestion}? There are ${choices}`,
  });
}

function tooMany(message: string, called: CommandDefinition | undefined): UsageError | undefined {
  const [, expected, got] =
    /^too many arguments.* Expected (\d+) arguments? but got (\d+)\.?$/.exec(message) ?? [];
  if (expected === undefined || called === undefined) return undefined;
  const takes =
    expected === '0' ? 'no argument' : expected === '1' ? 'one argument' : `${expected} arguments`;
  return new UsageError(`${called.name} takes ${takes}, and got ${got}`, {
    help: `put a name that holds spaces in quotes; ${helpOf(called)}`,
  });
}
