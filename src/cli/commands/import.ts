import { defineCommand } from '../command.ts';
import { importSignature } from '../import-signature.ts';

export const importCommand = defineCommand({
  name: 'import',
  summary: 'take a spreadsheet into a storyboard',
  description:
    'Reads a table: an .xlsx or .ods workbook, or a CSV file in UTF-8, UTF-16 or GB18030, with commas, semicolons, tabs or pipes. Columns are known by their names, those of StudioBinder, Kitsu, ShotGrid and ftrack and Chinese, Japanese, Korean, German, French and Spanish ones too; a mapping file says what others mean, and what values are made of. What would be guessed at and paid for is asked instead. Without --into, a new manifest goes to standard output. With it, the difference is shown first, and written once it is confirmed: shots are added and updated by id, each in its own file, and comments, order and style of everything else stay. A shot that the table lacks gets `skip: true`, and is never deleted. Empty cells say nothing; `null` takes a value away.\n\n' +
    'All files are written, or none; and none where the storyboard would have lint errors that it does not have now.',
  ...importSignature,
  examples: [
    { command: 'shotlist import shots.xlsx > storyboard.yaml', summary: 'begin a storyboard' },
    { command: 'shotlist import shots.xlsx --guess > mapping.yaml', summary: 'how it is read, to be edited' },
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
