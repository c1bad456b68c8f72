import {
  closeSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import nodeModule, { createRequire } from 'node:module';
import path from 'node:path';
import { Script } from 'node:vm';

/*
 * Compiling what a command needs takes longer than a small lint. V8 can keep the result; this is where, and when it is
 * trusted. It holds code that will run, so it is used only from a folder that belongs to the user who calls and that nobody
 * else can write to, and only for the very program, Node.js and machine that it was made for. Whatever is in the way of that
 * (no home, a read-only disk, another owner, a file cut off) costs the time saved and nothing else.
 */

export interface CodeCacheOptions {
  /** The folder of a user's caches; null where there is no such place. */
  readonly caches: string | null;
  /** The caller's user id; null where the system has no such numbers, and a user's folders are the user's alone. */
  readonly uid: number | null;
  /** Tells what is run: code that one command uses is no help to another. */
  readonly name: string;
  /** Versions and architecture, and whatever else the code depends on. */
  readonly made: string;
}

export interface LoadedProgram {
  readonly exports: unknown;
  /** Keeps the code that was compiled until now, where none was kept. */
  keep(): void;
}

/** Runs a CommonJS file of ASCII text whose code may be kept. @throws what the file throws. */
export function loadProgram(file: string, options: CodeCacheOptions): LoadedProgram {
  const folder = cacheFolder(options);
  if (keepsItself(nodeModule)) {
    if (folder !== null) nodeModule.enableCompileCache(folder);
    return { exports: createRequire(file)(file), keep: () => {} };
  }
  const { code, edition } = readWrapped(file);
  const kept = folder === null ? null : path.join(folder, `${options.name}-${edition}.v8`);
  const cachedData = kept === null ? undefined : readKept(kept, options);
  const script = new Script(code.toString('latin1'), {
    filename: file,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
  const module = { exports: {} };
  const run = script.runInThisContext() as Wrapper;
  run(module.exports, createRequire(file), module, file, path.dirname(file));
  const isKept = cachedData !== undefined && script.cachedDataRejected !== true;
  return {
    exports: module.exports,
    keep: () => {
      if (kept !== null && !isKept) keep(kept, script.createCachedData(), options);
    },
  };
}

/** Node.js 22 and later keep compiled code themselves, in a folder that they are given. */
function keepsItself(module: object): module is { enableCompileCache(folder: string): unknown } {
  return 'enableCompileCache' in module;
}

/** The text that Node.js puts around CommonJS. */
const wrapper = {
  head: Buffer.from('(function (exports, require, module, __filename, __dirname) {'),
  tail: Buffer.from('\n})'),
};

type Wrapper = (
  exports: object,
  require: NodeJS.Require,
  module: { exports: object },
  filename: string,
  dirname: string,
) => void;

/** The text of a file in its wrapper, and what tells the file from others of the same name. */
function readWrapped(file: string): { code: Buffer; edition: string } {
  const handle = openSync(file, 'r');
  try {
    const { size, mtimeMs } = fstatSync(handle);
    const code = Buffer.allocUnsafe(wrapper.head.length + size + wrapper.tail.length);
    wrapper.head.copy(code);
    readSync(handle, code, wrapper.head.length, size, 0);
    wrapper.tail.copy(code, wrapper.head.length + size);
    return { code, edition: `${size.toString(36)}-${Math.trunc(mtimeMs).toString(36)}-${checksum(code)}` };
  } finally {
    closeSync(handle);
  }
}

/** The folder where the code is kept, of the user alone. Null where there is none, and none can be made. */
function cacheFolder({ caches, uid }: CodeCacheOptions): string | null {
  if (caches === null || !path.isAbsolute(caches)) return null;
  const folder = path.join(caches, 'shotlist', 'code');
  try {
    if (isOwn(folder, uid)) return folder;
    // With another user's home, as under sudo, nothing is left behind in it.
    if (uid !== null && statSync(path.dirname(caches)).uid !== uid) return null;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return isOwn(folder, uid) ? folder : null;
  } catch {
    return null;
  }
}

function isOwn(folder: string, uid: number | null): boolean {
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  if (stats === undefined || !stats.isDirectory()) return false;
  return uid === null || (stats.uid === uid && (stats.mode & 0o077) === 0);
}

/** The code in a file of the folder; undefined where it is missing, not the user's own, damaged, or made elsewhere. */
function readKept(kept: string, { uid, made }: CodeCacheOptions): Buffer | undefined {
  let handle: number | undefined;
  try {
    handle = openSync(kept, 'r');
    const stats = fstatSync(handle);
    if (!stats.isFile() || (uid !== null && (stats.uid !== uid || (stats.mode & 0o077) !== 0)))
      return undefined;
    const bytes = readFileSync(handle);
    const end = bytes.indexOf('\n');
    const code = bytes.subarray(end + 1);
    return bytes.toString('latin1', 0, end) === headOf(code, made) ? code : undefined;
  } catch {
    return undefined;
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

function keep(kept: string, code: Buffer, { name, made }: CodeCacheOptions): void {
  const folder = path.dirname(kept);
  const part = `${kept}.${Date.now()}.part`;
  try {
    const handle = openSync(part, 'wx', 0o600);
    try {
      writeFileSync(handle, Buffer.concat([Buffer.from(`${headOf(code, made)}\n`, 'latin1'), code]));
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(part, kept);
    // Files that an older release left behind.
    for (const other of readdirSync(folder)) {
      const isOlder = other.startsWith(`${name}-`) && other !== path.basename(kept);
      if (isOlder) unlinkSync(path.join(folder, other));
    }
  } catch {
    // Without it the next call takes as long as this one.
  }
}

/** The head of a file of kept code. V8 checks its own version and flags besides. */
function headOf(code: Buffer, made: string): string {
  return `${made} ${code.length} ${checksum(code)}`;
}

/**
 * A sum over a word of each kilobyte: it tells versions of a file apart, and finds blocks that never reached the disk. It is
 * no guard against malice, which the folder keeps out.
 */
function checksum(bytes: Buffer): string {
  let sum = bytes.length;
  for (let at = bytes.length % 4; at + 4 <= bytes.length; at += 1024)
    sum = (Math.imul(sum, 31) + bytes.readInt32LE(at)) | 0;
  return (sum >>> 0).toString(16);
}
