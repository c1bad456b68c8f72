import { UsageError } from '../../core/errors.ts';
import type { Comparison } from '../../plan/comparison.ts';
import type { Plan } from '../../plan/model.ts';
import type { Earlier } from '../../project/earlier-revision.ts';
import type { Project } from '../../project/project.ts';
import { selectionOf, withProject } from '../called-project.ts';
import { type CallOf, defineCommand, type Signature } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { followUpOf } from '../follow-up.ts';
import { proseWidth } from '../language.ts';
import { nextAfterPlan } from '../next-steps.ts';
import {
  baseUrlOption,
  journalOption,
  ledgerOption,
  mediaOptions,
  modelsOption,
  planningOptions,
  selectionOptions,
} from '../options.ts';
import { amount } from '../parse-values.ts';

const signature = {
  arguments: {
    manifest: {
      name: '<manifest>',
      summary: 'the manifest; - reads standard input',
      completion: 'manifests',
    },
  },
  options: {
    format: {
      flags: '--format <format>',
      summary: 'how the plan is written',
      choices: ['pretty', 'json', 'markdown'],
      default: 'pretty',
    },
    against: {
      flags: '--against <ref>',
      completion: 'refs',
      summary: 'show what changed since a git ref, or beside another manifest file, and what that costs',
    },
    maxIncrease: {
      flags: '--max-increase <amount>',
      summary: 'with --against: exit with 3 when a run would cost that much more',
      parse: amount,
    },
    out: {
      flags: '--out <file>',
      completion: 'files',
      summary: 'also save the plan for approval: `run` sends exactly that, or nothing',
    },
    exitCode: { flags: '--exit-code', summary: 'exit with 3 when there is something to submit' },
    ...selectionOptions,
    ...planningOptions,
    ...ledgerOption,
    ...journalOption,
    ...baseUrlOption,
    ...mediaOptions,
    ...modelsOption,
  },
} as const satisfies Signature;
type Call = CallOf<typeof signature>;

export const planCommand = defineCommand({
  name: 'plan',
  summary: 'show what run would send, why, and what it would cost',
  description:
    'Compares the manifest with the ledger and shows what `run` would send and why, what it would leave alone, and the cost. Needs no key, no network unless `--media` is given, and changes nothing. With --against it shows what changed since then instead: requests added, changed, removed and renamed, and the difference in cost. `REF...` stands for where HEAD left REF, `REF:path` for a manifest of another name; one that was moved is found by its project. Fragments and prompt files are read at that ref too.',
  ...signature,
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
    const needPrices = checkComparing(call);
    const opening = { readOnly: true, refuseErrors: true, needPrices };
    return withProject(call, call.arguments.manifest, opening, (project) => show(call, project));
  },
});

/** True where prices are needed. @throws UsageError for flags that do not go together. */
function checkComparing({ options }: Call): boolean {
  if (options.maxIncrease !== undefined && options.against === undefined) {
    throw new UsageError('--max-increase needs --against: more than what?', {
      help: 'for a limit on the whole plan there is budget.maxCost, and `run --max-cost`',
    });
  }
  return options.maxIncrease !== undefined;
}

async function show(call: Call, project: Project): Promise<ExitCode> {
  const { io, options } = call;
  const selection = selectionOf(call);
  const earlier = await earlierOf(call, project);
  const plan = await project.plan(selection, earlier);
  await project.tellOverBudget(plan);
  const format = options.format ?? 'pretty';
  const media = await mediaIn(format, call, project, plan);
  await saveIfWanted(call, project, plan);
  const shown = { call, project, fields: media.fields };
  if (earlier === null) {
    io.stdout.write((await formats[format](plan, shown)) + media.text);
  } else {
    const comparison = await project.compare(plan, earlier, selection);
    const next = nextAfterPlan(call, project, plan, options.out ?? null);
    io.stdout.write((await comparisonFormats[format](comparison, { ...shown, next })) + media.text);
    const most = options.maxIncrease;
    if (most !== undefined) await refuseIncrease(comparison, most);
  }
  return options.exitCode && plan.summary.submit > 0 ? exitCodes.stopped.code : exitCodes.ok.code;
}

