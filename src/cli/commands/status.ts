import { followUpOf } from '../../project/follow-up.ts';
import { readProject } from '../../project/project.ts';
import { makeReport } from '../../project/reporting.ts';
import { type CommandDefinition, firstArgument } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { baseUrlOption, formatOption, journalOptions, ledgerOption, modelsOption } from '../options.ts';

export const statusCommand: CommandDefinition = {
  name: 'status',
  summary: 'show where every request stands',
  description:
    "The ledger's view of a manifest: how many requests are where, what they cost, and what needs a person. Uses no network.",
  arguments: [{ name: '<manifest>', summary: 'the manifest; - reads standard input' }],
  options: [formatOption, ledgerOption, ...journalOptions, baseUrlOption, modelsOption],
  examples: [{ command: 'shotlist status storyboard.yaml', summary: 'where every request stands' }],
  async execute(call) {
    const project = await readProject(call, firstArgument(call), { tolerant: true });
    const { status } = await import('../../report/status.ts');
    const { report } = await makeReport(call, project);
    const view = status(report);
    if (call.options['format'] === 'json') {
      call.io.stdout.write(`${JSON.stringify(view, null, 2)}\n`);
    } else {
      const { renderStatus } = await import('../render/status.ts');
      const { fitLines } = await import('../render/fit.ts');
      const { stdout } = call.io;
      const text = renderStatus(view, {
        errors: project.result.summary.errors,
        followUp: followUpOf(call, view.manifest),
        color: call.color.stdout,
      });
      stdout.write(fitLines(text, stdout));
    }
    return exitCodes.ok.code;
  },
};
