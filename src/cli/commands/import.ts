import { defineCommand } from '../command.ts';
import { importSignature } from '../import-signature.ts';

export const importCommand = defineCommand({
  name: 'import',
  summary: 'take a spreadsheet into a storyboard',
  description:
    'Reads a CSV file: UTF-8, UTF-16 or GB18030, with commas, semicolons or tabs. Columns are known by their names, those of Kitsu and StudioBinder and Chinese ones too; a mapping file says what others mean. Without --into, a new manifest goes to standard output. With it, the difference is shown first, and written once it is confirmed: shots are added and updated by id, each in its own file, and comments, order and style of everything else stay. A shot that the table lacks gets `skip: true`, and is never deleted. Empty cells say nothing; `null` takes a value away.\n\n' +
    'All files are written, or none; and none where the storyboard would have lint errors that it does not have now.',
  ...importSignature,
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
    const { file } = call.arguments;
    const { into, guess } = call.options;
    const { beginStoryboard, showGuess, updateStoryboard } = await import('../importing.ts');
    if (guess) return showGuess(call, file);
    return into === undefined ? beginStoryboard(call, file) : updateStoryboard(call, file, into);
  },
});
