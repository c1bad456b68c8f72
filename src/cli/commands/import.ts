import { UsageError } from '../../core/errors.ts';
import { type CommandDefinition, firstArgument } from '../command.ts';
import { modelsOption } from '../options.ts';

export const importCommand: CommandDefinition = {
  name: 'import',
  summary: 'take a spreadsheet into a storyboard',
  description:
    'Reads a CSV file: UTF-8, UTF-16 or GB18030, with commas, semicolons or tabs. Columns are known by their names, those of Kitsu and StudioBinder and Chinese ones too; a mapping file says what others mean. Without --into, a new manifest goes to standard output. With it, the difference is shown first, and written once it is confirmed: shots are added and updated by id, each in its own file, and comments, order and style of everything else stay. A shot that the table lacks gets `skip: true`, and is never deleted. Empty cells say nothing; `null` takes a value away.\n\n' +
    'All files are written, or none; and none where the storyboard would have lint errors that it does not have now.',
  arguments: [{ name: '<file>', summary: 'the CSV file; - reads standard input' }],
  options: [
    { flags: '--into <manifest>', summary: 'the storyboard to update; begun where it is missing' },
    { flags: '--map <file>', summary: 'a mapping file: what columns mean, constants, frames in a second' },
    { flags: '--partial', summary: 'the table is only a part: shots that it lacks stay as they are' },
    { flags: '--yes', summary: 'write without asking' },
    { flags: '--dry-run', summary: 'write nothing, and print what would change as a diff' },
    {
      flags: '--fps <n>',
      summary: 'frames in a second, where a row says none',
      parse: framesPerSecond,
    },
    {
      flags: '--encoding <name>',
      summary: 'the encoding of the file, for example windows-1252',
      default: 'found out',
    },
    modelsOption,
  ],
  examples: [
    { command: 'shotlist import shots.csv > storyboard.yaml', summary: 'begin a storyboard' },
    {
      command: 'shotlist import shots.csv --into storyboard.yaml',
      summary: 'update one, after a look at the difference',
    },
    {
      command: 'shotlist import act-2.csv --into storyboard.yaml --partial --yes',
      summary: 'in a script, with a table of some of the shots',
    },
    {
      command: 'shotlist import kitsu.csv --map mapping.yaml --into storyboard.yaml --dry-run',
      summary: 'columns of your own, and only the difference',
    },
  ],
  async execute(call) {
    const file = firstArgument(call);
    const { beginStoryboard, updateStoryboard } = await import('../importing.ts');
    return call.options['into'] === undefined
      ? beginStoryboard(call, file)
      : updateStoryboard(call, file, String(call.options['into']));
  },
};

function framesPerSecond(text: string): number {
  const fps = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : 0;
  if (fps > 0 && fps <= 1000) return fps;
  throw new UsageError(`'${text}' is not a number of frames in a second such as 24`);
}
