import path from 'node:path';
import { count } from '../core/count.ts';
import { StoppedError, UsageError } from '../core/errors.ts';
import { money } from '../core/money.ts';
import type { LintedManifest, LintResult } from '../lint/lint.ts';
import { limits } from '../manifest/limits.ts';
import type { Problem } from '../manifest/problem.ts';
import { yamlReader } from '../manifest/read-budget.ts';
import { compare } from '../plan/compare.ts';
import type { Comparison } from '../plan/comparison.ts';
import type { Plan } from '../plan/model.ts';
import type { ProjectContext } from './context.ts';
import { type GitTree, openGitTree, splitRevision } from './git/git.ts';
import { readPaidElsewhere } from './paid-elsewhere.ts';
import { makePlan, type PlanSelection } from './planning.ts';

/** The older revision of a manifest, as far as its mistakes allow. */
export interface Earlier {
  /** Null where there was no manifest of this name. */
  readonly linted: LintedManifest | null;
  /** The name of the revision: as it was named, or with the name that the manifest had then. */
  readonly against: string;
  readonly notes: readonly string[];
}

/**
 * Reads the revision of a project's manifest that `--against` names: a file where there is one of that name, a git ref
 * otherwise. Fragments, prompt files and the models file are read at that ref too. A manifest that had another name then,
 * which nothing has now, is known by its project.
 *
 * @throws UsageError for a name that is neither.
 */
export async function readEarlier(context: ProjectContext, against: string): Promise<Earlier> {
  const { cwd, env, options, files } = context;
  const { lint } = await import('../lint/lint.ts');
  const lintAt = (file: string, readFile?: GitTree['readFile']): Promise<LintResult> =>
    lint([file], {
      cwd,
      models: options.models,
      yaml: yamlReader(env),
      ...(readFile === undefined ? {} : { readFile, localMedia: null }),
    });
  if ((await files.kindOf(path.resolve(cwd, against))) === 'file') {
    return settled(context, earlierOf(await lintAt(against), against), null);
  }
  const { absolutePath } = context.linted.manifest.source;
  const [ref, named] = splitRevision(against);
  if (absolutePath === null && named === undefined) {
    throw new UsageError('a manifest from standard input has no name that it could be found by in git', {
      help: `name it there: --against ${against}:path/to/storyboard.yaml`,
    });
  }
  const folder = absolutePath === null ? cwd : path.dirname(absolutePath);
  const tree = await openGitTree({ env, folder }, against, absolutePath ?? '');
  try {
    const readFile: GitTree['readFile'] = (...of) => tree.readFile(...of);
    const readAt = async (file: string, name: string): Promise<Earlier> =>
      settled(context, earlierOf(await lintAt(path.relative(cwd, file), readFile), name), tree);
    const found = await tree.readFile(tree.manifest, limits.manifestBytes);
    if ('bytes' in found) return await readAt(tree.manifest, against);
    if (named !== undefined) throw notAManifest(against, found);
    const moved = await movedFrom(tree, context);
    if (moved === null) return { linted: null, against, notes: [] };
    return await readAt(moved, `${ref}:${tree.nameOf(moved)}`);
  } finally {
    tree.close();
  }
}

/** The same, with its local files as they were at that ref, or as they are where git does not keep them. */
async function settled(context: ProjectContext, earlier: Earlier, tree: GitTree | null): Promise<Earlier> {
  if (earlier.linted === null || (earlier.linted.manifest.store ?? null) === null) return earlier;
  const { settleEarlierFiles } = await import('./earlier-files.ts');
  return { ...earlier, linted: await settleEarlierFiles(context, earlier.linted, tree) };
}

function notAManifest(against: string, { message, help }: Problem): UsageError {
  return message === 'does not exist'
    ? new UsageError(`there is no file ${against}`, {
        help: 'the path is relative to the top of the repository, or begins with ./',
      })
    : new UsageError(`${against} ${message}`, { help });
}

/** The one manifest of this project that was there and is not any more; null where there is none, or several. */
async function movedFrom(tree: GitTree, { linted, scope, files }: ProjectContext): Promise<string | null> {
  const gone: string[] = [];
  for (const file of await tree.manifestsOf(scope.project)) {
    if ((await files.kindOf(file)) !== 'file') gone.push(file);
  }
  const { absolutePath } = linted.manifest.source;
  const sameName = gone.filter((file) => path.basename(file) === path.basename(absolutePath ?? ''));
  const [only, ...others] = sameName.length > 0 ? sameName : gone;
  return only !== undefined && others.length === 0 ? only : null;
}

/** Plans the older revision with the same ledger, and compares. What is sent once more is said of today's manifest. */
export async function compareWith(
  context: ProjectContext,
  plan: Plan,
  earlier: Earlier,
  { resend: _today, ...selection }: PlanSelection,
): Promise<Comparison> {
  const after = { plan, budget: context.linted.manifest.budget };
  const { linted, against, notes } = earlier;
  if (linted === null) return compare({ before: null, after, against, notes });
  const was = linted.manifest.project || context.scope.project;
  const before: ProjectContext = { ...context, linted, scope: { ...context.scope, project: was } };
  const facts = {
    entries: await (await context.ledger.reader()).read(before.scope),
    elsewhere: await readPaidElsewhere(before),
  };
  const planBefore = makePlan(before, selection, facts, context.linted.requests);
  return compare({ before: { plan: planBefore, budget: linted.manifest.budget }, after, against, notes });
}

/** @throws StoppedError for a change that costs more than `--max-increase` allows, or whose cost is not known. */
export function checkIncrease({ summary, against }: Comparison, most: number): void {
  const { difference, currency } = summary;
  const help = 'raise --max-increase, or change less';
  if (difference === null) {
    throw new StoppedError(`prices are in ${currency} now and were in ${summary.before.currency}`, {
      help: '--max-increase needs one currency to count in',
    });
  }
  if (difference > most) {
    throw new StoppedError(
      `a run costs ${money(difference, currency)} more than at ${against}, and --max-increase allows ${money(most, currency)}`,
      { help },
    );
  }
}

function earlierOf({ manifests, summary, diagnostics }: LintResult, against: string): Earlier {
  const [linted] = manifests;
  const isReadable = linted !== undefined && linted.manifest.source.root !== null;
  if (linted !== undefined && isReadable && summary.errors === 0) return { linted, against, notes: [] };
  const [first] = diagnostics.filter(({ severity }) => severity === 'error');
  const where = first === undefined ? '' : ` (the first: ${first.file}:${first.line}, ${first.message})`;
  const note = isReadable
    ? `At ${against} the manifest has ${count(summary.errors, 'error')}${where}, so what they hide is not compared.`
    : `At ${against} the manifest cannot be read${where}, so everything counts as added.`;
  return { linted: isReadable ? linted : null, against, notes: [note] };
}
