import { here } from './current.ts';
import { type Disk, DiskError, type FileNode, type FolderNode, type Node } from './disk.ts';

/** The stand-in for `node:fs`, as far as the program uses it: bundled in its place, over the simulated disks. */

export const constants = {
  F_OK: 0,
  R_OK: 4,
  W_OK: 2,
  X_OK: 1,
  O_RDONLY: 0,
  O_WRONLY: 1,
  O_RDWR: 2,
  O_CREAT: 64,
  O_EXCL: 128,
  O_TRUNC: 512,
  O_APPEND: 1024,
  O_NONBLOCK: 2048,
  O_NOFOLLOW: 131_072,
  COPYFILE_EXCL: 1,
} as const;

/** An open file: it stays what it was, whatever becomes of its name. */
export interface OpenFile {
  readonly node: FileNode | FolderNode;
  readonly append: boolean;
  position: number;
}

const opened = new Map<number, OpenFile>();
let nextDescriptor = 100;

export function disk(): Disk {
  return here().disk();
}

/** Opens a file, by a word or a number of bits. */
export function openFile(path: string, flags: string | number = 'r', mode = 0o666): OpenFile {
  const wish = typeof flags === 'number' ? ofBits(flags) : ofWord(flags);
  const machine = disk();
  const found = machine.find(path, !wish.noFollow);
  if (found === undefined && !wish.create) throw new DiskError('ENOENT', path);
  if (found !== undefined && wish.exclusive) throw new DiskError('EEXIST', path);
  if (found?.kind === 'link') throw new DiskError('ELOOP', path);
  if (found?.kind === 'folder') {
    if (wish.write) throw new DiskError('EISDIR', path);
    return { node: found, append: false, position: 0 };
  }
  const node = found ?? create(machine, path, mode & 0o755);
  if (wish.truncate) write(node, Buffer.alloc(0));
  return { node, append: wish.append, position: 0 };
}

interface Wish {
  readonly write: boolean;
  readonly create: boolean;
  readonly exclusive: boolean;
  readonly truncate: boolean;
  readonly append: boolean;
  readonly noFollow: boolean;
}

function ofBits(bits: number): Wish {
  const has = (bit: number): boolean => (bits & bit) !== 0;
  return {
    write: (bits & 3) !== 0,
    create: has(constants.O_CREAT),
    exclusive: has(constants.O_EXCL),
    truncate: has(constants.O_TRUNC),
    append: has(constants.O_APPEND),
    noFollow: has(constants.O_NOFOLLOW),
  };
}

function ofWord(word: string): Wish {
  const [kind] = word;
  return {
    write: kind !== 'r' || word.includes('+'),
    create: kind !== 'r',
    exclusive: word.includes('x'),
    truncate: kind === 'w',
    append: kind === 'a',
    noFollow: false,
  };
}

function create(machine: Disk, path: string, mode: number): FileNode {
  const { folder, name } = machine.place(path);
  const node = machine.newFile(mode);
  folder.entries.set(name, node);
  return node;
}

function write(node: FileNode, data: Buffer): void {
  node.data = data;
  node.mtimeMs = here().nowMs();
}

/** Writes at a place, or at the end of a file that was opened for appending. */
export function writeTo(file: OpenFile, data: Uint8Array, at: number | null): number {
  if (file.node.kind === 'folder') throw new DiskError('EISDIR', '(open)');
  const old = file.node.data;
  const start = file.append ? old.length : (at ?? file.position);
  const length = Math.max(old.length, start + data.length);
  const next = Buffer.alloc(length);
  old.copy(next);
  next.set(data, start);
  write(file.node, next);
  if (at === null) file.position = start + data.length;
  return data.length;
}

export function readFrom(
  file: OpenFile,
  into: Uint8Array,
  offset: number,
  length: number,
  at: number | null,
): number {
  if (file.node.kind === 'folder') throw new DiskError('EISDIR', '(open)');
  const start = at ?? file.position;
  const part = file.node.data.subarray(start, start + length);
  into.set(part, offset);
  if (at === null) file.position = start + part.length;
  return part.length;
}

export function syncNode(node: Node): void {
  if (node.kind === 'file') node.durable = node.data;
  if (node.kind === 'folder') node.durable = new Map(node.entries);
}

export function truncateNode(node: Node, length: number): void {
  if (node.kind !== 'file') throw new DiskError('EISDIR', '(open)');
  const next = Buffer.alloc(length);
  node.data.copy(next, 0, 0, Math.min(length, node.data.length));
  write(node, next);
}

