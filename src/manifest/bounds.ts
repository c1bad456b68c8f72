import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { isBelow, isWithin, type WorkTree, workTreeOf } from '../core/work-tree.ts';
import type { Problem } from './problem.ts';

/**
 * Keeps the files that a manifest names to its work tree. A manifest from somebody else could name, or reach by
 * a link, any file of whoever reads it, and what it holds is shown in findings and sent to the provider.
 */
export class Bounds {
  readonly #place: { readonly cwd: string; readonly manifest: string | null };
  #trees: Promise<readonly WorkTree[]> | undefined;

  /**
   * @param cwd where a manifest from standard input counts as being.
   * @param manifest absolute; null for one from standard input.
   */
  constructor(cwd: string, manifest: string | null) {
    this.#place = { cwd, manifest };
  }

  /** The reason why a file may not be read, as a sentence about it without its subject; null where it may. */
  async refusal(absolutePath: string): Promise<Problem | null> {
    this.#trees ??= treesOf(this.#place);
    const trees = await this.#trees;
    if (absolutePath.includes('\0') || (await isWithin(trees, absolutePath))) return null;
    const isNamedInside = trees.some(({ names }) => names.some((name) => isBelow(name, absolutePath)));
    const way = isNamedInside ? 'leads out of the work tree by a link' : 'lies outside the work tree';
    return {
      rule: 'outside-work-tree',
      message: `${way}, so it is not read`,
      help: `Move it into the work tree: git's top level, or else the manifest's folder. A checkout of somebody else could name any file of yours`,
    };
  }
}

/** A manifest that was named by a link may use what lies beside the link, and beside the manifest. */
async function treesOf({
  cwd,
  manifest,
}: {
  cwd: string;
  manifest: string | null;
}): Promise<readonly WorkTree[]> {
  if (manifest === null) return [await workTreeOf(cwd)];
  const real = await realpath(manifest).catch(() => manifest);
  return Promise.all([...new Set([manifest, real])].map((file) => workTreeOf(path.dirname(file))));
}
