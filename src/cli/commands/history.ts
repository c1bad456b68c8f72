import type { Project } from '../../project/project.ts';
import type { Report } from '../../report/model.ts';
import { withProject } from '../called-project.ts';
import { type CallOf, defineCommand, type Signature } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { nextAfterReport } from '../next-steps.ts';
import { baseUrlOption, formatOption, journalOption, ledgerOption, modelsOption } from '../options.ts';

const signature = {
  arguments: {
    manifest: {
      name: '<manifest>',
      summary: 'the manifest; - reads standard input',
      completion: 'manifests',
    },
    key: {
      name: '<key>',
      summary: 'the request, under the name that it has or had',
      completion: 'keys',
    },
  },
  options: { ...formatOption, ...ledgerOption, ...journalOption, ...baseUrlOption, ...modelsOption },
} as const satisfies Signature;
type Call = CallOf<typeof signature>;

export const historyCommand = defineCommand({
  name: 'history',
  summary: "show a request's life",
  description:
    'Everything that ever happened to a key: when it was sent, by whom and at what price, what came back, what people decided, and under which names it went. Nothing of it is ever rewritten. Uses no network.',
  ...signature,
  examples: [
    { command: 'shotlist history storyboard.yaml sc010/sh0030@2', summary: 'the second take of a shot' },
  ],
  execute,
});

/** The report of one key alone. */
async function reportOf(project: Project, key: string): Promise<Report> {
  const report = await project.report();
  return { ...report, rows: report.rows.filter((row) => row.key === key) };
}

async function execute(call: Call): Promise<ExitCode> {
  const { io, options } = call;
  const { manifest, key } = call.arguments;
  return withProject(call, manifest, { readOnly: true }, async (project) => {
    const events = await project.history(key);
    if (options.format === 'json') {
      const next = nextAfterReport(call, project, await reportOf(project, key));
      const history = { version: 1, project: project.scope.project, key, events, ...next };
      io.stdout.write(`${JSON.stringify(history, null, 2)}\n`);
    } else {
      const { renderHistory } = await import('../render/history.ts');
      const { fitLines } = await import('../render/fit.ts');
      const view = { color: call.color.stdout, timeZone: io.timeZone, entries: await project.entries() };
      const history = renderHistory(key, events, view);
      io.stdout.write(fitLines(history, io.stdout));
    }
    return exitCodes.ok.code;
  });
}
