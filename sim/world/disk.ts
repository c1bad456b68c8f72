import type { SeededRandom } from '../random.ts';

export type Node = FileNode | FolderNode | LinkNode;

interface NodeFacts {
  readonly inode: number;
  mode: number;
  mtimeMs: number;
  links: number;
}

export interface FileNode extends NodeFacts {
  readonly kind: 'file';
  data: Buffer;
  /** The bytes that a loss of power leaves for certain; null where nothing of the file was ever synced. */
  durable: Buffer | null;
}

export interface FolderNode extends NodeFacts {
  readonly kind: 'folder';
  readonly entries: Map<string, Node>;
  /** The names that a loss of power leaves for certain. */
  durable: Map<string, Node>;
}

export interface LinkNode extends NodeFacts {
  readonly kind: 'link';
  readonly target: string;
}

/** A refusal as Node.js gives it. Most of them say that a file is not there, so none takes the time to note where it came from. */
export class DiskError extends Error {
  override readonly name = 'Error';
  readonly code: string;
  readonly errno = -1;

  constructor(code: string, path: string) {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(`${code}: simulated, '${path}'`);
    Error.stackTraceLimit = limit;
    this.code = code;
  }
}

/**
 * A machine's disk, in memory. What was written is seen at once by every process of the machine; a loss of power keeps what
 * was synced, and of the rest whatever chance leaves: all, nothing, or a part that ends anywhere.
 */
