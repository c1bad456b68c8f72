import path from 'node:path';
import { UsageError } from '../../core/errors.ts';
import { didYouMean } from '../../core/suggest.ts';
import type { ReportFormat } from '../../report/formats/format.ts';
import { reportFormatOf, reportFormats } from '../../report/formats/index.ts';
import { jsonReport } from '../../report/formats/json.ts';
import { withProject } from '../called-project.ts';
import { defineCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { nextAfterReport } from '../next-steps.ts';
import { baseUrlOption, journalOption, ledgerOption, modelsOption } from '../options.ts';

export const reportCommand = defineCommand({
  name: 'report',
  summary: 'write the report again, from the ledger',
  description:
    'Writes the report of task ids, states, errors and costs again, from the ledger alone. Uses no network.',
  arguments: {
    manifest: {
      name: '<manifest>',
      summary: 'the manifest; - reads standard input',
      completion: 'manifests',
    },
  },
  options: {
    format: {
      flags: '--format <format>',
      summary: `how it is written: ${reportFormats.map(({ name }) => name).join(', ')}`,
      default: 'what the extension of -o says, or csv',
    },
    output: {
      flags: '-o, --output <file>',
      summary: 'write it here',
      default: 'standard output',
      completion: 'files',
    },
    ...ledgerOption,
    ...journalOption,
    ...baseUrlOption,
    ...modelsOption,
  },
  examples: [
    { command: 'shotlist report storyboard.yaml > tasks.csv', summary: 'task ids for a spreadsheet' },
    { command: 'shotlist report storyboard.yaml -o tasks.json', summary: 'the same for a script' },
    { command: 'shotlist report storyboard.yaml -o clips.html', summary: 'a page to look at the clips' },
    { command: 'shotlist report storyboard.yaml -o junit.xml', summary: 'JUnit, for a CI service' },
  ],
  async execute(call) {
    const { io } = call;
    const { output } = call.options;
    const format = pickFormat(call.options.format, output);
    return withProject(call, call.arguments.manifest, { readOnly: true }, async (project) => {
      const { report, times } = await project.reports.make();
      // Without a file it is most likely caught in one here.
      const folder = output === undefined ? io.cwd : path.dirname(path.resolve(io.cwd, output));
      if (output !== undefined) project.refuseOverwriting(output);
      // A file is kept, and what is next in it would soon be wrong.
      const isDocument = output === undefined && format.name === 'json';
      const text = isDocument
        ? jsonReport(report, nextAfterReport(call, project, report))
        : await format.write(report, project.reports.place(folder), times);
      if (output === undefined) {
        io.stdout.write(text);
      } else {
        const target = await project.reports.target(output);
        await project.writeFile(target, text);
        const isAside = target !== path.resolve(io.cwd, output);
        io.stderr.write(`report written to ${isAside ? path.relative(io.cwd, target) : output}\n`);
      }
      return exitCodes.ok.code;
    });
  },
});

function pickFormat(name: string | undefined, output: string | undefined): ReportFormat {
  if (name === undefined) return reportFormatOf(output ?? 'report.csv');
  const names = reportFormats.map((format) => format.name);
  const format = reportFormats.find((candidate) => candidate.name === name);
  if (format !== undefined) return format;
  throw new UsageError(`there is no report format '${name}'`, {
    help: didYouMean(name, names, `choose one of ${names.join(', ')}`),
  });
}
