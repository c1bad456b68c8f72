import path from 'node:path';
import { UsageError } from '../../core/errors.ts';
import { didYouMean } from '../../core/suggest.ts';
import { readProject, refuseOverwriting } from '../../project/project.ts';
import { makeReport, reportPlace } from '../../project/reporting.ts';
import { type ReportFormat, reportFormatOf, reportFormats } from '../../report/formats/index.ts';
import { type CommandDefinition, firstArgument } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { baseUrlOption, journalOptions, ledgerOption, modelsOption } from '../options.ts';

export const reportCommand: CommandDefinition = {
  name: 'report',
  summary: 'write the report again, from the ledger',
  description:
    'Writes the report of task ids, states, errors and costs again, from the ledger alone. Uses no network.',
  arguments: [{ name: '<manifest>', summary: 'the manifest; - reads standard input' }],
  options: [
    {
      flags: '--format <format>',
      summary: `how it is written: ${reportFormats.map(({ name }) => name).join(', ')}`,
      default: 'what the extension of -o says, or csv',
    },
    { flags: '-o, --output <file>', summary: 'write it here', default: 'standard output' },
    ledgerOption,
    ...journalOptions,
    baseUrlOption,
    modelsOption,
  ],
  examples: [
    { command: 'shotlist report storyboard.yaml > tasks.csv', summary: 'task ids for a spreadsheet' },
    { command: 'shotlist report storyboard.yaml -o tasks.json', summary: 'the same for a script' },
    { command: 'shotlist report storyboard.yaml -o clips.html', summary: 'a page to look at the clips' },
    { command: 'shotlist report storyboard.yaml -o junit.xml', summary: 'JUnit, for a CI service' },
  ],
  async execute(call) {
    const { io, options } = call;
    const output = options['output'] as string | undefined;
    const format = pickFormat(options['format'] as string | undefined, output);
    const project = await readProject(call, firstArgument(call), { tolerant: true });
    const { report, times } = await makeReport(call, project);
    if (output === undefined) {
      // Most likely it is caught in a file here.
      io.stdout.write(await format.write(report, reportPlace(call, project, io.cwd), times));
    } else {
      const { writeFileAtomically } = await import('../../core/write-file.ts');
      const target = path.resolve(io.cwd, output);
      refuseOverwriting(call, project, target);
      const place = reportPlace(call, project, path.dirname(target));
      await writeFileAtomically(target, await format.write(report, place, times));
      io.stderr.write(`report written to ${output}\n`);
    }
    return exitCodes.ok.code;
  },
};

function pickFormat(name: string | undefined, output: string | undefined): ReportFormat {
  if (name === undefined) return reportFormatOf(output ?? 'report.csv');
  const names = reportFormats.map((format) => format.name);
  const format = reportFormats.find((candidate) => candidate.name === name);
  if (format !== undefined) return format;
  throw new UsageError(`there is no report format '${name}'`, {
    help: didYouMean(name, names, `choose one of ${names.join(', ')}`),
  });
}