/** Reads the revision to compare with; null for a call that compares with nothing. */
async function earlierOf({ options }: Call, project: Project): Promise<Earlier | null> {
  if (options.against === undefined) return null;
  if (options.limit !== undefined) {
    throw new UsageError('--limit and --against do not go together', {
      help: 'choose what is compared with --only, --tag or --scene',
    });
  }
  return project.readEarlier(options.against);
}

async function refuseIncrease(comparison: Comparison, most: number): Promise<void> {
  const { checkIncrease } = await import('../../project/earlier-revision.ts');
  checkIncrease(comparison, most);
}

async function saveIfWanted(call: Call, project: Project, plan: Plan): Promise<void> {
  const file = call.options.out;
  if (file === undefined) return;
  await project.writeFile(file, await project.planText(plan, file));
  const followUp = followUpOf(call, file);
  const next = project.approval.isNeeded
    ? `have it approved with: ${followUp('approve')}`
    : `send it with: ${followUp('run')}`;
  call.io.stderr.write(`plan saved to ${file}; ${next}\n`);
}

type Format = 'pretty' | 'json' | 'markdown';
interface Shown {
  readonly call: Call;
  readonly project: Project;
  /** Further fields of a document. */
  readonly fields: object;
  readonly next?: object;
}
type Render<T> = Readonly<Record<Format, (result: T, shown: Shown) => Promise<string>>>;

const formats: Render<Plan> = {
  pretty: async (plan, { call, project }) => {
    const [{ renderPlan }, { fitLines }] = await Promise.all([
      import('../render/plan.ts'),
      import('../render/fit.ts'),
    ]);
    const { target, linted } = project;
    const { skippedShots } = linted.manifest;
    const followUp = followUpOf(call, plan.manifest);
    const budget = await project.budget();
    const view = { target, budget, skippedShots, followUp, color: call.color.stdout };
    return fitLines(renderPlan(plan, view), call.io.stdout);
  },
  json: async (plan, { call, project, fields }) =>
    (await import('../../plan/format.ts')).planJson(plan, {
      ...fields,
      ...nextAfterPlan(call, project, plan, call.options.out ?? null),
    }),
  markdown: async (plan) => (await import('../render/plan-markdown.ts')).planMarkdown(plan),
};

const comparisonFormats: Render<Comparison> = {
  pretty: async (comparison, { call }) =>
    (await import('../render/comparison.ts')).renderComparison(comparison, {
      followUp: followUpOf(call, comparison.manifest),
      color: call.color.stdout,
      width: call.io.stdout.columns,
      proseWidth: proseWidth(call.io.stdout, 100),
    }),
  json: async (comparison, { fields, next }) =>
    `${JSON.stringify({ ...comparison, ...fields, ...next }, null, 2)}\n`,
  markdown: async (comparison) =>
    (await import('../render/comparison-markdown.ts')).comparisonMarkdown(comparison),
};

/** Renders the media in the format of the rest: text to append, or fields of a document. */
async function mediaIn(
  format: Format,
  call: Call,
  project: Project,
  plan: Plan,
): Promise<{ readonly text: string; readonly fields: object }> {
  if (!call.options.media) return { text: '', fields: {} };
  const checked = await project.checkMedia(plan, { comparePaid: true });
  const { refuseBadMedia } = await import('../../project/media.ts');
  const { mediaMarkdown, mediaRows, renderMedia } = await import('../render/media.ts');
  const { color, io } = call;
  const { media } = checked;
  const table = (): string => {
    // Output that is piped away is nobody's terminal: there every line is as long as it is.
    const width = io.stdout.isTTY ? io.stdout.columns : Number.POSITIVE_INFINITY;
    return renderMedia(media, color.stdout, width);
  };
  // Half a document helps no script: without its plan, the table is for people alone.
  if (checked.summary.errors > 0 && format === 'pretty') io.stdout.write(table());
  refuseBadMedia(checked, plan);
  switch (format) {
    case 'pretty':
      return { text: table(), fields: {} };
    case 'markdown':
      return { text: mediaMarkdown(media), fields: {} };
    case 'json':
      return { text: '', fields: { media: mediaRows(media) } };
  }
}
