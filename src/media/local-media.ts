import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import pLimit from 'p-limit';
import { systemCode } from '../core/errors.ts';
import { nearest } from '../core/suggest.ts';
import { isBelow, isWithin, realPlace, type WorkTree, workTreeOf } from '../core/work-tree.ts';
import type { MediaReading } from './facts.ts';
import type { FileCache } from './file-cache.ts';
import { stampOf } from './file-stamp.ts';
import { Inspector } from './inspector.ts';
import { defaultProbeLimits } from './limits.ts';
import { readMediaFile } from './local-file.ts';
import type { LocalMedium, LocalName, LocalPlace } from './local-medium.ts';

/** Files that are looked at at the same time. */
const filesAtOnce = 32;

/**
 * Looks at files on this machine: whether each is there, may be read, and what its bytes say it is. Only headers and indexes
 * are read, and of a file that the cache knows, nothing. What lies outside `place` is never opened.
 */
export async function lookAtLocalMedia(
  files: readonly LocalName[],
  place: LocalPlace,
  cache: FileCache,
): Promise<ReadonlyMap<string, LocalMedium>> {
  const looking = new Looking(await boundsOf(place), cache);
  const limit = pLimit(filesAtOnce);
  const distinct = new Map(files.map((file) => [file.absolutePath, file]));
  try {
    const looked = [...distinct].map(([absolutePath, file]) =>
      limit(async () => [absolutePath, await looking.at(file)] as const),
    );
    return new Map(await Promise.all(looked));
  } finally {
    await looking.end();
  }
}

/** The folders that may be read, as work trees. */
async function boundsOf({ bases, roots }: LocalPlace): Promise<readonly WorkTree[]> {
  const trees = await Promise.all(bases.map(workTreeOf));
  // A manifest of somebody else must not open the whole disk, or all that is anybody's own.
  const narrow = roots.filter((root) => path.dirname(root) !== root && root !== path.resolve(homedir()));
  const besides = narrow.map(async (root) => {
    const real = await realPlace(root);
    return { names: [...new Set([root, real])], root: real };
  });
  return [...trees, ...(await Promise.all(besides))];
}

class Looking {
  readonly #bounds: readonly WorkTree[];
  readonly #cache: FileCache;
  readonly #folders = new Map<string, Promise<Folder | null>>();
  #inspector: Inspector | undefined;

  constructor(bounds: readonly WorkTree[], cache: FileCache) {
    this.#bounds = bounds;
    this.#cache = cache;
  }

  async at(file: LocalName): Promise<LocalMedium> {
    const { absolutePath } = file;
    if (absolutePath.includes('\0')) return { kind: 'unfit', why: 'is not a possible path' };
    const folder = await this.#folder(path.dirname(absolutePath));
    const real = await this.#realPath(absolutePath, folder);
    if (!this.#bounds.some(({ root }) => isBelow(root, real))) {
      return { kind: 'outside', byLink: this.#isNamedInside(absolutePath) };
    }
    const name = path.basename(absolutePath);
    try {
      const stats = await lstat(real, { bigint: true });
      if (stats.isDirectory()) return { kind: 'unfit', why: 'is a folder' };
      if (!stats.isFile()) {
        return { kind: 'unfit', why: 'is no ordinary file, but a pipe, a socket or a device' };
      }
      return await this.#read(file, real, stats, folder?.differing(name) ?? null);
    } catch (error) {
      const code = systemCode(error);
      if (code === 'ENOENT' || code === 'ENOTDIR') return this.#missing(file, folder);
      if (code === 'EACCES' || code === 'EPERM') return { kind: 'unfit', why: 'may not be read' };
      if (code === undefined) throw error;
      return { kind: 'unfit', why: `cannot be read (${code})` };
    }
  }

  async end(): Promise<void> {
    await Promise.all([this.#inspector?.close(), this.#cache.save()]);
  }

  async #read(
    { file }: LocalName,
    realPath: string,
    stats: BigIntStats,
    writtenOnDisk: string | null,
  ): Promise<LocalMedium> {
    const stamp = stampOf(stats);
    const at = this.#cache.now();
    const known = this.#cache.find(realPath, stamp)?.reading;
    const reading = known ?? (await this.#inspect(realPath, stats));
    if (reading === 'pointer') return { kind: 'pointer' };
    if (known === undefined || known === null) this.#cache.keep(realPath, stamp, { reading }, at);
    const facts = {
      outcome: 'reached',
      ...{ url: file, ...reading, bytes: stamp.bytes },
      ...{ declaredType: null, addressChecked: false, cached: known !== undefined && known !== null },
    } as const;
    return { kind: 'file', realPath, stamp, facts, writtenOnDisk };
  }

  async #inspect(realPath: string, stats: BigIntStats): Promise<MediaReading | 'pointer'> {
    const handle = await open(realPath, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      if (await isPointer(handle, stats)) return 'pointer';
      this.#inspector ??= new Inspector({
        fileTimeoutMs: defaultProbeLimits.readingTimeoutMs,
        memoryMiB: defaultProbeLimits.readingMemoryMiB,
        maxGivenUp: defaultProbeLimits.maxGivenUp,
      });
      return await readMediaFile(this.#inspector, handle, Number(stats.size));
    } finally {
      await handle.close();
    }
  }

  #folder(folder: string): Promise<Folder | null> {
    const known = this.#folders.get(folder) ?? Folder.open(folder, this.#bounds);
    this.#folders.set(folder, known);
    return known;
  }

