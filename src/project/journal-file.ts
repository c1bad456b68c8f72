import { createHash, type Hash } from 'node:crypto';
import type { ProjectFiles } from './files.ts';

const lineFeed = 0x0a;

/**
 * The file of a journal, which is only ever added to: nothing that somebody else writes at the same moment can be lost, and
 * two more events cost two lines, however long the history is. It is read on from where the last look ended; where it was
 * replaced meanwhile, as git does, from its beginning.
 */
export class JournalFile {
  readonly #file: string;
  readonly #files: ProjectFiles;
  /** Identity of the file that was read; null where there is none. */
  #identity: string | null = null;
  #size = 0;
  #hash: Hash = createHash('sha256');
  /** Bytes after the last line feed. */
  #tail: Buffer = Buffer.alloc(0);
  /** Texts whose ids were not looked for yet. */
  #unsearched: string[] = [];
  readonly #ids = new Set<string>();

  constructor(file: string, files: ProjectFiles) {
    this.#file = file;
    this.#files = files;
  }

  /**
   * Reads what was added since the last look.
   *
   * @returns its text; the whole one where the file is another than it was, or was cut off.
   * @throws what the operating system says; SetupError for a pipe.
   */
  async readOn(): Promise<{ readonly text: string; readonly isReplaced: boolean }> {
    const before = this.#identity;
    let read = await this.#files.readFrom(this.#file, this.#size);
    const isReplaced = before !== null && (read?.identity !== before || read.bytes === null);
    if (isReplaced) {
      this.#begin();
      read = await this.#files.readFrom(this.#file, 0);
    }
    this.#identity = read?.identity ?? null;
    return { text: this.#take(read?.bytes ?? Buffer.alloc(0)), isReplaced };
  }

  get isEmpty(): boolean {
    return this.#size === 0;
  }

  /** The digest of everything that was read. */
  get digest(): string {
    return this.#hash.copy().digest('hex');
  }

  /** The last line, where it is not whole: whoever wrote it was cut off. Null where it is. */
  get torn(): Buffer | null {
    return this.#tail.length > 0 && !isJson(this.#tail) ? this.#tail : null;
  }

  /** The ids of the events that were read since `forget`. */
  get ids(): ReadonlySet<string> {
    for (const text of this.#unsearched.splice(0)) {
      for (const [, id] of text.matchAll(/"id":"([0-9a-f]{32})"/g)) if (id !== undefined) this.#ids.add(id);
    }
    return this.#ids;
  }

  /** Holds the ids no longer that were read by now. */
  forget(): void {
    this.#unsearched = [];
    this.#ids.clear();
  }

  /** Adds whole lines, each with its line feed, and first what the last line lacks. On the disk once this resolves. */
  async append(lines: string, lacking = ''): Promise<void> {
    const end = this.#tail.length > 0 ? `${lacking}\n` : '';
    await this.#files.append(this.#file, end + lines);
  }

  #begin(): void {
    this.#size = 0;
    this.#hash = createHash('sha256');
    this.#tail = Buffer.alloc(0);
    this.forget();
  }

  #take(bytes: Buffer): string {
    this.#size += bytes.length;
    this.#hash.update(bytes);
    const last = bytes.lastIndexOf(lineFeed);
    this.#tail = last === -1 ? Buffer.concat([this.#tail, bytes]) : bytes.subarray(last + 1);
    const text = bytes.toString('utf8');
    if (text !== '') this.#unsearched.push(text);
    return text;
  }
}

function isJson(bytes: Buffer): boolean {
  try {
    JSON.parse(bytes.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}
