import type { SeededRandom } from '../random.ts';

/** The content of a commit: text by path from the repository's root. */
export type Tree = ReadonlyMap<string, string>;

export interface Commit {
  readonly number: number;
  readonly parents: readonly Commit[];
  readonly tree: Tree;
}

/** The branch that a clone stands on. */
export const mainBranch = 'main';

/**
 * Git, as far as a storyboard's history needs it: commits, a repository that everybody pushes to with its branches, and
 * merges, in which journals are joined by union, as `.gitattributes` says, and of another file that both sides changed theirs
 * is taken.
 */
export class Repository {
  readonly #branches = new Map<string, Commit>();
  #commits = 0;
  readonly #random: SeededRandom;

  constructor(tree: Tree, random: SeededRandom) {
    this.#random = random;
    this.push(mainBranch, this.commit(tree, []));
  }

  /** In the order in which they were made. */
  get branches(): readonly string[] {
    return [...this.#branches.keys()];
  }

  /** The commit that a branch stands on; undefined for one that nobody has pushed. */
  headOf(branch: string): Commit | undefined {
    return this.#branches.get(branch);
  }

  push(branch: string, commit: Commit): void {
    this.#branches.set(branch, commit);
  }

  commit(tree: Tree, parents: readonly Commit[]): Commit {
    this.#commits += 1;
    return { number: this.#commits, parents, tree: new Map(tree) };
  }

  /** One commit with what both know; one of them itself where it has the other in its past. */
  merge(ours: Commit, theirs: Commit): Commit {
    if (isPastOf(theirs, ours)) return ours;
    if (isPastOf(ours, theirs)) return theirs;
    const base = commonPast(ours, theirs);
    const tree = new Map<string, string>();
    for (const path of new Set([...ours.tree.keys(), ...theirs.tree.keys()])) {
      const text = this.#mergeFile(path, base?.tree.get(path), ours.tree.get(path), theirs.tree.get(path));
      if (text !== undefined) tree.set(path, text);
    }
    // Both sides gave the storyboard another name: whoever merges has to choose, and takes theirs.
    const storyboards = [...tree.keys()].filter((path) => path.endsWith('.yaml'));
    if (storyboards.length > 1) {
      for (const path of storyboards) if (!theirs.tree.has(path)) tree.delete(path);
    }
    return this.commit(tree, [ours, theirs]);
  }

  #mergeFile(path: string, base: string | undefined, ours: string | undefined, theirs: string | undefined) {
    if (ours === theirs || theirs === base) return ours;
    if (ours === base) return theirs;
    // Whoever merges an edit of a storyboard with its move has to choose; two of them would be two storyboards.
    if (!path.endsWith('.ledger.jsonl')) return ours === undefined ? undefined : theirs;
    if (ours === undefined || theirs === undefined) return theirs ?? ours;
    return this.#union(linesOf(base ?? ''), linesOf(ours), linesOf(theirs));
  }

  /** Lines that both added may stand there twice, and in either order: git promises neither. */
  #union(base: readonly string[], ours: readonly string[], theirs: readonly string[]): string {
    const [known, here] = [new Set(base), new Set(ours)];
    const repeats = this.#random.chance(0.3);
    const added = theirs.filter((line) => !known.has(line) && (repeats || !here.has(line)));
    const gone = new Set(base.filter((line) => !theirs.includes(line)));
    const kept = ours.filter((line) => !gone.has(line) || !known.has(line));
    return [...kept, ...added].map((line) => `${line}\n`).join('');
  }
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}

export function isPastOf(past: Commit, commit: Commit): boolean {
  return pastOf(commit).has(past);
}

function pastOf(commit: Commit): ReadonlySet<Commit> {
  const seen = new Set<Commit>();
  const open = [commit];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...next.parents);
  }
  return seen;
}

/** The newest commit that both have in their past. */
function commonPast(a: Commit, b: Commit): Commit | undefined {
  const pastOfB = pastOf(b);
  return [...pastOf(a)]
    .filter((commit) => pastOfB.has(commit))
    .sort((x, y) => y.number - x.number)
    .at(0);
}
