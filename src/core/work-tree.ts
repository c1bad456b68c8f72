import { lstat, readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { SetupError, systemCode } from './errors.ts';

/**
 * Files that belong together, so that nothing beside them is read or written on the word of one of them: git's top
 * level, or else a folder. Paths are compared where they really are, links resolved.
 */
export interface WorkTree {
  /** As it was reached, and where it really is; absolute. */
  readonly names: readonly string[];
  /** The real place of it. */
  readonly root: string;
}

/** The work tree of a folder, which need not be there yet. */
export async function workTreeOf(folder: string): Promise<WorkTree> {
  const named = resolve(folder);
  for (let at = named; ; at = dirname(at)) {
    if (await isThere(join(at, '.git'))) return treeAt(at);
    if (dirname(at) === at) return treeAt(named);
  }
}

async function treeAt(folder: string): Promise<WorkTree> {
  const root = await realPlace(folder);
  return { names: [...new Set([folder, root])], root };
}

/** True where a file, there or not, is really in one of these work trees. */
export async function isWithin(trees: readonly WorkTree[], file: string): Promise<boolean> {
  const place = await realPlace(file);
  return trees.some(({ root }) => isBelow(root, place));
}

/**
 * Refuses to write through a link that leads out of a work tree: whoever put it there is not always who runs this. A place
 * outside that a person named as such is the person's choice.
 *
 * @param file absolute.
 * @throws SetupError that names the link's end.
 */
export async function refuseLeadingOut(tree: WorkTree, file: string): Promise<void> {
  if (!tree.names.some((name) => isBelow(name, file))) return;
  const place = await realPlace(file);
  if (isBelow(tree.root, place)) return;
  throw new SetupError(`${file} is not written: a link leads it out of ${tree.root}, to ${place}`, {
    help: 'Remove the link, or name the place itself. A checkout of somebody else can hold links to any file of yours.',
  });
}

/** Follows every link in a path. A file that is not there yet counts as being where it would be made. */
export async function realPlace(path: string): Promise<string> {
  let current = resolve(path);
  const rest: string[] = [];
  for (let links = 0; links < 64; ) {
    try {
      return join(await realpath(current), ...rest);
    } catch (error) {
      const target = await readlink(current).catch(() => undefined);
      if (target !== undefined) {
        links += 1;
        current = resolve(await realPlace(dirname(current)), target);
        continue;
      }
      const code = systemCode(error);
      if (dirname(current) === current || (code !== 'ENOENT' && code !== 'ENOTDIR')) {
        return join(current, ...rest);
      }
      rest.unshift(basename(current));
      current = dirname(current);
    }
  }
  return join(current, ...rest);
}

/** True where a path is a folder or lies in it, by name alone. */
export function isBelow(folder: string, path: string): boolean {
  const inside = relative(folder, path);
  return inside === '' || (inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside));
}

async function isThere(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    () => false,
  );
}

/** True where a path holds an ordinary file, or nothing yet: anything else could keep whoever opens it waiting. */
export async function isOrdinaryOrMissing(file: string): Promise<boolean> {
  return stat(file).then(
    (stats) => stats.isFile(),
    () => true,
  );
}
