import path from 'node:path';
import type { Catalog, Model } from '../../catalog/catalog.ts';
import { SetupError, UsageError } from '../../core/errors.ts';
import { limits } from '../../manifest/limits.ts';
import { readCatalog } from '../../project/catalog.ts';
import { readsThat } from '../../project/outputs.ts';
import { defineCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { modelsOption } from '../options.ts';
import { noteText } from '../render/import.ts';
import { count } from '../render/text.ts';

export const exportCommand = defineCommand({
  name: 'export',
  summary: 'write the storyboard as a table, for a spreadsheet',
  description:
    'Writes every shot of a storyboard as a row of an .xlsx workbook, or of a CSV file (UTF-8 with a byte-order mark, formulas defused): what the shot says or inherits, with `${…}` references as they are written. `import` takes the file back, changed or not; what no table can hold stays as it is in the storyboard.',
  arguments: {
    manifest: {
      name: '<manifest>',
      summary: 'the manifest; - reads standard input',
      completion: 'manifests',
    },
  },
  options: {
    output: {
      flags: '-o, --output <file>',
      summary: 'write it here; a name that ends in .xlsx makes a workbook, any other one a CSV file',
      default: 'CSV, to standard output',
      completion: 'files',
    },
    ...modelsOption,
    expand: { flags: '--expand', summary: 'write out what ${…} references stand for' },
  },
  examples: [
    { command: 'shotlist export storyboard.yaml -o shots.xlsx', summary: 'a table to edit' },
    {
      command: 'shotlist export storyboard.yaml --expand > for-the-client.csv',
      summary: 'a table to read, with whole prompts and URLs',
    },
  ],
  async execute(call) {
    const { io } = call;
    const { manifest } = call.arguments;
    const { expand, output, models } = call.options;
    const { asCsv, asXlsx, exportTable } = await import('../../spreadsheet/export.ts');
    const table = await refused(
      exportTable(manifest, { cwd: io.cwd, stdin: () => io.stdin.read(limits.manifestBytes), expand }),
    );
    const [first] = table.unreadable;
    if (first !== undefined) {
      throw new SetupError(`${manifest} cannot be read as a whole: ${first.message}`, {
        help: `shotlist lint ${manifest} shows what to mend`,
      });
    }
    const isWorkbook = output !== undefined && /\.xlsx$/i.test(output);
    if (output !== undefined && /\.(?:xls|ods|xlsm|xlsb)$/i.test(output)) {
      throw new UsageError(`no ${path.extname(output)} is written`, {
        help: 'name a file that ends in .xlsx or .csv',
      });
    }
    const { csv, notes } = isWorkbook ? { csv: '', notes: [] } : asCsv(table);
    if (output === undefined) io.stdout.write(csv);
    else {
      const { writeFileAtomically } = await import('../../core/write-file.ts');
      const { refuseLeadingOut, workTreeOf } = await import('../../core/work-tree.ts');
      const target = path.resolve(io.cwd, output);
      if (table.sources.includes(target)) throw readsThat(output);
      await refuseLeadingOut(await workTreeOf(io.cwd), target);
      const catalog = await readCatalog(models, io.cwd);
      await writeFileAtomically(target, isWorkbook ? await refused(asXlsx(table, choicesOf(catalog))) : csv);
    }
    if (call.verbosity !== 'quiet') {
      for (const note of [...table.notes, ...notes]) io.stderr.write(noteText(note, io.stderr));
      if (output !== undefined) io.stderr.write(`${count(table.shots, 'shot')} written to ${output}\n`);
    }
    return exitCodes.ok.code;
  },
});

/** Lists the choices of a workbook's cells, by column. */
function choicesOf(catalog: Catalog): ReadonlyMap<string, readonly string[]> {
  const models = [...catalog.values()];
  const all = (of: (model: Model) => readonly string[]): readonly string[] => [
    ...new Set(models.flatMap(of)),
  ];
  return new Map([
    ['model', models.map(({ id }) => id)],
    ['mode', all(({ modes }) => modes)],
    ['resolution', all(({ resolution }) => resolution.values)],
    ['ratio', all(({ ratio }) => ratio.values)],
  ]);
}

/** Turns a table's refusal into a plain error. */
async function refused<T>(work: Promise<T>): Promise<T> {
  const { TableError } = await import('../../spreadsheet/problem.ts');
  return work.catch((error: unknown) => {
    throw error instanceof TableError ? new SetupError(error.message, { help: error.help }) : error;
  });
}
