import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../core/clock.ts';
import { readOrdinary } from '../core/read-file.ts';
import {
  amount,
  type Fields,
  fields,
  like,
  oneOf,
  orNull,
  parsedJson,
  readOr,
  text,
} from '../core/untrusted-json.ts';
import { version } from '../core/version.ts';
import { refuseLeadingOut, workTreeOf } from '../core/work-tree.ts';
import { writeFileAtomically } from '../core/write-file.ts';
import { type MediaReading, mediaKinds } from './facts.ts';
import { type FileStamp, isSameStamp, wasAtRest } from './file-stamp.ts';

/** Facts read of one state of a file. */
export interface KnownFile {
  /** Of its content, in hex; null where it was not read whole. */
  readonly sha256: string | null;
  /** Null where nobody looked. */
  readonly reading: MediaReading | null;
}

interface Entry extends KnownFile {
  readonly stamp: FileStamp;
  /** Begin of the reading, in milliseconds since the Unix epoch; the oldest go first. */
  readonly at: number;
}

const maxEntries = 50_000;
const maxCacheBytes = 64 * 1024 * 1024;

/**
 * What was read of files on a disk, by path, size, inode and nanoseconds, in one JSON file. What was read of a file as young
 * as the reading is not kept. A cache that is damaged, or of another release, counts as empty.
 */
export class FileCache {
  readonly #file: string | null;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #mayMakeFolder: boolean;
  readonly #entries = new Map<string, Entry>();
  readonly #stored = new Map<string, number>();
  #changed = false;

  private constructor(file: string | null, clock: Pick<Clock, 'now'>, mayMakeFolder: boolean) {
    this.#file = file;
    this.#mayMakeFolder = mayMakeFolder;
    this.#clock = clock;
  }

  /**
   * @param file absolute; null for a cache that forgets.
   * @param mayMakeFolder false where nothing is kept unless its folder is there already.
   */
  static async open(
    file: string | null,
    clock: Pick<Clock, 'now'>,
    mayMakeFolder = true,
  ): Promise<FileCache> {
    const cache = new FileCache(file, clock, mayMakeFolder);
    if (file !== null) await cache.#read(file);
    return cache;
  }

  /** The time at which reading begins: to be given to `keep`. */
  now(): number {
    return this.#clock.now();
  }

  /** Facts of a file in this state; null for none. */
  find(file: string, stamp: FileStamp): KnownFile | null {
    const entry = this.#entries.get(file);
    return entry !== undefined && isSameStamp(entry.stamp, stamp) ? entry : null;
  }

  /** Adds what was read of a file in this state; what is known of it besides stays. */
  keep(file: string, stamp: FileStamp, read: Partial<KnownFile>, at: number): void {
    if (!wasAtRest(stamp, at)) return;
    const { sha256 = null, reading = null } = this.find(file, stamp) ?? {};
    this.#entries.set(file, { sha256, reading, ...read, stamp, at });
    this.#changed = true;
  }

  /** True where an object was seen whole under this address; null where nobody looked. */
  wasStored(url: string): true | null {
    return this.#stored.has(url) ? true : null;
  }

  noteStored(url: string, isStored: boolean): void {
    if (this.#stored.has(url) === isStored) return;
    if (isStored) this.#stored.set(url, this.#clock.now());
    else this.#stored.delete(url);
    this.#changed = true;
  }

  /** Writes what has changed. A convenience: where it cannot be written, everything is read once more. */
  async save(): Promise<void> {
    if (this.#file === null || !this.#changed) return;
    this.#changed = false;
    const newest = [...this.#entries].sort(([, a], [, b]) => b.at - a.at).slice(0, maxEntries);
    const stored = [...this.#stored].sort(([, a], [, b]) => b - a).slice(0, maxEntries);
    const folder = path.dirname(this.#file);
    try {
      await refuseLeadingOut(await workTreeOf(path.dirname(folder)), this.#file);
      // As private as the ledger makes the folder that they share.
      if (this.#mayMakeFolder) await mkdir(folder, { recursive: true, mode: 0o700 });
      else if (!(await stat(folder)).isDirectory()) return;
      const content = { version, files: Object.fromEntries(newest), stored: Object.fromEntries(stored) };
      await writeFileAtomically(this.#file, `${JSON.stringify(content)}\n`);
    } catch {
      // A checkout that may not be written, or a link that leads out of it: nothing is lost but time.
    }
  }

  async #read(file: string): Promise<void> {
    const read = await readOrdinary(file, maxCacheBytes).catch(() => undefined);
    const content = read?.kind === 'text' ? readOr(() => fields(parsedJson(read.text)), null) : null;
    if (content === null || content['version'] !== version) return;
    for (const [name, value] of entriesOf(content['files'])) {
      const entry = readOr(() => entryOf(fields(value)), null);
      if (entry !== null) this.#entries.set(name, entry);
    }
    for (const [url, at] of entriesOf(content['stored'])) {
      if (typeof at === 'number') this.#stored.set(url, at);
    }
  }
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function entryOf(value: Fields): Entry {
  const stamp = fields(value['stamp']);
  const nanoseconds = (of: unknown): string => like(/^\d{1,30}$/, of);
  return {
    sha256: orNull((hash) => like(/^[0-9a-f]{64}$/, hash), value['sha256']),
    reading: orNull((reading) => readingOf(fields(reading)), value['reading']),
    at: amount(value['at']),
    stamp: {
      bytes: amount(stamp['bytes']),
      inode: nanoseconds(stamp['inode']),
      modified: nanoseconds(stamp['modified']),
      changed: nanoseconds(stamp['changed']),
    },
  };
}

function readingOf(reading: Fields): MediaReading {
  const number = (name: string): number | null => orNull(amount, reading[name]);
  return {
    kind: oneOf([null, ...mediaKinds], reading['kind']),
    format: orNull(text, reading['format']),
    width: number('width'),
    height: number('height'),
    duration: number('duration'),
    frameDuration: number('frameDuration'),
    unknown: orNull(text, reading['unknown']),
  };
}
