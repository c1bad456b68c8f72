import { here } from './current.ts';
import type { FileNode } from './disk.ts';
import * as sync from './fs-sync.ts';

/** The stand-in for `node:fs/promises`: each call takes a while, in which others may run, and then happens at once. */

export const { constants } = sync;

/** Lets the disk take its time: mostly a moment, now and then much longer; often so where it is a slow one. */
function soon<T>(result: () => T): Promise<T> {
  const { scheduler, random, diskIsSlow } = here();
  const delay = random.chance(diskIsSlow ? 0.3 : 0.02) ? random.between(1, 400) : random.between(0.01, 0.5);
  return scheduler.after(delay, result);
}

/** Looks, mostly in no time: what others do meanwhile is seen all the same, by what comes next. */
function look<T>(result: () => T): Promise<T> {
  return here().random.chance(0.1) ? soon(result) : new Promise((resolve) => resolve(result()));
}

type Sync = typeof sync;

export const stat = (...given: Parameters<Sync['statSync']>): Promise<unknown> =>
  look(() => sync.statSync(...given));
export const lstat = (...given: Parameters<Sync['lstatSync']>): Promise<unknown> =>
  look(() => sync.lstatSync(...given));
export const statfs = (..._given: unknown[]): Promise<unknown> => look(() => sync.statfsSync());
export const readdir = (...given: Parameters<Sync['readdirSync']>): Promise<unknown> =>
  look(() => sync.readdirSync(...given));
export const readlink = (path: string): Promise<string> => look(() => sync.readlinkSync(path));
export const realpath = (path: string): Promise<string> => look(() => sync.realpathSync(path));
export const rename = (from: string, to: string): Promise<void> => soon(() => sync.renameSync(from, to));
export const link = (from: string, to: string): Promise<void> => soon(() => sync.linkSync(from, to));
export const symlink = (target: string, path: string): Promise<void> =>
  soon(() => sync.symlinkSync(target, path));
export const unlink = (path: string): Promise<void> => soon(() => sync.unlinkSync(path));
export const rm = (...given: Parameters<Sync['rmSync']>): Promise<void> => soon(() => sync.rmSync(...given));
export const mkdir = (...given: Parameters<Sync['mkdirSync']>): Promise<void> =>
  soon(() => sync.mkdirSync(...given));
export const mkdtemp = (prefix: string): Promise<string> =>
  soon(() => {
    const path = `${prefix}${String(here().random.between(0, 1)).slice(2, 8)}`;
    sync.mkdirSync(path);
    return path;
  });
export const access = (path: string, _mode?: number): Promise<void> => look(() => sync.accessSync(path));
export const chmod = (path: string, mode: number): Promise<void> => soon(() => sync.chmodSync(path, mode));
export const copyFile = (...given: Parameters<Sync['copyFileSync']>): Promise<void> =>
  soon(() => sync.copyFileSync(...given));
export const appendFile = (path: string, data: string): Promise<void> =>
  soon(() => sync.appendFileSync(path, data));

export async function readFile(
  path: string,
  options: Parameters<Sync['readFileSync']>[1] = null,
): Promise<unknown> {
  return soon(() => sync.readFileSync(path, options));
}

export async function writeFile(...given: Parameters<Sync['writeFileSync']>): Promise<void> {
  return soon(() => sync.writeFileSync(...given));
}

export async function open(path: string, flags?: string | number, mode?: number): Promise<SimulatedHandle> {
  return soon(() => new SimulatedHandle(sync.openFile(path, flags, mode)));
}

/** A file handle, as far as the program uses one. */
export class SimulatedHandle {
  readonly #file: sync.OpenFile;
  readonly fd = -1;

  constructor(file: sync.OpenFile) {
    this.#file = file;
  }

  stat(options: { readonly bigint?: boolean } = {}): Promise<unknown> {
    return look(() => sync.statsOf(this.#file.node, options.bigint));
  }

  chmod(mode: number): Promise<void> {
    return soon(() => {
      this.#file.node.mode = mode & 0o777;
    });
  }

  sync(): Promise<void> {
    return soon(() => sync.syncNode(this.#file.node));
  }

  datasync(): Promise<void> {
    return this.sync();
  }

  truncate(length = 0): Promise<void> {
    return soon(() => sync.truncateNode(this.#file.node, length));
  }

  readFile(options: Parameters<Sync['readFileSync']>[1] = null): Promise<unknown> {
    return soon(() => {
      const { data } = this.#file.node as FileNode;
      const rest = data.subarray(this.#file.position);
      this.#file.position = data.length;
      return sync.decoded(rest, options);
    });
  }

  writeFile(data: string | Uint8Array): Promise<void> {
    return soon(() => void sync.writeTo(this.#file, Buffer.from(data as string), null));
  }

  appendFile(data: string | Uint8Array): Promise<void> {
    return this.writeFile(data);
  }

  write(data: string | Uint8Array, ...rest: unknown[]): Promise<{ readonly bytesWritten: number }> {
    return soon(() => {
      const bytes = Buffer.from(data as string);
      const [offset, length, position] = rest.map((value) => (typeof value === 'number' ? value : null));
      if (typeof data === 'string') return { bytesWritten: sync.writeTo(this.#file, bytes, offset ?? null) };
      const from = offset ?? 0;
      const part = bytes.subarray(from, from + (length ?? bytes.length - from));
      return { bytesWritten: sync.writeTo(this.#file, part, position ?? null) };
    });
  }

  read(
    into: Uint8Array | { buffer: Uint8Array; offset?: number; length?: number; position?: number | null },
    ...rest: unknown[]
  ): Promise<{ readonly bytesRead: number; readonly buffer: Uint8Array }> {
    return soon(() => {
      const options = into instanceof Uint8Array ? null : into;
      const buffer = into instanceof Uint8Array ? into : into.buffer;
      const [offset, length, position] = rest.map((value) => (typeof value === 'number' ? value : null));
      const from = options?.offset ?? offset ?? 0;
      const most = options?.length ?? length ?? buffer.length - from;
      const at = options?.position ?? position ?? null;
      return { bytesRead: sync.readFrom(this.#file, buffer, from, most, at), buffer };
    });
  }

  close(): Promise<void> {
    return look(() => undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
