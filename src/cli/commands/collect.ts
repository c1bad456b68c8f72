import type { CollectResult } from '../../collect/events.ts';
import { UsageError } from '../../core/errors.ts';
import type { ReadyCollect } from '../../project/collecting.ts';
import type { Project } from '../../project/project.ts';
import { withProject } from '../called-project.ts';
import { collectOptionsOf, showCollect } from '../collecting.ts';
import { type CallOf, defineCommand, type Signature } from '../command.ts';
import { type ExitCode, exitCodeAfterCollect, exitCodes } from '../exit-codes.ts';
import { followUpOf } from '../follow-up.ts';
import {
  baseUrlOption,
  collectOptions,
  filterOptions,
  journalOption,
  ledgerOption,
  modelsOption,
} from '../options.ts';
import { renderCollectOutcome } from '../render/collect-outcome.ts';
import { renderDelivery } from '../render/delivery.ts';
import { createStages } from '../render/stages.ts';

const signature = {
  arguments: {
    manifest: {
      name: '<manifest>',
      summary: 'the manifest; - reads standard input',
      completion: 'manifests',
    },
  },
  options: {
    once: { flags: '--once', summary: 'ask about each unfinished task once, save what is finished, and end' },
    giveUp: {
      flags: '--give-up',
      summary:
        'settle clips that cannot be had any more, after one more try: their day is over, and nobody saved them',
    },
    ...collectOptions,
    link: {
      flags: '--link <dir>',
      summary:
        'put the picked clips here, too, for a delivery: as hard links, or else copies, under names as --name has them',
      completion: 'files',
    },
    ...filterOptions,
    ...journalOption,
    ...ledgerOption,
    ...baseUrlOption,
    ...modelsOption,
  },
} as const satisfies Signature;
type Call = CallOf<typeof signature>;

export const collectCommand = defineCommand({
  name: 'collect',
  summary: 'wait for tasks, and save their clips',
  description:
    'Asks about unfinished tasks until they end, and saves the clip of each finished one under the name of its shot. It sends nothing that costs. Stop it, kill it and start it again as you like, also beside a run: it goes on where it stopped, and never loads or overwrites a clip twice. Result URLs live about 24 hours, so collect within a day. Reports that a run has written beside the manifest are brought up to date.',
  ...signature,
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
    {
      command: "shotlist collect storyboard.yaml --link delivery --name '{scene}/{shot}'",
      summary: 'the picked clips in a folder of their own, to hand on',
    },
    {
      command: 'shotlist collect storyboard.yaml --give-up',
      summary: 'clips that nobody saved in time: note that they are lost, and end with exit code 0',
    },
  ],
  execute: (call) => withProject(call, call.arguments.manifest, {}, (project) => execute(call, project)),
});

async function execute(call: Call, project: Project): Promise<ExitCode> {
  const { stderr } = call.io;
  // An unset variable of a shell; it would mean the working directory.
  if (call.options.link === '') throw new UsageError('--link names no folder', { help: 'write --link DIR' });
  const stages = await createStages(call);
  const followUp = followUpOf(call, project.linted.manifest.source.file);
  if ((await project.entries()).every(({ taskId }) => taskId === null)) {
    stderr.write(`Nothing to collect: no task was made yet. Submit with: ${followUp('run')}\n`);
    return exitCodes.ok.code;
  }
  const collect = await project.prepareCollect(collectOptionsOf(call));
  const result = await showCollect(call, stages, collect);
  const made = await project.reports.make();
  const { report } = made;
  const { folder } = collect;
  const plan = await project.outlook();
  stderr.write(renderCollectOutcome({ color: call.color.stderr, followUp, plan, report, result, folder }));
  const renewed = await project.reports.renew(made);
  if (renewed.length > 0) stderr.write(`report: ${renewed.join(', ')}\n`);
  const code = exitCodeAfterCollect(result, report, collect.isSelected);
  const delivered = hasEnded(result) ? await deliver(call, project, collect) : true;
  return code === exitCodes.ok.code && !delivered ? exitCodes.problems.code : code;
}

/** A collect that was broken off delivers nothing; one that only waits no longer delivers what is there. */
function hasEnded({ stopped }: CollectResult): boolean {
  return stopped === null || stopped.reason === 'timeout';
}

/** Puts the picked clips where --link says. False where a file is in the way of one. */
async function deliver(call: Call, project: Project, { isSelected }: ReadyCollect): Promise<boolean> {
  const { link, name } = call.options;
  if (link === undefined) return true;
  const delivery = await project.clips.deliver({ folder: link, name, isSelected });
  const followUp = followUpOf(call, project.linted.manifest.source.file);
  call.io.stderr.write(renderDelivery(delivery, followUp));
  return delivery.inTheWay.length === 0;
}
