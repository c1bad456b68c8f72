import { status } from '../../report/status.ts';
import { withProject } from '../called-project.ts';
import { defineCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { followUpOf } from '../follow-up.ts';
import { nextAfterReport } from '../next-steps.ts';
import { baseUrlOption, formatOption, journalOption, ledgerOption, modelsOption } from '../options.ts';

export const statusCommand = defineCommand({
  name: 'status',
  summary: 'show where every request stands',
  description:
    "The ledger's view of a manifest: how many requests are where, what they cost, and what needs a person. Uses no network.",
  arguments: {
    manifest: {
      name: '<manifest>',
      summary: 'the manifest; - reads standard input',
      completion: 'manifests',
    },
  },
  options: { ...formatOption, ...ledgerOption, ...journalOption, ...baseUrlOption, ...modelsOption },
  examples: [{ command: 'shotlist status storyboard.yaml', summary: 'where every request stands' }],
  execute: (call) =>
    withProject(call, call.arguments.manifest, { readOnly: true }, async (project) => {
      const report = await project.report();
      const view = status(report);
      if (call.options.format === 'json') {
        const document = { ...view, ...nextAfterReport(call, project, report) };
        call.io.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
        return exitCodes.ok.code;
      }
      const { renderStatus } = await import('../render/status.ts');
      const { fitLines } = await import('../render/fit.ts');
      const { stdout } = call.io;
      const { summary } = await project.lint();
      const text = renderStatus(view, {
        errors: summary.errors,
        skippedShots: project.linted.manifest.skippedShots,
        budget: await project.budget(),
        followUp: followUpOf(call, view.manifest),
        color: call.color.stdout,
      });
      stdout.write(fitLines(text, stdout));
      return exitCodes.ok.code;
    }),
});
