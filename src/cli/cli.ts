import { Command, CommanderError } from 'commander';
import pc from 'picocolors';
import { ShotlistError } from '../core/errors.ts';
import { version } from '../core/version.ts';
import type { CommandDefinition } from './command.ts';
import { addArguments, addOptions } from './commander-options.ts';
import { commandNames, loadCalled, loadCommands } from './commands/index.ts';
import { type ExitCode, exitCodeOf, exitCodes } from './exit-codes.ts';
import type { Input, Io, Output } from './io.ts';
import { inLanguage, proseWidth, widestHelp } from './language.ts';
import { commonOptions, completeCommand } from './options.ts';
import { refusalJson, wantsJson } from './refusal.ts';
import { wrapBy } from './render/wrap.ts';
import { withoutSteering } from './terminal-text.ts';

/** Runs one call of the program and tells its exit code. An expected failure is printed plainly; a bug is thrown. */
export async function runCli(world: Io): Promise<ExitCode> {
  if (world.argv[0] === completeCommand) {
    const { complete } = await import('./completion/complete.ts');
    return complete(world, world.argv.slice(1));
  }
  const io = await inLanguage(world);
  let exitCode: ExitCode = exitCodes.ok.code;
  const stdout = notingWrites(withoutSteering(io.stdout, io.stdout.isTTY));
  const stderr = withoutSteering(io.stderr, true);
  // The user's name and the like are asked for only where they are needed, and that stays so.
  const notingIo: Io = Object.create(io, { stdout: { value: stdout.output }, stderr: { value: stderr } });
  const called = await loadCalled(io.argv[0]);
  const fail = async (error: ShotlistError): Promise<void> => {
    printFailure(await fittingIo(notingIo), error);
    // A script reads one document, so nothing follows one that is there.
    if (wantsJson(io.argv, called) && !stdout.isWritten()) world.stdout.write(refusalJson(error, io.argv));
  };
  let mistake: string | undefined;
  const note = (text: string): void => {
    mistake = text;
  };
  const program = newProgram(notingIo, called, note, async (definition, call) => {
    exitCode = await definition.execute(call);
  });
  try {
    await checkHelpTopic(io.argv);
    await program.parseAsync([...io.argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return exitCodes.ok.code;
      if (mistake !== undefined) await fail(await mistakeIn(mistake, io.argv));
      return exitCodes.setup.code;
    }
    const code = exitCodeOf(error);
    if (code === undefined || !(error instanceof ShotlistError)) throw error;
    await fail(error);
    return code;
  }
}

function notingWrites(output: Output): { readonly output: Output; isWritten(): boolean } {
  let isWritten = false;
  return {
    isWritten: () => isWritten,
    output: {
      get isTTY() {
        return output.isTTY;
      },
      get columns() {
        return output.columns;
      },
      stream: output.stream,
      ...(output.say === undefined ? {} : { say: output.say }),
      write: (text) => {
        isWritten = true;
        output.write(text);
      },
    },
  };
}

/** Fits messages to the terminal. The code that measures is not loaded where there is none. */
async function fittingIo(io: Io): Promise<Io> {
  if (!io.stderr.isTTY) return io;
  const { fitLines, fitting } = await import('./render/fit.ts');
  const { stdin, stderr } = io;
  const ask: Input['ask'] = (question) => stdin.ask(fitLines(question, stderr));
  return Object.create(io, {
    stderr: { value: fitting(stderr) },
    stdin: { value: Object.create(stdin, { ask: { value: ask } }) },
  });
}

/** The one way in which an expected failure is shown. */
function printFailure(io: Io, error: ShotlistError): void {
  const colors = pc.createColors(wantsColor(io, io.stderr));
  io.stderr.write(`${colors.red(colors.bold('error'))} ${error.message}\n`);
  for (const line of error.help?.split('\n') ?? []) io.stderr.write(`  ${colors.cyan('help')} ${line}\n`);
}

/** @throws UsageError for help on a command that there is not. */
async function checkHelpTopic([first, topic]: readonly string[]): Promise<void> {
  if (
    first !== 'help' ||
    topic === undefined ||
    [...commandNames, 'help'].includes(topic) ||
    topic.startsWith('-')
  ) {
    return;
  }
  const { noSuchCommand } = await import('./usage-failure.ts');
  throw noSuchCommand(topic, []);
}

/** Turns commander's complaint into our error. */
async function mistakeIn(text: string, argv: readonly string[]): Promise<ShotlistError> {
  const { usageFailure } = await import('./usage-failure.ts');
  return usageFailure(text, argv, await loadCommands());
}

type Execute = (
  definition: CommandDefinition,
  call: Parameters<CommandDefinition['execute']>[0],
) => Promise<void>;

function newProgram(
  io: Io,
  commands: readonly CommandDefinition[],
  note: (mistake: string) => void,
  execute: Execute,
): Command {
  const program = new Command('shotlist')
    .description(
      'Lints an AI-video storyboard, shows what it would cost, submits it to a paid API, and never pays twice for the same shot.',
    )
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .addHelpText('after', () => `\n${exitCodeHelp(proseWidth(io.stdout, widestHelp))}`)
    .exitOverride()
    .showSuggestionAfterError(false)
    // The arguments of a command are in its own help; here its summary needs the room.
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: note,
      getOutHelpWidth: () => proseWidth(io.stdout, widestHelp),
      getErrHelpWidth: () => proseWidth(io.stderr, widestHelp),
      getOutHasColors: () => wantsColor(io, io.stdout),
      getErrHasColors: () => wantsColor(io, io.stderr),
    });
  for (const definition of commands) program.addCommand(newCommand(program, io, definition, execute));
  return program;
}

