import path from 'node:path';
import type { MediaLintResult } from '../../lint/lint.ts';
import type { Plan } from '../../plan/model.ts';
import { type CommandCall, type CommandDefinition, firstArgument } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { checkMedia, refuseBadMedia, wantsMedia } from '../media.ts';
import {
  baseUrlOption,
  journalOptions,
  ledgerOption,
  mediaOptions,
  modelsOption,
  planningOptions,
  selectionOptions,
} from '../options.ts';
import { makePlan } from '../planning.ts';
import { readEntries, readProject } from '../project.ts';
import { readElsewhere } from '../siblings.ts';

export const planCommand: CommandDefinition = {
  name: 'plan',
  summary: 'show what run would send, why, and what it would cost',
  description:
    'Compares the manifest with the ledger and shows what `run` would send and why, what it would leave alone, and the cost. Needs no key, no network unless `--media` is given, and changes nothing.',
  arguments: [{ name: '<manifest>', summary: 'the manifest; - reads standard input' }],
  options: [
    {
      flags: '--format <format>',
      summary: 'how the plan is written',
      choices: ['pretty', 'json'],
      default: 'pretty',
    },
    {
      flags: '--out <file>',
      summary: 'also save the plan for approval: `run` sends exactly that, or nothing',
    },
    { flags: '--exit-code', summary: 'exit with 3 when there is something to submit' },
    ...selectionOptions,
    ...planningOptions,
    ledgerOption,
    ...journalOptions,
    baseUrlOption,
    ...mediaOptions,
    modelsOption,
  ],
  examples: [
    { command: 'shotlist plan storyboard.yaml', summary: 'what would be sent, why, and what it costs' },
    {
      command: "shotlist plan storyboard.yaml --only 'sc010/*' --format json",
      summary: 'one scene, for a script',
    },
  ],
  async execute(call) {
    const { io, options } = call;
    const isMediaWanted = wantsMedia(call);
    const project = await readProject(call, firstArgument(call));
    const entries = await readEntries(call, project);
    const plan = makePlan(call, project, entries, await readElsewhere(call, project));
    const { planJson } = await import('../../plan/format.ts');
    const checked = isMediaWanted ? await checkMedia(call, project, plan) : undefined;
    const media = checked === undefined ? undefined : await writtenMedia(call, checked);
    if (checked !== undefined && media !== undefined && checked.summary.errors > 0) {
      // Without a plan to go with it, the table is for people alone.
      io.stdout.write(media.table);
      refuseBadMedia(checked, plan);
    }

    if (typeof options['out'] === 'string') {
      const { writeFileAtomically } = await import('../../core/write-file.ts');
      const file = path.resolve(io.cwd, options['out']);
      const { savedPlanText, savePlan } = await import('../../plan/saved-plan.ts');
      const { manifest, catalog } = project.linted;
      const named = relativeTo(path.dirname(file), plan, manifest.source.absolutePath);
      const world = { provider: project.scope.provider, manifest, catalog, entries };
      await writeFileAtomically(file, savedPlanText(savePlan(named, world)));
      io.stderr.write(`plan saved to ${options['out']}; send it with: shotlist run ${options['out']}\n`);
    }
    if (options['format'] === 'json') {
      io.stdout.write(planJson(media === undefined ? plan : { ...plan, media: media.rows }));
    } else {
      const { renderPlan } = await import('../render/plan.ts');
      io.stdout.write(renderPlan(plan, call.color.stdout));
      if (media !== undefined && media.table !== '') io.stdout.write(`\n${media.table}`);
    }
    return options['exitCode'] === true && plan.summary.submit > 0
      ? exitCodes.stopped.code
      : exitCodes.ok.code;
  },
};

/** A saved plan names its manifest relative to itself. */
function relativeTo(folder: string, plan: Plan, manifest: string | null): Plan {
  if (manifest === null) return plan;
  return { ...plan, manifest: path.relative(folder, manifest).split(path.sep).join('/') };
}

/** The table is empty where JSON is asked for. */
async function writtenMedia(
  { options, color }: CommandCall,
  { media }: MediaLintResult,
): Promise<{ readonly table: string; readonly rows: readonly object[] }> {
  const { mediaRows, renderMedia } = await import('../render/media.ts');
  return {
    table: options['format'] === 'json' ? '' : renderMedia(media, color.stdout),
    rows: mediaRows(media),
  };
}