  /** One look for each folder, and one more only for what is a link itself. */
  async #realPath(absolutePath: string, folder: Folder | null): Promise<string> {
    if (folder === null || folder.isLink(path.basename(absolutePath))) return realPlace(absolutePath);
    return path.join(folder.real, path.basename(absolutePath));
  }

  #isNamedInside(absolutePath: string): boolean {
    return this.#bounds.some(({ names }) => names.some((name) => isBelow(name, absolutePath)));
  }

  async #missing({ file, absolutePath }: LocalName, folder: Folder | null): Promise<LocalMedium> {
    const name = path.basename(absolutePath);
    const differing = folder?.differing(name) ?? null;
    const sibling = differing ?? folder?.near(name) ?? null;
    const written = (other: string): string =>
      path.posix.join(path.dirname(file).split(path.sep).join('/'), other);
    if (sibling !== null) return { kind: 'missing', meant: written(sibling), isCase: differing !== null };
    if (folder !== null) return { kind: 'missing', meant: null, isCase: false };
    // Perhaps it is the folder that is misspelt.
    const parent = path.dirname(absolutePath);
    const outer = await this.#folder(path.dirname(parent));
    const other = outer?.differing(path.basename(parent)) ?? outer?.near(path.basename(parent)) ?? null;
    if (other === null) return { kind: 'missing', meant: null, isCase: false };
    const inside = await this.#folder(path.join(path.dirname(parent), other));
    const meant = inside?.has(name) === true ? name : (inside?.near(name) ?? null);
    if (meant === null) return { kind: 'missing', meant: null, isCase: false };
    const shown = path
      .join(path.dirname(path.dirname(file)), other, meant)
      .split(path.sep)
      .join('/');
    return {
      kind: 'missing',
      meant: shown,
      isCase: meant === name && fold(other) === fold(path.basename(parent)),
    };
  }
}

/** The names in a folder, each read once. */
class Folder {
  readonly real: string;
  readonly #names: ReadonlySet<string>;
  readonly #links: ReadonlySet<string>;

  private constructor(real: string, names: ReadonlySet<string>, links: ReadonlySet<string>) {
    this.real = real;
    this.#names = names;
    this.#links = links;
  }

  /** Null for one that is not there, or that may not be looked into. */
  static async open(folder: string, bounds: readonly WorkTree[]): Promise<Folder | null> {
    try {
      if (!(await isWithin(bounds, folder))) return null;
      const real = await realpath(folder);
      const entries = await readdir(real, { withFileTypes: true });
      const links = entries.filter((entry) => entry.isSymbolicLink()).map(({ name }) => name);
      return new Folder(real, new Set(entries.map(({ name }) => name)), new Set(links));
    } catch {
      return null;
    }
  }

  has(name: string): boolean {
    return this.#names.has(name);
  }

  isLink(name: string): boolean {
    return this.#links.has(name) || !this.#names.has(name);
  }

  /** The name on the disk that differs in case, or in how its letters are composed, and in nothing else; null for none. */
  differing(name: string): string | null {
    if (this.#names.has(name)) return null;
    for (const other of this.#names) if (fold(other) === fold(name)) return other;
    return null;
  }

  near(name: string): string | null {
    return nearest(name, this.#names) ?? null;
  }
}

function fold(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

const pointerHead = 'version https://git-lfs.github.com/spec/v1\n';

/** True for what Git LFS leaves in place of a file that was not fetched: a few lines that name it. */
async function isPointer(handle: FileHandle, { size }: BigIntStats): Promise<boolean> {
  if (size < BigInt(pointerHead.length) || size > 1024n) return false;
  const { buffer } = await handle.read(Buffer.alloc(pointerHead.length), 0, pointerHead.length, 0);
  return buffer.toString('latin1') === pointerHead;
}
