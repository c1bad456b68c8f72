import { Command } from 'commander';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { type CallOf, defineCommand, type OptionDefinitions } from '../../src/cli/command.ts';
import { addArguments, addOptions } from '../../src/cli/commander-options.ts';
import { runCommand } from '../../src/cli/commands/run.ts';
import { wholeNumber } from '../../src/cli/parse-values.ts';

const options = {
  switch: { flags: '--switch', summary: '' },
  text: { flags: '-t, --text <text>', summary: '' },
  number: { flags: '--a-number <n>', summary: '', parse: wholeNumber(0, 9) },
  choice: { flags: '--choice <choice>', summary: '', choices: ['json', 'csv'] },
  words: { flags: '--word <word>', summary: '', repeatable: true },
  file: { flags: '--file <file>', summary: '', negation: { flags: '--no-file', summary: '' } },
  files: {
    flags: '--out <file>',
    summary: '',
    repeatable: true,
    negation: { flags: '--no-out', summary: '' },
  },
} as const satisfies OptionDefinitions;

const signature = {
  options,
  arguments: {
    one: { name: '<one>', summary: '' },
    maybe: { name: '[maybe]', summary: '' },
    more: { name: '[more...]', summary: '' },
  },
} as const;

function parse(...words: readonly string[]): { options: unknown; arguments: unknown } {
  const command = new Command('test').exitOverride();
  const argumentsFrom = addArguments(command, signature.arguments);
  const readOptions = addOptions(command, options);
  let args: unknown;
  command.action((...parsed: unknown[]) => {
    args = argumentsFrom(parsed);
  });
  command.parse([...words], { from: 'user' });
  return { options: readOptions(), arguments: args };
}

describe('a command definition', () => {
  it('gives every option the type of its values', () => {
    type Options = CallOf<typeof signature>['options'];
    expectTypeOf<Options>().branded.toEqualTypeOf<{
      readonly switch: boolean;
      readonly text: string | undefined;
      readonly number: number | undefined;
      readonly choice: 'json' | 'csv' | undefined;
      readonly words: readonly string[];
      readonly file: string | false | undefined;
      readonly files: readonly string[] | false;
    }>();
    expectTypeOf<CallOf<typeof signature>['arguments']>().branded.toEqualTypeOf<{
      readonly one: string;
      readonly maybe: string | undefined;
      readonly more: readonly string[];
    }>();
  });

  it('infers the same types where a command is defined', () => {
    defineCommand({
      ...{ name: 'test', summary: '', description: '', examples: [], arguments: {} },
      options: { count: { flags: '--count <n>', summary: '', parse: wholeNumber(0, 9) } },
      execute: async (call) => {
        expectTypeOf(call.options.count).toEqualTypeOf<number | undefined>();
        // @ts-expect-error there is no such option
        call.options.cuont;
        return 0;
      },
    });
  });

  it('reads the values that the types promise, where nothing is given too', () => {
    expect(parse('a')).toEqual({
      options: { switch: false, words: [], files: [] },
      arguments: { one: 'a', more: [] },
    });
    const given = ['--switch', '-t', 'x', '--a-number', '7', '--choice', 'csv', '--word', 'b', '--word', 'c'];
    expect(parse('a', 'b', 'c', 'd', ...given, '--file', 'f', '--out', 'g')).toEqual({
      options: {
        ...{ switch: true, text: 'x', number: 7, choice: 'csv', words: ['b', 'c'] },
        ...{ file: 'f', files: ['g'] },
      },
      arguments: { one: 'a', maybe: 'b', more: ['c', 'd'] },
    });
    expect(parse('a', '--no-file', '--no-out').options).toMatchObject({ file: false, files: false });
  });

  it('says a flag that turns an option off beside it', () => {
    expect(runCommand.options['report']).toMatchObject({ negation: { flags: '--no-report' } });
  });
});