export function statsOf(node: Node, bigint = false): object {
  const size = node.kind === 'file' ? node.data.length : 0;
  const mtimeMs = Math.floor(node.mtimeMs);
  const facts = {
    dev: 1,
    ino: node.inode,
    mode: node.mode | (node.kind === 'folder' ? 0o040_000 : node.kind === 'link' ? 0o120_000 : 0o100_000),
    nlink: node.links,
    uid: 1000,
    gid: 1000,
    size,
    mtimeMs,
    ctimeMs: mtimeMs,
    atimeMs: mtimeMs,
    birthtimeMs: mtimeMs,
  };
  if (!bigint) return Object.assign(new Kind(node), facts, { mtime: new Date(mtimeMs) });
  const large = Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, BigInt(value)]));
  const nanoseconds = BigInt(mtimeMs) * 1_000_000n;
  return Object.assign(new Kind(node), large, { mtimeNs: nanoseconds, ctimeNs: nanoseconds });
}

/** Questions about the kind of a node, besides the numbers of its stats. */
class Kind {
  readonly #node: Node;

  constructor(node: Node) {
    this.#node = node;
  }

  isFile(): boolean {
    return this.#node.kind === 'file';
  }

  isDirectory(): boolean {
    return this.#node.kind === 'folder';
  }

  isSymbolicLink(): boolean {
    return this.#node.kind === 'link';
  }

  isFIFO(): boolean {
    return false;
  }

  isSocket(): boolean {
    return false;
  }

  isBlockDevice(): boolean {
    return false;
  }

  isCharacterDevice(): boolean {
    return false;
  }
}

interface StatOptions {
  readonly bigint?: boolean;
  readonly throwIfNoEntry?: boolean;
}

export function existsSync(path: string): boolean {
  return disk().find(String(path)) !== undefined;
}

export function statSync(path: string, options: StatOptions = {}): object | undefined {
  const node = disk().find(path);
  if (node === undefined && options.throwIfNoEntry === false) return undefined;
  return statsOf(disk().get(path), options.bigint);
}

export function lstatSync(path: string, options: StatOptions = {}): object | undefined {
  const node = disk().find(path, false);
  if (node === undefined && options.throwIfNoEntry === false) return undefined;
  return statsOf(disk().get(path, false), options.bigint);
}

type ReadOptions = string | { readonly encoding?: string | null } | null;

export function readFileSync(path: string | number, options: ReadOptions = null): Buffer | string {
  const node = typeof path === 'number' ? fileOf(path) : disk().file(path);
  return decoded(node.data, options);
}

export function decoded(data: Buffer, options: ReadOptions): Buffer | string {
  const encoding = typeof options === 'string' ? options : (options?.encoding ?? null);
  return encoding === null ? Buffer.from(data) : data.toString(encoding as BufferEncoding);
}

export function writeFileSync(path: string, data: string | Uint8Array, options?: object | string): void {
  const flag = typeof options === 'object' && 'flag' in options ? String(options.flag) : 'w';
  writeTo(openFile(path, flag), Buffer.from(data as string), null);
}

export function appendFileSync(path: string, data: string | Uint8Array): void {
  writeTo(openFile(path, 'a'), Buffer.from(data as string), null);
}

export function openSync(path: string, flags: string | number = 'r', mode?: number): number {
  const descriptor = nextDescriptor++;
  opened.set(descriptor, openFile(path, flags, mode));
  return descriptor;
}

function openedAs(descriptor: number): OpenFile {
  const file = opened.get(descriptor);
  if (file === undefined) throw new DiskError('EBADF', String(descriptor));
  return file;
}

function fileOf(descriptor: number): FileNode {
  const { node } = openedAs(descriptor);
  if (node.kind !== 'file') throw new DiskError('EISDIR', String(descriptor));
  return node;
}

export function closeSync(descriptor: number): void {
  openedAs(descriptor);
  opened.delete(descriptor);
}

export function writeSync(descriptor: number, data: string | Uint8Array, ...rest: unknown[]): number {
  const bytes = Buffer.from(data as string);
  if (typeof data === 'string') return writeTo(openedAs(descriptor), bytes, numberOrNull(rest[0]));
  const [offset, length, position] = rest.map(numberOrNull);
  const from = offset ?? 0;
  const part = bytes.subarray(from, from + (length ?? bytes.length - from));
  return writeTo(openedAs(descriptor), part, position ?? null);
}

