import { requestStates } from '../../ledger/ledger.ts';
import type { StatedLedger } from '../../project/ledgers-at.ts';
import type { ReportSelection } from '../../project/reporting.ts';
import { status } from '../../report/status.ts';
import { withProject } from '../called-project.ts';
import { type CommandCall, defineCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { followUpOf } from '../follow-up.ts';
import { nextAfterReport } from '../next-steps.ts';
import {
  baseUrlOption,
  filterOptions,
  formatOption,
  journalOption,
  ledgerOption,
  modelsOption,
} from '../options.ts';

/** Names the server of a ledger that a team shares, and who is at work on it; empty for any other ledger. */
async function teamText({
  io,
  options,
}: Pick<CommandCall, 'io'> & { readonly options: StatedLedger }): Promise<string> {
  const { locateTeamLedger, lookAtLedger } = await import('../../project/ledgers-at.ts');
  const location = await locateTeamLedger(io, options);
  if (location === null) return '';
  const { renderLedger } = await import('../render/ledger.ts');
  return `\n${renderLedger(await lookAtLedger(io, location))}`;
}

export const statusCommand = defineCommand({
  name: 'status',
  summary: 'show where every request stands',
  description:
    "The ledger's view of a manifest: how many requests are where, what they cost, what of it is picked and what that came to, and what needs a person. With --only, --tag, --scene or --state it lists those requests, and sums up no others. Uses no network but the way to a ledger on a server, whose live runs it names.",
  arguments: {
    manifest: {
      name: '<manifest>',
      summary: 'the manifest; - reads standard input',
      completion: 'manifests',
    },
  },
  options: {
    ...filterOptions,
    state: {
      flags: '--state <state>',
      summary: 'only requests in this state (repeatable)',
      choices: requestStates,
      repeatable: true,
    },
    ...formatOption,
    ...ledgerOption,
    ...journalOption,
    ...baseUrlOption,
    ...modelsOption,
  },
  examples: [
    { command: 'shotlist status storyboard.yaml', summary: 'where every request stands' },
    {
      command: 'shotlist status storyboard.yaml --scene sc010 --state failed',
      summary: 'which shots of a scene failed',
    },
  ],
  execute: (call) =>
    withProject(call, call.arguments.manifest, { readOnly: true }, async (project) => {
      const selection = selectionOf(call.options);
      const { report } = await project.reports.make(selection);
      const view = status(report, selection !== undefined);
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
      stdout.write(fitLines(`${text}${await teamText(call)}`, stdout));
      return exitCodes.ok.code;
    }),
});

/** The selection of a call; undefined where everything is meant. */
function selectionOf(options: {
  readonly only: readonly string[];
  readonly tag: readonly string[];
  readonly scene: readonly string[];
  readonly state: readonly (typeof requestStates)[number][];
}): ReportSelection | undefined {
  const { only, tag: tags, scene: scenes, state } = options;
  if (only.length + tags.length + scenes.length + state.length === 0) return undefined;
  return { only, tags, scenes, states: state.length === 0 ? undefined : state };
}
