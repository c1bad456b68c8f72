import { existsSync } from 'node:fs';
import { SetupError } from '../../core/errors.ts';
import { exitCodeAfterCollect, prepareCollect } from '../../project/collecting.ts';
import { followUpOf } from '../../project/follow-up.ts';
import { writeJournal } from '../../project/journal.ts';
import { readElsewhere } from '../../project/paid-elsewhere.ts';
import { makePlan } from '../../project/planning.ts';
import { type Project, readEntries, readProject } from '../../project/project.ts';
import { defaultReportFiles, makeReport, type ProjectReport, writeReports } from '../../project/reporting.ts';
import { findForgotten } from '../../project/unknown-payments.ts';
import { type CommandCall, type CommandDefinition, firstArgument } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { baseUrlOption, collectOptions, journalOptions, ledgerOption, modelsOption } from '../options.ts';
import { renderCollectOutcome } from '../render/collect-outcome.ts';
import { createStages } from '../render/stages.ts';
import { warn } from '../warning.ts';

export const collectCommand: CommandDefinition = {
  name: 'collect',
  summary: 'wait for tasks, and save their clips',
  description:
    'Asks about unfinished tasks until they end, and saves the clip of each finished one under the name of its shot. It sends nothing that costs. Stop it, kill it and start it again as you like, also beside a run: it goes on where it stopped, and never loads or overwrites a clip twice. Result URLs live about 24 hours, so collect within a day. Reports that a run has written beside the manifest are brought up to date.',
  arguments: [{ name: '<manifest>', summary: 'the manifest; - reads standard input' }],
  options: [
    { flags: '--once', summary: 'ask about each unfinished task once, save what is finished, and end' },
    ...collectOptions,
    ...journalOptions,
    ledgerOption,
    baseUrlOption,
    modelsOption,
  ],
  examples: [
    { command: 'shotlist collect storyboard.yaml', summary: 'wait until everything is there' },
    {
      command: 'shotlist collect storyboard.yaml --timeout 600',
      summary: 'give up waiting after ten minutes (exit code 4)',
    },
    {
      command: "shotlist collect storyboard.yaml --download ~/cut --name '{scene}/{shot}_{take}_{version}'",
      summary: 'a folder for each scene',
    },
  ],
  async execute(call) {
    const { io } = call;
    const stages = await createStages(call);
    const project = await readProject(call, firstArgument(call), { tolerant: true });
    const { manifest } = project.linted;
    const followUp = followUpOf(call, manifest.source.file);
    const entries = await readEntries(call, project);
    if (entries.every(({ taskId }) => taskId === null)) {
      io.stderr.write(`Nothing to collect: no task was made yet. Submit with: ${followUp('run')}\n`);
      return exitCodes.ok.code;
    }
    const collecting = await prepareCollect(call, project);
    const result = await collecting.start(stages);
    await writeJournal(call, project);
    const made = await makeReport(call, project);
    const { report } = made;
    const { folder } = collecting;
    io.stderr.write(
      renderCollectOutcome({
        color: call.color.stderr,
        followUp,
        plan: makePlan(call, project, await readEntries(call, project), await readElsewhere(call, project)),
        report,
        result,
        folder,
      }),
    );
    await renewReports(call, project, made);
    return exitCodeAfterCollect(result, report);
  },
};

/** The reports of the run say what a collect has just changed. Those that nobody wanted are not begun here. */
async function renewReports(call: CommandCall, project: Project, made: ProjectReport): Promise<void> {
  const there = defaultReportFiles(project).filter((file) => existsSync(file));
  // A ledger that knows less than they do must not put out what they know.
  if (there.length === 0 || (await findForgotten(call, project, null)) !== null) return;
  try {
    const written = await writeReports(call, project, made, there);
    call.io.stderr.write(`report: ${written.join(', ')}\n`);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    warn(call.io, `the report is as it was before: ${error.message}`);
  }
}