export function readSync(descriptor: number, into: Uint8Array, ...rest: unknown[]): number {
  const [offset, length, position] = rest.map(numberOrNull);
  return readFrom(openedAs(descriptor), into, offset ?? 0, length ?? into.length, position ?? null);
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

export function fsyncSync(descriptor: number): void {
  syncNode(openedAs(descriptor).node);
}

export function fdatasyncSync(descriptor: number): void {
  fsyncSync(descriptor);
}

export function ftruncateSync(descriptor: number, length = 0): void {
  truncateNode(openedAs(descriptor).node, length);
}

export function fstatSync(descriptor: number, options: StatOptions = {}): object {
  return statsOf(openedAs(descriptor).node, options.bigint);
}

export function renameSync(from: string, to: string): void {
  const machine = disk();
  const node = machine.get(from, false);
  const target = machine.place(to);
  const source = machine.place(from);
  const there = target.folder.entries.get(target.name);
  if (there?.kind === 'folder' && node.kind !== 'folder') throw new DiskError('EISDIR', to);
  if (there !== undefined && there !== node) there.links -= 1;
  source.folder.entries.delete(source.name);
  target.folder.entries.set(target.name, node);
}

export function unlinkSync(path: string): void {
  const { folder, name } = disk().place(path);
  const node = folder.entries.get(name);
  if (node === undefined) throw new DiskError('ENOENT', path);
  if (node.kind === 'folder') throw new DiskError('EISDIR', path);
  node.links -= 1;
  folder.entries.delete(name);
}

export function rmSync(
  path: string,
  options: { readonly force?: boolean; readonly recursive?: boolean } = {},
): void {
  const node = disk().find(path, false);
  if (node === undefined) {
    if (options.force === true) return;
    throw new DiskError('ENOENT', path);
  }
  if (node.kind === 'folder' && options.recursive !== true) throw new DiskError('EISDIR', path);
  const { folder, name } = disk().place(path);
  node.links -= 1;
  folder.entries.delete(name);
}

export function linkSync(from: string, to: string): void {
  const node = disk().file(from);
  const { folder, name } = disk().place(to);
  if (folder.entries.has(name)) throw new DiskError('EEXIST', to);
  node.links += 1;
  folder.entries.set(name, node);
}

export function symlinkSync(target: string, path: string): void {
  const { folder, name } = disk().place(path);
  if (folder.entries.has(name)) throw new DiskError('EEXIST', path);
  folder.entries.set(name, disk().newLink(target));
}

export function mkdirSync(path: string, options: { readonly recursive?: boolean } = {}): void {
  if (options.recursive === true) {
    disk().makeFolders(path);
    return;
  }
  const { folder, name } = disk().place(path);
  if (folder.entries.has(name)) throw new DiskError('EEXIST', path);
  folder.entries.set(name, disk().newFolder(0o755));
}

interface ReaddirOptions {
  readonly withFileTypes?: boolean;
}

export function readdirSync(path: string, options: ReaddirOptions | string = {}): readonly unknown[] {
  const entries = [...disk().folder(path).entries].sort(([a], [b]) => (a < b ? -1 : 1));
  if (typeof options === 'string' || options.withFileTypes !== true) return entries.map(([name]) => name);
  return entries.map(([name, node]) => ({ name, parentPath: path, path, ...statsOf(node) }));
}

export function readlinkSync(path: string): string {
  const node = disk().get(path, false);
  if (node.kind !== 'link') throw new DiskError('EINVAL', path);
  return node.target;
}

export function realpathSync(path: string): string {
  return disk().realPath(path);
}
realpathSync.native = realpathSync;

export function chmodSync(path: string, mode: number): void {
  disk().get(path).mode = mode & 0o777;
}

export function accessSync(path: string): void {
  disk().get(path);
}

export function copyFileSync(from: string, to: string, bits = 0): void {
  writeTo(openFile(to, (bits & constants.COPYFILE_EXCL) === 0 ? 'w' : 'wx'), disk().file(from).data, null);
}

/** An ordinary local disk (ext4). */
export function statfsSync(): object {
  return { type: 0xef53, bsize: 4096, blocks: 1e9, bfree: 1e9, bavail: 1e9, files: 1e9, ffree: 1e9 };
}

export function createReadStream(): never {
  throw new Error('streams of files are not simulated');
}
