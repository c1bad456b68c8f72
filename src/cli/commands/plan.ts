import path from 'node:path';
import type { Plan } from '../../plan/model.ts';
import { type CommandDefinition, firstArgument } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import {
  baseUrlOption,
  journalOptions,
  ledgerOption,
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
    'Compares the manifest with the ledger and shows what `run` would send and why, what it would leave alone, and the cost. Needs no network and no key, and changes nothing.',
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
    const project = await readProject(call, firstArgument(call));
    const entries = await readEntries(call, project);
    const plan = makePlan(call, project, entries, await readElsewhere(call, project));
    const { planJson } = await import('../../plan/format.ts');

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
      io.stdout.write(planJson(plan));
    } else {
      const { renderPlan } = await import('../render/plan.ts');
      io.stdout.write(renderPlan(plan, call.color.stdout));
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
