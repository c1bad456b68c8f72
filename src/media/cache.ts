import { createHash } from 'node:crypto';
import { lstat, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isJsonObject } from '../core/canonical-json.ts';
import { SetupError } from '../core/errors.ts';
import { readOrdinary } from '../core/read-file.ts';
import {
  amount,
  type Fields,
  fields,
  oneOf,
  orNull,
  parsedJson,
  readOr,
  text,
  unfit,
} from '../core/untrusted-json.ts';
import { version } from '../core/version.ts';
import { writeFileAtomically } from '../core/write-file.ts';
import { type FileVersion, type MediaReading, mediaKinds } from './facts.ts';

/** One version of a file, as its server described it, and what was read from it. */
export interface CachedFile extends FileVersion {
  readonly bytes: number;
  readonly declaredType: string | null;
  readonly reading: MediaReading;
  /** Milliseconds since the epoch; the oldest go first. */
  readonly usedAt: number;
}

type Entries = Map<string, CachedFile>;

const maxEntries = 10_000;
const maxFileBytes = 16 * 1024 * 1024;

/**
 * Readings of earlier probes, by URL, in one JSON file. URLs are kept as hashes: they may be signed. Only complete readings
 * are kept, and only for the release that made them. A file that is damaged, or of another release, counts as empty.
 */
export class MediaCache {
  readonly #file: string | null;
  readonly #entries: Entries;
  #changed = false;

  private constructor(file: string | null, entries: Entries) {
    this.#file = file;
    this.#entries = entries;
  }

  /** @param file null for a cache that forgets. */
  static async open(file: string | null): Promise<MediaCache> {
    return new MediaCache(file, file === null ? new Map() : await readEntries(file));
  }

  find(url: URL): CachedFile | null {
    return this.#entries.get(keyOf(url)) ?? null;
  }

  keep(url: URL, entry: CachedFile): void {
    if (entry.reading.unknown !== null) return;
    this.#entries.set(keyOf(url), entry);
    this.#changed = true;
  }

  /**
   * Writes the file whole or not at all, with what another process wrote in the meantime.
   *
   * @throws SetupError where the file system refuses.
   */
  async save(): Promise<void> {
    if (this.#file === null || !this.#changed) return;
    const entries = new Map(await readEntries(this.#file));
    for (const [key, entry] of this.#entries) {
      const other = entries.get(key);
      if (other === undefined || other.usedAt <= entry.usedAt) entries.set(key, entry);
    }
    const newest = [...entries].sort(([, a], [, b]) => b.usedAt - a.usedAt).slice(0, maxEntries);
    // As private as the ledger makes the folder that they share.
    await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 }).catch(() => undefined);
    const there = await lstat(this.#file).catch(() => undefined);
    if (there !== undefined && !there.isFile()) {
      throw new SetupError(`${this.#file} is a link or no ordinary file, and is left as it is`, {
        help: 'remove it; it is made again',
      });
    }
    await writeFileAtomically(
      this.#file,
      `${JSON.stringify({ version, files: Object.fromEntries(newest) })}\n`,
    );
    this.#changed = false;
  }
}

function keyOf(url: URL): string {
  return createHash('sha256').update(url.href).digest('base64url');
}

async function readEntries(file: string): Promise<Entries> {
  try {
    const read = await readOrdinary(file, maxFileBytes);
    if (read.kind !== 'text') return new Map();
    const content = parsedJson(read.text);
    if (!isJsonObject(content) || content['version'] !== version || !isJsonObject(content['files']))
      return new Map();
    const files: readonly [string, unknown][] = Object.entries(content['files']);
    return new Map(files.filter((entry): entry is [string, CachedFile] => isCachedFile(entry[1])));
  } catch {
    // Not there yet, or damaged: either way there is nothing to start from, and `save` says when it cannot be written.
    return new Map();
  }
}

function isCachedFile(value: unknown): value is CachedFile {
  return readOr(() => checkCachedFile(fields(value)), false);
}

/** True, or it throws: every member is held against what it must be. */
function checkCachedFile(file: Fields): true {
  const reading = fields(file['reading']);
  for (const name of ['etag', 'lastModified', 'declaredType', 'sha256']) orNull(text, file[name]);
  orNull(text, reading['format']);
  text(file['headHash']);
  for (const name of ['bytes', 'usedAt']) size(file[name]);
  for (const name of ['width', 'height', 'duration', 'frameDuration']) orNull(size, reading[name]);
  oneOf([null, ...mediaKinds], reading['kind']);
  oneOf([null], reading['unknown']);
  return true;
}

function size(value: unknown): number {
  return amount(value) < 0 ? unfit() : amount(value);
}