function newCommand(program: Command, io: Io, definition: CommandDefinition, execute: Execute): Command {
  const command = new Command(definition.name)
    .summary(definition.summary)
    .description(definition.description)
    .copyInheritedSettings(program)
    .helpOption('-h, --help', 'show help');
  const argumentsFrom = addArguments(command, definition.arguments);
  const readOptions = addOptions(command, definition.options);
  const readCommon = addOptions(command, commonOptions);
  if (definition.examples.length > 0)
    command.addHelpText('after', () => `\n${exampleHelp(definition, proseWidth(io.stdout, widestHelp))}`);
  command.action(async (...words: unknown[]) => {
    const { quiet, verbose } = readCommon();
    await execute(definition, {
      io: await fittingIo(io),
      arguments: argumentsFrom(words),
      options: readOptions(),
      verbosity: quiet === true ? 'quiet' : verbose === true ? 'verbose' : 'normal',
      color: { stdout: wantsColor(io, io.stdout), stderr: wantsColor(io, io.stderr) },
      animate: io.stderr.isTTY && !isOn(io.env['CI']) && quiet !== true && io.env['TERM'] !== 'dumb',
    });
  });
  return command;
}

function exampleHelp(definition: CommandDefinition, width: number): string {
  const lines = definition.examples.flatMap(({ command, summary }) => [
    `  ${command}`,
    ...wrap(summary, width - 6).map((line) => `      ${line}`),
  ]);
  return `Examples:\n${lines.join('\n')}`;
}

function exitCodeHelp(width: number): string {
  const lines = Object.values(exitCodes).flatMap(({ code, meaning }) =>
    wrap(meaning, width - 7).map((line, index) => `  ${(index === 0 ? String(code) : '').padEnd(4)} ${line}`),
  );
  return `Exit codes:\n${lines.join('\n')}\n\n${languageHelp}`;
}

const languageHelp = 'SHOTLIST_LANG=zh, or a LANG of zh: messages in Chinese.';

/** Help is written in plain letters: what measures wide ones takes longer to load than all of a short call. */
function wrap(text: string, width: number): readonly string[] {
  return wrapBy(text, width, (plain) => plain.length);
}

/** `NO_COLOR` wins over `FORCE_COLOR`, both win over what the stream is. */
function wantsColor(io: Io, output: Output): boolean {
  if (isSet(io.env['NO_COLOR'])) return false;
  const force = io.env['FORCE_COLOR'];
  if (isSet(force)) return isOn(force);
  return output.isTTY && io.env['TERM'] !== 'dumb';
}

/** Services set a variable to say no, too. */
function isOn(value: string | undefined): boolean {
  return isSet(value) && value !== '0' && value !== 'false';
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}
