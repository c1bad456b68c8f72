import path from 'node:path';
import { SetupError } from '../../core/errors.ts';
import { limits } from '../../manifest/limits.ts';
import { readsThat } from '../../project/outputs.ts';
import { defineCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { noteText } from '../render/import.ts';
import { count } from '../render/text.ts';

export const exportCommand = defineCommand({
  name: 'export',
  summary: 'write the storyboard as CSV, for a spreadsheet',
  description:
    'Writes every shot of a storyboard as a row of a CSV file (UTF-8 with a byte-order mark, formulas defused): what the shot says or inherits, with `${…}` references as they are written. `import` takes the file back, changed or not; what no table can hold stays as it is in the storyboard.',
  arguments: {
    manifest: { name: '<manifest>', summary: 'the manifest; - reads standard input', completion: 'files' },
  },
  options: {
    output: {
      flags: '-o, --output <file>',
      summary: 'write it here',
      default: 'standard output',
      completion: 'files',
    },
    expand: { flags: '--expand', summary: 'write out what ${…} references stand for' },
  },
  examples: [
    { command: 'shotlist export storyboard.yaml -o shots.csv', summary: 'a table to edit' },
    {
      command: 'shotlist export storyboard.yaml --expand > for-the-client.csv',
      summary: 'a table to read, with whole prompts and URLs',
    },
  ],
  async execute(call) {
    const { io } = call;
    const { manifest } = call.arguments;
    const { expand, output } = call.options;
    const { exportTable } = await import('../../spreadsheet/export.ts');
    const { TableError } = await import('../../spreadsheet/problem.ts');
    const { csv, shots, sources, notes, unreadable } = await exportTable(manifest, {
      cwd: io.cwd,
      stdin: () => io.stdin.read(limits.manifestBytes),
      expand,
    }).catch((error: unknown) => {
      throw error instanceof TableError ? new SetupError(error.message, { help: error.help }) : error;
    });
    const [first] = unreadable;
    if (first !== undefined) {
      throw new SetupError(`${manifest} cannot be read as a whole: ${first.message}`, {
        help: `shotlist lint ${manifest} shows what to mend`,
      });
    }
    if (output === undefined) io.stdout.write(csv);
    else {
      const { writeFileAtomically } = await import('../../core/write-file.ts');
      const { refuseLeadingOut, workTreeOf } = await import('../../core/work-tree.ts');
      const target = path.resolve(io.cwd, output);
      if (sources.includes(target)) throw readsThat(output);
      await refuseLeadingOut(await workTreeOf(io.cwd), target);
      await writeFileAtomically(target, csv);
    }
    if (call.verbosity !== 'quiet') {
      for (const note of notes) io.stderr.write(noteText(note, io.stderr.columns));
      if (output !== undefined) io.stderr.write(`${count(shots, 'shot')} written to ${output}\n`);
    }
    return exitCodes.ok.code;
  },
});
