import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { CommandCall } from '../cli/command.ts';
import { count, money } from '../cli/render/text.ts';
import { StoppedError, UsageError } from '../core/errors.ts';
import type { LintedManifest, LintResult } from '../lint/lint.ts';
import { lint } from '../lint/lint.ts';
import { limits } from '../manifest/limits.ts';
import type { Problem } from '../manifest/problem.ts';
import { compare } from '../plan/compare.ts';
import type { Comparison } from '../plan/comparison.ts';
import type { Plan } from '../plan/model.ts';
import { type GitTree, openGitTree, splitRevision } from './git/git.ts';
import { readElsewhere } from './paid-elsewhere.ts';
import { makePlan } from './planning.ts';
import { type Project, readEntries } from './project.ts';

/** The older revision of a manifest, as far as its mistakes allow. */
export interface Earlier {
  /** Null where there was no manifest of this name. */
  readonly linted: LintedManifest | null;
  /** What it is called: as it was named, or with the name that the manifest had then. */
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
export async function readEarlier(call: CommandCall, project: Project, against: string): Promise<Earlier> {
  const { io, options } = call;
  const lintAt = (file: string, readFile?: GitTree['readFile']): Promise<LintResult> =>
    lint([file], {
      cwd: io.cwd,
      models: options['models'] as string | undefined,
      ...(readFile === undefined ? {} : { readFile }),
    });
  if (options['limit'] !== undefined) {
    throw new UsageError('--limit and --against do not go together', {
      help: 'choose what is compared with --only, --tag or --scene',
    });
  }
  if (await isFile(path.resolve(io.cwd, against))) {
    return earlierOf(await lintAt(against), against);
  }
  const { absolutePath } = project.linted.manifest.source;
  const [ref, named] = splitRevision(against);
  if (absolutePath === null && named === undefined) {
    throw new UsageError('a manifest from standard input has no name that it could be found by in git', {
      help: `name it there: --against ${against}:path/to/storyboard.yaml`,
    });
  }
  const folder = absolutePath === null ? io.cwd : path.dirname(absolutePath);
  const tree = await openGitTree({ env: io.env, folder }, against, absolutePath ?? '');
  try {
    const readFile: GitTree['readFile'] = (...of) => tree.readFile(...of);
    const readAt = async (file: string, name: string): Promise<Earlier> =>
      earlierOf(await lintAt(path.relative(io.cwd, file), readFile), name);
    const found = await tree.readFile(tree.manifest, limits.manifestBytes);
    if ('bytes' in found) return await readAt(tree.manifest, against);
    if (named !== undefined) throw notAManifest(against, found);
    const moved = await movedFrom(tree, project);
    if (moved === null) return { linted: null, against, notes: [] };
    return await readAt(moved, `${ref}:${tree.nameOf(moved)}`);
  } finally {
    tree.close();
  }
}

function notAManifest(against: string, { message, help }: Problem): UsageError {
  return message === 'does not exist'
    ? new UsageError(`there is no file ${against}`, {
        help: 'the path is relative to the top of the repository, or begins with ./',
      })
    : new UsageError(`${against} ${message}`, { help });
}

/** The one manifest of this project that was there and is not any more; null where there is none, or several. */
async function movedFrom(tree: GitTree, { linted, scope }: Project): Promise<string | null> {
  const gone: string[] = [];
  for (const file of await tree.manifestsOf(scope.project)) if (!(await isFile(file))) gone.push(file);
  const { absolutePath } = linted.manifest.source;
  const sameName = gone.filter((file) => path.basename(file) === path.basename(absolutePath ?? ''));
  const [only, ...others] = sameName.length > 0 ? sameName : gone;
  return only !== undefined && others.length === 0 ? only : null;
}

/** Plans the older revision with the same ledger, and compares. */
export async function compareWith(
  call: CommandCall,
  project: Project,
  plan: Plan,
  earlier: Earlier,
): Promise<Comparison> {
  const after = { plan, budget: project.linted.manifest.budget };
  const { linted, against, notes } = earlier;
  if (linted === null) return compare({ before: null, after, against, notes });
  const was = linted.manifest.project || project.scope.project;
  const before: Project = { ...project, linted, scope: { ...project.scope, project: was } };
  // What a person wants sent again is said of today's manifest.
  const callBefore = { ...call, options: { ...call.options, resend: undefined } };
  const entries = await readEntries(call, before);
  const planBefore = makePlan(
    callBefore,
    before,
    entries,
    await readElsewhere(call, before),
    project.linted.requests,
  );
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

async function isFile(absolutePath: string): Promise<boolean> {
  return (await stat(absolutePath).catch(() => undefined))?.isFile() === true;
}
