import path from 'node:path';
import { UsageError } from '../../core/errors.ts';
import type { MediaLintResult } from '../../lint/lint.ts';
import type { Comparison } from '../../plan/comparison.ts';
import type { Plan } from '../../plan/model.ts';
import { followUpOf } from '../../project/follow-up.ts';
import { checkMedia, refuseBadMedia, wantsMedia } from '../../project/media.ts';
import { readElsewhere } from '../../project/paid-elsewhere.ts';
import { makePlan, warnOverBudget } from '../../project/planning.ts';
import { type Project, readEntries, readProject, refuseOverwriting } from '../../project/project.ts';
import { targetOf } from '../../project/target.ts';
import { type CommandCall, type CommandDefinition, firstArgument } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import {
  baseUrlOption,
  journalOptions,
  ledgerOption,
  mediaOptions,
  modelsOption,
  planningOptions,
  selectionOptions,
} from '../options.ts';
import { amount } from '../parse-values.ts';

export const planCommand: CommandDefinition = {
  name: 'plan',
  summary: 'show what run would send, why, and what it would cost',
  description:
    'Compares the manifest with the ledger and shows what `run` would send and why, what it would leave alone, and the cost. Needs no key, no network unless `--media` is given, and changes nothing. With --against it shows what changed since then instead: requests added, changed, removed and renamed, and the difference in cost. `REF...` stands for where HEAD left REF, `REF:path` for a manifest of another name; one that was moved is found by its project. Fragments and prompt files are read at that ref too.',
  arguments: [{ name: '<manifest>', summary: 'the manifest; - reads standard input' }],
  options: [
    {
      flags: '--format <format>',
      summary: 'how the plan is written',
      choices: ['pretty', 'json', 'markdown'],
      default: 'pretty',
    },
    {
      flags: '--against <ref>',
      summary: 'show what changed since a git ref, or beside another manifest file, and what that costs',
    },
    {
      flags: '--max-increase <amount>',
      summary: 'with --against: exit with 3 when a run would cost that much more',
      parse: amount,
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
    {
      command: 'shotlist plan storyboard.yaml --against origin/main',
      summary: 'what this branch changes, parameter by parameter, and what that costs',
    },
    {
      command: 'shotlist plan storyboard.yaml --against HEAD~1 --max-increase 100',
      summary: 'in CI: fail when a run would cost over 100 more',
    },
  ],
  async execute(call) {
    const { io, options } = call;
    const against = options['against'] as string | undefined;
    const most = options['maxIncrease'] as number | undefined;
    if (most !== undefined && against === undefined) {
      throw new UsageError('--max-increase needs --against: more than what?', {
        help: 'for a limit on the whole plan there is budget.maxCost, and `run --max-cost`',
      });
    }
    const isMediaWanted = wantsMedia(call);
    const { checkIncrease, compareWith, readEarlier } = await import('../../project/earlier-revision.ts');
    const project = await readProject(call, firstArgument(call), { needPrices: most !== undefined });
    const earlier = against === undefined ? null : await readEarlier(call, project, against);
    const entries = await readEntries(call, project);
    const elsewhere = await readElsewhere(call, project);
    const plan = makePlan(call, project, entries, elsewhere, earlier?.linted?.requests);
    warnOverBudget(call, project, plan, entries, { maxCost: null, maxRequests: null });
    const format = (options['format'] ?? 'pretty') as Format;
    const checked = isMediaWanted ? await checkMedia(call, project, plan) : null;
    const media = await mediaIn(format, checked, call);
    if (checked !== null && checked.summary.errors > 0) {
      // Half a document helps no script: without its plan, the table is for people alone.
      if (format === 'pretty') io.stdout.write(media.text);
      refuseBadMedia(checked, plan);
    }

    if (typeof options['out'] === 'string') {
      const { writeFileAtomically } = await import('../../core/write-file.ts');
      const file = path.resolve(io.cwd, options['out']);
      refuseOverwriting(call, project, file);
      const { savedPlanText, savePlan } = await import('../../plan/saved-plan.ts');
      const { manifest, catalog } = project.linted;
      const named = relativeTo(path.dirname(file), plan, manifest.source.absolutePath);
      const world = { provider: project.scope.provider, manifest, catalog, entries };
      await writeFileAtomically(file, savedPlanText(savePlan(named, world)));
      io.stderr.write(
        `plan saved to ${options['out']}; send it with: ${followUpOf(call, options['out'])('run')}\n`,
      );
    }
    if (earlier === null) {
      io.stdout.write((await formats[format](plan, { call, project, fields: media.fields })) + media.text);
    } else {
      const comparison = await compareWith(call, project, plan, earlier);
      io.stdout.write(
        (await comparisonFormats[format](comparison, { call, project, fields: media.fields })) + media.text,
      );
      if (most !== undefined) checkIncrease(comparison, most);
    }
    return options['exitCode'] === true && plan.summary.submit > 0
      ? exitCodes.stopped.code
      : exitCodes.ok.code;
  },
};

type Format = 'pretty' | 'json' | 'markdown';
interface Shown {
  readonly call: CommandCall;
  readonly project: Project;
  /** What a document has besides. */
  readonly fields: object;
}
type Render<T> = Readonly<Record<Format, (result: T, shown: Shown) => Promise<string>>>;

const formats: Render<Plan> = {
  pretty: async (plan, { call, project }) => {
    const [{ renderPlan }, { fitLines }] = await Promise.all([
      import('../render/plan.ts'),
      import('../render/fit.ts'),
    ]);
    const target = targetOf(call, project);
    const followUp = followUpOf(call, plan.manifest);
    return fitLines(renderPlan(plan, { target, followUp, color: call.color.stdout }), call.io.stdout);
  },
  json: async (plan, { fields }) => (await import('../../plan/format.ts')).planJson({ ...plan, ...fields }),
  markdown: async (plan) => (await import('../render/plan-markdown.ts')).planMarkdown(plan),
};

const comparisonFormats: Render<Comparison> = {
  pretty: async (comparison, { call }) =>
    (await import('../render/comparison.ts')).renderComparison(comparison, {
      followUp: followUpOf(call, comparison.manifest),
      color: call.color.stdout,
      width: call.io.stdout.columns,
    }),
  json: async (comparison, { fields }) => `${JSON.stringify({ ...comparison, ...fields }, null, 2)}\n`,
  markdown: async (comparison) =>
    (await import('../render/comparison-markdown.ts')).comparisonMarkdown(comparison),
};

/** A saved plan names its manifest relative to itself. */
function relativeTo(folder: string, plan: Plan, manifest: string | null): Plan {
  if (manifest === null) return plan;
  return { ...plan, manifest: path.relative(folder, manifest).split(path.sep).join('/') };
}

/** What there is to say about media, in the format of the rest: text to append, or fields of a document. */
async function mediaIn(
  format: Format,
  checked: MediaLintResult | null,
  { color, io }: CommandCall,
): Promise<{ readonly text: string; readonly fields: object }> {
  if (checked === null) return { text: '', fields: {} };
  const { mediaMarkdown, mediaRows, renderMedia } = await import('../render/media.ts');
  const { media } = checked;
  switch (format) {
    case 'pretty': {
      // What is piped away is nobody's terminal: there every line is as long as it is.
      const width = io.stdout.isTTY ? io.stdout.columns : Number.POSITIVE_INFINITY;
      return { text: renderMedia(media, color.stdout, width), fields: {} };
    }
    case 'markdown':
      return { text: mediaMarkdown(media), fields: {} };
    case 'json':
      return { text: '', fields: { media: mediaRows(media) } };
  }
}
