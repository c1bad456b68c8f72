import { UsageError } from '../../core/errors.ts';
import { billOptions } from '../bill-input.ts';
import { withProject } from '../called-project.ts';
import { defineCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { followUpOf } from '../follow-up.ts';
import { baseUrlOption, formatOption, journalOption, ledgerOption, modelsOption } from '../options.ts';

export const reconcileCommand = defineCommand({
  name: 'reconcile',
  summary: "hold the provider's bill against the ledger",
  description:
    "Reads a bill, or what the provider's console exports, as CSV, .xlsx or .ods, and tells what it and the ledger say of each other: what matches, what was billed and is not known here, what is known here and was not billed, what was billed although it failed, and where the amount is not the price that was stated. Lines that name no task of the ledger are held against what is in doubt, or was given up, by time, model and prompt; `shotlist resolve --from` settles those. Columns are known by their names, English or Chinese; a file given with --map says what others mean. A bill is of an account: every project of the ledger is looked through. It changes nothing, and uses no network.",
  arguments: {
    manifest: {
      name: '<manifest>',
      summary: 'the manifest; - reads standard input',
      completion: 'manifests',
    },
  },
  options: {
    bill: { flags: '--bill <file>', summary: 'the bill: CSV, .xlsx or .ods', completion: 'files' },
    ...billOptions,
    ...formatOption,
    ...ledgerOption,
    ...journalOption,
    ...baseUrlOption,
    ...modelsOption,
  },
  examples: [
    { command: 'shotlist reconcile storyboard.yaml --bill march.csv', summary: 'what the bill says' },
    {
      command: 'shotlist reconcile storyboard.yaml --bill march.xlsx --time-zone Asia/Shanghai --format json',
      summary: "for a script, with the times in the provider's zone",
    },
  ],
  async execute(call) {
    const { bill, format } = call.options;
    if (bill === undefined) {
      throw new UsageError('which bill?', { help: 'name its file: --bill FILE.csv' });
    }
    const { readBillLines } = await import('../bill-input.ts');
    const lines = await readBillLines(call, bill);
    return withProject(call, call.arguments.manifest, { readOnly: true }, async (project) => {
      const found = await project.reports.reconcile(lines);
      const { reconciliationJson, renderReconciliation } = await import('../render/reconciliation.ts');
      const { file } = project.linted.manifest.source;
      const { stdout } = call.io;
      const about = { bill, lines: lines.length, project: project.scope.project, manifest: file };
      if (format === 'json') {
        stdout.write(`${JSON.stringify(reconciliationJson(found, about), null, 2)}\n`);
        return exitCodes.ok.code;
      }
      const { fitLines } = await import('../render/fit.ts');
      const view = { color: call.color.stdout, timeZone: call.io.timeZone };
      const next = followUpOf(call, file)('resolve', '--from', bill);
      stdout.write(fitLines(renderReconciliation(found, about, next, view), stdout));
      return exitCodes.ok.code;
    });
  },
});