export class Disk {
  readonly root: FolderNode;
  #inode = 1;
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
    this.root = this.newFolder(0o755);
  }

  newFile(mode: number): FileNode {
    return { kind: 'file', data: empty, durable: null, ...this.#facts(mode) };
  }

  newFolder(mode: number): FolderNode {
    return { kind: 'folder', entries: new Map(), durable: new Map(), ...this.#facts(mode) };
  }

  newLink(target: string): LinkNode {
    return { kind: 'link', target, ...this.#facts(0o777) };
  }

  #facts(mode: number): NodeFacts {
    return { inode: this.#inode++, mode, mtimeMs: this.#nowMs(), links: 1 };
  }

  /** The folder and name that a path ends in, links in the folders before it followed. */
  place(path: string): { readonly folder: FolderNode; readonly name: string } {
    const parts = partsOf(path);
    const name = parts.pop();
    if (name === undefined) throw new DiskError('EBUSY', path);
    const folder = this.#walk(parts, path, 0);
    if (folder.kind !== 'folder') throw new DiskError('ENOTDIR', path);
    return { folder, name };
  }

  /** The node at a path; a link at its end is followed unless `follow` is false. */
  find(path: string, follow = true): Node | undefined {
    try {
      const parts = partsOf(path);
      const name = parts.pop();
      if (name === undefined) return this.root;
      const folder = this.#walk(parts, path, 0);
      const node = folder.kind === 'folder' ? folder.entries.get(name) : undefined;
      if (node?.kind !== 'link' || !follow) return node;
      return this.find(resolveLink(parts, node.target));
    } catch (error) {
      if (error instanceof DiskError && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
        return undefined;
      throw error;
    }
  }

  /** @throws DiskError where nothing is there. */
  get(path: string, follow = true): Node {
    const node = this.find(path, follow);
    if (node === undefined) throw new DiskError('ENOENT', path);
    return node;
  }

  file(path: string): FileNode {
    const node = this.get(path);
    if (node.kind === 'folder') throw new DiskError('EISDIR', path);
    if (node.kind === 'link') throw new DiskError('ELOOP', path);
    return node;
  }

  folder(path: string): FolderNode {
    const node = this.get(path);
    if (node.kind !== 'folder') throw new DiskError('ENOTDIR', path);
    return node;
  }

  /** The path without links in it. */
  realPath(path: string): string {
    const real: string[] = [];
    for (const [index, part] of partsOf(path).entries()) {
      const node = this.find(`/${[...real, part].join('/')}`, false);
      if (node === undefined) throw new DiskError('ENOENT', path);
      if (node.kind === 'link') {
        const rest = partsOf(path).slice(index + 1);
        return this.realPath([resolveLink(real, node.target), ...rest].join('/'));
      }
      real.push(part);
    }
    return `/${real.join('/')}`;
  }

  makeFolders(path: string): void {
    let folder = this.root;
    for (const part of partsOf(path)) {
      let next = folder.entries.get(part);
      if (next === undefined) {
        next = this.newFolder(0o755);
        folder.entries.set(part, next);
        folder.durable.set(part, next);
      }
      if (next.kind === 'link') next = this.get(next.target);
      if (next.kind !== 'folder') throw new DiskError('ENOTDIR', path);
      folder = next;
    }
  }

  /** Writes a file as git does: a new one under the name, whoever has the old one open. Durable at once. */
  put(path: string, text: string): void {
    this.makeFolders(path.slice(0, path.lastIndexOf('/')));
    const { folder, name } = this.place(path);
    const file = this.newFile(0o644);
    file.data = Buffer.from(text);
    file.durable = file.data;
    folder.entries.set(name, file);
    folder.durable.set(name, file);
  }

  remove(path: string): void {
    const node = this.find(path, false);
    if (node === undefined) return;
    const { folder, name } = this.place(path);
    folder.entries.delete(name);
    folder.durable.delete(name);
  }

  text(path: string): string | null {
    const node = this.find(path);
    return node?.kind === 'file' ? node.data.toString('utf8') : null;
  }

  /** Every file below a path, by its path from there, in the order of names. */
  files(path: string): ReadonlyMap<string, FileNode> {
    const found = new Map<string, FileNode>();
    const look = (folder: FolderNode, prefix: string): void => {
      for (const [name, node] of [...folder.entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
        if (node.kind === 'file') found.set(`${prefix}${name}`, node);
        if (node.kind === 'folder') look(node, `${prefix}${name}/`);
      }
    };
    const node = this.find(path);
    if (node?.kind === 'folder') look(node, '');
    return found;
  }

  /** The power goes, and comes back. */
  losePower(random: SeededRandom): void {
    const fall = (folder: FolderNode): void => {
      for (const name of new Set([...folder.entries.keys(), ...folder.durable.keys()])) {
        const [now, kept] = [folder.entries.get(name), folder.durable.get(name)];
        if (now === kept || random.chance(0.5)) continue;
        if (kept === undefined) folder.entries.delete(name);
        else folder.entries.set(name, kept);
      }
      folder.durable = new Map(folder.entries);
      for (const node of folder.entries.values()) {
        if (node.kind === 'folder') fall(node);
        if (node.kind === 'file') tear(node, random);
      }
    };
    fall(this.root);
  }

  #walk(parts: readonly string[], path: string, links: number): Node {
    if (links > 20) throw new DiskError('ELOOP', path);
    let node: Node = this.root;
    for (const [index, part] of parts.entries()) {
      if (node.kind !== 'folder') throw new DiskError('ENOTDIR', path);
      const next = node.entries.get(part);
      if (next === undefined) throw new DiskError('ENOENT', path);
      if (next.kind === 'link') {
        const target = resolveLink(parts.slice(0, index), next.target);
        return this.#walk([...partsOf(target), ...parts.slice(index + 1)], path, links + 1);
      }
      node = next;
    }
    return node;
  }
}

const empty = Buffer.alloc(0);

/** Chance decides how much of what was not synced is there: a part of what was appended, or bytes that never came. */
function tear(file: FileNode, random: SeededRandom): void {
  const { data, durable } = file;
  if (data !== durable) {
    const kept = durable ?? empty;
    const isAppended = data.length >= kept.length && data.subarray(0, kept.length).equals(kept);
    const whole = isAppended
      ? kept.length + random.below(data.length - kept.length + 1)
      : random.below(data.length + 1);
    const outcome = random.weighted({ kept: 2, all: 1, part: 2, zeros: 1 });
    if (outcome === 'kept') file.data = kept;
    if (outcome === 'part') file.data = data.subarray(0, whole);
    if (outcome === 'zeros')
      file.data = Buffer.concat([data.subarray(0, whole), Buffer.alloc(data.length - whole)]);
  }
  file.durable = file.data;
}

export function partsOf(path: string): string[] {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return parts;
}

function resolveLink(folder: readonly string[], target: string): string {
  return target.startsWith('/') ? target : `/${[...folder, target].join('/')}`;
}
