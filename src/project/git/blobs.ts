import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { SetupError } from '../../core/errors.ts';

/** The object that git has under a name. */
export type Blob =
  | { readonly kind: 'file'; readonly bytes: Uint8Array }
  | { readonly kind: 'tooLarge'; readonly size: number }
  | { readonly kind: 'folder' }
  | { readonly kind: 'missing' };

interface Waiting {
  readonly limit: number;
  readonly resolve: (blob: Blob) => void;
  readonly reject: (error: Error) => void;
}

/** The object whose bytes are arriving, the line feed after them included. */
interface Arriving {
  readonly blob: 'file' | 'tooLarge' | 'folder' | 'missing';
  readonly size: number;
  left: number;
  readonly kept: Uint8Array[];
}

/** Talks to one `git cat-file --batch --follow-symlinks`: names go in, objects come out in the same order. */
export class BlobReader {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting: Waiting[] = [];
  #header = Buffer.alloc(0);
  #arriving: Arriving | undefined;
  #stderr = '';
  #ended: Error | undefined;

  constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
    child.stdout.on('data', (chunk: Buffer) => this.#take(chunk));
    child.stderr.on('data', (chunk: Buffer) => {
      this.#stderr += chunk.toString();
    });
    // A process that is gone shows in `close`; what could not be written to it matters no more.
    child.stdin.on('error', () => undefined);
    child.on('error', (error) => this.#end(error));
    child.on('close', () => this.#end());
  }

  /** Reads a blob, and keeps at most `limit` bytes of it. @throws SetupError where git gives up, as on damage. */
  read(name: string, limit: number): Promise<Blob> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) return reject(this.#ended);
      this.#waiting.push({ limit, resolve, reject });
      this.#child.stdin.write(`${name}\n`);
    });
  }

  close(): void {
    this.#child.stdin.end();
  }

  #end(cause?: Error): void {
    const why = this.#stderr.trim().replace(/^fatal: /, '') || cause?.message || 'it ended early';
    this.#ended ??= new SetupError(`git cannot read the files of that commit: ${why}`, {
      help: 'where objects are missing (a partial or damaged clone), fetch them: git fetch --refetch',
      ...(cause === undefined ? {} : { cause }),
    });
    for (const { reject } of this.#waiting.splice(0)) reject(this.#ended);
  }

  #take(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0)
      rest = this.#arriving === undefined ? this.#takeHeader(rest) : this.#takeBody(rest);
  }

  #takeHeader(chunk: Buffer): Buffer {
    const end = chunk.indexOf(0x0a);
    if (end === -1) {
      this.#header = Buffer.concat([this.#header, chunk]);
      return Buffer.alloc(0);
    }
    const line = Buffer.concat([this.#header, chunk.subarray(0, end)]).toString('utf8');
    this.#header = Buffer.alloc(0);
    const [, id, type, size] = /^([0-9a-f]{40,64}) (\w+) (\d+)$/.exec(line) ?? [];
    // A link that leads out of the repository, to nothing or to itself is no file of the commit.
    const [, strayed] = /^(?:symlink|dangling|loop|notdir) (\d+)$/.exec(line) ?? [];
    const limit = this.#waiting[0]?.limit ?? 0;
    if (id === undefined && strayed === undefined) {
      this.#answer({ kind: 'missing' });
    } else {
      const bytes = Number(size ?? strayed);
      const blob =
        id === undefined ? 'missing' : type !== 'blob' ? 'folder' : bytes > limit ? 'tooLarge' : 'file';
      this.#arriving = { blob, size: bytes, left: bytes + 1, kept: [] };
    }
    return chunk.subarray(end + 1);
  }

  #takeBody(chunk: Buffer): Buffer {
    const arriving = this.#arriving;
    if (arriving === undefined) return chunk;
    const part = chunk.subarray(0, arriving.left);
    arriving.left -= part.length;
    if (arriving.blob === 'file') arriving.kept.push(part);
    if (arriving.left === 0) {
      this.#arriving = undefined;
      const { blob, size, kept } = arriving;
      if (blob === 'file') this.#answer({ kind: 'file', bytes: Buffer.concat(kept).subarray(0, size) });
      else if (blob === 'tooLarge') this.#answer({ kind: 'tooLarge', size });
      else this.#answer({ kind: blob });
    }
    return chunk.subarray(part.length);
  }

  #answer(blob: Blob): void {
    this.#waiting.shift()?.resolve(blob);
  }
}
